"""The preview: every unit of the file, what is wrong with it, what may be done about it there and then."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from targets.imports.books.template import template
from targets.models import CountingOwner, Figure, Report
from tests.imports import books
from tests.imports.wizard import Person, latest

pytestmark = pytest.mark.django_db
FAULTY = [
    ("Huyện Bảo Lâm", 181, 132, 9388, 5708, 23, 2, 8),
    ("Huyện Phục Hòa", 61, 40, 4120, 2600, 2, 0, 1),
    ("Huyện Hạ Lang", 114, 108, 8605, "hai nghìn", 3, 0, 9),
]


@pytest.fixture
def officer(reviewer, plan) -> Person:
    return Person(reviewer, plan)


@pytest.fixture
def faulty(officer):
    """Bảo Lâm is fine; Phục Hòa (row 5) is no more; Hạ Lang (row 6) has words in F6."""
    return officer.sent(books.plain(FAULTY))


def rows(page) -> list[tuple[str, str]]:
    return [(line.row.name, line.row.kind) for line in page.context["page"]]


def faults(page) -> list[tuple[str, str]]:
    return [(fault.where, fault.code) for line in page.context["page"] for fault in line.faults]


def stats(page) -> dict[str, int]:
    return {kind: count for kind, _, count, _ in page.context["stats"]}


def test_each_row_says_how_it_stands(officer, faulty):
    page = officer.see("preview", faulty)
    assert rows(page) == [("Bảo Lâm", "new"), ("Huyện Phục Hòa", "error"), ("Hạ Lang", "error")]
    assert faults(page) == [("Ô B5", "unit_not_in_period"), ("Ô F6", "not_a_number")]
    assert stats(page) == {"new": 1, "changed": 0, "same": 0, "locked": 0, "error": 2}
    assert page.context["may_go_on"] is False


def test_rows_that_are_stored_already_are_new_changed_same_or_locked(officer, draft, other_district, reporter):
    same = ("Huyện Hạ Lang", 141, 126, 4651, 2604, 17, 1, 0)
    title = "Kỳ: 6 tháng đầu năm 2024"
    assert rows(officer.see("preview", officer.sent(books.plain([same], title=title)))) == [("Hạ Lang", "same")]
    changed = ("Huyện Hạ Lang", 141, 126, 4651, 2605, 17, 1, 0)
    assert rows(officer.see("preview", officer.sent(books.plain([changed], title=title)))) == [("Hạ Lang", "changed")]


def test_figures_of_an_approved_report_are_locked(officer, approved):
    rows_of_file = [("Huyện Hạ Lang", 141, 126, 4651, 2605, 17, 1, 0)]
    page = officer.see("preview", officer.sent(books.plain(rows_of_file, title="Kỳ: 6 tháng đầu năm 2024")))
    (line,) = page.context["page"]
    assert (line.row.word, page.context["may_go_on"], stats(page)["locked"]) == ("Đã duyệt, khóa", False, 1)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("thay-doi", ["Bảo Lâm", "Hạ Lang"]),
        ("loi", ["Huyện Phục Hòa", "Hạ Lang"]),
        ("luu-y", []),
        ("x", ["Bảo Lâm", "Huyện Phục Hòa", "Hạ Lang"]),
    ],
)
def test_rows_can_be_filtered(officer, faulty, wanted, names):
    assert [name for name, _ in rows(officer.see("preview", faulty, loc=wanted))] == names


def test_a_row_is_given_to_the_agency_that_was_offered(officer, faulty, plan):
    (_, phuc_hoa, _) = officer.see("preview", faulty).context["page"]
    ((code, name),) = phuc_hoa.faults[0].assign
    assert (code, name) == ("hoi-lhpn-huyen-quang-hoa", "huyện Quảng Hòa")
    officer.answer(faulty, "assign", "Biểu 1!5", code)
    page = officer.see("preview", faulty)
    assert rows(page)[1] == ("Quảng Hòa", "new")
    assert [one.said for one in page.context["chosen"]] == ["Dòng 5: ghi vào Quảng Hòa"]


def test_a_row_is_passed_over_and_taken_back(officer, faulty):
    officer.answer(faulty, "skip", "Biểu 1!5")
    assert [name for name, _ in rows(officer.see("preview", faulty))] == ["Bảo Lâm", "Hạ Lang"]
    officer.take_back(faulty, "skip", "Biểu 1!5")
    assert ("Huyện Phục Hòa", "error") in rows(officer.see("preview", faulty))


def test_a_number_is_typed_over_a_cell_and_the_cell_says_so(officer, faulty):
    officer.answer(faulty, "type", "Biểu 1!F6", "6.343")
    cell = faulty.cells.get(row=6, column="F")
    assert (cell.value, cell.typed, cell.raw) == (6343, "6.343", "hai nghìn")
    page = officer.see("preview", faulty)
    assert rows(page)[2] == ("Hạ Lang", "new")
    assert [one.said for one in page.context["chosen"]] == ["Ô F6: sửa thành 6.343"]


def test_a_word_typed_over_a_cell_is_as_wrong_as_in_the_file(officer, faulty):
    officer.answer(faulty, "type", "Biểu 1!F6", "nhiều")
    assert ("Ô F6", "not_a_number") in faults(officer.see("preview", faulty))


def test_all_rows_with_errors_are_left_out_at_once(officer, faulty):
    officer.answer(faulty, "without_errors")
    page = officer.see("preview", faulty)
    assert rows(page) == [("Bảo Lâm", "new"), ("Huyện Phục Hòa", "skipped"), ("Hạ Lang", "skipped")]
    assert page.context["will_do"] == "Sẽ ghi 1 báo cáo (1 mới), bỏ qua 2 dòng"
    done = officer.confirm(faulty)
    assert Report.objects.get().agency.short_name == "Bảo Lâm"
    assert [(one.where, one.name, one.kind) for one in done.context["page"]] == [
        ("4", "Bảo Lâm", "new"),
        ("5", "Huyện Phục Hòa", "error"),
        ("6", "Hạ Lang", "error"),
    ]


def test_a_total_that_does_not_agree_stands_apart_and_need_not_be_checked(officer):
    batch = officer.sent(books.official(total=[1, 240, 17993, 12051, 26, 2, 17]))
    page = officer.see("preview", batch)
    (fault,) = page.context["faults_apart"]
    assert (fault.where, fault.skip) == ("Ô C10", "Không đối chiếu số tổng này")
    officer.answer(batch, "skip", fault.row)
    assert officer.see("preview", batch).context["may_go_on"] is True


def test_an_answer_comes_back_to_the_page_it_was_given_on(officer, faulty):
    answer = officer.answer(faulty, "skip", "Biểu 1!5", loc="loi", trang="2")
    assert answer.url.endswith("/?loc=loi&trang=2")


@pytest.mark.parametrize(
    ("act", "place", "value", "why"),
    [
        ("type", "Biểu 1!Z9", "1", "Ô này không có trong tệp."),
        ("type", "Biểu 2!F6", "1", "Ô này không có trong tệp."),
        ("type", "Biểu 1!F6", "", "Nhập số."),
        ("type", "Biểu 1!F6", "9" * 51, "Số dài quá 50 ký tự."),
        ("type", "x", "1", "Ô này không có trong tệp."),
        ("type", "Biểu 1!F99999999999", "1", "Ô này không có trong tệp."),
        ("reason", "Biểu 1!F6", "Đúng", "Ô này không có trong tệp."),
        ("skip", "Biểu 1!1", "", "Dòng này không có trong tệp."),
        ("skip", "Biểu 1!", "", "Dòng này không có trong tệp."),
        ("assign", "Biểu 1!5", "", "Chọn đơn vị trong danh sách."),
        ("assign", "Biểu 1!5", "hoi-lhpn-huyen-phuc-hoa", "Chọn đơn vị trong danh sách."),
    ],
)
def test_it_refuses_an_answer_about_nothing(officer, faulty, act, place, value, why):
    page = officer.answer(faulty, act, place, value)
    assert (page.status_code, page.context["refused"].non_field_errors()) == (422, [why])
    assert latest().choices == faulty.choices


def test_a_form_of_one_agency_shows_its_figures_one_below_the_other(officer, own_district, draft, period):
    page = officer.see("preview", officer.sent(template(own_district, period)))
    (line,) = page.context["page"]
    assert (page.context["upright"], line.row.name, line.row.kind) == (True, "Hạ Lang", "same")
    figures = [(mark.cell.measure.number, mark.cell.value) for mark in line.marks[:3]]
    assert figures == [("1.1", 141), ("1.2", 126), ("2.1", 4651)]


def test_a_figure_of_a_form_that_cannot_be_taken_is_passed_over_alone(officer):
    def fill(book, sheet):
        sheet.write_column("A1", ["Kỳ báo cáo: Năm 2023", "Đơn vị: Huyện Hạ Lang"])
        sheet.write_row("A4", ["STT", "Nội dung", "Số liệu kỳ này"])
        sheet.write_row("A5", [1, "Tổng số hội viên", 4651])
        sheet.write_row("A6", [2, "Số hội viên được tuyên truyền", "hai nghìn"])

    batch = officer.sent(books.made(fill, "Biểu 1"))
    ((fault,),) = [line.faults for line in officer.see("preview", batch).context["page"]]
    assert (fault.where, fault.skip, fault.row) == ("Ô C6", "Bỏ qua ô này", "")
    officer.answer(batch, "type", fault.cell, "-")
    page = officer.see("preview", batch)
    assert ([one.said for one in page.context["chosen"]], page.context["to_write"]) == (["Ô C6: bỏ qua"], 1)


def test_a_unit_s_column_of_a_turned_table_is_passed_over(officer):
    def fill(book, sheet):
        sheet.write("A1", "Kỳ báo cáo: Năm 2023")
        sheet.write_row("A3", ["Nội dung", "Huyện Hạ Lang", "Huyện Thạch An"])
        sheet.write_row("A4", ["Tổng số hội viên", 4651, 5000])
        sheet.write_row("A5", ["Số hội viên được tuyên truyền", 2604, "nhiều"])

    batch = officer.sent(books.made(fill, "Biểu 1"))
    page = officer.see("preview", batch)
    assert rows(page) == [("Hạ Lang", "new"), ("Thạch An", "error")]
    (fault,) = page.context["page"][1].faults
    assert (fault.where, fault.skip) == ("Ô C5", "Bỏ qua cột")
    officer.answer(batch, "skip", fault.row)
    assert rows(officer.see("preview", batch)) == [("Hạ Lang", "new")]


@pytest.fixture
def many(officer, plan):
    """`many(40)`: a file with so many of the 56 communes that report for the second half of 2025."""
    period = plan.periods.get(code="2025-H2")
    communes = CountingOwner.objects.agencies(plan, period.ends_on).of_territories().order_by("unit__code")
    names = [agency.unit.full_name for agency in communes.select_related("unit")]

    def send(count: int):
        rows = [(name, 30, 20, 900, 500, 3, 0, 1) for name in names[:count]]
        return officer.sent(books.plain(rows, title="Kỳ báo cáo: 6 tháng cuối năm 2025"))

    return send


@pytest.mark.parametrize("page", ["preview", "confirm"])
def test_a_page_asks_the_database_as_often_for_40_rows_as_for_2(officer, many, page):
    asked = []
    for batch in (many(2), many(2), many(40)):  # the first fills caches
        with CaptureQueriesContext(connection) as queries:
            assert officer.see(page, batch).status_code == 200
        asked.append(len(queries))
    assert asked[1] == asked[2]


def test_the_history_asks_as_often_for_12_files_as_for_2(officer, many):
    asked = []
    for count in (1, 1, 10):
        for _ in range(count):
            many(2)
        with CaptureQueriesContext(connection) as queries:
            page = officer.see("history")
        asked.append((len(page.context["page"]), len(queries)))
    assert asked[1:] == [(2, asked[2][1]), (12, asked[2][1])]


def test_the_result_asks_as_often_for_40_reports_as_for_2(officer, many):
    asked = []
    for count in (2, 40):
        batch = many(count)
        officer.confirm(batch, checked="1")
        with CaptureQueriesContext(connection) as queries:
            page = officer.see("preview", batch)
        asked.append((page.context["reports"], len(queries)))
    assert asked == [(2, asked[1][1]), (38, asked[1][1])]


def test_fifty_rows_stand_on_a_page(officer, many):
    batch = many(56)
    first, second = (officer.see("preview", batch, trang=number).context["page"] for number in "12")
    assert [len(first), len(second), second[5].marks[0].cell.value] == [50, 6, 30]
    done = officer.confirm(batch, checked="1")
    assert (Figure.objects.count(), len(done.context["page"]), done.context["page"].paginator.count) == (392, 50, 56)
