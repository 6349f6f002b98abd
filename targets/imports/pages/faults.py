"""What is wrong or odd in a file, beside what its sender can do about it there and then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from targets.imports import places
from targets.imports.questions import ASKED
from targets.imports.recognised import Kind
from targets.imports.table import UNIT_CODES
from targets.models import ImportBatch

TOTAL, OF_UNIT = "total_differs", UNIT_CODES | {"unit_does_not_report"}
# A number typed over the cell does not help: the cell is part of a block, or its column counts in other money.
NOT_BY_TYPING = {"merged_data", "other_money_unit"}


@dataclass(frozen=True, slots=True)
class Fault:
    """An error at a place, with what may be done about it: give the row to an agency, type a number, pass it over."""

    where: str  # "Ô F9", "Dòng 12", ""
    message: str
    code: str = ""
    assign: tuple[tuple[str, str], ...] = ()  # (code, name) of the agencies that may have been meant
    choose: bool = False  # any other agency may be chosen too
    row: str = ""
    cell: str = ""
    skip: str = ""  # the words on the button that passes over the row or the cell
    ask: bool = False  # settled where the columns are recognised


@dataclass
class Faults:
    """The errors of a batch: by the row they are about, and those about no row."""

    batch: ImportBatch
    agencies: Mapping[str, tuple[str, str]]  # name as errors offer it -> code and name in a sentence
    of_rows: dict[str, list[Fault]] = field(default_factory=dict)
    apart: list[Fault] = field(default_factory=list)

    @classmethod
    def of(
        cls, batch: ImportBatch, errors: Iterable[Mapping[str, object]], agencies: Mapping[str, tuple[str, str]]
    ) -> Faults:
        found = cls(batch, agencies)
        for error in errors:
            row = places.of_fault(batch, error)
            is_apart = not row or error["code"] in ASKED or error["code"] == TOTAL
            fault = found._fault(error, row)
            found.apart.append(fault) if is_apart else found.of_rows.setdefault(row, []).append(fault)
        return found

    def _fault(self, error: Mapping[str, object], row: str) -> Fault:
        code, address = str(error["code"]), str(error.get("cell") or "")
        where = f"Ô {address}" if address else (f"Dòng {error['row']}" if error.get("row") else "")
        known = {"where": where, "message": str(error["message"]), "code": code}
        if code in ASKED:
            return Fault(**known, ask=True)
        if code == TOTAL:
            return Fault(**known, row=row, skip="Không đối chiếu số tổng này")
        if not row:
            return Fault(**known)
        if code in OF_UNIT:
            offers = tuple(self.agencies[name] for name in error.get("offers", []) if name in self.agencies)
            return Fault(**known, assign=offers, choose=True, row=row, skip=self._skip)
        if code == "other_agency" or not address:
            return Fault(**known, row=row, skip=self._skip)
        cell = "" if code in NOT_BY_TYPING else places.at(str(error["sheet"]), address)
        if self.batch.layout == Kind.LONG:  # its one row or column is the whole report
            return Fault(**known, cell=cell, skip="Bỏ qua ô này" if cell else "")
        return Fault(**known, row=row, cell=cell, skip=self._skip)

    @property
    def _skip(self) -> str:
        return "Bỏ qua dòng" if places.lies_in_rows(self.batch) else "Bỏ qua cột"


def grouped(warnings: Iterable[Mapping[str, object]]) -> list[tuple[str, str]]:
    """(cells, message): the same remark on many cells is made once."""
    cells: dict[str, list[str]] = {}
    for warning in warnings:
        place = str(warning["cell"] or (f"dòng {warning['row']}" if warning["row"] else ""))
        cells.setdefault(str(warning["message"]), []).append(place)
    return [(_listed([place for place in found if place]), message) for message, found in cells.items()]


def _listed(named: list[str], most: int = 7) -> str:
    """ "C3, D3 và 15 ô khác"."""
    rest = f" và {len(named) - most} ô khác" if len(named) > most else ""
    return ", ".join(named[:most]) + rest


def general_warnings(batch: ImportBatch, odd: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Warnings that are not about one figure: those, at (sheet, cell), stand with it."""
    at_cells = set(odd)
    return grouped(one for one in batch.outcome.get("warnings", []) if (one["sheet"], one["cell"]) not in at_cells)
