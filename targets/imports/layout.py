"""Cells -> recognised tables: which sheets hold them, in which of three layouts. What is not clear is asked.

Recognising looks for known units and known figures first, because headings and titles vary and these names do not;
everything passed over is reported with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .choices import Choices
from .parsing import fold, is_legacy_font
from .periods import find_periods
from .reader import Sheet, Workbook
from .recognised import Kind, Layout, Line, NoTable, Problem, Subject
from .rows import label_of
from .upright import narrowed, recognise_upright
from .vocabulary import Vocabulary
from .wide import recognise_wide

__all__ = ["Kind", "Layout", "Line", "NoTable", "Problem", "Subject", "find_tables", "periods_named", "recognise"]

LEGACY_SHOWN = 50
NOTHING_VISIBLE = Problem("no_sheet", "Tệp không có trang tính nào đang hiện.")
# Headings that only a list of people has; two of them tell it from a table of figures.
REGISTER = frozenset(
    fold(text)
    for text in ("họ và tên", "họ tên", "năm sinh", "ngày sinh", "dân tộc", "địa chỉ", "nơi ở", "số cccd", "cccd")
)


def find_tables(workbook: Workbook, vocabulary: Vocabulary, choices: Choices | None = None) -> list[Layout]:
    """The tables to read: one, or of several sheets that belong together one each. Raises NoTable.

    Hidden sheets are read only when named in `choices`.
    """
    choices = choices or Choices()
    asked = [_sheet_named(workbook, name) for name in choices.sheets]
    found, failed = [], []
    for sheet in asked or workbook.visible_sheets:
        try:
            found.append(recognise(sheet, vocabulary, choices))
        except NoTable as why:
            failed.append(why)
    if asked and failed:
        raise failed[0]
    found = [layout for layout in found if asked or layout.measure_lines] or found
    if found:
        return found if asked else _together(found, choices, vocabulary)
    # The sheet that came closest to a table says most about what is wrong.
    raise max(failed, key=lambda why: why.problems[0].row or 0, default=NoTable("", NOTHING_VISIBLE))


def recognise(sheet: Sheet, vocabulary: Vocabulary, choices: Choices | None = None) -> Layout:
    """Find the table of a sheet. Raises NoTable when there is none, or none of a layout we read."""
    choices = choices or Choices()
    _refuse_legacy_fonts(sheet)
    if choices.header:
        return recognise_wide(sheet, vocabulary, choices.header)
    try:
        return narrowed(recognise_upright(sheet, vocabulary, choices.values), choices.period)
    except NoTable:
        pass
    try:
        return recognise_wide(sheet, vocabulary)
    except NoTable as why:
        raise _register(sheet) or why from None


def _sheet_named(workbook: Workbook, name: str) -> Sheet:
    sheet = workbook.named(name)
    if sheet is None:
        names = ", ".join(f"“{sheet.name}”" for sheet in workbook.sheets)
        raise NoTable(name, Problem("no_sheet", f"Tệp không có trang “{name}”. Các trang: {names}."))
    return sheet


def _together(found: list[Layout], choices: Choices, vocabulary: Vocabulary) -> list[Layout]:
    """Of several tables the one of the period asked for, or all when each is of other units. Raises NoTable."""
    if choices.period:
        fitting = [layout for layout in found if periods_named([layout]) in ({choices.period}, set())]
        named = [layout for layout in fitting if periods_named([layout])]
        found = named or fitting or found
    if len(found) == 1 or _belong_together(found, vocabulary):
        return found
    names = ", ".join(f"“{layout.sheet.name}”" for layout in found)
    raise NoTable("", Problem("several_sheets", f"Tệp có {len(found)} trang có biểu số liệu: {names}. Chọn một."))


def _belong_together(found: Sequence[Layout], vocabulary: Vocabulary) -> bool:
    """One layout, of one period, each sheet naming units that no other names: a sheet per district, say."""
    if len({layout.kind for layout in found}) > 1 or len({frozenset(periods_named([one])) for one in found}) > 1:
        return False
    named = [_units_of(layout, vocabulary) for layout in found]
    return all(named) and sum(map(len, named)) == len(frozenset().union(*named))


def _units_of(layout: Layout, vocabulary: Vocabulary) -> frozenset[str]:
    """What names the units of a table: its labels, or where one sheet is of one agency, what stands above."""
    if layout.kind == Kind.WIDE:
        rows = range(layout.first_row, layout.sheet.rows + 1)
        labels = (label_of(layout.sheet, row, layout.label_column).text for row in rows)
    elif layout.kind == Kind.TRANSPOSED:
        labels = (subject.label.text for subject in layout.subjects)
    else:
        labels = iter(agency_texts(layout, vocabulary))
    return frozenset(fold(label) for label in labels if label and vocabulary.is_unit(label))


def agency_texts(layout: Layout, vocabulary: Vocabulary) -> list[str]:
    """What names the agency of a long sheet: its code if it stands there, else a unit in the titles, else the sheet.

    Several texts, when the titles name several.
    """
    coded = [text for text in layout.titles if vocabulary.is_code(text)]
    if coded:
        return coded[:1]
    named = [name for text in layout.titles for name in vocabulary.units_within(text)]
    named = named or vocabulary.units_within(layout.sheet.name)
    named = named or [text for text in layout.titles if vocabulary.body(text)]
    return list({fold(name): name for name in named}.values())


def periods_named(layouts: Iterable[Layout]) -> set[str]:
    """Codes of the periods that the titles of tables name, and where they name none, the names of their sheets."""
    found = set()
    for layout in layouts:
        titles = layout.titles
        found |= find_periods([*titles, layout.sheet.name]) if titles else find_periods([layout.sheet.name])
    return found


def _refuse_legacy_fonts(sheet: Sheet) -> None:
    cells = [cell for cell in sheet.texts if is_legacy_font(cell.text)]
    if len(cells) > 1:
        message = "Chữ gõ bằng phông TCVN3 (.VnTime) hoặc VNI. Đổi cả trang sang Unicode rồi tải lại."
        raise NoTable(sheet.name, *(Problem.at(cell, "legacy_font", message) for cell in cells[:LEGACY_SHOWN]))


def _register(sheet: Sheet) -> NoTable | None:
    """A list of people is no report: its women are counted by hand, and their names stay out of the system."""
    headings = {fold(" ".join(cell.text.split())) for cell in sheet.texts}
    if len(headings & REGISTER) < 2:
        return None
    message = (
        f"Trang “{sheet.name}” là danh sách người, không phải biểu số liệu. "
        "Đếm theo từng mục rồi ghi số vào biểu; không cần gửi danh sách."
    )
    return NoTable(sheet.name, Problem("register", message))
