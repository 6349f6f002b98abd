"""What is taken out of a file, and which files are not opened at all."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from contextlib import suppress

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from targets.imports.isolated import bounds
from targets.imports.reader import Defect, Refused, Sheet, read_workbook

from .books import made, official, plain


def sheet_of(fill) -> Sheet:
    return read_workbook(made(fill, "Biểu 1")).sheets[0]


def repacked(content: bytes, change) -> bytes:
    """The package with `change(name, bytes)` applied to each part; None leaves the part out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return stream.getvalue()


def why_refused(content: bytes, name: str = "a.xlsx") -> str:
    with pytest.raises(Refused) as refused:
        read_workbook(content, name)
    return refused.value.code


def test_cells_keep_their_place_and_type():
    def fill(book, sheet):
        sheet.write("B2", " Hà Lang ")
        sheet.write("C2", 12.5)
        sheet.write("D3", True)
        sheet.write_datetime("E3", dt.datetime(2023, 12, 3))  # noqa: DTZ001

    sheet = sheet_of(fill)
    found = {cell.address: cell.value for cell in sheet.cells.values()}
    assert found == {"B2": " Hà Lang ", "C2": 12.5, "D3": True, "E3": dt.date(2023, 12, 3)}
    assert (sheet.at(2, 2).text, sheet.rows, sheet.columns) == ("Hà Lang", 3, 5)


def test_what_would_read_as_empty_or_as_a_number_and_is_neither_is_marked():
    def fill(book, sheet):
        sheet.write_formula("A1", "=B1/0", None, "#DIV/0!")
        sheet.write_number("A2", 1, book.add_format({"num_format": "0%"}))
        sheet.write_number("A3", 0.5, book.add_format({"num_format": '0.0" %"'}))
        sheet.write_formula("A4", "=B1+1", None, 3)
        sheet.write_number("A6", 7)

    sheet = sheet_of(fill)
    marks = {cell.address: cell.defect for cell in sheet.cells.values() if cell.defect}
    assert marks == {"A1": Defect.ERROR, "A2": Defect.PERCENT, "A3": Defect.PERCENT}
    assert (sheet.at(1, 1).value, sheet.at(4, 1).value) == ("#DIV/0!", 3)


@pytest.mark.parametrize(("kind", "defect"), [(b"", Defect.NOT_CALCULATED), (b' t="str"', None)])
def test_a_formula_nothing_has_calculated_is_not_one_that_gives_an_empty_text(kind, defect):
    def without_value(_: str, part: bytes) -> bytes:
        cell = b'<c r="C4"><f>1+76</f><v>77</v></c>'
        return part.replace(cell, cell.replace(b">77<", b"><").replace(b'"C4"', b'"C4"' + kind))

    content = made(lambda _, sheet: sheet.write_formula("C4", "=1+76", None, 77), "Biểu 1")
    cell = read_workbook(repacked(content, without_value)).sheets[0].at(4, 3)
    assert (cell.value, cell.defect) == (None, defect)


def test_merged_blocks_show_their_value_everywhere_and_hold_it_once():
    sheet = sheet_of(lambda _, sheet: sheet.merge_range("B2:C4", "Cán bộ Hội"))
    assert (sheet.shown(4, 3).text, sheet.at(4, 3).text, str(sheet.merge_at(3, 3))) == ("Cán bộ Hội", "", "B2:C4")


def test_hidden_rows_columns_and_sheets_are_known():
    def fill(book, sheet):
        sheet.write("B2", 1)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column("B:C", None, None, {"hidden": True})
        book.add_worksheet("2022 (cũ)").very_hidden()

    book = read_workbook(made(fill, "Biểu 1"))
    shown = book.named("Biểu 1")
    assert (shown.hidden_rows, shown.hidden_columns) == ({2}, {2, 3})
    assert [sheet.name for sheet in book.visible_sheets] == ["Biểu 1"]


def test_a_sheet_may_lie_about_its_extent():
    lie = repacked(plain(), lambda name, part: part.replace(b'ref="A1:J5"', b'ref="A1"') if "sheet1" in name else part)
    assert lie != plain()
    assert read_workbook(lie).sheets[0].at(5, 9).value == 9


