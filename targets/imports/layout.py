"""Cells -> a recognised table: which rows head it, which column names the units, which columns hold which measure.

Only the wide layout so far (a row per unit, a column per measure). Recognising looks for known units first, because
headings and titles vary and the names of units do not; everything passed over is reported with the reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from . import headings
from .headings import Use
from .parsing import is_legacy_font, show
from .reader import Cell, Sheet, Workbook, column_letter
from .vocabulary import MeasureTerm, Vocabulary

WIDE = "wide"
MOST_HEADER_ROWS = 4
LEGACY_SHOWN = 50
COLUMN_NUMBER = re.compile(r"\(?\s*(?P<number>[0-9]{1,2})\s*(?:=[0-9+:/*x() -]+)?\)?|[A-Z]")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a cell, a row (no column) or a sheet (no row). `value` is what the cell shows."""

    code: str
    message: str
    row: int | None = None
    column: str = ""
    value: str = ""
    sheet: str = ""

    @classmethod
    def at(cls, cell: Cell, code: str, message: str, sheet: str = "") -> Problem:
        return cls(code, message, cell.row, cell.column, show(cell.value), sheet)

    @property
    def cell(self) -> str:
        """ "D7", or "" when it is not about one cell."""
        return f"{self.column}{self.row}" if self.row and self.column else ""


class NoTable(Exception):
    """No table we can read; `problems` say why, in Vietnamese, at the cells of `sheet`."""

    def __init__(self, sheet: str, *problems: Problem) -> None:
        super().__init__(problems[0].message)
        self.sheet = sheet
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Column:
    """`path` is its heading from the top row down; `choices` the measures it may mean."""

    index: int
    letter: str
    path: tuple[str, ...]
    use: Use
    choices: tuple[MeasureTerm, ...] = ()

    @property
    def measure(self) -> MeasureTerm | None:
        """What its figures are; None when the column is passed over."""
        return self.choices[0] if self.use == Use.MEASURE else None

    @property
    def title(self) -> str:
        return " / ".join(self.path)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are on a sheet; rows from `first_row` on are to be read."""

    sheet: Sheet
    kind: str
    header_rows: tuple[int, ...]
    unit_column: int
    columns: tuple[Column, ...]
    problems: tuple[Problem, ...]

    @property
    def first_row(self) -> int:
        return self.header_rows[-1] + 1

    @property
    def measure_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.measure)

    @property
    def titles(self) -> list[str]:
        """The texts above the table: who reports, on what, for which period."""
        return [cell.text for cell in self.sheet.cells.values() if cell.row < self.header_rows[0] and cell.text]


def find_table(workbook: Workbook, vocabulary: Vocabulary, sheet_name: str | None = None) -> Layout:
    """The one table of the workbook, or of the sheet named. Hidden sheets are read only when named. Raises NoTable."""
    if sheet_name is not None:
        return recognise(_sheet_named(workbook, sheet_name), vocabulary)
    found, failed = [], []
    for sheet in workbook.visible_sheets:
        try:
            found.append(recognise(sheet, vocabulary))
        except NoTable as why:
            failed.append(why)
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"“{layout.sheet.name}”" for layout in found)
        raise NoTable("", Problem("several_sheets", f"Tệp có {len(found)} trang có biểu số liệu: {names}. Chọn một."))
    # The sheet that came closest to a table says most about what is wrong.
    raise max(failed, key=lambda why: why.problems[0].row or 0, default=NoTable("", NOTHING_VISIBLE))


NOTHING_VISIBLE = Problem("no_sheet", "Tệp không có trang tính nào đang hiện.")


def _sheet_named(workbook: Workbook, name: str) -> Sheet:
    sheet = workbook.named(name)
    if sheet is None:
        names = ", ".join(f"“{sheet.name}”" for sheet in workbook.sheets)
        raise NoTable(name, Problem("no_sheet", f"Tệp không có trang “{name}”. Các trang: {names}."))
    return sheet


def recognise(sheet: Sheet, vocabulary: Vocabulary) -> Layout:
    """Find the table of a sheet. Raises NoTable when there is none, or none of a layout we read."""
    _refuse_legacy_fonts(sheet)
    unit_column, first_unit_row = _unit_column(sheet, vocabulary)
    header_rows = _header_rows(sheet, vocabulary, unit_column, first_unit_row)
    columns = tuple(_columns(sheet, vocabulary, unit_column, header_rows))
    if not any(column.measure for column in columns):
        message = "Không nhận ra cột số liệu nào. Tên cột phải giống biểu mẫu, ví dụ “{}”."
        example = vocabulary.measures[0].names[0] if vocabulary.measures else ""
        raise NoTable(sheet.name, Problem("no_measures", message.format(example), header_rows[-1]))
    return Layout(sheet, WIDE, header_rows, unit_column, columns, tuple(_heading_problems(columns, header_rows[-1])))


def _refuse_legacy_fonts(sheet: Sheet) -> None:
    cells = [cell for cell in sheet.cells.values() if is_legacy_font(cell.text)]
    if len(cells) > 1:
        message = "Chữ gõ bằng phông TCVN3 (.VnTime) hoặc VNI. Đổi cả trang sang Unicode rồi tải lại."
        raise NoTable(sheet.name, *(Problem.at(cell, "legacy_font", message) for cell in cells[:LEGACY_SHOWN]))


def _unit_column(sheet: Sheet, vocabulary: Vocabulary) -> tuple[int, int]:
    """(column that names units, row of its first unit)."""
    units = [cell for cell in sheet.cells.values() if vocabulary.is_unit(cell.text)]
    if not units:
        raise NoTable(sheet.name, Problem("no_units", f"Trang “{sheet.name}” không có cột tên huyện, thành phố, xã."))
    by_column, by_row = Counter(cell.index for cell in units), Counter(cell.row for cell in units)
    column, most = max(by_column.items(), key=lambda counted: (counted[1], -counted[0]))
    row, abreast = max(by_row.items(), key=lambda counted: counted[1])
    if abreast > most:
        first = next(cell for cell in units if cell.row == row)
        message = f"Trang “{sheet.name}” là bảng xoay: mỗi đơn vị một cột. Chỉ đọc được bảng mỗi đơn vị một dòng."
        raise NoTable(sheet.name, Problem.at(first, "transposed", message))
    return column, min(cell.row for cell in units if cell.index == column)


def _header_rows(sheet: Sheet, vocabulary: Vocabulary, unit_column: int, first_unit_row: int) -> tuple[int, ...]:
    """The rows that head the table, from the top: those from the unit column's heading down, and groups above it."""
    row = first_unit_row - 1
    while row and (
        is_numbering(sheet, row)
        or is_blank(sheet, row)
        or _total_label(sheet, vocabulary, row, unit_column)
        or _is_mostly_numbers(sheet, row)
    ):
        row -= 1
    rows, heading = [], None
    while row and len(rows) < MOST_HEADER_ROWS and not is_blank(sheet, row):
        label = sheet.shown(row, unit_column)
        above_heading = heading is not None and label.address != heading
        if above_heading and (label.text or not _is_group_row(sheet, row)):
            break
        heading = label.address if label.text and heading is None else heading
        rows.insert(0, row)
        row -= 1
    if heading is None:
        message = "Không thấy dòng tiêu đề cột phía trên đơn vị đầu tiên."
        raise NoTable(sheet.name, Problem("no_header", message, first_unit_row))
    return tuple(rows)


