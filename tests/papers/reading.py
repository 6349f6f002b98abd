"""Reads papers back: tables of a workbook, of a document and of CSV, with numbers as they were written."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

import docx
import openpyxl
from docx.document import Document
from openpyxl.worksheet.worksheet import Worksheet

FIRST = 5  # the row of a sheet's headings, as Excel counts


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(sheet: Worksheet, heading: int = FIRST) -> list[dict[str, object]]:
    """Below a row of headings, by heading; until the first empty row."""
    names = [cell.value for cell in sheet[heading]]
    found = []
    for values in sheet.iter_rows(min_row=heading + 1, values_only=True):
        if not any(value is not None for value in values):
            break
        found.append({name: value for name, value in zip(names, values, strict=True) if name})
    return found


def of_units(sheet: Worksheet) -> list[tuple[str, dict[str, dict[str, object]]]]:
    """The sheet of units: (unit, by indicator code its cells by heading); the province last."""
    columns, code = [], ""
    for top, name in zip(sheet[FIRST], sheet[FIRST + 1], strict=True):
        code = top.value.partition(".")[0] if top.value else code
        columns.append((code, name.value))
    found = []
    for values in sheet.iter_rows(min_row=FIRST + 2, values_only=True):
        said: dict[str, dict[str, object]] = {}
        for (group, name), value in list(zip(columns, values, strict=True))[2:]:
            said.setdefault(group, {})[name] = value
        found.append((values[1], said))
    return found


def course(sheet: Worksheet, code: str) -> list[dict[str, object]]:
    """The table of one indicator on the sheet of the course over time."""
    start = next(cell.row for cell in sheet["A"] if str(cell.value).startswith(f"{code}. "))
    names = [sheet.cell(start + 2, place).value for place in range(1, 9)]
    found = []
    for values in sheet.iter_rows(min_row=start + 3, max_col=8, values_only=True):
        if values[0] is None:
            break
        found.append(dict(zip(names, values, strict=True)))
    return found


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def document(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def texts(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in document(content).paragraphs]


def table(found: Document, heading: str) -> list[list[str]]:
    """The table whose second column is headed so, headings first."""
    one = next(one for one in found.tables if len(one.columns) > 2 and one.rows[0].cells[1].text == heading)
    return [[cell.text for cell in row.cells] for row in one.rows]


def decimal(text: str) -> Decimal | None:
    """ "1.234,5" as a Vietnamese reader takes it; nothing is no number."""
    return Decimal(text.replace(".", "").replace(",", ".").replace("\u2212", "-")) if text else None


def cut(value: Decimal | None) -> Decimal | None:
    """To a tenth, as every printed percentage."""
    return None if value is None else value.quantize(Decimal("0.1"), ROUND_DOWN)


def same(shown: object, value: Decimal | None) -> bool:
    """Whether a cell of a workbook holds just this number, and nothing where there is none."""
    if value is None:
        return not isinstance(shown, int | float)
    return isinstance(shown, int | float) and Decimal(repr(shown)) == value


def split(cell: str) -> Sequence[Decimal]:
    """The numbers in a cell of a document, without what marks them: "≈ 89,3 %" over "126/141*"."""
    plain = cell.replace("≈", "").replace("*", "").replace("†", "").replace("%", "").replace("\u00a0", "")
    return [found for part in plain.replace("\n", "/").split("/") if (found := decimal(part)) is not None]
