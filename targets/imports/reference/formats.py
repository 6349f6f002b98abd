"""Workbooks and CSV for reference tables: text that looks like a formula stays the text it is, both ways.

A name such as "=HYPERLINK(...)" must not become a formula in the official's Excel, and must come back unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

import tablib
from import_export.formats.base_formats import CSV, XLSX
from openpyxl import Workbook

from targets.models.numbers import spell

from ..reader import Cell, Defect, Refused, read_workbook

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
QUOTE = "'"  # what a spreadsheet itself puts before text it must not calculate


class TextSafeXLSX(XLSX):
    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """The first sheet that is not hidden, of any workbook that reports are read from. Raises Refused."""
        book = read_workbook(in_stream)
        sheet = (book.visible_sheets or book.sheets)[0]
        columns = range(1, sheet.columns + 1)
        rows = [[_value(sheet.at(row, index)) for index in columns] for row in range(1, sheet.rows + 1)]
        return _dataset(rows[0], rows[1:]) if rows else tablib.Dataset()

    def export_data(self, dataset: tablib.Dataset, **kwargs) -> bytes:
        """Every string as a string cell; numbers stay numbers."""
        book = Workbook()
        sheet = book.active
        for place, values in enumerate([dataset.headers, *dataset], 1):
            for index, value in enumerate(values, 1):
                cell = sheet.cell(place, index, value)
                if isinstance(value, str):
                    cell.data_type = "s"
        sheet.freeze_panes = "A2"
        stream = BytesIO()
        book.save(stream)
        return stream.getvalue()


class TextSafeCSV(CSV):
    """CSV has no cell types, so a quote stands before such text; reading takes it away again."""

    def export_data(self, dataset: tablib.Dataset, **kwargs) -> str:
        safe = tablib.Dataset(*(map(_quoted, row) for row in dataset), headers=dataset.headers)
        return "\ufeff" + super().export_data(safe, **kwargs)  # without the mark Excel reads Vietnamese as Latin

    def create_dataset(self, in_stream: str, **kwargs) -> tablib.Dataset:
        """Parted by commas, or by semicolons as a Vietnamese Excel saves it."""
        text = in_stream.removeprefix("\ufeff")
        headings = text.partition("\n")[0]
        kwargs["delimiter"] = max(",;", key=headings.count)
        found = super().create_dataset(text, **kwargs)
        return _dataset(found.headers or [], [[_unquoted(value) for value in row] for row in found])


def _dataset(headers: Sequence[object], rows: list[Sequence[object]]) -> tablib.Dataset:
    """As wide as the headings and without the empty lines that Excel leaves below a table."""
    width = max((place for place, heading in enumerate(headers, 1) if not is_blank(heading)), default=0)
    while rows and all(map(is_blank, rows[-1][:width])):
        rows.pop()
    padding = [None] * width
    return tablib.Dataset(*([*row, *padding][:width] for row in rows), headers=list(headers[:width]))


def is_blank(value: object) -> bool:
    return value is None or value == ""


def value_of(cell: Cell) -> tuple[object, str]:
    """What a table takes from a cell, and why it must not be taken, if so.

    Excel keeps a typed 90% as 0.9: hand on "90%", which is refused by name, instead of a number never meant.
    """
    match cell.defect:
        case Defect.PERCENT:
            return f"{spell(round(Decimal(str(cell.value)) * 100, 4))}%", ""
        case Defect.ERROR:
            return None, f"Ô {cell.address} có lỗi {cell.value}. Sửa trong tệp rồi tải lại."
        case Defect.NOT_CALCULATED:
            return None, f"Ô {cell.address} có công thức chưa tính. Mở tệp, lưu lại rồi tải lại."
    return cell.value, ""


def _value(cell: Cell) -> object:
    """Raises Refused for a cell whose value must not be taken."""
    value, why = value_of(cell)
    if why:
        raise Refused(why, cell.defect)
    return value


def _quoted(value: object) -> object:
    return QUOTE + value if _looks_like_a_formula(value) else value


def _unquoted(value: object) -> object:
    is_quoted = isinstance(value, str) and value.startswith(QUOTE) and _looks_like_a_formula(value)
    return value[1:] if is_quoted else value


def _looks_like_a_formula(value: object) -> bool:
    """Also text that itself begins with the quote, so that taking one away always gives back what was there."""
    return isinstance(value, str) and value.lstrip(QUOTE).startswith(FORMULA_STARTS)
