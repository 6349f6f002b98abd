"""Tables with a row per figure: reports of one agency, tables that were turned, workbooks of many sheets."""

from __future__ import annotations

import pytest

from targets.imports.assessment import Assessment, assess
from targets.imports.choices import Choices
from targets.imports.headings import key_of
from targets.models import Period

from .books import HEADINGS, TWO_ROWS, made, plain

pytestmark = pytest.mark.django_db

TITLES = ["HỘI LHPN TỈNH CAO BẰNG", "HỘI LHPN HUYỆN HẠ LANG", "BÁO CÁO KẾT QUẢ 6 THÁNG ĐẦU NĂM 2024"]
HEADER = [
    "STT", "Nội dung/Chỉ tiêu", "ĐVT", "Kế hoạch đến 2025", "Kế hoạch năm", "Thực hiện", None, None, "Tỷ lệ", "Ghi chú"
]  # fmt: skip
SUB = [None, None, None, None, None, "Cùng kỳ năm trước", "Trong kỳ", "Lũy kế từ đầu Đề án", None, None]
ROWS = [
    ["I", "CÁN BỘ HỘI"],
    ["1", "Tổng số cán bộ", "người", None, None, 110, "112", None, None, None],
    ["2", "Số cán bộ được tập huấn", "người", None, None, 100, "105", None, "93,8%", None],
    ["II", "TUYÊN TRUYỀN"],
    ["1", "Tổng số hội viên", "người", None, None, 8000, "8.605", None, None, None],
    ["2", "Số hội viên được tuyên truyền", "người", 6000, 900, 5000, "6.343", None, "73,7%", "Có cả hội viên mới"],
    ["-", "Trong đó: DTTS", "người", None, None, 10, "20", None, None, None],
    ["III", "KHỞI NGHIỆP"],
    ["1", "Số phụ nữ được hỗ trợ khởi nghiệp", "người", 30, 5, 2, 3, 3, None, None],
    ["-", "Trong đó: DTTS", "người", None, None, 1, 2, None, None, None],
    ["", "- Khởi sự kinh doanh", "người", None, None, 1, 3, None, None, None],
    ["2", "THT, HTX, tổ liên kết thành lập mới", "tổ", 3, 1, 0, "-", None, None, None],
    ["", "Nơi nhận:", None, None, None, None, "TM. BAN THƯỜNG VỤ"],
]  # fmt: skip
VALUES = {
    "CT1_TS": 112, "CT1_TH": 105, "CT2_TS": 8605, "CT2_TT": 6343, "CT3": 3, "CT3_DTTS": 2, "CT3_KSKD": 3, "CT4": None,
}  # fmt: skip


def long_sheet(sheet, titles=TITLES, rows=ROWS) -> None:
    sheet.write_column("A1", titles)
    sheet.write_row("A6", HEADER)
    sheet.merge_range("F6:H6", "Thực hiện")
    sheet.write_row("A7", SUB)
    for n, row in enumerate(rows, 7):
        sheet.write_row(n, 0, row)


def a_report(titles=TITLES) -> bytes:
    return made(lambda _, sheet: long_sheet(sheet, titles), "BC huyen")


def codes(found: Assessment) -> list[tuple[str, str]]:
    return [(problem.cell, problem.code) for problem in found.errors]


def values(found: Assessment) -> dict[str, dict]:
    rows: dict[str, dict] = {}
    for cell in found.cells:
        rows.setdefault(cell.unit.full_name, {})[cell.measure.code] = cell.value
    return rows


def test_a_report_of_one_district_is_read_from_its_column_of_this_period(plan):
    found = assess(a_report(), "a.xlsx", plan=plan)
    assert (found.outcome, found.layout, found.period.code, codes(found)) == ("ok", "long", "2024-H1", [])
    assert values(found) == {"Huyện Hạ Lang": VALUES}
    assert [f"{cell.column}{cell.row}" for cell in found.cells] == [
        "G9",
        "G10",
        "G12",
        "G13",
        "G16",
        "G17",
        "G18",
        "G19",
    ]


def test_what_stands_under_another_figure_is_never_taken_for_a_part_of_a_later_one(plan):
    found = assess(a_report(), "a.xlsx", plan=plan)
    assert [(w.row, w.code, w.value) for w in found.warnings] == [(14, "unknown_column", "Trong đó: DTTS")]


