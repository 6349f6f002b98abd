"""A new .xlsx of a file that is none, or that openpyxl does not open: its cells as they were read, and the marks."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.worksheet import Worksheet

from targets.imports.reader import Cell, Defect, Sheet, Workbook

from . import marks as said
from . import wording
from .marks import Mark
from .writing import Book, height

FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
LONGEST_NAME, WIDEST, NARROWEST, FAULTS_WIDTH = 31, 36, 8, 60
NOT_CALCULATED = "(công thức chưa tính)"  # a blank would be read as "no data" the next time


def rebuild(workbook: Workbook, marks: Sequence[Mark]) -> bytes:
    """Sheets, values, merged blocks and what is hidden; formulas as their results. Marked as `annotate` does."""
    sheets = [one for one in workbook.sheets if not said.is_list_of_faults(one.name, one.at(1, 1).value)]
    names = _names(sheets)
    named = [{**mark, "sheet": names.get(mark["sheet"], mark["sheet"])} for mark in marks]
    book = Book()
    _list(book, named, names.values())
    for sheet in sheets:
        _write(book, sheet, names[sheet.name], named)
    return book.finished()


def _names(sheets: Iterable[Sheet]) -> dict[str, str]:
    """Names as Excel takes them: a .csv has none, an .ods may have longer ones."""
    names: dict[str, str] = {}
    for n, sheet in enumerate(sheets, 1):
        plain = FORBIDDEN.sub(" ", sheet.name).strip(" '")[:LONGEST_NAME] or f"Trang {n}"
        taken = {name.casefold() for name in names.values()}
        names[sheet.name] = f"Trang {n}" if plain.casefold() in taken else plain
    return names


def _list(book: Book, marks: Sequence[Mark], names: Iterable[str]) -> None:
    """The first sheet: everything that is wrong, with links to the cells."""
    sheet = book.sheet(said.free_name(names))
    book.write_text(sheet, 0, 0, wording.FAULT_LIST_TITLE, "bold")
    book.write_text(sheet, 1, 0, said.summary(marks), "plain")
    for column, (heading, width) in enumerate(said.LIST_HEADINGS):
        sheet.set_column(column, column, width)
        book.write_text(sheet, 3, column, heading, "bold")
    for row, (line, target) in enumerate(said.listed(marks), 4):
        for column, text in enumerate(line):
            book.write_text(sheet, row, column, text, "plain")
        if target:
            sheet.write_url(row, 1, f"internal:{target}", book.style("link"), line[1])
    sheet.freeze_panes(4, 0)


def _write(book: Book, source: Sheet, name: str, marks: Sequence[Mark]) -> None:
    sheet = book.sheet(name)
    earlier = _earlier_column_of_faults(source, said.heading_row(marks, name))
    at_cells = {_seen(source, *place): found for place, found in said.at_cells(marks, name).items()}
    widths = _set_widths(sheet, source)
    _write_merges(book, sheet, source)
    for place in sorted(source.cells.keys() | at_cells.keys()):
        if place[1] == earlier:
            continue
        _write_cell(book, sheet, source.at(*place), _mark_style(at_cells.get(place)))
    for (row, column), found in at_cells.items():
        sheet.write_comment(row - 1, column - 1, said.remark(found), {"author": "", "x_scale": 2.5, "y_scale": 1.2})
    for row, tall in _heights(source, widths).items():
        sheet.set_row(row - 1, tall, None, {"hidden": row in source.hidden_rows})
    right = max((source.columns, *(merge.right for merge in source.merges)))
    _write_column_of_faults(book, sheet, (earlier or right + 1) - 1, name, marks)
    if not source.visible:
        sheet.hide()


def _seen(source: Sheet, row: int, column: int) -> tuple[int, int]:
    """Under a merged block nothing is seen: its top left cell is marked instead."""
    merge = source.merge_at(row, column)
    return (merge.top, merge.left) if merge else (row, column)


def _mark_style(found: Sequence[Mark] | None) -> tuple[str, ...]:
    return (said.gravest(found),) if found else ()


def _set_widths(sheet: Worksheet, source: Sheet) -> dict[int, int]:
    """By what stands in the columns, titles over several of them left out."""
    widths: dict[int, int] = {}
    for cell in _in_one_column(source):
        widths[cell.index] = max(widths.get(cell.index, NARROWEST), min(len(str(cell.value)) + 2, WIDEST))
    for column in widths.keys() | source.hidden_columns:
        hidden = {"hidden": column in source.hidden_columns}
        sheet.set_column(column - 1, column - 1, widths.get(column, NARROWEST), None, hidden)
    return widths


def _heights(source: Sheet, widths: Mapping[int, int]) -> dict[int, float | None]:
    """Of rows that need more than a line, and of those that are hidden."""
    needed: dict[int, float | None] = dict.fromkeys(source.hidden_rows)
    for cell in _in_one_column(source):
        if cell.text and (tall := height((cell.text, widths[cell.index]))):
            needed[cell.row] = max(needed.get(cell.row) or 0, tall)
    return needed


def _in_one_column(source: Sheet) -> Iterator[Cell]:
    across = {(merge.top, merge.left) for merge in source.merges if merge.left != merge.right}
    return (cell for place, cell in source.cells.items() if place not in across and cell.value is not None)


def _write_merges(book: Book, sheet: Worksheet, source: Sheet) -> None:
    for merge in source.merges:
        if (merge.top, merge.left) == (merge.bottom, merge.right):
            continue
        block = (merge.top - 1, merge.left - 1, merge.bottom - 1, merge.right - 1)
        try:
            sheet.merge_range(*block, "", book.style("joined"))
        except OverlappingRange:  # other programs allow what Excel calls damaged
            continue


def _write_cell(book: Book, sheet: Worksheet, cell: Cell, mark: tuple[str, ...]) -> None:
    row, column, value = cell.row - 1, cell.index - 1, _shown(cell)
    base = "joined" if isinstance(value, str) and len(value) > NARROWEST else "plain"
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, book.style(base, *mark))
    elif isinstance(value, int | float | Decimal) and math.isfinite(value):
        look = ("percent",) if cell.defect == Defect.PERCENT else ()
        sheet.write_number(row, column, float(value), book.style(base, *look, *mark))
    elif isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        sheet.write_datetime(row, column, value, book.style(base, _look_of(value), *mark))
    else:
        book.write_text(sheet, row, column, "" if value is None else str(value), base, *mark)


def _shown(cell: Cell) -> object:
    return NOT_CALCULATED if cell.defect == Defect.NOT_CALCULATED and cell.value is None else cell.value


def _look_of(value: object) -> str:
    if isinstance(value, dt.datetime) and (value.hour or value.minute):
        return "moment"
    if isinstance(value, dt.date):
        return "day"
    return "time" if isinstance(value, dt.time) else "span"


def _earlier_column_of_faults(source: Sheet, heading: int) -> int | None:
    return source.columns if source.at(heading, source.columns).text == wording.FAULTS else None


def _write_column_of_faults(book: Book, sheet: Worksheet, column: int, name: str, marks: Sequence[Mark]) -> None:
    heading = said.heading_row(marks, name)
    if texts := said.row_texts(marks, name, heading):
        sheet.set_column(column, column, FAULTS_WIDTH)
        for row, text in {heading: wording.FAULTS, **texts}.items():
            book.write_text(sheet, row - 1, column, text, "fault", *(["bold"] if row == heading else []))
