"""What is taken out of an OpenDocument spreadsheet: values by their kind, repeats counted before they are made."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from targets.imports.reader import Defect, Refused, Sheet, read_workbook

from .open_document import cell, number, open_document, row, table

SAMPLES = Path(__file__).parent / "samples"


def sheet_of(*rows: str) -> Sheet:
    return read_workbook(open_document(table(*rows))).sheets[0]


def values(sheet: Sheet) -> dict[str, object]:
    return {cell.address: cell.value for cell in sheet.cells.values()}


def defects(sheet: Sheet) -> dict[str, Defect]:
    return {cell.address: cell.defect for cell in sheet.cells.values() if cell.defect}


def why_refused(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read_workbook(content, "a.ods")
    return refused.value.code


def test_a_workbook_of_libreoffice_is_read_cell_by_cell():
    book = read_workbook((SAMPLES / "vn_ok" / "13_libreoffice.ods").read_bytes())
    sheet = book.sheets[0]
    assert (book.kind, sheet.name, len(sheet.cells), sheet.rows) == ("ods", "Biểu 1", 101, 13)
    assert [cell.value for cell in sheet.row(5)] == [2, "Huyện Bảo Lâm", 181, 132, 9388, 5708, 23, 2, 8]


def test_cells_keep_their_place_and_type():
    sheet = sheet_of(
        row(),
        row(
            cell(t_number_columns_repeated=2),
            number(12.5),
            cell("1.234", value_type="string"),
            cell("03/12/2023", value_type="date", date_value="2023-12-03"),
            cell("x", value_type="date", date_value="2023-12-03T10:30:00"),
            cell("10:05", value_type="time", time_value="PT10H05M00S"),
            cell("30:00", value_type="time", time_value="PT30H00M00S"),
            cell("TRUE", value_type="boolean", boolean_value="true"),
            cell("5 ₫", value_type="currency", value=5),
        ),
    )
    assert values(sheet) == {
        "C2": 12.5, "D2": "1.234", "E2": dt.date(2023, 12, 3), "F2": dt.datetime(2023, 12, 3, 10, 30),  # noqa: DTZ001
        "G2": dt.time(10, 5), "H2": dt.timedelta(hours=30), "I2": True, "J2": 5,
    }  # fmt: skip


def test_text_keeps_its_lines_and_spaces_and_leaves_out_notes_and_drawings():
    lines = "<text:p>Tổng số</text:p><text:p>cán bộ<text:line-break/>Hội</text:p>"
    spaces = '<text:p>a<text:s text:c="3"/>b<text:tab/><text:span>c</text:span></text:p>'
    note = "<office:annotation><text:p>ghi chú</text:p></office:annotation><text:p>thật</text:p>"
    drawing = "<drawing:frame><text:p>hình</text:p></drawing:frame><text:p>chữ</text:p>"
    sheet = sheet_of(row(*[cell(paragraphs=one, value_type="string") for one in (lines, spaces, note, drawing)]))
    assert [cell.value for cell in sheet.row(1)] == ["Tổng số\ncán bộ\nHội", "a   b\tc", "thật", "chữ"]


def test_errors_percents_and_results_nothing_has_calculated_are_marked():
    sheet = sheet_of(
        row(cell("#DIV/0!", t_formula="of:=1/0", value_type="string", string_value="", c_value_type="error")),
        row(cell("#REF!", t_formula="of:=[.#REF!]", value_type="float", value=0)),
        row(cell("Err:502", t_formula="of:=F()", value_type="float", value=0)),
        row(cell("90%", value_type="percentage", value=0.9)),
        row(cell(t_formula="of:=[.B1]+1", value_type="float")),
        row(cell(t_formula="of:=[.B1]+1")),
        row(number(7, t_formula="of:=[.B1]+1")),
        row(cell("", t_formula="of:=T(0)", value_type="string", string_value="")),
        row(cell("nan", value_type="float", value="nan")),
    )
    assert defects(sheet) == {
        "A1": Defect.ERROR, "A2": Defect.ERROR, "A3": Defect.ERROR, "A4": Defect.PERCENT,
        "A5": Defect.NOT_CALCULATED, "A6": Defect.NOT_CALCULATED, "A9": Defect.ERROR,
    }  # fmt: skip
    assert [sheet.at(line, 1).value for line in range(1, 10)] == [
        "#DIV/0!", "#REF!", "Err:502", 0.9, None, None, 7, None, "nan",
    ]  # fmt: skip
    assert sheet.at(7, 1).formula


def test_repeated_rows_and_cells_stand_in_each_of_their_places():
    twice = 'table:number-rows-repeated="2"'
    sheet = sheet_of(row(number(7, t_number_columns_repeated=2), number(8), more=twice), row(number(9)))
    assert values(sheet) == {"A1": 7, "B1": 7, "C1": 8, "A2": 7, "B2": 7, "C2": 8, "A3": 9}


def test_empty_rows_to_the_end_of_the_sheet_do_no_harm():
    to_the_end = 'table:number-rows-repeated="1048570"'
    sheet = sheet_of(row(number(7)), row(cell(t_number_columns_repeated=16384), more=to_the_end))
    assert (values(sheet), sheet.rows) == ({"A1": 7}, 1)


def test_rows_in_groups_and_headers_follow_one_another():
    groups = f"<table:table-row-group><table:table-header-rows>{row(number(1))}</table:table-header-rows>"
    assert values(sheet_of(groups, row(number(2)), "</table:table-row-group>", row(number(3)))) == {
        "A1": 1, "A2": 2, "A3": 3,
    }  # fmt: skip


def test_merged_blocks_hidden_rows_columns_and_sheets_are_known():
    hidden = '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    covered = "<table:covered-table-cell office:value-type='float' office:value='99'/>"
    book = read_workbook(
        open_document(
            table(
                hidden,
                row(cell("Cán bộ", value_type="string", t_number_columns_spanned=2), covered, number(3)),
                row(number(4), more='table:visibility="filter"'),
            ),
            table(row(number(1)), name="2022", style="ta2"),
        )
    )
    sheet = book.sheets[0]
    assert (sheet.hidden_rows, sheet.hidden_columns, str(sheet.merge_at(1, 2))) == ({2}, {2, 3}, "A1:B1")
    assert values(sheet) == {"A1": "Cán bộ", "C1": 3, "A2": 4}
    assert [sheet.name for sheet in book.visible_sheets] == ["Biểu 1"]


@pytest.mark.parametrize(
    "bomb",
    [
        row(number(1, t_number_columns_repeated=16384), more='table:number-rows-repeated="1048576"'),
        row(number(1, t_number_columns_repeated=300), more='table:number-rows-repeated="20000"'),
        row(number(1, t_number_columns_repeated=301)),
        row(number(1), more='table:number-rows-repeated="20001"'),
        row(cell(), more='table:number-rows-repeated="20000"') + row(number(1)),
        row(number(1, t_number_columns_repeated=100), more='table:number-rows-repeated="1000"') * 4,
    ],
)
def test_repeats_that_no_report_has_are_counted_and_refused(bomb):
    assert why_refused(open_document(table(bomb))) == "too_large"


def test_what_another_table_holds_is_not_taken():
    """Earlier versions of cells, and links to other files, are tables of their own in the same markup."""
    links = f"<table:dde-links>{table(row(number(5)), name='x')}</table:dde-links>"
    changes = f"<table:tracked-changes>{cell('cũ', value_type='string')}</table:tracked-changes>"
    book = read_workbook(open_document(changes, table(row(number(1))), links))
    assert [(sheet.name, values(sheet)) for sheet in book.sheets] == [("Biểu 1", {"A1": 1})]


def test_a_password_is_named():
    manifest = '<manifest:file-entry><manifest:encryption-data checksum="x"/></manifest:file-entry>'
    content = open_document(table(row(number(1))), **{"META-INF__manifest_xml": manifest})
    with pytest.raises(Refused, match="có mật khẩu"):
        read_workbook(content)


@pytest.mark.parametrize(
    ("tables", "code"),
    [
        ("", "no_sheet"),
        (table(row(number(1))) * 2, "damaged"),
        (table(row(number(1)))[:-20], "damaged"),
        (table(row(number(1, t_number_columns_repeated="-1"))), "damaged"),
        (table(row(cell(paragraphs=table(row(number(1)), name="b")))), "damaged"),
        (number(1), "damaged"),
        ("".join(table(name=f"s{number}") for number in range(301)), "too_large"),
    ],
)
def test_markup_that_is_no_spreadsheet_is_refused(tables, code):
    assert why_refused(open_document(tables)) == code