def test_a_sheet_may_claim_the_whole_grid():
    def change(name: str, part: bytes) -> bytes:
        return part.replace(b'ref="A1:J5"', b'ref="A1:XFD1048576"') if "sheet1" in name else part

    assert read_workbook(repacked(plain(), change)).sheets[0].rows == 5


def strict(_: str, part: bytes) -> bytes:
    """The namespaces of Strict OOXML, which Excel offers among the kinds to save as."""
    for usual, strict_one in (
        (b"schemas.openxmlformats.org/spreadsheetml/2006/main", b"purl.oclc.org/ooxml/spreadsheetml/main"),
        (b"schemas.openxmlformats.org/officeDocument/2006", b"purl.oclc.org/ooxml/officeDocument"),
    ):
        part = part.replace(usual, strict_one)
    return part


def test_strict_ooxml_reads_the_same():
    def fill(book, sheet):
        sheet.write("A1", "Hạ Lang")
        sheet.write("B1", 114)
        sheet.write_datetime("C1", dt.datetime(2023, 12, 3))  # noqa: DTZ001
        sheet.write("D1", 0.5, book.add_format({"num_format": "0%"}))
        sheet.merge_range("A2:B2", "TỔNG CỘNG")
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.write("A5", "ẩn")

    content = made(fill, "Biểu 1")
    assert repacked(content, strict) != content
    assert read_workbook(repacked(content, strict)) == read_workbook(content)


def test_the_kind_is_told_by_the_content_whatever_the_name():
    assert read_workbook(plain(), "bieu.csv").kind == "xlsx"


def test_a_formula_is_known_as_one():
    sheet = sheet_of(lambda _, sheet: (sheet.write_formula("A1", "=1+1", None, 2), sheet.write("A2", 2)))
    assert [sheet.at(row, 1).formula for row in (1, 2)] == [True, False]


@pytest.mark.parametrize(("value", "defect"), [(0, Defect.NOT_CALCULATED), (3, None)])
def test_a_zero_that_a_program_put_in_the_place_of_a_result_is_no_zero(value, defect):
    """Programs that cannot calculate write 0 and ask Excel to calculate on opening; so does the writer used here."""
    content = made(lambda _, sheet: sheet.write_formula("A1", "=B1+1", None, value), "Biểu 1")
    assert read_workbook(content).sheets[0].at(1, 1).defect == defect
    calculated = repacked(content, lambda _, part: part.replace(b' fullCalcOnLoad="1"', b""))
    assert calculated != content
    assert read_workbook(calculated).sheets[0].at(1, 1).defect is None


def test_a_date_format_makes_a_date_and_letters_of_a_number_format_do_not():
    def fill(book, sheet):
        for row, form in enumerate(["dd/mm/yyyy", "d-mmm", '#,##0 "đồng"', "_-* #,##0 _đ_-", "[Red]0"]):
            sheet.write(row, 0, 45263, book.add_format({"num_format": form}))

    day = dt.date(2023, 12, 3)
    assert [cell.value for cell in sheet_of(fill).cells.values()] == [day, day, 45263, 45263, 45263]


def test_days_are_counted_from_where_the_workbook_says():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "date_1904": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        book.add_worksheet().write_datetime("A1", dt.datetime(2023, 12, 3), day)  # noqa: DTZ001
    assert read_workbook(stream.getvalue()).sheets[0].at(1, 1).value == dt.date(2023, 12, 3)


def test_what_a_merged_block_covers_is_not_taken():
    """Excel keeps such values when a program writes them; nobody sees them."""

    def fill(_, sheet):
        sheet.merge_range("A1:A2", 5)
        sheet.write("A2", 7)

    assert [(cell.address, cell.value) for cell in sheet_of(fill).cells.values()] == [("A1", 5)]


def test_a_block_merged_to_the_end_of_the_sheet_is_as_good_as_any():
    sheet = sheet_of(lambda _, sheet: (sheet.merge_range("A1:A1048576", "I"), sheet.write("B3", 1)))
    assert (sheet.shown(3, 1).text, sheet.shown(4, 1).text, sheet.rows) == ("I", "I", 3)


