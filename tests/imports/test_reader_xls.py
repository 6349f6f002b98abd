"""What is taken out of an old Excel file, and what calamine alone would lose, take for something else or die of."""

from __future__ import annotations

import datetime as dt
import struct
from pathlib import Path

import pytest

from targets.imports.isolated.compound import compound
from targets.imports.parsing import fold
from targets.imports.reader import Defect, Refused, Sheet, read_workbook

from . import old_excel as xls
from .old_excel import old_excel

SAMPLES = Path(__file__).parent / "samples"


def sheet_of(*records: bytes, **more) -> Sheet:
    return read_workbook(old_excel([("Biểu 1", b"".join(records))], **more)).sheets[0]


def values(sheet: Sheet) -> dict[str, object]:
    return {cell.address: cell.value for cell in sheet.cells.values()}


def defects(sheet: Sheet) -> dict[str, Defect]:
    return {cell.address: cell.defect for cell in sheet.cells.values() if cell.defect}


def why_refused(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read_workbook(content, "a.xls")
    return refused.value.code


def test_a_workbook_of_libreoffice_is_read_cell_by_cell():
    book = read_workbook((SAMPLES / "vn_ok" / "14_libreoffice_biff8.xls").read_bytes())
    sheet = book.sheets[0]
    assert (book.kind, sheet.name, len(sheet.cells)) == ("xls", "Biểu 1", 101)
    assert [cell.value for cell in sheet.row(5)] == [2, "Huyện Bảo Lâm", 181, 132, 9388, 5708, 23, 2, 8]


def test_cells_keep_their_place_and_type():
    sheet = sheet_of(
        xls.number(1, 2, 12.5), xls.numbers(2, 0, 5, 6, 7), xls.text(3, 0, "Hạ Lang"), xls.text(3, 1, "1.234"),
        xls.record(0x205, struct.pack("<HHHBB", 4, 0, 15, 1, 0)), xls.number(5, 0, 45263, style=16),
        formats=[(164, "dd/mm/yyyy")], styles=[164],
    )  # fmt: skip
    assert values(sheet) == {
        "C2": 12.5, "A3": 5, "B3": 6, "C3": 7, "A4": "Hạ Lang", "B4": "1.234", "A5": True, "A6": dt.date(2023, 12, 3),
    }  # fmt: skip


def test_errors_percents_and_results_nothing_has_calculated_are_marked():
    five = struct.pack("<d", 5)
    sheet = sheet_of(
        xls.wrong(0, 0, 42), xls.formula(1, 0, xls.wrong_result(23)),
        xls.number(2, 0, 0.9, style=16), xls.number(3, 0, 1, style=17), xls.formula(4, 0, five, style=16),
        xls.formula(5, 0, xls.BLANK, flags=2), xls.formula(6, 0, struct.pack("<d", 0), flags=2),
        xls.formula(7, 0, five, flags=2), xls.formula(8, 0, xls.TEXT_FOLLOWS), xls.result_text("đạt"),
        xls.formula(9, 0, struct.pack("<d", 0)),
        formats=[(165, '0.0" %"')], styles=[9, 165],
    )  # fmt: skip
    assert defects(sheet) == {
        "A1": Defect.ERROR, "A2": Defect.ERROR, "A3": Defect.PERCENT, "A4": Defect.PERCENT, "A5": Defect.PERCENT,
        "A6": Defect.NOT_CALCULATED, "A7": Defect.NOT_CALCULATED,
    }  # fmt: skip
    assert [sheet.at(row, 1).value for row in (1, 2, 6, 8, 9, 10)] == ["#N/A", "#REF!", None, 5, "đạt", 0]
    assert [row for row in range(1, 11) if sheet.at(row, 1).formula] == [2, 5, 6, 7, 8, 9, 10]


def test_a_letter_whose_code_holds_a_percent_sign_is_none():
    """U+0125 is written with the byte of "%"."""
    assert defects(sheet_of(xls.number(0, 0, 5, style=16), formats=[(164, '0"ĥ"')], styles=[164])) == {}


def test_merged_blocks_hidden_rows_columns_and_sheets_are_known():
    records = (
        xls.number(1, 1, 1) + xls.hidden_row(1) + xls.hidden_columns(1, 2) + xls.merged(1, 1, 2, 2)
        + xls.number(2, 2, 99)
    )  # fmt: skip
    book = read_workbook(old_excel([("Biểu 1", records), ("2022", xls.number(0, 0, 1), 1), ("cũ", b"", 2)]))
    sheet = book.sheets[0]
    assert (sheet.hidden_rows, sheet.hidden_columns, str(sheet.merge_at(3, 3))) == ({2}, {2, 3}, "B2:C3")
    assert values(sheet) == {"B2": 1}  # what the block covers is not taken
    assert [(sheet.name, sheet.visible) for sheet in book.sheets] == [("Biểu 1", True), ("2022", False), ("cũ", False)]


@pytest.mark.parametrize("size", [(1, 1), (0, 0), (65536, 256), (2**31, 65535)])
def test_a_sheet_may_lie_about_its_extent(size):
    """calamine would make room for what is said, and end this process by it."""
    assert values(sheet_of(xls.extent(*size), xls.number(4, 2, 7))) == {"C5": 7}


@pytest.mark.parametrize("place", [(65535, 0), (0, 65535), (20_000, 3)])
def test_a_cell_far_outside_any_report_is_refused(place):
    with pytest.raises(Refused, match="quá lớn để là biểu báo cáo"):
        sheet_of(xls.number(*place, 1))


def test_a_chart_inside_a_sheet_does_not_end_it():
    chart = xls.beginning(0x20, xls.BIFF8) + xls.number(9, 9, 5) + xls.record(0x0A)
    with_chart = sheet_of(xls.number(0, 0, 1), chart, xls.merged(0, 0, 0, 1))
    assert (values(with_chart), str(with_chart.merge_at(1, 2))) == ({"A1": 1}, "A1:B1")


def test_excel_95_is_read_in_the_letters_it_names():
    """Windows-1258 writes most tones as letters of their own."""
    records = xls.text_biff5(0, 0, "Ha\u0323 Lang".encode("cp1258")) + xls.number(1, 0, 0.9, style=16)
    first = xls.record(0x42, struct.pack("<H", 1258))
    book = read_workbook(old_excel([("Biê\u0309u", records)], first=first, styles=[9], version=xls.BIFF5))
    sheet = book.sheets[0]
    assert (book.kind, sheet.name, fold(sheet.at(1, 1).text)) == ("xls", "Biểu", fold("Hạ Lang"))
    assert defects(sheet) == {"A2": Defect.PERCENT}


def test_a_password_is_named():
    with pytest.raises(Refused, match="có mật khẩu"):
        read_workbook(old_excel([("Biểu 1", xls.number(0, 0, 1))], first=xls.record(0x2F, bytes(6))))
    assert why_refused(compound("EncryptedPackage", b"x" * 5000)) == "password"


@pytest.mark.parametrize(
    ("stream", "kind"),
    [("WordDocument", "Word"), ("PowerPoint Document", "PowerPoint"), ("Contents", "không phải bảng tính")],
)
def test_other_compound_files_are_refused_by_what_they_are(stream, kind):
    with pytest.raises(Refused, match=kind) as refused:
        read_workbook(compound(stream, b"x" * 5000), "a.xls")
    assert refused.value.code == "unsupported"


@pytest.mark.parametrize("cut", [100, 600, 4097, 8192, -1])
def test_a_file_that_is_cut_off_is_refused(cut):
    assert why_refused(old_excel([("Biểu 1", xls.number(0, 0, 1) * 900)])[:cut]) in ("damaged", "unsupported")


def test_two_sheets_of_one_name_are_refused():
    assert why_refused(old_excel([("Biểu 1", xls.number(0, 0, 1)), ("Biểu 1", xls.number(0, 0, 2))])) == "damaged"
