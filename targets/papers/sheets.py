"""The look of the workbook given out, and the writing of a table into one of its sheets; text never turns a formula."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil

from django.utils import timezone
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from .printed import CHANGE, COUNT, PERCENT, POINTS, Number

Value = str | Number | dt.date | dt.datetime | None
TYPEFACE = {"font_name": "Times New Roman", "font_size": 12}  # that of official papers (NĐ 30/2020/NĐ-CP)
LINE, HEAD, SUM, ASIDE, ALARM = "#A6ACB8", "#E9EEF7", "#F6F6F8", "#474E5C", "#A3261B"
# Digits are grouped as the reader's own Excel groups them. A percentage is a number of percent, 90 and not 0.9.
FORMATS = {
    COUNT: "#,##0",
    f"{COUNT} broken": "#,##0.0#",
    PERCENT: '#,##0.0" %"',
    CHANGE: "+#,##0;-#,##0;0",
    f"{CHANGE} broken": "+#,##0.0#;-#,##0.0#;0",
    POINTS: '+#,##0.0" điểm %";-#,##0.0" điểm %";0" điểm %"',
}
STYLES: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 14},
    "plain": {},
    "aside": {"italic": True, "font_color": ASIDE},
    "label": {"bold": True, "font_color": ALARM},
    "cell": {"border": 1, "border_color": LINE, "valign": "vcenter", "text_wrap": True},
    "head": {"bold": True, "bg_color": HEAD, "align": "center"},
    "sum": {"bold": True, "bg_color": SUM},
    "word": {"align": "right", "indent": 1, "font_color": ASIDE, "italic": True},
    "day": {"num_format": "dd/mm/yyyy", "align": "center"},
    "moment": {"num_format": "dd/mm/yyyy hh:mm", "align": "center"},
    **{
        look: {"num_format": pattern, "align": "right", "indent": 1, "text_wrap": False}
        for look, pattern in FORMATS.items()
    },
}
SIZES = {"default_row_height": 22, "default_column_width": 72}  # pixels
LINE_HEIGHT, LETTERS_A_DIGIT = 16.5, 1.05
FIRST = 4  # the row of a sheet's first heading, counted from 0
A4 = 9


@dataclass(frozen=True, slots=True)
class Column:
    """`is_number`: words in it stand at the right, where the number would."""

    heading: str
    width: float
    is_number: bool = False


class Book:
    """A workbook in memory; every sheet says above its table what it is of."""

    def __init__(self, above: Sequence[str], labels: Sequence[str]) -> None:
        self._stream = BytesIO()
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.writer = Workbook(self._stream, {"default_format_properties": TYPEFACE, **SIZES, **plain})
        self._above, self._labels = above, labels
        self._styles: dict[tuple[str, ...], Format] = {}

    def style(self, *names: str) -> Format:
        """The format that the named styles make together, a later one over an earlier."""
        if names not in self._styles:
            self._styles[names] = self.writer.add_format({k: v for name in names for k, v in STYLES[name].items()})
        return self._styles[names]

    def sheet(self, name: str, title: str) -> Worksheet:
        """With the head: title, what period and filters, when read, and what must not be overlooked."""
        sheet = self.writer.add_worksheet(name)
        sheet.write_string(0, 0, title, self.style("title"))
        for row, text in enumerate(self._above, 1):
            sheet.write_string(row, 0, text, self.style("aside" if row > 1 else "plain"))
        if self._labels:
            sheet.write_string(len(self._above) + 1, 0, " · ".join(self._labels).upper(), self.style("label"))
        self._set_up_print(sheet)
        return sheet

    def _set_up_print(self, sheet: Worksheet) -> None:
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        read_at = self._above[-1].replace("&", "&&")
        sheet.set_footer(f"&L{read_at}&RTrang &P/&N")

    def write(
        self, sheet: Worksheet, row: int, column: int, value: Value, *styles: str, is_number: bool = False
    ) -> None:
        """A number as a number, a day as a day, text as it stands whatever it begins with; None leaves a blank."""
        match value:
            case None | "":
                sheet.write_blank(row, column, None, self.style(*styles))
            case Number(number, look):
                is_broken = look in (COUNT, CHANGE) and number != number.to_integral_value()
                sheet.write_number(
                    row, column, float(number), self.style(*styles, f"{look} broken" if is_broken else look)
                )
            case dt.datetime():
                local = timezone.localtime(value).replace(tzinfo=None)
                sheet.write_datetime(row, column, local, self.style(*styles, "moment"))
            case dt.date():
                sheet.write_datetime(row, column, value, self.style(*styles, "day"))
            case _:
                sheet.write_string(row, column, str(value), self.style(*styles, *(("word",) if is_number else ())))

    def table(self, sheet: Worksheet, row: int, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> int:
        """Headings at `row`, values below; gives the last row written."""
        self.headings(sheet, row, columns)
        for values in rows:
            row += 1
            self.row(sheet, row, columns, values)
        return row

    def headings(self, sheet: Worksheet, row: int, columns: Sequence[Column], first: int = 0) -> None:
        for place, column in enumerate(columns, first):
            sheet.write_string(row, place, column.heading, self.style("cell", "head"))
        sheet.set_row(row, _height(columns, [column.heading for column in columns]))

    def row(self, sheet: Worksheet, row: int, columns: Sequence[Column], values: Sequence[Value], *styles: str) -> None:
        for place, (column, value) in enumerate(zip(columns, values, strict=True)):
            self.write(sheet, row, place, value, "cell", *styles, is_number=column.is_number)
        sheet.set_row(row, _height(columns, values))

    def list(
        self, name: str, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], frozen: int
    ) -> None:
        """A sheet that is one table: filters in its headings, which stay in sight and are printed on every page."""
        sheet = self.sheet(name, title)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        last = self.table(sheet, FIRST, columns, rows)
        sheet.autofilter(FIRST, 0, max(last, FIRST + 1), len(columns) - 1)
        sheet.freeze_panes(FIRST + 1, frozen)
        sheet.repeat_rows(FIRST)
        sheet.print_area(0, 0, last, len(columns) - 1)
        sheet.fit_to_pages(1, 0)

    def finished(self) -> bytes:
        self.writer.close()
        return self._stream.getvalue()


def _height(columns: Sequence[Column], values: Sequence[Value]) -> float | None:
    """Of a row that holds all of its texts; None when one line is enough. Not every program finds out by itself."""
    texts = (
        (len(value), column.width) for column, value in zip(columns, values, strict=True) if isinstance(value, str)
    )
    lines = max((ceil(letters / (width * LETTERS_A_DIGIT)) for letters, width in texts), default=1)
    return lines * LINE_HEIGHT if lines > 1 else None
