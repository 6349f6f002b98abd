"""Saving with openpyxl, and with what the formulas had come to: it writes formulas without their results.

Without results, Excel's protected view shows zeros, and the file could not be read back before Excel had saved it.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from xml.sax.saxutils import escape  # nosec B406  # writes, parses nothing

from openpyxl import Workbook, load_workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

# A formula as openpyxl writes it: with an empty value after it.
FORMULA = re.compile(
    r'<c r="(?P<place>[A-Z]+[0-9]+)"(?P<style>[^>]*)>(?P<formula><f[^>]*?(?:/>|>[^<]*</f>))<v ?(?:/>|></v>)'
)
Results = dict[str, dict[str, tuple[str, str]]]  # by sheet and place: the type of the result, as the markup has it


def ask_for_no_more_than(book: Workbook, content: bytes) -> None:
    """openpyxl asks Excel to calculate anew where a file is silent on it; a zero would then count as not calculated."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        asked = b"fullCalcOnLoad" in package.read("xl/workbook.xml")
    if book.calculation and not asked:
        book.calculation.fullCalcOnLoad = False


def of_formulas(book: Workbook, content: bytes) -> Results:
    """What the file itself says its formulas come to."""
    wanted = {
        sheet.title: {cell.coordinate for cell in sheet._cells.values() if cell.data_type == "f"}
        for sheet in book.worksheets
    }
    if not any(wanted.values()):
        return {}
    calculated = load_workbook(BytesIO(content), data_only=True, read_only=True)
    return {name: _of_sheet(calculated[name], wanted[name], calculated.epoch) for name in wanted if wanted[name]}


def _of_sheet(sheet: ReadOnlyWorksheet, places: set[str], epoch: dt.datetime) -> dict[str, tuple[str, str]]:
    sheet.reset_dimensions()  # what a file says of its own size may be wrong
    return {
        cell.coordinate: _result(cell.data_type, cell.value, epoch)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and cell.coordinate in places
    }


def _result(kind: str, value: object, epoch: dt.datetime) -> tuple[str, str]:
    if kind == "d":
        return "n", str(to_excel(value, epoch))
    if kind == "b":
        return "b", str(int(value))
    return (kind, str(value)) if kind in ("n", "e") else ("str", escape(str(value)))


def saved(book: Workbook, kept: Results) -> bytes:
    """The workbook as a file, with the results in it."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        _Writer(book, archive, kept).write_data()
    return stream.getvalue()


class _Writer(ExcelWriter):
    """openpyxl's own goes through a file for each sheet, which a confined process cannot open."""

    def __init__(self, book: Workbook, archive: zipfile.ZipFile, kept: Results) -> None:
        super().__init__(book, archive)
        self._kept = kept

    def write_worksheet(self, ws: Worksheet) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        stream = BytesIO()
        writer = WorksheetWriter(ws, stream)
        writer.write()
        ws._rels = writer._rels
        part = stream.getvalue()
        if kept := self._kept.get(ws.title):
            part = _filled(part.decode(), kept).encode()
        self._archive.writestr(ws.path[1:], part)
        self.manifest.append(ws)


def _filled(part: str, kept: Mapping[str, tuple[str, str]]) -> str:
    def filled(match: re.Match[str]) -> str:
        if match["place"] not in kept:
            return match[0]
        kind, value = kept[match["place"]]
        return f'<c r="{match["place"]}"{match["style"]} t="{kind}">{match["formula"]}<v>{value}</v>'

    return FORMULA.sub(filled, part)