def test_remarks_beside_the_figures_come_along(plan):
    found = assess(a_report(), "a.xlsx", plan=plan)
    assert {cell.measure.code: cell.note for cell in found.cells if cell.note} == {"CT2_TT": "Có cả hội viên mới"}


def test_an_agency_that_no_title_names_is_asked_for(plan):
    book = a_report(["BÁO CÁO 6 THÁNG ĐẦU NĂM", "NĂM 2024"])
    found = assess(book, "a.xlsx", plan=plan)
    assert (found.outcome, [code for _, code in codes(found)]) == ("error", ["agency_unknown"])
    told = assess(book, "a.xlsx", plan=plan, choices=Choices(agency="hoi-lhpn-huyen-ha-lang"))
    assert values(told) == {"Huyện Hạ Lang": VALUES}


def test_of_two_columns_of_results_the_one_of_the_period_is_read(plan):
    def fill(_, sheet):
        sheet.write_column("A1", ["Huyện Hạ Lang", "Báo cáo năm 2024"])
        sheet.write_row("A4", ["TT", "Chỉ tiêu", "Kết quả năm 2023", "Kết quả năm 2024"])
        for n, heading in enumerate(HEADINGS, 1):
            sheet.write_row(n + 3, 0, [n, heading, 7, 8])

    found = assess(made(fill, "BC"), "a.xlsx", plan=plan, choices=Choices(period="2024"))
    assert set(values(found)["Huyện Hạ Lang"].values()) == {8}
    asked = assess(made(fill, "BC"), "a.xlsx", plan=plan)
    assert [code for _, code in codes(asked)] == ["value_column_unknown"]
    assert "C “Kết quả năm 2023”, D “Kết quả năm 2024”" in asked.errors[0].message
    told = assess(made(fill, "BC"), "a.xlsx", plan=plan, choices=Choices(period="2023", values="C"))
    assert set(values(told)["Huyện Hạ Lang"].values()) == {7}


def turned(_, sheet) -> None:
    sheet.write("A1", "BIỂU TỔNG HỢP NĂM 2023")
    sheet.write_row("A3", ["Nhóm", "Chỉ tiêu", "Huyện Bảo Lâm", "Huyện Hạ Lang", "Tổng cộng"])
    labels = [("Cán bộ Hội", "Tổng số"), (None, "Được tập huấn"), ("Hội viên", "Tổng số"), (None, "Được tuyên truyền")]
    for n, (group, own) in enumerate(labels):
        numbers = [row[n + 1] for row in TWO_ROWS]
        sheet.write_row(3 + n, 0, [group, own, *numbers, sum(numbers)])
    sheet.merge_range("A4:A5", "Cán bộ Hội")
    sheet.merge_range("A6:A7", "Hội viên")
    for n, heading in enumerate(HEADINGS[4:], 5):
        numbers = [row[n] for row in TWO_ROWS]
        sheet.write_row(2 + n, 1, [heading, *numbers, sum(numbers)])


def test_a_turned_table_is_read_with_its_groups_and_its_total_column(plan):
    found = assess(made(turned, "B1"), "a.xlsx", plan=plan)
    assert (found.outcome, found.layout, codes(found)) == ("ok", "transposed", [])
    assert {name: list(row.values()) for name, row in values(found).items()} == {
        name: numbers for name, *numbers in TWO_ROWS
    }
    assert {total.agrees for total in found.totals} == {True}


def test_a_total_column_that_differs_is_an_error_at_its_cell(plan):
    def fill(book, sheet):
        turned(book, sheet)
        sheet.write("E8", 99)

    assert codes(assess(made(fill, "B1"), "a.xlsx", plan=plan)) == [("E8", "total_differs")]


def test_a_sheet_for_each_district_is_read_as_one_file(plan):
    def fill(book, sheet):
        long_sheet(sheet, ["BÁO CÁO 6 THÁNG ĐẦU NĂM 2024"])
        long_sheet(book.add_worksheet("Bảo Lâm"), ["BÁO CÁO 6 THÁNG ĐẦU NĂM 2024"])

    found = assess(made(fill, "Hạ Lang"), "a.xlsx", plan=plan)
    assert (found.outcome, found.sheet) == ("ok", "Hạ Lang, Bảo Lâm")
    assert values(found) == {"Huyện Hạ Lang": VALUES, "Huyện Bảo Lâm": VALUES}
    assert {cell.sheet for cell in found.cells} == {"Hạ Lang", "Bảo Lâm"}


