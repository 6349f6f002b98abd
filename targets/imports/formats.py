"""Workbooks and CSV for reference tables: text that looks like a formula stays the text it is, both ways.

A name such as "=HYPERLINK(...)" must not become a formula in the official's Excel, and must come back unchanged.
"""

from __future__ import annotations

from io import BytesIO

import tablib
from import_export.formats.base_formats import CSV, XLSX
from openpyxl import Workbook

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
QUOTE = "'"  # what a spreadsheet itself puts before text it must not calculate


class TextSafeXLSX(XLSX):
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
        found = super().create_dataset(in_stream.removeprefix("\ufeff"), **kwargs)
        return tablib.Dataset(*(map(_unquoted, row) for row in found), headers=found.headers)


def _quoted(value: object) -> object:
    return QUOTE + value if _looks_like_a_formula(value) else value


def _unquoted(value: object) -> object:
    is_quoted = isinstance(value, str) and value.startswith(QUOTE) and _looks_like_a_formula(value)
    return value[1:] if is_quoted else value


def _looks_like_a_formula(value: object) -> bool:
    """Also text that itself begins with the quote, so that taking one away always gives back what was there."""
    return isinstance(value, str) and value.lstrip(QUOTE).startswith(FORMULA_STARTS)
