"""The one workbook of a plan: which sheet is which table, and the lines a sheet holds. Nothing is looked up here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..reader import Cell, Sheet, column_letter
from .base import ReferenceResource
from .formats import is_blank, value_of
from .organisation import AgencyResource, AgencySuccessionResource, UnitResource, UnitSuccessionResource
from .plans import (
    DutyResource,
    IndicatorResource,
    MeasureResource,
    PeriodResource,
    PlanResource,
    TargetResource,
)
from .widgets import PLAN

GUIDE = "Hướng dẫn"


@dataclass(frozen=True)
class Table:
    """A sheet's name, whose rows it holds, and the field by which a row may name another row of the sheet."""

    name: str
    resource: type[ReferenceResource]
    above: str = ""
    of_plan: bool = True

    @cached_property
    def headings(self) -> dict[str, str]:
        """By field, in the order of the sheet; the plan is the one of the first sheet, so no column names it."""
        named = {name: column.column_name for name, column in self.resource().fields.items()}
        ordered = {name: named[name] for name in self.resource._meta.fields}
        return {name: heading for name, heading in ordered.items() if not (self.of_plan and heading == PLAN)}

    @property
    def key(self) -> list[str]:
        """Headings of the columns that say which row a line is."""
        return [self.headings[name] for name in self.resource._meta.import_id_fields if name in self.headings]


PLANS = Table("Kế hoạch", PlanResource, of_plan=False)
UNITS = Table("Đơn vị", UnitResource, "parent", of_plan=False)
UNIT_SUCCESSIONS = Table("Sáp nhập", UnitSuccessionResource, of_plan=False)
AGENCIES = Table("Cơ quan", AgencyResource, "parent", of_plan=False)
AGENCY_SUCCESSIONS = Table("Kế thừa cơ quan", AgencySuccessionResource, of_plan=False)
INDICATORS = Table("Chỉ tiêu", IndicatorResource)
MEASURES = Table("Số liệu", MeasureResource, "part_of")
PERIODS = Table("Kỳ", PeriodResource)
TARGETS = Table("Mục tiêu", TargetResource)
DUTIES = Table("Nhiệm vụ", DutyResource)
# In the order of a person who fills it in, and in the order in which rows can name one another.
SHEETS = (PLANS, PERIODS, MEASURES, INDICATORS, TARGETS, UNITS, UNIT_SUCCESSIONS, AGENCIES, AGENCY_SUCCESSIONS, DUTIES)
LOADING = (UNITS, UNIT_SUCCESSIONS, AGENCIES, AGENCY_SUCCESSIONS, PLANS, MEASURES, INDICATORS, PERIODS, TARGETS, DUTIES)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that stops the whole file: where it stands, what stands there, what is wrong and what to do."""

    sheet: str
    row: int | None
    column: str
    heading: str
    value: str
    message: str

    @property
    def cell(self) -> str:
        return f"{self.column}{self.row or ''}"


@dataclass(frozen=True)
class Line:
    """A row as Excel counts, with its values by heading."""

    row: int
    values: Mapping[str, object]


@dataclass
class Lines:
    """What a sheet holds for its table; `columns` are the letters of its headings."""

    table: Table
    columns: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, row: int | None, heading: str, value: object, message: str) -> Fault:
        said = "" if value is None else str(value)
        return Fault(self.table.name, row, self.columns.get(heading, ""), heading, said, message)

    def in_order(self) -> list[Line]:
        """Lines that others name come first: wholes before their parts, districts before their communes."""
        if not self.table.above:
            return self.lines
        key, above = self.table.key[0], self.table.headings[self.table.above]
        by_code = {str(line.values.get(key)): line for line in self.lines}
        ordered: dict[int, Line] = {}

        def place(line: Line, below: tuple[int, ...] = ()) -> None:
            first = by_code.get(str(line.values.get(above)))
            if first and first.row not in (*below, line.row):
                place(first, (*below, line.row))
            ordered.setdefault(line.row, line)

        for line in self.lines:
            if line.row not in ordered:
                place(line)
        return list(ordered.values())


def lines_of(sheet: Sheet, table: Table) -> Lines:
    """The first row holds the headings; each row below that holds anything is a line. Faults are said, not raised."""
    found = Lines(table)
    places = _places(sheet, found)
    if found.faults:
        return found
    for row in range(2, sheet.rows + 1):
        cells = {heading: sheet.at(row, index) for heading, index in places.items()}
        if any(cell.defect or not is_blank(cell.value) for cell in cells.values()):
            found.lines.append(Line(row, dict(_values(cells, found))))
    found.faults += _twice(found)
    return found


def _places(sheet: Sheet, found: Lines) -> dict[str, int]:
    """The column of each heading. One that is unknown or stands twice is a fault, and so is a key that is missing."""
    known = {heading.casefold(): heading for heading in (*found.table.headings.values(), PLAN)}
    places: dict[str, int] = {}
    for cell in sheet.row(1):
        heading = known.get(" ".join(str(cell.value).split()).casefold())
        where = Fault(found.table.name, 1, cell.column, "", str(cell.value), "")
        if heading is None:
            found.faults.append(_saying(where, "Không có cột này trong mẫu. Xóa cột hoặc ghi tên cột như mẫu."))
        elif heading in places:
            found.faults.append(_saying(where, "Cột này có hai lần. Giữ một cột."))
        else:
            places[heading], found.columns[heading] = cell.index, column_letter(cell.index)
    missing = [heading for heading in found.table.key if heading not in places]
    if missing and sheet.rows:
        found.faults.append(found.fault(1, "", "", f"Thiếu cột {', '.join(missing)}. Thêm cột như mẫu."))
    return places


def _saying(fault: Fault, message: str) -> Fault:
    return Fault(fault.sheet, fault.row, fault.column, fault.heading, fault.value, message)


def _values(cells: Mapping[str, Cell], found: Lines) -> Iterable[tuple[str, object]]:
    for heading, cell in cells.items():
        value, why = value_of(cell)
        if why:
            found.faults.append(found.fault(cell.row, heading, cell.value, why))
        yield heading, value


def _twice(found: Lines) -> Iterable[Fault]:
    """Lines about the same row of a table: of two that differ nobody knows which is meant."""
    seen: dict[tuple[str, ...], int] = {}
    for line in found.lines:
        key = tuple(str(line.values.get(heading) or "").strip() for heading in (*found.table.key, PLAN))
        first = seen.setdefault(key, line.row)
        if first != line.row:
            heading = found.table.key[0]
            yield found.fault(
                line.row, heading, line.values.get(heading), f"Trùng với dòng {first}. Giữ một trong hai dòng."
            )