def test_all_rows_hidden_to_the_end_of_the_sheet_are_told_up_to_the_last_filled():
    content = repacked(
        made(lambda _, sheet: sheet.write("A3", 1), "Biểu 1"),
        lambda _, part: part.replace(b'<row r="3"', b'<row r="2" hidden="1"/><row r="3"').replace(
            b"</sheetData>", b'<row r="9" hidden="1"/><row r="1048576" hidden="1"/></sheetData>'
        ),
    )
    assert read_workbook(content).sheets[0].hidden_rows == {2}


def test_rows_and_cells_without_positions_follow_one_another():
    def change(name: str, part: bytes) -> bytes:
        return re.sub(rb'<(row|c) r="[^"]*"', rb"<\1", part) if "sheet1" in name else part

    content = made(lambda _, sheet: [sheet.write_row(row, 0, [row, "a"]) for row in range(3)], "Biểu 1")
    assert read_workbook(repacked(content, change)) == read_workbook(content)


def test_shared_texts_are_found_under_the_name_the_package_gives_them():
    moved = repacked(plain(), lambda _, part: part.replace(b"sharedStrings.xml", b"texts.xml"))
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(moved)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("sharedStrings", "texts"), old.read(name))
    assert read_workbook(stream.getvalue()) == read_workbook(plain())


def test_a_chart_sheet_is_passed_over_and_a_book_of_nothing_else_is_refused():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    chart = book.add_chart({"type": "line"})
    book.add_chartsheet("Biểu đồ").set_chart(chart)
    sheet = book.add_worksheet("Số liệu")
    sheet.write("A1", 7)
    chart.add_series({"values": "='Số liệu'!$A$1:$A$1"})
    book.close()
    assert [(sheet.name, sheet.at(1, 1).value) for sheet in read_workbook(stream.getvalue()).sheets] == [("Số liệu", 7)]

    def alone(name: str, part: bytes) -> bytes:
        return re.sub(rb'<sheet name="S[^>]*/>', b"", part) if name == "xl/workbook.xml" else part

    assert why_refused(repacked(stream.getvalue(), alone)) == "no_sheet"


def test_a_number_that_is_none_is_an_error():
    content = repacked(plain(), lambda _, part: part.replace(b"<v>181</v>", b"<v>1e999</v>"))
    cell = read_workbook(content).sheets[0].at(4, 3)
    assert (cell.value, cell.defect) == ("#NUM!", Defect.ERROR)


def test_a_nul_that_no_database_holds_is_dropped():
    content = repacked(
        made(lambda _, sheet: sheet.write("A1", "ZZZ"), "Biểu 1"),
        lambda _, part: part.replace(b"ZZZ", b"a_x0000_b"),
    )
    assert read_workbook(content).sheets[0].at(1, 1).value == "ab"


@pytest.mark.parametrize(
    ("content", "code", "kind"),
    [
        (b"", "empty_file", "rỗng"),
        (b"MZ\x90", "unsupported", "chương trình"),
        (b"\x7fELF\x02", "unsupported", "chương trình"),
        (b"%PDF-1.7", "unsupported", "PDF"),
        (b"\r\n\r\n%PDF-1.7", "unsupported", "PDF"),
        (b"\xff\xd8\xff\xe0", "unsupported", "ảnh"),
        (b"\x89PNG\r\n", "unsupported", "ảnh"),
        (b"BM\x36\x00", "unsupported", "ảnh"),
        (b"Rar!\x1a\x07", "unsupported", "tệp nén"),
        (b"{\\rtf1", "unsupported", ".rtf"),
        (b"\x09\x04\x06\x00", "unsupported", "Excel 4"),
        (b"\x00\x01\x02\x03" * 9, "unsupported", "không phải bảng tính"),
        (b"PK\x03\x04 rubbish", "damaged", "hỏng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "damaged", "hỏng"),
    ],
)
def test_other_files_are_refused_by_what_they_are_whatever_their_name(content, code, kind):
    with pytest.raises(Refused) as refused:
        read_workbook(content, "Biểu 01.xlsx")
    assert (refused.value.code, kind in refused.value.message) == (code, True)


def test_a_refusal_says_what_is_taken_and_how_to_save_what_excel_can_open():
    with pytest.raises(Refused) as refused:
        read_workbook(zipped(xl__workbook_bin=b"x"), "a.xlsx")
    assert refused.value.message == (
        "Chỉ nhận .xlsx, .xls, .ods hoặc .csv. Đây là tệp .xlsb. Mở tệp bằng Excel hoặc LibreOffice, "
        "chọn Lưu thành (Save As), kiểu Excel Workbook (.xlsx), rồi tải lại."
    )


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name.replace("__", "/").replace("_", "."), part)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ({"word__document_xml": b"<a/>"}, "Word"),
        ({"ppt__presentation_xml": b"<a/>"}, "PowerPoint"),
        ({"content_xml": b"<a/>", "mimetype": b"application/vnd.oasis.opendocument.text"}, "LibreOffice"),
        ({"readme_txt": b"x"}, "tệp nén"),
    ],
)
def test_packages_that_are_no_workbook_are_refused_by_what_they_are(parts, kind):
    with pytest.raises(Refused) as refused:
        read_workbook(zipped(**parts), "a.xlsx")
    assert (refused.value.code, kind in refused.value.message) == ("unsupported", True)


