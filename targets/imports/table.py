"""A recognised table -> figures: whose, which measure, which number, and what is wrong where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from targets.models.numbers import spell

from .choices import Choices
from .headings import MeasureTerm
from .layout import Kind, Layout, Line, Problem, Subject, agency_texts
from .parsing import CellError, is_no_data, parse_cell, parse_text, says_not_applicable
from .reader import Cell, Defect
from .rows import is_blank, is_figure, is_numbering, label_of
from .vocabulary import Place, Vocabulary


@dataclass(slots=True)  # not frozen: that takes three times as long to make, and a file has ten thousand
class Reading:
    """One figure as read. `value` None is "no data", unless `problem` says the cell cannot be taken.

    `typed`: what the sender put in the place of the cell's content. `subject`: "6" or "D", the row or column it is of.
    """

    place: Place
    measure: MeasureTerm
    cell: Cell
    value: Decimal | None
    problem: Problem | None = None
    sheet: str = ""
    subject: str = ""
    not_applicable: bool = False
    note: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    row: int
    why: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """A cell of a total row or column beside the sum of the units. `agrees` None: one of the two cannot be known."""

    cell: Cell
    stated: Decimal | None
    computed: Decimal
    agrees: bool | None
    sheet: str = ""


@dataclass
class Table:
    """What reading a layout for a day gave; `labels` are the cells that name the places read."""

    layout: Layout
    choices: Choices = field(default_factory=Choices)
    readings: list[Reading] = field(default_factory=list)
    labels: dict[Place, Cell] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def sheet(self) -> str:
        return self.layout.sheet.name

    @property
    def rows_read(self) -> int:
        """Rows with figures of units, or of measures."""
        return len({reading.cell.row for reading in self.readings})

    def at(self, where: str) -> str:
        """How a place of this sheet is written in Choices."""
        return f"{self.sheet}!{where}"

    def pass_over(self, row: int, why: str) -> None:
        self.skipped.append(Skipped(row, why, self.sheet))

    def fault(self, cell: Cell, why: CellError) -> Problem:
        return Problem.at(cell, why.code, why.message, self.sheet, why.offers)


def read_table(layout: Layout, vocabulary: Vocabulary, day: dt.date, choices: Choices | None = None) -> Table:
    """Read every figure of the table; units must exist on `day`, the last of the period."""
    table = Table(layout, choices or Choices(), problems=list(layout.problems))
    subjects = list(_rows(table, vocabulary) if layout.kind == Kind.WIDE else _columns(table, vocabulary))
    for subject in subjects:
        if not subject.is_total:
            _read_subject(table, vocabulary, subject, day)
    for subject in subjects:
        if subject.is_total and table.choices.rows.get(table.at(subject.where)) != "":
            _check_totals(table, subject)
    return table


def _rows(table: Table, vocabulary: Vocabulary) -> Iterator[Subject]:
    """The units of a wide table; every other row is passed over with the reason."""
    layout = table.layout
    for row in range(layout.first_row, layout.sheet.rows + 1):
        if is_blank(layout.sheet, row):
            continue
        label = _coded_label(table, vocabulary, row) or label_of(layout.sheet, row, layout.label_column)
        if is_numbering(layout.sheet, row):
            table.pass_over(row, "Dòng đánh số cột.")
        elif table.choices.rows.get(table.at(str(row))) == "":
            table.pass_over(row, "Người gửi chọn bỏ qua dòng này.")
        elif vocabulary.is_total(label.text):
            table.pass_over(row, "Dòng tổng: không phải đơn vị, dùng để đối chiếu.")
            yield Subject(row, label, is_row=True, is_total=True)
        elif vocabulary.is_territory(label.text) or _has_figures(layout, row):
            yield Subject(row, label, is_row=True)
        else:
            table.pass_over(row, "Dòng không có số liệu: nhóm, ghi chú hoặc chữ ký.")


def _coded_label(table: Table, vocabulary: Vocabulary, row: int) -> Cell | None:
    """The code of an agency, which says best whose row it is."""
    left = (table.layout.sheet.at(row, index) for index in range(1, table.layout.label_column))
    return next((cell for cell in left if vocabulary.is_code(cell.text)), None)


def _columns(table: Table, vocabulary: Vocabulary) -> Iterator[Subject]:
    """The units of a transposed table, or the one agency of a long one."""
    layout = table.layout
    measured = {line.index for line in layout.measure_lines}
    for row in range(layout.first_row, layout.sheet.rows + 1):
        if row not in measured and not is_blank(layout.sheet, row):
            why = (
                "Dòng đánh số cột." if is_numbering(layout.sheet, row) else "Dòng không khớp số liệu nào của kế hoạch."
            )
            table.pass_over(row, why)
    for subject in layout.subjects:
        if table.choices.rows.get(table.at(subject.where)) != "":
            yield _named(table, vocabulary, subject) if layout.kind == Kind.LONG else subject


def _named(table: Table, vocabulary: Vocabulary, subject: Subject) -> Subject:
    """A long table's agency stands above it: in a cell of the titles, or in the name of the sheet."""
    named = agency_texts(table.layout, vocabulary)
    text = table.choices.agency or (named[0] if len(named) == 1 else "")
    cells = (cell for cell in table.layout.sheet.texts if text and text in " ".join(cell.text.split()))
    place = next(cells, subject.label)
    return Subject(subject.index, Cell(place.row, place.index, text), is_row=False)