def test_of_a_sheet_for_each_quarter_the_one_of_the_period_is_read(plan):
    def fill(book, sheet):
        for where, number in ((sheet, 3), (book.add_worksheet("Năm 2024"), 8)):
            where.write_row("A1", ["Đơn vị", "Tổng số hội viên"])
            where.write_row("A2", ["Hạ Lang", number])

    book = made(fill, "6 tháng đầu năm 2024")
    assert [p.code for p in assess(book, "a.xlsx", plan=plan).errors] == ["several_sheets"]
    for period, number in (("2024-H1", 3), ("2024", 8)):
        found = assess(book, "a.xlsx", plan=plan, period=Period.objects.get(plan=plan, code=period))
        assert values(found) == {"Huyện Hạ Lang": {"CT2_TS": number}}


def test_a_list_of_people_is_no_report(plan):
    def fill(_, sheet):
        sheet.write("A1", "DANH SÁCH PHỤ NỮ ĐƯỢC HỖ TRỢ NĂM 2024")
        sheet.write_row("A3", ["STT", "Họ và tên", "Năm sinh", "Dân tộc", "Địa chỉ", "Số tiền (đồng)"])
        sheet.write_row("A4", [1, "Nông Thị A", 1985, "Tày", "Xã Minh Long", 5000000])

    found = assess(made(fill, "Quý I"), "a.xlsx", plan=plan)
    assert [(p.sheet, p.code) for p in found.errors] == [("Quý I", "register")]


def test_a_list_of_people_beside_a_table_does_not_disturb_it(plan):
    def fill(book, sheet):
        sheet.write("A1", "Năm 2023")
        sheet.write_row("A3", ["Đơn vị", *HEADINGS])
        sheet.write_row("A4", TWO_ROWS[0])
        people = book.add_worksheet("Danh sách")
        people.write_row("A1", ["STT", "Họ và tên", "Năm sinh"])
        people.write_row("A2", [1, "Nông Thị A", 1985])

    assert list(values(assess(made(fill, "Biểu 1"), "a.xlsx", plan=plan))) == ["Huyện Bảo Lâm"]


def test_money_in_another_unit_than_the_plans_is_an_error(plan):
    def fill(_, sheet):
        sheet.write_column("A1", ["Huyện Hạ Lang", "Năm 2024"])
        sheet.write_row("A4", ["TT", "Chỉ tiêu", "ĐVT", "Kết quả"])
        sheet.write_row("A5", [1, "Số lớp tập huấn", "lớp", 2])
        sheet.write_row("A6", [2, "Vốn vay kết nối", "đồng", 5000000])
        sheet.write_row("A7", [3, "Kinh phí ngân sách", "triệu đồng", 12.5])

    found = assess(made(fill, "BC"), "a.xlsx", plan=plan)
    assert codes(found) == [("D6", "other_money_unit")]


def test_headings_that_a_sender_explained_are_read_as_said(plan):
    book = plain(headings=[*HEADINGS[:5], "Số mô hình", "Tư vấn"])
    before = assess(book, "a.xlsx", plan=plan)
    assert [w.value for w in before.warnings] == ["Số mô hình"]
    after = assess(book, "a.xlsx", plan=plan, choices=Choices(period="2023", lines={key_of(["Số mô hình"]): "CT4"}))
    assert after.warnings == []


def test_a_cumulative_column_is_never_a_figure_but_held_against_what_was_counted(plan, approved):
    """Hạ Lang's first half of 2024 is approved with 12 women; the second half says 3, and 17 altogether."""
    counted = {figure.measure.code: figure.value for figure in approved.figures.all()}

    def fill(_, sheet):
        sheet.write("A1", "6 tháng cuối năm 2024")
        sheet.write_row("A3", ["Đơn vị", "PN được hỗ trợ KN", None])
        sheet.merge_range("B3:C3", "PN được hỗ trợ KN")
        sheet.write_row("B4", ["Trong kỳ", "Lũy kế"])
        sheet.write_row("A5", ["Hạ Lang", 3, counted["CT3"] + 5])

    found = assess(made(fill, "B1"), "a.xlsx", plan=plan)
    assert values(found) == {"Huyện Hạ Lang": {"CT3": 3}}
    assert [(w.cell, w.code) for w in found.warnings if w.code == "cumulative_differs"] == [
        ("C5", "cumulative_differs")
    ]