def test_a_file_over_ten_megabytes_is_refused_unread():
    assert why_refused(b"PK\x03\x04" + bytes(bounds.MOST_BYTES)) == "too_big"


def test_a_package_that_inflates_too_far_is_refused_unread():
    assert why_refused(zipped(xl__workbook_xml=bytes(bounds.MOST_INFLATED + 1))) == "zip_bomb"


def test_a_document_type_declaration_is_refused_unread():
    def with_entity(name: str, part: bytes) -> bytes:
        return part.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY x "y">]><worksheet') if "sheet1" in name else part

    assert why_refused(repacked(plain(), with_entity)) == "dtd"


def test_a_document_type_is_seen_behind_any_length_of_other_text():
    def with_entity(name: str, part: bytes) -> bytes:
        late = b"<!--" + b" " * 100_000 + b'--><!DOCTYPE a [<!ENTITY x "y">]><sst'
        return part.replace(b"<sst", late) if "shared" in name else part

    assert why_refused(repacked(plain(), with_entity)) == "dtd"


def test_a_package_that_inflates_further_than_it_declares_is_refused():
    """zipfile itself stops at the declared size; calamine, which would not, never sees the package."""
    content = bytearray(repacked(plain(), lambda name, part: part + b" " * 500_000 if "sheet1" in name else part))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        entry = package.getinfo("xl/worksheets/sheet1.xml")
        start = content.index(b"PK\x01\x02", package.start_dir)
        while content[start + 46 : start + 46 + len(entry.filename)] != entry.filename.encode():
            start = content.index(b"PK\x01\x02", start + 4)
    content[start + 24 : start + 28] = (1000).to_bytes(4, "little")
    assert why_refused(bytes(content)) == "damaged"


def test_two_entries_of_one_name_are_refused():
    stream = io.BytesIO(plain())
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(stream, "a") as package:
        package.writestr("xl/worksheets/SHEET1.xml", b"<worksheet/>")
    assert why_refused(stream.getvalue()) == "damaged"


def test_an_entry_that_leads_out_of_the_package_is_refused():
    stream = io.BytesIO(plain())
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr("../../etc/cron.d/x", b"x")
    assert why_refused(stream.getvalue()) == "damaged"


def test_an_encrypted_entry_is_refused_by_name():
    content = bytearray(plain())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := content.find(sign, start + 1)) >= 0:
            content[start + place] |= 1
    with pytest.raises(Refused, match="có mật khẩu"):
        read_workbook(bytes(content))


def test_a_cell_far_outside_any_report_is_refused():
    content = made(lambda _, sheet: sheet.write("XFD1048576", 1), "Biểu 1")
    with pytest.raises(Refused, match="dòng 1048576"):
        read_workbook(content)


