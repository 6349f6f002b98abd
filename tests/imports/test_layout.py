"""Where the table is on a sheet, what its columns hold, and what is passed over with which reason."""

from __future__ import annotations

import datetime as dt

import pytest

from targets.imports.choices import Choices
from targets.imports.headings import Use
from targets.imports.layout import Layout, NoTable, find_tables
from targets.imports.reader import read_workbook
from targets.imports.remarks import remarks
from targets.imports.table import Table, read_table
from targets.imports.vocabulary import MeasureTerm, Place, Vocabulary

from .books import HEADINGS, MEASURES, TWO_ROWS, made, official, plain

END_2023 = dt.date(2023, 12, 14)
TERMS = tuple(MeasureTerm(code, (heading,)) for code, heading in zip(MEASURES, HEADINGS, strict=True))
DTTS = MeasureTerm("CT3_DTTS", ("Phụ nữ được hỗ trợ khởi nghiệp / Trong đó DTTS",))
PLACES = (
    Place("tinh", "province", "Tỉnh Cao Bằng", ("Cao Bằng", "Toàn tỉnh")),
    Place("tp", "city", "Thành phố Cao Bằng", ("Cao Bằng",), valid_to=dt.date(2025, 6, 30)),
    Place("bao-lam", "district", "Huyện Bảo Lâm", ("Bảo Lâm",), valid_to=dt.date(2025, 6, 30)),
    Place("ha-lang", "district", "Huyện Hạ Lang", ("Hạ Lang",), valid_to=dt.date(2025, 6, 30)),
    Place("hoa-an", "district", "Huyện Hòa An", ("Hòa An",), valid_to=dt.date(2025, 6, 30)),
    Place("xa-hoa-an", "commune", "Xã Hòa An", ("Hòa An",), valid_from=dt.date(2025, 7, 1)),
    Place(
        "phuc-hoa", "district", "Huyện Phục Hòa", ("Phục Hòa",), valid_to=dt.date(2020, 2, 29),
        successors=("Huyện Quảng Hòa",),
    ),
)  # fmt: skip
WORDS = Vocabulary((*TERMS, DTTS), PLACES)


def found(content: bytes, sheet: str | None = None) -> Layout:
    (layout,) = find_tables(read_workbook(content), WORDS, Choices(sheets=(sheet,) if sheet else ()))
    return layout


def read(content: bytes, day: dt.date = END_2023) -> Table:
    return read_table(found(content), WORDS, day)


def no_table(content: bytes, sheet: str | None = None) -> str:
    with pytest.raises(NoTable) as why:
        found(content, sheet)
    return why.value.problems[0].code


def values(table: Table) -> dict[str, list]:
    rows: dict[str, list] = {}
    for reading in table.readings:
        rows.setdefault(reading.place.key, []).append(reading.value)
    return rows


def problems(table: Table) -> list[tuple[str, str]]:
    return [(problem.cell, problem.code) for problem in table.problems]


TRUTH = {"bao-lam": [181, 132, 9388, 5708, 23, 2, 8], "ha-lang": [114, 108, 8605, 6343, 3, 0, 9]}


def test_a_plain_table_is_found_under_its_title():
    layout = found(plain())
    assert (layout.header_rows, layout.label_column, layout.first_row) == ((3,), 2, 4)
    assert layout.titles == ["Kỳ báo cáo: Năm 2023"]
    assert [(c.where, c.measure.code) for c in layout.measure_lines] == list(zip("CDEFGHI", MEASURES, strict=True))
    assert values(read(plain())) == TRUTH


def test_a_merged_heading_of_two_rows_is_read_from_the_top_down():
    layout = found(official())
    assert layout.header_rows == (5, 6)
    assert [column.title for column in layout.measure_lines][:5] == [
        "Cán bộ Hội / Tổng số", "Cán bộ Hội / Đã được tập huấn", "Hội viên phụ nữ / Tổng số",
        "Hội viên phụ nữ / Được truyền thông", "Số phụ nữ được hỗ trợ khởi nghiệp",
    ]  # fmt: skip
    assert values(read(official())) == TRUTH


def test_numbering_total_and_signature_rows_are_passed_over_with_the_reason():
    table = read(official())
    assert [(skipped.row, skipped.why.partition(":")[0]) for skipped in table.skipped] == [
        (7, "Dòng đánh số cột."), (10, "Dòng tổng"), (12, "Dòng không có số liệu"),
    ]  # fmt: skip
    assert {total.agrees for total in table.totals} == {True}
    assert table.rows_read == 2


