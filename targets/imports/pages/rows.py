"""The units of a staged file with the outcomes of their figures, in the order of the file; the database counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Min

from targets.imports import places
from targets.imports.books.marks import column_index
from targets.models import ImportBatch, ImportCell, Report

from .faults import OF_UNIT, TOTAL, Fault

Outcome = ImportCell.Outcome
# How a row stands as a whole: (key, word). The key is the icon too.
WORDS = {
    "error": "Lỗi",
    "new": "Mới",
    "changed": "Thay đổi",
    "same": "Không đổi",
    "locked": "Đã khóa",
    "skipped": "Bỏ qua",
}


@dataclass
class Row:
    """A unit of the file. `place` is how answers name it; `cells` are filled in for the rows that are shown."""

    place: str
    sheet: str
    where: str
    name: str = ""
    agency_pk: int | None = None
    status: str = ""  # of the agency's report as it is stored, "" when there is none
    counts: Counter[str] = field(default_factory=Counter)
    odd: int = 0
    left_out: bool = False  # passed over for its errors
    faults: list[Fault] = field(default_factory=list)
    cells: dict[int, ImportCell] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The worst of its figures says how a row stands; it is new when no report is there yet."""
        if self.faults or self.counts[Outcome.ERROR]:
            return "error"
        if self.left_out or self.counts[Outcome.SKIPPED]:
            return "skipped"
        if self.counts[Outcome.LOCKED]:
            return "locked"
        if self.counts[Outcome.NEW] or self.counts[Outcome.CHANGED]:
            return "changed" if self.status else "new"
        return "same"

    @property
    def word(self) -> str:
        if self.kind == "locked":
            return "Đã duyệt, khóa" if self.status == Report.Status.APPROVED else "Đã nộp, khóa"
        return WORDS[self.kind]

    @property
    def written(self) -> int:
        return self.counts[Outcome.NEW] + self.counts[Outcome.CHANGED]


def rows_of(batch: ImportBatch, faults: Mapping[str, list[Fault]]) -> list[Row]:
    """All rows, with counts instead of cells; those with an error that none of their cells tells among them."""
    line = "row" if places.lies_in_rows(batch) else "column"
    found: dict[str, Row] = {}
    counted = batch.cells.values("sheet", line, "agency_id", "agency__short_name", "outcome", "warning")
    for one in counted.annotate(n=Count("pk"), first=Min("pk")).order_by("first"):
        where = str(one[line])
        place = places.at(one["sheet"], where)
        row = found.setdefault(place, Row(place, one["sheet"], where))
        row.counts[one["outcome"]] += one["n"]
        row.odd += one["n"] if one["warning"] else 0
        row.agency_pk, row.name = one["agency_id"], one["agency__short_name"] or ""
    names = _labels(batch)
    for place in (*faults, *_left_out(batch)):
        sheet, _, where = place.rpartition("!")
        row = found.setdefault(place, Row(place, sheet, where))
        row.faults, row.left_out = faults.get(place, []), place not in faults
    statuses = _statuses(batch, found.values())
    for row in found.values():
        row.status = statuses.get(row.agency_pk, "")
        row.name = row.name or names.get(row.place) or f"{'Dòng' if line == 'row' else 'Cột'} {row.where}"
    return _in_order(found.values())


def _labels(batch: ImportBatch) -> dict[str, str]:
    """By place, what the file calls the unit of a row that could not be given to an agency."""
    named = [*batch.outcome.get("errors", []), *batch.outcome.get("left_out", [])]
    of_units = [one for one in named if one["code"] in OF_UNIT and one.get("value")]
    return {places.of_fault(batch, one): str(one["value"]) for one in of_units}


def _left_out(batch: ImportBatch) -> set[str]:
    """Places of rows passed over for their errors; a total that does not agree is no row."""
    left = [one for one in batch.outcome.get("left_out", []) if one["code"] != TOTAL]
    return {place for one in left if (place := places.of_fault(batch, one))}


def _statuses(batch: ImportBatch, rows: Iterable[Row]) -> dict[int, str]:
    agencies = {row.agency_pk for row in rows if row.agency_pk}
    reports = Report.objects.filter(period=batch.period_id, agency__in=agencies)
    return dict(reports.order_by().values_list("agency_id", "status"))


def _in_order(rows: Iterable[Row]) -> list[Row]:
    rows = list(rows)
    sheets = {sheet: n for n, sheet in enumerate(dict.fromkeys(row.sheet for row in rows))}
    return sorted(rows, key=lambda row: (sheets[row.sheet], _position(row.where)))


def _position(where: str) -> int:
    return int(where) if where.isdecimal() else column_index(where)


def fill(batch: ImportBatch, rows: Iterable[Row]) -> None:
    """The cells of the rows that are shown, in one query."""
    by_place = {row.place: row for row in rows}
    line = "row" if places.lies_in_rows(batch) else "column"
    asked = {"sheet__in": {row.sheet for row in rows}, f"{line}__in": [row.where for row in rows]}
    for cell in batch.cells.filter(**asked).select_related("measure").order_by("pk"):
        row = by_place.get(places.at(cell.sheet, str(getattr(cell, line))))
        if row:
            row.cells[cell.measure_id] = cell