def test_more_cells_than_any_report_has_are_refused():
    row = b"<row>" + b"<c><v>1</v></c>" * 300 + b"</row>"
    content = repacked(
        made(lambda _, sheet: sheet.write("A1", 1), "Biểu 1"),
        lambda _, part: re.sub(b"<sheetData>.*</sheetData>", b"<sheetData>" + row * 1001 + b"</sheetData>", part),
    )
    with pytest.raises(Refused, match=r"hơn 300\.000 ô"):
        read_workbook(content)


def test_sheets_that_are_nearly_empty_but_wide_and_long_are_refused_together():
    def fill(book, first):
        for sheet in (first, book.add_worksheet("B")):
            sheet.write(0, 0, 1)
            sheet.write(19_999, 299, 1)

    assert why_refused(made(fill, "A")) == "too_large"


def test_formats_to_the_last_row_of_a_sheet_do_no_harm():
    def fill(book, sheet):
        sheet.write("A1", 1)
        sheet.write_blank("XFD1048576", None, book.add_format({"bold": True}))

    assert sheet_of(fill).rows == 1


def test_merged_blocks_that_overlap_without_end_are_refused():
    blocks = b"".join(b'<mergeCell ref="A1:B%d"/>' % (1_000_000 + number) for number in range(200))
    content = repacked(
        made(lambda _, sheet: (sheet.write("A1", 1), sheet.write("A20000", 1)), "Biểu 1"),
        lambda _, part: part.replace(b"</sheetData>", b"</sheetData><mergeCells>" + blocks + b"</mergeCells>"),
    )
    assert why_refused(content) == "too_large"


@pytest.mark.parametrize("missing", ["xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"])
def test_a_package_with_a_part_missing_is_refused(missing):
    assert why_refused(repacked(plain(), lambda name, part: None if name == missing else part)) == "damaged"


@settings(deadline=None)  # each example starts a process
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=6))
def test_a_damaged_file_is_read_or_refused_and_never_crashes(place, rubbish):
    content = bytearray(OFFICIAL)
    start = place % len(content)
    content[start : start + len(rubbish)] = rubbish
    with suppress(Refused):
        assert read_workbook(bytes(content)).sheets


OFFICIAL = official()


@pytest.mark.parametrize("address", ["xfd1048576", "A90000000", "a1", "1A", ""])
def test_an_address_no_excel_writes_is_refused_before_the_sheet_is_opened(address):
    """calamine would read some of these as a cell far away and ask for more memory than there is."""

    def change(name: str, part: bytes) -> bytes:
        return part.replace(b'r="B4"', f'r="{address}"'.encode()) if name == "xl/worksheets/sheet1.xml" else part

    assert why_refused(repacked(plain(), change)) == "damaged"


def test_a_number_that_only_one_of_two_readings_sees_is_refused_not_lost():
    """calamine takes no value that is written as CDATA; without the second reading the cell would be empty."""
    content = repacked(plain(), lambda _, part: part.replace(b"<v>181</v>", b"<v><![CDATA[181]]></v>"))
    assert content != plain()
    assert why_refused(content) == "damaged"


def test_two_cells_in_one_place_are_refused():
    def change(name: str, part: bytes) -> bytes:
        return part.replace(b'r="C5"', b'r="C4"') if name == "xl/worksheets/sheet1.xml" else part

    assert why_refused(repacked(plain(), change)) == "damaged"


def test_more_merged_blocks_in_a_row_than_it_has_columns_are_refused():
    blocks = b"".join(b'<mergeCell ref="A1:B%d"/>' % (number + 1) for number in range(400))
    content = repacked(
        made(lambda _, sheet: sheet.write("A1", 1), "Biểu 1"),
        lambda _, part: part.replace(b"</sheetData>", b"</sheetData><mergeCells>" + blocks + b"</mergeCells>"),
    )
    assert why_refused(content) == "damaged"


def test_two_sheets_of_one_name_are_refused():
    def change(name: str, part: bytes) -> bytes:
        if name != "xl/workbook.xml":
            return part
        start = part.index(b"<sheet ")
        end = part.index(b"/>", start) + 2
        return part[:end] + part[start:end] + part[end:]

    assert why_refused(repacked(plain(), change)) == "damaged"
