"""Wide tables: a row per unit, a column per figure, under one to four rows of headings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .reader import Cell, Sheet
from .recognised import Kind, Layout, Line, NoTable, Problem, placed, problems_of
from .rows import is_blank, is_mostly_numbers, is_numbering, is_record, label_of
from .vocabulary import Vocabulary

MOST_HEADER_ROWS = 4


def recognise_wide(sheet: Sheet, vocabulary: Vocabulary, header: int | None = None) -> Layout:
    """The wide table of a sheet. Raises NoTable when there is none. `header`: the last row of headings, if told."""
    unit_column, first_unit_row = _unit_column(sheet, vocabulary)
    rows = _told(sheet, header) if header else _header_rows(sheet, vocabulary, unit_column, first_unit_row)
    lines = tuple(placed(_columns(sheet, vocabulary, unit_column, rows)))
    problems = tuple(problems_of(lines, rows[-1], "Cột"))
    if not any(line.measure for line in lines):
        problems = (no_measures(vocabulary, "cột", rows[-1]),)
    return Layout(sheet, Kind.WIDE, rows, unit_column, lines, problems)


def no_measures(vocabulary: Vocabulary, what: str, row: int) -> Problem:
    example = vocabulary.measures[0].names[0] if vocabulary.measures else ""
    message = f"Không nhận ra {what} số liệu nào. Chọn mục cho từng {what}, hoặc ghi tên như biểu mẫu: “{example}”."
    return Problem("no_measures", message, row)


def _unit_column(sheet: Sheet, vocabulary: Vocabulary) -> tuple[int, int]:
    """(column that names units, row of its first unit)."""
    units = [cell for cell in sheet.texts if vocabulary.is_territory(cell.text)] or [
        cell for cell in sheet.texts if vocabulary.body(cell.text) and is_record(sheet, cell.row, cell.index)
    ]
    if not units:
        raise NoTable(sheet.name, Problem("no_units", f"Trang “{sheet.name}” không có cột tên huyện, thành phố, xã."))
    by_column = Counter(cell.index for cell in units)
    column, _most = max(by_column.items(), key=lambda counted: (counted[1], -counted[0]))
    rows = sorted(cell.row for cell in units if cell.index == column)
    # A title may name a unit too: the first row that has figures beside the name begins the table.
    return column, next((row for row in rows if is_record(sheet, row, column)), rows[0])


def _told(sheet: Sheet, header: int) -> tuple[int, ...]:
    """The row the sender named, with the rows that its merged headings begin in."""
    tops = [merge.top for merge in sheet.merges if merge.top <= header <= merge.bottom]
    return tuple(range(max(min([*tops, header]), header - MOST_HEADER_ROWS + 1), header + 1))


def _header_rows(sheet: Sheet, vocabulary: Vocabulary, unit_column: int, first_unit_row: int) -> tuple[int, ...]:
    """The rows that head the table, from the top: those from the unit column's heading down, and groups above it."""
    row = first_unit_row - 1
    while row and _is_no_heading(sheet, vocabulary, row, unit_column):
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


def _is_no_heading(sheet: Sheet, vocabulary: Vocabulary, row: int, unit_column: int) -> bool:
    """Numbering, totals, figures; and a group of units, whose one text stands over no column."""
    label = label_of(sheet, row, unit_column).text
    return (
        not any(cell.text for cell in sheet.row(row) if cell.index > unit_column)
        or is_numbering(sheet, row)
        or is_blank(sheet, row)
        or vocabulary.is_total(label)
        or is_mostly_numbers(sheet, row)
        or (vocabulary.is_territory(label) and not _is_group_row(sheet, row))
    )


def _is_group_row(sheet: Sheet, row: int) -> bool:
    """A title has one text; a row of group headings several, or one across several columns."""
    texts = [cell for cell in sheet.row(row) if cell.text]
    return len(texts) > 1 or any(sheet.merge_at(cell.row, cell.index) for cell in texts)


def _columns(sheet: Sheet, vocabulary: Vocabulary, unit_column: int, rows: tuple[int, ...]) -> Iterator[Line]:
    for index in range(1, sheet.columns + 1):
        path = path_of(sheet, rows, index)
        if index != unit_column and path:
            heading = vocabulary.glossary.match(path)
            yield Line(index, path, heading.use, heading.measures, is_weak=heading.is_weak)


def path_of(sheet: Sheet, rows: tuple[int, ...], index: int) -> tuple[str, ...]:
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