def _has_figures(layout: Layout, row: int) -> bool:
    """Whether a row holds a number where a measure belongs: then its name must be a unit's."""
    return any(is_figure(layout.sheet.at(row, line.index)) for line in layout.measure_lines)


def _read_subject(table: Table, vocabulary: Vocabulary, subject: Subject, day: dt.date) -> None:
    label = _own_cell(table, subject)
    try:
        place = _place(table, vocabulary, subject, day)
    except CellError as why:
        table.problems.append(table.fault(label, why))
        return
    table.labels[place] = label
    for line in table.layout.measure_lines:
        reading = _read_cell(table, line, subject, place)
        table.readings.append(reading)
        if reading.problem:
            table.problems.append(reading.problem)


def _own_cell(table: Table, subject: Subject) -> Cell:
    """The cell that names a row, in the row itself also when it was merged into it; else where the name stands."""
    if not subject.is_row:
        return subject.label
    column = table.layout.label_column
    return Cell(subject.index, column, table.layout.sheet.at(subject.index, column).value or subject.label.value)


def _place(table: Table, vocabulary: Vocabulary, subject: Subject, day: dt.date) -> Place:
    chosen = table.choices.rows.get(table.at(subject.where))
    label = chosen or subject.label.text
    if not label and table.layout.kind == Kind.LONG:
        named = agency_texts(table.layout, vocabulary)
        several = f" Tiêu đề nhắc đến: {', '.join(named)}." if named else ""
        raise CellError("agency_unknown", f"Không rõ biểu này của đơn vị nào.{several} Chọn đơn vị.")
    if not label:
        raise CellError("row_without_unit", "Dòng có số liệu nhưng không ghi tên đơn vị.")
    place = vocabulary.resolve(label, day)
    if place in table.labels:
        raise CellError("duplicate_unit", f"{place.full_name} đã có ở {_spot(table.labels[place], subject)}.")
    return place


def _spot(cell: Cell, subject: Subject) -> str:
    return f"dòng {cell.row}" if subject.is_row else f"cột {cell.column}"


