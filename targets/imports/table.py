"""A recognised table -> figures: which unit, which measure, which number, and what is wrong where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from targets.models.numbers import spell

from .headings import Use
from .layout import Column, Layout, Problem, is_blank, is_numbering, label_of
from .parsing import CellError, parse_cell
from .reader import Cell, Defect, Sheet, column_letter
from .vocabulary import MeasureTerm, Place, Vocabulary


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure as read. `value` None is "no data", unless `problem` says the cell cannot be taken."""

    place: Place
    measure: MeasureTerm
    cell: Cell
    value: Decimal | None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    row: int
    why: str


@dataclass(frozen=True, slots=True)
class Total:
    """A cell of a total row beside the sum of the units. `agrees` None: one of the two cannot be known."""

    cell: Cell
    stated: Decimal | None
    computed: Decimal
    agrees: bool | None


@dataclass
class Table:
    """What reading a layout for a day gave; `place_cells` are the cells that name the units read."""

    layout: Layout
    readings: list[Reading] = field(default_factory=list)
    place_cells: dict[Place, Cell] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def rows_read(self) -> int:
        return len(self.place_cells)


def read_table(layout: Layout, vocabulary: Vocabulary, day: dt.date) -> Table:
    """Read every row below the headings; units must exist on `day`, the last of the period."""
    table = Table(layout, problems=list(layout.problems))
    total_rows = []
    for row in range(layout.first_row, layout.sheet.rows + 1):
        label = label_of(layout.sheet, row, layout.unit_column)
        if is_blank(layout.sheet, row):
            continue
        if is_numbering(layout.sheet, row):
            table.skipped.append(Skipped(row, "Dòng đánh số cột."))
        elif vocabulary.is_total(label.text):
            table.skipped.append(Skipped(row, "Dòng tổng: không phải đơn vị, dùng để đối chiếu."))
            total_rows.append(row)
        elif vocabulary.is_unit(label.text) or _has_figures(layout, row):
            _read_unit_row(table, vocabulary, label, row, day)
        else:
            table.skipped.append(Skipped(row, "Dòng không có số liệu: nhóm, ghi chú hoặc chữ ký."))
    for row in total_rows:
        _check_totals(table, row)
    table.warnings.extend(_warnings(table))
    return table


def _has_figures(layout: Layout, row: int) -> bool:
    """Whether a row holds a number where a measure belongs: then its name must be a unit's."""
    return any(_is_figure(layout.sheet.at(row, column.index)) for column in layout.measure_columns)


def _is_figure(cell: Cell) -> bool:
    if cell.defect or (cell.value is not None and not isinstance(cell.value, str)):
        return True
    try:
        return parse_cell(cell, whole=False) is not None
    except CellError:
        return False


def _read_unit_row(table: Table, vocabulary: Vocabulary, label: Cell, row: int, day: dt.date) -> None:
    named = table.layout.sheet.at(row, table.layout.unit_column)
    cell = Cell(row, table.layout.unit_column, named.value or label.value)
    try:
        place = _place(table, vocabulary, label.text, day)
    except CellError as why:
        table.problems.append(Problem.at(cell, why.code, why.message))
        return
    table.place_cells[place] = cell
    for column in table.layout.measure_columns:
        reading = _read_cell(table.layout.sheet, column, place, row)
        table.readings.append(reading)
        if reading.problem:
            table.problems.append(reading.problem)


def _place(table: Table, vocabulary: Vocabulary, label: str, day: dt.date) -> Place:
    if not label:
        raise CellError("row_without_unit", "Dòng có số liệu nhưng không ghi tên đơn vị.")
    place = vocabulary.resolve(label, day)
    if place in table.place_cells:
        raise CellError("duplicate_unit", f"{place.full_name} đã có ở dòng {table.place_cells[place].row}.")
    return place


def _read_cell(sheet: Sheet, column: Column, place: Place, row: int) -> Reading:
    cell = sheet.at(row, column.index)
    merge = sheet.merge_at(row, column.index)
    if merge and (merge.top, merge.left) != (row, column.index):
        message = f"Ô nằm trong khối gộp {merge}, không rõ số của từng dòng. Bỏ gộp ô rồi ghi riêng từng số."
        return Reading(place, column.measure, cell, None, Problem.at(cell, Defect.MERGED, message))
    try:
        return Reading(place, column.measure, cell, parse_cell(cell, whole=column.measure.whole))
    except CellError as why:
        return Reading(place, column.measure, cell, None, Problem.at(cell, why.code, why.message))


def _check_totals(table: Table, row: int) -> None:
    """A total row must say the sum of the units; a difference is an error at its cell, never a figure."""
    unit_column = column_letter(table.layout.unit_column)
    unread = any(problem.column == unit_column for problem in table.problems)  # rows whose unit is not known
    for column in table.layout.measure_columns:
        cell = table.layout.sheet.at(row, column.index)
        figures = [reading for reading in table.readings if reading.measure == column.measure]
        computed = sum((reading.value for reading in figures if reading.value is not None), Decimal(0))
        stated = _stated(cell)
        known = stated is not None and not unread and not any(reading.problem for reading in figures)
        total = Total(cell, stated, computed, stated == computed if known else None)
        table.totals.append(total)
        if total.agrees is False:
            message = f"Dòng tổng ghi {spell(stated)}, cộng các đơn vị được {spell(computed)}."
            table.problems.append(Problem.at(cell, "total_differs", message))


def _stated(cell: Cell) -> Decimal | None:
    return None if _why_unreadable(cell) else parse_cell(cell, whole=False)


def _why_unreadable(cell: Cell) -> CellError | None:
    try:
        parse_cell(cell, whole=False)
    except CellError as why:
        return why
    return None


def _warnings(table: Table) -> Iterator[Problem]:
    """What was read or passed over though a person should look: hidden rows, unknown columns, uncalculated totals."""
    sheet, header = table.layout.sheet, table.layout.header_rows[-1]
    for cell in table.place_cells.values():
        if cell.row in sheet.hidden_rows:
            yield Problem.at(cell, "hidden_row", f"Dòng {cell.row} đang ẩn nhưng vẫn được đọc.")
    for column in table.layout.columns:
        if column.measure and column.index in sheet.hidden_columns:
            message = f"Cột {column.letter} đang ẩn nhưng vẫn được đọc."
            yield Problem("hidden_column", message, header, column.letter, column.title)
        if column.use == Use.UNKNOWN and _holds_numbers(table, column):
            message = f"Cột “{column.title}” không khớp số liệu nào của kế hoạch nên không đọc."
            yield Problem("unknown_column", message, header, column.letter, column.title)
    for total in table.totals:
        if why := _why_unreadable(total.cell):
            yield Problem.at(total.cell, "total_unreadable", f"Không đối chiếu được ô tổng. {why.message}")


def _holds_numbers(table: Table, column: Column) -> bool:
    rows = (cell.row for cell in table.place_cells.values())
    return any(_is_figure(table.layout.sheet.at(row, column.index)) for row in rows)
