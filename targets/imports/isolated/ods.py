""".ods: every value stands in the markup with its kind, so the markup alone is read.

calamine is not asked: it joins words at a line break, expands repeated rows before anybody can count them, and one
value it does not know makes it give up the whole file.
"""

from __future__ import annotations

import datetime as dt
import re

from . import markup, refusal
from .bounds import MOST_SHEETS, MOST_TEXT
from .finding import ERROR, NOT_CALCULATED, PERCENT, Count, FoundSheet
from .package import Package
from .refusal import Damaged

# Inside a cell or a table, but not its content: notes, drawings, earlier versions, other tables.
NOT_CONTENT = {
    "annotation", "tracked-changes", "dde-links", "shapes", "frame", "g", "custom-shape", "control", "rect", "line",
    "forms", "scenario", "named-expressions", "label-ranges", "sub-table",
}  # fmt: skip
WRONG = re.compile(r"#[A-Z/0]+[!?]?|Err:[0-9]+")
DURATION = re.compile(r"-?PT(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,9})(?:[.,][0-9]+)?S)?")
NUMBER = re.compile(r"-?[0-9]{1,308}(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
NUMBERS = {"float", "currency", "percentage"}


def read(package: Package) -> list[FoundSheet]:
    """All sheets. Raises Refused or Damaged."""
    return _Tables().read(package.xml("content.xml"))


class _Tables:
    """The handlers of content.xml. Rows and cells may be repeated: they are counted before any is made."""

    def __init__(self) -> None:
        self.sheets: list[FoundSheet] = []
        self.count = Count()
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.sheet: FoundSheet | None = None
        self.row = self.rows = self.index = self.column = 0
        self.cell: markup.Attributes | None = None
        self.paragraphs: list[str] = []
        self.passed_over = 0  # how deep we are in what is not content

    def read(self, content: bytes) -> list[FoundSheet]:
        starts = {
            "style": self._style, "table-properties": self._table_properties, "table": self._start_table,
            "table-column": self._column, "table-row": self._start_row, "table-cell": self._start_cell,
            "covered-table-cell": self._start_cell, "p": self._paragraph, "s": self._spaces, "tab": self._tab,
            "line-break": self._line_break,
        }  # fmt: skip
        ends = {
            "table": self._end_table, "table-row": self._end_row, "table-cell": self._end_cell,
            "covered-table-cell": self._end_cell,
        }  # fmt: skip
        starts = {name: self._in_content(handler) for name, handler in starts.items()}
        ends = {name: self._in_content(handler) for name, handler in ends.items()}
        starts |= dict.fromkeys(NOT_CONTENT, self._enter)
        ends |= dict.fromkeys(NOT_CONTENT, self._leave)
        markup.walk(content, starts, ends, self._text)
        return self.sheets

    def _in_content(self, handler):
        return lambda *attributes: None if self.passed_over else handler(*attributes)

    def _enter(self, _: markup.Attributes) -> None:
        self.passed_over += 1

    def _leave(self) -> None:
        self.passed_over -= 1

    def _style(self, attributes: markup.Attributes) -> None:
        self.style = attributes.get("style:name", "")

    def _table_properties(self, attributes: markup.Attributes) -> None:
        if attributes.get("table:display") == "false":
            self.hidden_styles.add(self.style)

    def _start_table(self, attributes: markup.Attributes) -> None:
        if self.sheet is not None:
            raise Damaged("a table inside a table")
        if len(self.sheets) == MOST_SHEETS:
            raise refusal.too_many("trang tính", MOST_SHEETS)
        hidden = attributes.get("table:style-name") in self.hidden_styles
        self.sheet = FoundSheet(attributes.get("table:name", ""), visible=not hidden, count=self.count)
        self.row, self.rows, self.column = 0, 1, 0

    def _end_table(self) -> None:
        self.sheets.append(self.sheet)
        self.sheet = None

    def _column(self, attributes: markup.Attributes) -> None:
        first, self.column = self.column + 1, self.column + _times(attributes, "table:number-columns-repeated")
        if attributes.get("table:visibility", "visible") != "visible":
            self.sheet.hide_columns(first, self.column)

    def _start_row(self, attributes: markup.Attributes) -> None:
        self.rows, self.index = _times(attributes, "table:number-rows-repeated"), 0
        if attributes.get("table:visibility", "visible") != "visible":
            self.sheet.hide_rows(self.row + 1, self.row + self.rows)

    def _end_row(self) -> None:
        self.row += self.rows

    def _start_cell(self, attributes: markup.Attributes) -> None:
        self.cell, self.paragraphs = attributes, []

    def _paragraph(self, _: markup.Attributes) -> None:
        self.paragraphs.append("")

    def _spaces(self, attributes: markup.Attributes) -> None:
        self._text(" " * min(_times(attributes, "text:c"), 1000))

    def _tab(self, _: markup.Attributes) -> None:
        self._text("\t")

    def _line_break(self, _: markup.Attributes) -> None:
        self._text("\n")

    def _text(self, text: str) -> None:
        is_content = self.cell is not None and self.paragraphs and not self.passed_over
        if is_content and len(self.paragraphs[-1]) < MOST_TEXT:
            self.paragraphs[-1] += text

    def _end_cell(self) -> None:
        cell, self.cell = self.cell, None
        if cell is None or self.sheet is None:
            raise Damaged("a cell outside a table")
        columns = _times(cell, "table:number-columns-repeated")
        value, defect = content_of(cell, "\n".join(self.paragraphs))
        if value is not None or defect:
            self._keep(columns, value, defect, formula="table:formula" in cell)
        self._merge(cell)
        self.index += columns

    def _keep(self, columns: int, value: object, defect: str | None, *, formula: bool) -> None:
        """The furthest repetition is looked at first, so that none is made when there are too many."""
        self.sheet.expect(self.row + self.rows, self.index + columns, self.rows * columns)
        for row in range(self.row + 1, self.row + self.rows + 1):
            for index in range(self.index + 1, self.index + columns + 1):
                self.sheet.values[row, index] = value
                if defect:
                    self.sheet.defects[row, index] = defect
                if formula:
                    self.sheet.formulas.add((row, index))

    def _merge(self, cell: markup.Attributes) -> None:
        rows, columns = _times(cell, "table:number-rows-spanned"), _times(cell, "table:number-columns-spanned")
        if rows * columns > 1:
            top, left = self.row + 1, self.index + 1
            self.sheet.merges.append((top, left, top + rows - 1, left + columns - 1))


def content_of(cell: markup.Attributes, shown: str) -> tuple[object, str | None]:
    """(value, what keeps it from being taken as it stands) of a cell that shows this text."""
    formula, kind = "table:formula" in cell, cell.get("office:value-type", "")
    if cell.get("calcext:value-type") == "error" or (formula and WRONG.fullmatch(shown.strip())):
        return shown.strip() or "#N/A", ERROR
    if kind in NUMBERS and "office:value" in cell:
        return _number(cell["office:value"], is_percent=kind == "percentage")
    if kind == "date":
        return _date(cell.get("office:date-value", "")) or shown, None
    if kind == "time":
        return _time(cell.get("office:time-value", "")) or shown, None
    if kind == "boolean" and "office:boolean-value" in cell:
        return cell["office:boolean-value"] == "true", None
    text = cell.get("office:string-value") or shown
    return text or None, NOT_CALCULATED if formula and not text and kind != "string" else None


def _number(text: str, *, is_percent: bool) -> tuple[object, str | None]:
    if not NUMBER.fullmatch(text):
        return text, ERROR
    return float(text), PERCENT if is_percent else None


def _date(text: str) -> dt.date | None:
    """2024-01-05 or 2024-01-05T10:00:00; None for what is neither."""
    try:
        return dt.datetime.fromisoformat(text[:19]) if "T" in text else dt.date.fromisoformat(text)
    except ValueError:
        return None


def _time(text: str) -> dt.time | dt.timedelta | None:
    """A time of the day, or hours beyond one."""
    match = DURATION.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if hours < 24 and minutes < 60 and seconds < 60:
        return dt.time(hours, minutes, seconds)
    return dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _times(attributes: markup.Attributes, name: str) -> int:
    """How often something stands there: 1 unless said otherwise."""
    text = attributes.get(name, "1")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Damaged(text)
    return max(int(text), 1)