def three_rows(*, total_first: bool = True) -> bytes:
    """Groups of groups, ratio columns between, the total above the units, group headings merged."""

    def fill(book, sheet):
        sheet.merge_range("A1:I1", "BIỂU TỔNG HỢP NĂM 2023")
        sheet.merge_range("A2:A4", "TT")
        sheet.merge_range("B2:B4", "Tên đơn vị")
        sheet.merge_range("C2:H2", "Chỉ tiêu 1, 2")
        sheet.merge_range("C3:E3", "Cán bộ Hội các cấp")
        sheet.merge_range("F3:H3", "Hội viên")
        sheet.write_row("C4", ["Tổng số", "Được tập huấn", "Tỷ lệ (%)", "Tổng số", "Được truyền thông", "Tỷ lệ (%)"])
        sheet.merge_range("I2:I4", "Số phụ nữ được hỗ trợ khởi nghiệp")
        sheet.write_row("B5", ["TOÀN TỈNH", 295, 240, 81.4, 17993, 12051, 67.0, 26])
        sheet.write_row("A6", [1, "Bảo Lâm", 181, 132, 72.9, 9388, 5708, 60.8, 23])
        sheet.write_row("A7", [2, "Hạ Lang", 114, 108, 94.7, 8605, 6343, 73.7, 3])

    return made(fill, "PL1")


def test_three_heading_rows_with_ratios_and_the_total_on_top():
    table = read(three_rows())
    assert values(table) == {"bao-lam": [181, 132, 9388, 5708, 23], "ha-lang": [114, 108, 8605, 6343, 3]}
    assert [(c.where, c.use) for c in table.layout.lines if c.use == Use.RATIO] == [("E", "ratio"), ("H", "ratio")]
    assert {total.agrees for total in table.totals} == {True}
    assert table.problems == []


def test_group_headings_that_are_not_merged_reach_right():
    def fill(book, sheet):
        sheet.write_row("A1", ["Đơn vị", "Cán bộ Hội", None, "Hội viên", None, "Số phụ nữ được hỗ trợ khởi nghiệp"])
        sheet.write_row("B2", ["Tổng số", "Được tập huấn", "Tổng số", "Được truyền thông"])
        sheet.write_row("A3", ["Bảo Lâm", 181, 132, 9388, 5708, 23])

    assert values(read(made(fill, "Biểu 1"))) == {"bao-lam": [181, 132, 9388, 5708, 23]}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (("Cán bộ Hội", "Tổng số"), "CT1_TS"),
        (("Tổng số CB Hội",), "CT1_TS"),
        (("Hội viên", "Đã được truyền thông"), "CT2_TT"),
        (("PN được hỗ trợ KN", "Trong kỳ"), "CT3"),
        (("PN được hỗ trợ KN", "Trong đó: Dân tộc thiểu số"), "CT3_DTTS"),
        (("Số tổ hợp tác, hợp tác xã, tổ liên kết mới thành lập",), "CT4"),
        (("3.1. Số phụ nữ được hỗ trợ khởi nghiệp (người)",), "CT3"),
    ],
)
def test_a_heading_is_known_by_its_telling_words(path, code):
    assert [measure.code for measure in WORDS.glossary.match(path).measures] == [code]


@pytest.mark.parametrize(
    ("path", "use"),
    [
        (("STT",), Use.ROW_NUMBER),
        (("Ghi chú",), Use.NOTE),
        (("Cán bộ Hội", "Tỷ lệ (%)"), Use.RATIO),
        (("PN được hỗ trợ KN", "Lũy kế"), Use.CUMULATIVE),
        (("PN được hỗ trợ KN", "Kế hoạch năm"), Use.PLANNED),
        (("Hội viên", "Cùng kỳ năm trước"), Use.PREVIOUS),
        (("Số lượt hội viên được truyền thông",), Use.UNKNOWN),
        (("Năm 2022", "Tổng số hội viên"), Use.UNKNOWN),
        (("Tổng số hội viên dân tộc thiểu số",), Use.UNKNOWN),
    ],
)
def test_a_heading_that_says_something_else_is_not_taken(path, use):
    assert WORDS.glossary.match(path).use == use


def test_a_heading_that_may_mean_two_measures_is_an_error_and_not_guessed():
    twins = (*TERMS, MeasureTerm("A", ("Hợp tác xã",)), MeasureTerm("B", ("Hợp tác xã",)))
    words = Vocabulary(twins, PLACES)
    book = read_workbook(plain(headings=[*HEADINGS[:6], "HTX"]))
    (layout,) = find_tables(book, words)
    assert [(problem.cell, problem.code) for problem in layout.problems] == [("I3", "ambiguous_column")]


def test_two_columns_for_one_measure_are_an_error():
    table = read(plain(headings=[*HEADINGS[:6], "Tổng số cán bộ Hội"]))
    assert problems(table) == [("I3", "duplicate_column")]


def test_a_column_of_numbers_that_no_measure_claims_is_pointed_out():
    table = read(plain(headings=[*HEADINGS[:6], "Số tin, bài"]))
    assert [(w.cell, w.code) for w in remarks(table)] == [("I3", "unknown_column")]
    assert values(table)["bao-lam"] == [181, 132, 9388, 5708, 23, 2]


@pytest.mark.parametrize(
    ("name", "cell", "code"),
    [
        ("Phục Hòa", "B6", "unit_not_in_period"),
        ("Xã Hòa An", "B6", "unit_not_in_period"),
        ("Hạ Lan", "B6", "unknown_unit"),
        ("Hoà An", None, None),
        ("H.Hạ Lang", "B6", "duplicate_unit"),
        (None, "B6", "row_without_unit"),
        ("Hội LHPN tỉnh Cao Bằng", "B6", "unknown_unit"),
    ],
)
def test_a_row_with_figures_must_name_a_unit_of_that_time(name, cell, code):
    table = read(plain([*TWO_ROWS, (name, 1, 1, 1, 1, 1, 1, 1)]))
    assert problems(table) == ([(cell, code)] if code else [])


