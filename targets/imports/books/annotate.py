"""An official's own .xlsx back with what is wrong marked in it; everything else stays as it was.

Runs in a child process, since the file is not ours: no Django here, and whatever goes wrong is an exception.
"""

from __future__ import annotations

import encodings.cp437
import warnings
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO

import openpyxl.packaging.extended
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from targets.imports.isolated.refusal import Damaged

from . import marks as said
from . import results, wording
from .marks import Mark

# Named so that they are loaded now: they are asked for in the middle of the work, when no file can be opened any more.
LOADED_EARLY = (encodings.cp437, openpyxl.packaging.extended)
AUTHOR = "Kiểm tra tệp"
COLOURS = {said.ERROR: "F9B4AC", said.WARNING: "FFE08A"}
FILLS = {kind: PatternFill("solid", fgColor=colour) for kind, colour in COLOURS.items()}
FAULTS_WIDTH = 60


class CannotMark(Damaged):
    """The file is one that openpyxl does not open, or opens without what was marked in it."""


def annotate(content: bytes, marks: list[Mark]) -> bytes:
    """The workbook with red and amber cells, a comment at each, a last column and a first sheet of faults.

    Marks of an earlier round are taken off first. Raises CannotMark.
    """
    with warnings.catch_warnings():  # openpyxl warns of what it leaves out
        warnings.simplefilter("ignore")
        book = _opened(content, marks)
        kept = results.of_formulas(book, content)
        _take_off_earlier_marks(book)
        for sheet in book.worksheets:
            _mark(sheet, marks)
        _list(book, marks)
        return results.saved(book, kept)


def _opened(content: bytes, marks: Sequence[Mark]) -> Workbook:
    """Strict OOXML opens, and is empty. A single mark may say more than its cell: a heading that begins above it."""
    try:
        book = load_workbook(BytesIO(content), rich_text=True)
        results.ask_for_no_more_than(book, content)
    except Exception as why:  # openpyxl raises whatever its parsing ran into
        raise CannotMark(str(why)) from why
    names = {sheet.title for sheet in book.worksheets}
    missing = {mark["sheet"] for mark in marks} - names - {""}
    valued = [mark for mark in marks if mark["sheet"] and mark.get("value") and mark.get("column")]
    if missing or (valued and all(_cell(book[mark["sheet"]], mark).value is None for mark in valued)):
        raise CannotMark("not what was read from the file")
    return book


def _cell(sheet: Worksheet, mark: Mark) -> Cell:
    return _reachable(sheet, mark["row"], said.column_index(mark["column"]))


def _reachable(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell itself, or the one that is seen in its place when it lies in a merged block."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        block = next(block for block in sheet.merged_cells.ranges if cell.coordinate in block)
        return sheet.cell(block.min_row, block.min_col)
    return cell


def _stored(sheet: Worksheet) -> list[Cell]:
    """Cells that are in the file; iterating over rows would make all those between them."""
    return [cell for cell in sheet._cells.values() if not isinstance(cell, MergedCell)]


def _take_off_earlier_marks(book: Workbook) -> None:
    for sheet in book.worksheets:
        if said.is_list_of_faults(sheet.title, sheet["A1"].value):
            book.remove(sheet)
    ours = tuple(COLOURS.values())
    for sheet in book.worksheets:
        for cell in _stored(sheet):
            if cell.has_style and str(cell.fill.fgColor.rgb).endswith(ours):
                cell.fill = PatternFill()
            if cell.comment and said.is_remark(cell.comment.text):
                cell.comment = None
        _clear_column_of_faults(sheet)


def _clear_column_of_faults(sheet: Worksheet) -> None:
    last = _last_filled_column(sheet)
    column = [cell for cell in _stored(sheet) if cell.column == last and cell.value is not None]
    if any(cell.value == wording.FAULTS for cell in column):
        for cell in column:
            cell.value = None


def _last_filled_column(sheet: Worksheet) -> int:
    return max((cell.column for cell in _stored(sheet) if cell.value is not None), default=0)


def _mark(sheet: Worksheet, marks: Sequence[Mark]) -> None:
    heading = said.heading_row(marks, sheet.title)
    texts = said.row_texts(marks, sheet.title, heading)
    at_cells = said.at_cells(marks, sheet.title)
    if texts:
        _write_column_of_faults(sheet, heading, texts)
    for (row, column), found in at_cells.items():
        cell = _reachable(sheet, row, column)
        cell.fill = FILLS[said.gravest(found)]
        if cell.comment is None:  # what somebody else noted there is left alone
            cell.comment = _comment(said.remark(found))


def _comment(text: str) -> Comment:
    lines = sum(1 + len(line) // 45 for line in text.splitlines())
    return Comment(_legal(text), AUTHOR, height=24 + 18 * min(lines, 20), width=320)


def _write_column_of_faults(sheet: Worksheet, heading: int, texts: dict[int, str]) -> None:
    column = _free_column(sheet, [heading, *texts])
    _widen(sheet, column)
    for row, text in {heading: wording.FAULTS, **texts}.items():
        # In one line, however long: rows keep their heights, and right of the last column there is room.
        _write_text(sheet.cell(row, column), text, b=row == heading, color="A3261B")


def _free_column(sheet: Worksheet, rows: Iterable[int]) -> int:
    """The first one right of everything where none of the rows runs into a merged block."""
    column = _last_filled_column(sheet) + 1
    while any(isinstance(sheet._cells.get((row, column)), MergedCell) for row in rows):
        column += 1
    return column


def _widen(sheet: Worksheet, column: int) -> None:
    """A file may set one width for a run of columns up to the last: it is cut where ours begins."""
    for run in list(sheet.column_dimensions.values()):
        if run.min and run.max and run.min < column <= run.max:
            run.max = column - 1
    own = sheet.column_dimensions[get_column_letter(column)]
    own.min = own.max = column
    own.width, own.hidden = FAULTS_WIDTH, False


def _list(book: Workbook, marks: Sequence[Mark]) -> None:
    """The first sheet: everything that is wrong, with links to the cells."""
    sheet = book.create_sheet(said.free_name(book.sheetnames), 0)
    _write_text(sheet.cell(1, 1), wording.FAULT_LIST_TITLE, b=True, sz=14)
    _write_text(sheet.cell(2, 1), said.summary(marks))
    for column, (heading, width) in enumerate(said.LIST_HEADINGS, 1):
        _write_text(sheet.cell(4, column), heading, b=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, (line, target) in enumerate(said.listed(marks), 5):
        for column, text in enumerate(line, 1):
            _write_text(sheet.cell(row, column), text)
        if target:
            place = sheet.cell(row, 2)
            place.hyperlink = Hyperlink(ref=place.coordinate, location=target)
            _write_text(place, line[1], color="1F548F", u="single")
    sheet.freeze_panes = "A5"
    _show_only(book, sheet)


def _show_only(book: Workbook, first: Worksheet) -> None:
    """Two sheets selected at once would be edited at once."""
    book.active = 0
    for sheet in _all_sheets(book):
        sheet.sheet_view.tabSelected = sheet is first


def _all_sheets(book: Workbook) -> Iterator[Worksheet]:
    return (sheet for sheet in book._sheets if hasattr(sheet, "sheet_view"))


def _write_text(cell: Cell, text: str, **look: object) -> None:
    """As text, whatever it begins with; in the workbook's own typeface."""
    cell.value = _legal(text)
    cell.data_type = "s"
    if look:
        cell.font = Font(**{"name": cell.font.name, "sz": cell.font.sz, "family": cell.font.family, **look})


def _legal(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)
