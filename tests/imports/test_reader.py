"""What is taken out of a file, and which files are not opened at all."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.imports import container
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


def test_a_nul_that_no_database_holds_is_dropped():
    content = repacked(
        made(lambda _, sheet: sheet.write("A1", "ZZZ"), "Biểu 1"),
        lambda _, part: part.replace(b"ZZZ", b"a_x0000_b"),
    )
    assert read_workbook(content).sheets[0].at(1, 1).value == "ab"


@pytest.mark.parametrize(
    ("content", "name", "code", "kind"),
    [
        (b"", "a.xlsx", "empty_file", "rỗng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xlsx", "not_xlsx", ".xls"),
        (b"MZ\x90", "a.xlsx", "not_xlsx", "chương trình"),
        (b"%PDF-1.7", "a.xlsx", "not_xlsx", "PDF"),
        ("\ufeffĐơn vị;CT3".encode("utf-16-le"), "a.csv", "not_xlsx", ".csv"),
        ("Đơn vị;CT3".encode(), "a.csv", "not_xlsx", ".csv"),
        (b"PK\x03\x04 rubbish", "a.xlsx", "damaged", "hỏng"),
    ],
)
def test_other_files_are_refused_by_what_they_are(content, name, code, kind):
    with pytest.raises(Refused) as refused:
        read_workbook(content, name)
    assert (refused.value.code, kind in refused.value.message) == (code, True)


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name.replace("__", "/").replace("_", "."), part)
    return stream.getvalue()


def test_packages_that_are_no_xlsx_are_refused_by_what_they_are():
    with pytest.raises(Refused, match=r"LibreOffice \(\.ods\)"):
        read_workbook(zipped(mimetype=b"x", content_xml=b"<a/>"))
    with pytest.raises(Refused, match=r"\.xlsb"):
        read_workbook(zipped(xl__workbook_bin=b"x"))
    assert why_refused(zipped(readme_txt=b"x")) == "not_xlsx"


def test_a_file_over_ten_megabytes_is_refused_unread():
    assert why_refused(b"PK\x03\x04" + bytes(container.MOST_BYTES)) == "too_big"


def test_a_package_that_inflates_too_far_is_refused_unread():
    assert why_refused(zipped(xl__workbook_xml=bytes(container.MOST_INFLATED + 1))) == "zip_bomb"


def test_a_document_type_declaration_is_refused_unread():
    def with_entity(name: str, part: bytes) -> bytes:
        return part.replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY x "y">]><worksheet') if "sheet1" in name else part

    assert why_refused(repacked(plain(), with_entity)) == "dtd"


def test_a_cell_far_outside_any_report_is_refused():
    content = made(lambda _, sheet: sheet.write("XFD1048576", 1), "Biểu 1")
    with pytest.raises(Refused, match="dòng 1048576"):
        read_workbook(content)


@pytest.mark.parametrize("missing", ["xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"])
def test_a_package_with_a_part_missing_is_refused(missing):
    assert why_refused(repacked(plain(), lambda name, part: None if name == missing else part)) == "damaged"


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


def test_two_sheets_of_one_name_are_refused():
    def change(name: str, part: bytes) -> bytes:
        if name != "xl/workbook.xml":
            return part
        start = part.index(b"<sheet ")
        end = part.index(b"/>", start) + 2
        return part[:end] + part[start:end] + part[end:]

    assert why_refused(repacked(plain(), change)) == "damaged"