def test_a_near_name_is_offered_and_an_ended_one_sent_to_its_successor():
    table = read(plain([("Hạ Lan", *TWO_ROWS[1][1:]), ("Phục Hoà", *TWO_ROWS[0][1:]), TWO_ROWS[0]]))
    assert [problem.message for problem in table.problems] == [
        "Không có đơn vị “Hạ Lan” trong kỳ này. Có phải Huyện Hạ Lang?",
        "Huyện Phục Hòa đã nhập vào huyện Quảng Hòa từ 01/3/2020, không có trong kỳ này.",
    ]


def test_one_name_is_the_unit_that_exists_at_the_end_of_the_period():
    book = plain([("Hòa An", 1, 1, 1, 1, 1, 1, 1)])
    assert list(values(read(book))) == ["hoa-an"]
    assert list(values(read(book, dt.date(2025, 12, 14)))) == ["xa-hoa-an"]


def test_a_difference_between_total_and_sum_is_an_error_at_its_cell():
    table = read(official(total=[295, 240, 17993, 12051, 12345, 2, 17]))
    assert problems(table) == [("G10", "total_differs")]
    assert table.problems[0].message == "Dòng tổng ghi 12.345, cộng các đơn vị được 26."


def test_a_total_is_not_compared_while_a_row_is_not_understood():
    table = read(official([*TWO_ROWS, ("Hạ Lan", 1, 1, 1, 1, 1, 1, 1)], total=[9] * 7))
    assert problems(table) == [("B10", "unknown_unit")]
    assert {total.agrees for total in table.totals} == {None}


def test_a_total_that_is_no_number_is_pointed_out():
    table = read(official(total=["nhiều", 240, 17993, 12051, 26, 2, 17]))
    assert [(w.cell, w.code) for w in remarks(table)] == [("C10", "total_unreadable")]
    assert [total.agrees for total in table.totals] == [None, *[True] * 6]


def test_a_figure_merged_over_two_rows_is_an_error():
    def fill(book, sheet):
        sheet.write_row("A1", ["Đơn vị", *HEADINGS])
        sheet.write_row("A2", TWO_ROWS[0])
        sheet.write_row("A3", TWO_ROWS[1])
        sheet.merge_range("F2:F3", 23)

    table = read(made(fill, "Biểu 1"))
    assert problems(table) == [("F3", "merged_data")]
    assert "F2:F3" in table.problems[0].message


def test_a_hidden_row_is_read_and_pointed_out():
    def fill(book, sheet):
        sheet.write_row("A1", ["Đơn vị", *HEADINGS])
        sheet.write_row("A2", TWO_ROWS[0])
        sheet.set_row(1, None, None, {"hidden": True})

    table = read(made(fill, "Biểu 1"))
    assert ([(w.cell, w.code) for w in remarks(table)], table.rows_read) == ([("A2", "hidden_row")], 1)


def two_sheets(*, hide: bool) -> bytes:
    def fill(book, sheet):
        for where in (sheet, book.add_worksheet("2022")):
            where.write_row("A1", ["Đơn vị", *HEADINGS])
            where.write_row("A2", TWO_ROWS[0])
        if hide:
            where.hide()

    return made(fill, "2023")


def test_a_hidden_sheet_is_read_only_when_named():
    assert found(two_sheets(hide=True)).sheet.name == "2023"
    assert found(two_sheets(hide=True), "2022").sheet.name == "2022"


def test_of_several_tables_one_must_be_chosen():
    assert no_table(two_sheets(hide=False)) == "several_sheets"
    assert found(two_sheets(hide=False), "2022").sheet.name == "2022"
    assert no_table(two_sheets(hide=False), "2021") == "no_sheet"


def legacy(book, sheet) -> None:
    sheet.write_row("A1", ["§¬n vÞ", "Tæng sè c¸n bé Héi"])
    sheet.write_row("A2", ["HuyÖn H¹ Lang", 3])


@pytest.mark.parametrize(
    ("fill", "code"),
    [
        (legacy, "legacy_font"),
        (lambda _, sheet: sheet.write("A1", "Báo cáo"), "no_units"),
        (lambda _, sheet: sheet.write_row("A1", ["Hạ Lang", 3]), "no_header"),
    ],
)
def test_a_sheet_without_a_table_we_read_says_why(fill, code):
    assert no_table(made(fill, "Biểu 1")) == code


def test_a_table_whose_columns_say_nothing_is_found_so_that_its_sender_can_say():
    layout = found(plain(headings=["A", "B", "C", "D", "E", "F", "G"]))
    assert [problem.code for problem in layout.problems] == ["no_measures"]
    assert [line.where for line in layout.lines] == list("ACDEFGHIJ")