def _read_cell(table: Table, line: Line, subject: Subject, place: Place) -> Reading:
    cell = table.layout.cell(line, subject)
    note = _note(table.layout, line)
    typed = table.choices.cells.get(table.at(cell.address), "") if table.choices.cells else ""

    def reading(value: Decimal | None = None, problem: Problem | None = None, **more: object) -> Reading:
        return Reading(
            place, line.measure, cell, value, problem, table.sheet, subject.where, note=note, typed=typed, **more
        )

    try:
        _refuse_merged(table, line, subject)
        _refuse_other_money(line)
        if says_not_applicable(typed or cell.text):
            return reading(not_applicable=True)
        return reading(_value(table, cell, typed, line.measure))
    except CellError as why:
        return reading(problem=table.fault(cell, why))


def _value(table: Table, cell: Cell, typed: str, measure: MeasureTerm) -> Decimal | None:
    if typed:
        return parse_text(typed, whole=measure.whole)
    return parse_cell(cell, whole=measure.whole, numbers=table.choices.numbers)


def _note(layout: Layout, line: Line) -> str:
    if layout.note_column is None:
        return ""
    text = layout.sheet.at(line.index, layout.note_column).text
    return "" if is_no_data(text) else " ".join(text.split())[:500]


def _refuse_merged(table: Table, line: Line, subject: Subject) -> None:
    place = table.layout.place(line, subject)
    merge = table.layout.sheet.merge_at(*place)
    if merge and (merge.top, merge.left) != place:
        message = f"Ô nằm trong khối gộp {merge}, không rõ số của từng dòng. Bỏ gộp ô rồi ghi riêng từng số."
        raise CellError(Defect.MERGED, message)


def _refuse_other_money(line: Line) -> None:
    """A column in đồng or tỷ where the form asks for triệu đồng: a thousand times wrong without anybody seeing."""
    said, asked = money_of(line.unit_of_measure or line.title), money_of(line.measure.unit_of_measure)
    if said and asked and said != asked:
        raise CellError("other_money_unit", f"Biểu ghi theo {said}, kế hoạch tính theo {asked}. Đổi số sang {asked}.")


@lru_cache
def money_of(text: str) -> str:
    """The unit of money that a heading names, "" for none."""
    plain = " ".join(text.casefold().split())
    found = [unit for unit in ("triệu đồng", "tỷ đồng", "tỉ đồng", "nghìn đồng", "ngàn đồng") if unit in plain]
    return found[0] if found else ("đồng" if "(đồng)" in plain or plain == "đồng" else "")


def _check_totals(table: Table, subject: Subject) -> None:
    """A total must say the sum of the units; a difference is an error at its cell, never a figure."""
    unread = any(problem.column and problem.code in UNIT_CODES for problem in table.problems)
    sums = _sums(table.readings)
    for line in table.layout.measure_lines:
        cell = table.layout.cell(line, subject)
        computed, complete = sums.get(line.measure.code, (Decimal(0), True))
        stated = _stated(table, cell)
        known = stated is not None and complete and not unread
        total = Total(cell, stated, computed, stated == computed if known else None, table.sheet)
        table.totals.append(total)
        if total.agrees is False:
            what = "Dòng" if subject.is_row else "Cột"
            message = f"{what} tổng ghi {spell(stated)}, cộng các đơn vị được {spell(computed)}."
            table.problems.append(Problem.at(cell, "total_differs", message, table.sheet))


UNIT_CODES = frozenset(
    {"unknown_unit", "ambiguous_unit", "unit_not_in_period", "duplicate_unit", "row_without_unit", "agency_unknown"}
)


def _sums(readings: Sequence[Reading]) -> dict[str, tuple[Decimal, bool]]:
    """By measure: the sum of what was read, and whether all of it could be."""
    sums: dict[str, tuple[Decimal, bool]] = {}
    for reading in readings:
        value, complete = sums.get(reading.measure.code, (Decimal(0), True))
        sums[reading.measure.code] = (value + (reading.value or 0), complete and reading.problem is None)
    return sums


def _stated(table: Table, cell: Cell) -> Decimal | None:
    try:
        return parse_cell(cell, whole=False, numbers=table.choices.numbers)
    except CellError:
        return None
