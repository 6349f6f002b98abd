"""An .xlsx in the making: the look of our workbooks, and writing that never makes a formula of somebody's text."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

# With a height of its own a row no longer grows with what is typed into it, so only what is written in joined cells,
# or is long already, gets one.
LINE_HEIGHT, LETTERS_A_DIGIT = 16.5, 1.1
TYPEFACE = {"font_name": "Times New Roman", "font_size": 12}  # that of official papers (NĐ 30/2020/NĐ-CP)
LINE, HEAD, GROUP, ASIDE, OPEN = "#A6ACB8", "#E9EEF7", "#F6F6F8", "#474E5C", "#FFFBE9"
RED, AMBER = "#F9B4AC", "#FFE08A"
# Digits are grouped as the reader's own Excel groups them; decimals are shown where there are any.
WHOLE, BROKEN = "#,##0", "#,##0.0#"
STYLES: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 14, "align": "center", "valign": "vcenter", "text_wrap": True},
    "subtitle": {"align": "center", "valign": "vcenter", "text_wrap": True},
    "bold": {"bold": True},
    "aside": {"italic": True, "font_color": ASIDE},
    "plain": {},
    "text": {"text_wrap": True, "valign": "top"},
    "joined": {"text_wrap": True, "valign": "vcenter"},
    "cell": {"border": 1, "border_color": LINE, "valign": "vcenter"},
    "wrapped": {"text_wrap": True},
    "centred": {"align": "center"},
    "head": {"bold": True, "bg_color": HEAD, "align": "center", "text_wrap": True},
    "group": {"bold": True, "bg_color": GROUP},
    "code": {"font_size": 9, "font_color": ASIDE},
    "indented": {"indent": 2},
    "whole": {"num_format": WHOLE, "align": "right", "indent": 1},
    "broken": {"num_format": BROKEN, "align": "right", "indent": 1},
    "moment": {"num_format": "dd/mm/yyyy hh:mm", "align": "center"},
    "day": {"num_format": "dd/mm/yyyy"},
    "time": {"num_format": "hh:mm:ss"},
    "span": {"num_format": "[h]:mm:ss"},
    "percent": {"num_format": "0%"},
    "past": {"bg_color": GROUP, "font_color": ASIDE},
    "open": {"locked": False, "bg_color": OPEN},
    "error": {"bg_color": RED},
    "warning": {"bg_color": AMBER},
    "fault": {"font_color": "#A3261B"},
    "link": {"font_color": "#1F548F", "underline": 1},
}


class Book:
    """A workbook written into memory; `options` are XlsxWriter's own."""

    def __init__(self, **options: object) -> None:
        self._stream = BytesIO()
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        look = {"default_format_properties": TYPEFACE, "default_row_height": 22, "default_column_width": 72}
        self.writer = Workbook(self._stream, {**look, **plain, **options})
        self._styles: dict[tuple[str, ...], Format] = {}

    def style(self, *names: str) -> Format:
        """The format that the named styles make together, a later one over an earlier."""
        if names not in self._styles:
            properties = {key: value for name in names for key, value in STYLES[name].items()}
            self._styles[names] = self.writer.add_format(properties)
        return self._styles[names]

    def sheet(self, name: str) -> Worksheet:
        return self.writer.add_worksheet(name)

    def finished(self) -> bytes:
        self.writer.close()
        return self._stream.getvalue()

    def write_text(self, sheet: Worksheet, row: int, column: int, text: str, *styles: str) -> None:
        """As it stands, whatever it begins with; nothing is a truly empty cell."""
        if text:
            sheet.write_string(row, column, text, self.style(*styles))
        else:
            sheet.write_blank(row, column, None, self.style(*styles))

    def write_figure(self, sheet: Worksheet, row: int, column: int, value: Decimal | None, *styles: str) -> None:
        """A number, or a truly empty cell where there is none (R2)."""
        if value is None:
            sheet.write_blank(row, column, None, self.style(*styles, "whole"))
        else:
            look = "whole" if value == value.to_integral_value() else "broken"
            sheet.write_number(row, column, float(value), self.style(*styles, look))


def height(*cells: tuple[str, int]) -> float | None:
    """Of a row whose texts stand in columns so many digits wide; None when one line is enough."""
    lines = max(
        sum(ceil(max(len(part), 1) / (width * LETTERS_A_DIGIT)) for part in text.splitlines() or [""])
        for text, width in cells
    )
    return None if lines == 1 else lines * LINE_HEIGHT