def _is_mostly_numbers(sheet: Sheet, row: int) -> bool:
    """A row of figures whose name we do not know, a misspelt district above the others, say: no heading."""
    cells = list(sheet.row(row))
    numbers = [cell for cell in cells if isinstance(cell.value, int | float) and not isinstance(cell.value, bool)]
    return len(numbers) * 2 > len(cells)


def _is_group_row(sheet: Sheet, row: int) -> bool:
    """A title has one text; a row of group headings several, or one across several columns."""
    texts = [cell for cell in sheet.row(row) if cell.text]
    return len(texts) > 1 or any(sheet.merge_at(cell.row, cell.index) for cell in texts)


def _total_label(sheet: Sheet, vocabulary: Vocabulary, row: int, unit_column: int) -> bool:
    return vocabulary.is_total(label_of(sheet, row, unit_column).text)


def _columns(sheet: Sheet, vocabulary: Vocabulary, unit_column: int, rows: tuple[int, ...]) -> Iterator[Column]:
    for index in range(1, sheet.columns + 1):
        path = _path(sheet, rows, index)
        if index == unit_column or not path:
            continue
        heading = headings.match(path, vocabulary.measures)
        yield Column(index, column_letter(index), path, heading.use, heading.measures)


def _path(sheet: Sheet, rows: tuple[int, ...], index: int) -> tuple[str, ...]:
    """The heading of a column from the top row down; a block merged over several rows is said once."""
    cells = {}
    for row in rows:
        cell = sheet.shown(row, index)
        if not cell.text and row != rows[-1] and sheet.shown(rows[-1], index).text:
            cell = _group_to_the_left(sheet, rows, row, index)
        if cell.text:
            cells[cell.address] = " ".join(cell.text.split())
    return tuple(cells.values())


def _group_to_the_left(sheet: Sheet, rows: tuple[int, ...], row: int, index: int) -> Cell:
    """An unmerged group heading reaches right until the next heading, unless it is the whole heading of its column."""
    for left in range(index - 1, 0, -1):
        cell = sheet.shown(row, left)
        if cell.text:
            whole = sheet.merge_at(row, left) or not sheet.at(rows[-1], left).text
            return Cell(row, index, None) if whole else cell
    return Cell(row, index, None)


def _heading_problems(columns: tuple[Column, ...], row: int) -> Iterator[Problem]:
    """Headings that may mean two measures, and measures that two columns claim: errors, never guessed."""
    for column in columns:
        if column.use == Use.AMBIGUOUS:
            names = " hay ".join(f"“{measure.names[0]}”" for measure in column.choices)
            message = f"Cột “{column.title}” có thể là {names}. Ghi tên cột rõ hơn."
            yield Problem("ambiguous_column", message, row, column.letter, column.title)
    first: dict[str, Column] = {}
    for column in columns:
        if column.measure and (before := first.setdefault(column.measure.code, column)) is not column:
            message = f"Cột “{column.title}” trùng số liệu với cột {before.letter} “{before.title}”. Giữ lại một cột."
            yield Problem("duplicate_column", message, row, column.letter, column.title)


def label_of(sheet: Sheet, row: int, unit_column: int) -> Cell:
    """The cell that says what a row is: in the unit column or, for totals and notes, left of it."""
    for index in range(unit_column, 0, -1):
        cell = sheet.shown(row, index)
        if cell.text:
            return cell
    return sheet.at(row, unit_column)


def is_blank(sheet: Sheet, row: int) -> bool:
    return next(sheet.row(row), None) is None


def is_numbering(sheet: Sheet, row: int) -> bool:
    """A row "(1) (2) (3=4+5)" or "A B 1 2" under the headings: letters, and numbers that count up by one."""
    matches = [COLUMN_NUMBER.fullmatch(show(cell.value).strip()) for cell in sheet.row(row)]
    if len(matches) < 2 or not all(matches):
        return False
    numbers = [int(match["number"]) for match in matches if match["number"]]
    return len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
