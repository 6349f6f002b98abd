"""What is taken out of a text file: its letters, its delimiter, its cells, all of them text."""

from __future__ import annotations

from pathlib import Path

import pytest

from targets.imports.reader import Refused, read_workbook

SAMPLES = Path(__file__).parent / "samples"
LINES = [["Kỳ báo cáo: Năm 2023", "", ""], ["Đơn vị", "Hội viên", "Ghi chú"], ["Huyện Hạ Lang", "8.605", "12,5; thêm"]]
TABLE = {(1, 1): LINES[0][0]} | {(row, index + 1): LINES[row - 1][index] for row in (2, 3) for index in range(3)}


def joined(delimiter: str) -> str:
    return "\r\n".join(
        delimiter.join(f'"{one}"' if ";" in one or "," in one else one for one in line) for line in LINES
    )


def cells(content: bytes, name: str = "a.csv") -> dict[tuple[int, int], object]:
    return {place: cell.value for place, cell in read_workbook(content, name).sheets[0].cells.items()}


def refused(content: bytes, name: str = "a.csv") -> Refused:
    with pytest.raises(Refused) as why:
        read_workbook(content, name)
    return why.value


def test_the_unicode_text_of_excel_is_read_cell_by_cell():
    book = read_workbook((SAMPLES / "vn_ok" / "22_utf16le.csv").read_bytes(), "22_utf16le.csv")
    sheet = book.sheets[0]
    assert (book.kind, sheet.name, len(sheet.cells)) == ("csv", "22_utf16le", 101)
    assert [cell.value for cell in sheet.row(5)][:4] == ["2", "Huyện Bảo Lâm", "181", "132"]


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-16"])
def test_letters_and_delimiter_are_known_by_the_content(letters, delimiter):
    assert cells(joined(delimiter).encode(letters)) == TABLE


def test_windows_1258_is_composed_into_the_letters_people_type():
    """In it most tones are letters of their own, behind the one they stand on."""
    text = "Đơn vi\u0323;Sô\u0301\r\nHuyê\u0323n Ha\u0323 Lang;5\r\n"
    assert cells(text.encode("cp1258")) == {
        (1, 1): "Đơn vị", (1, 2): "Số", (2, 1): "Huyện Hạ Lang", (2, 2): "5",
    }  # fmt: skip


def test_letters_of_before_unicode_are_only_guessed_in_a_file_that_says_it_is_text():
    content = "Đơn vi\u0323;Sô\u0301\r\nHa\u0323 Lang;5".encode("cp1258")
    assert refused(content, "a.xlsx").code == "unsupported"


def test_numbers_and_formulas_stay_the_text_they_are():
    assert cells(b"a;b;c\n1.234;=1+1;0,5\n") == {
        (1, 1): "a", (1, 2): "b", (1, 3): "c", (2, 1): "1.234", (2, 2): "=1+1", (2, 3): "0,5",
    }  # fmt: skip


def test_decimal_commas_do_not_part_cells_where_semicolons_do():
    assert cells("Đơn vị;A;B\nX;12,5;13,5\nY;1,5;3,7\n".encode())[2, 2] == "12,5"


def test_a_quoted_field_may_hold_lines_and_delimiters():
    assert cells('Đơn vị;"Tổng số\r\ncán bộ; ""Hội"""\r\nHạ Lang;5'.encode())[1, 2] == 'Tổng số\ncán bộ; "Hội"'


def test_rows_are_counted_as_excel_shows_them():
    """A line that announces the delimiter is not shown; an empty one is."""
    assert cells(b"sep=,\r\na,b\r\n\r\nc,d\r\n") == {(1, 1): "a", (1, 2): "b", (3, 1): "c", (3, 2): "d"}


def test_a_table_is_taken_without_the_name_of_one_and_other_text_is_not():
    assert cells(joined(";").encode(), "bieu.xlsx") == TABLE
    assert cells(b"x", "a.txt") == {(1, 1): "x"}
    assert refused("Kính gửi các đồng chí,\nđề nghị gửi báo cáo".encode(), "thư").code == "unsupported"


@pytest.mark.parametrize(
    "page",
    [
        b"<html><table><tr><td>5</td></tr></table></html>",
        b"\r\n <!DOCTYPE html><html></html>",
        b"\xef\xbb\xbf<HTML xmlns:x='urn:schemas-microsoft-com:office:excel'>",
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
        "<table><tr><td>Hạ Lang</td></tr></table>".encode("utf-16"),
        "<html><body>Ha\u0323 Lang".encode("cp1258"),
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n",
    ],
)
def test_a_web_page_saved_as_xls_is_refused_by_name(page):
    why = refused(page, "bieu.xls")
    assert (why.code, "trang web" in why.message, "Lưu thành" in why.message) == ("html", True, True)


def test_xml_workbooks_are_refused_with_how_to_save():
    page = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Table ss:x="1"/>'
    why = refused(page, "bieu.xls")
    assert (why.code, "tệp XML" in why.message, "Lưu thành" in why.message) == ("unsupported", True, True)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('a;b\nc;"d\ne;f\n' * 3, "damaged"),
        ("a;b\x01\nc;d\n", "encoding"),
        ("Huyện Hạ Lang;5\n".encode()[:-1] + b"\xe1\n", "encoding"),
        ("a;b\n" * 20_001, "too_large"),
        (";" * 300 + "x\na;b\n", "too_large"),
        ("a;b\n" + "x" * 40_000 + ";c\n", "damaged"),
    ],
)
def test_what_is_no_table_of_a_report_is_refused(content, code):
    assert refused(content if isinstance(content, bytes) else content.encode()).code == code
