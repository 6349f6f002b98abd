"""The page of columns: what is asked, what may be answered, what is remembered and for whom."""

from __future__ import annotations

from io import BytesIO

import pytest
import xlsxwriter

from agencies.models import User
from targets.imports.books.template import template
from targets.models import LearnedHeading, Report
from tests.conftest import make_user
from tests.imports import books
from tests.imports.wizard import Person, latest, url

pytestmark = pytest.mark.django_db
UNCLEAR = [*books.HEADINGS[:5], "Số mô hình", books.HEADINGS[6]]


@pytest.fixture
def officer(reviewer, plan) -> Person:
    return Person(reviewer, plan)


@pytest.fixture
def unclear(officer):
    """A file with "Số mô hình" in column H, which may be anything."""
    return officer.sent(books.plain(headings=UNCLEAR))


def lines(page) -> dict[str, tuple[str, str]]:
    return {line.where: (value, line.verdict) for line, value in page.context["form"].rows}


def two_sheets() -> bytes:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream)
    for name in ("Quý cũ", "Quý mới"):
        sheet = book.add_worksheet(name)
        sheet.write("A1", "Kỳ báo cáo: Năm 2023")
        sheet.write_row("A3", ["STT", "Đơn vị", *books.HEADINGS])
        sheet.write_row("A4", [1, *books.TWO_ROWS[0]])
    book.get_worksheet_by_name("Quý mới").activate()
    book.get_worksheet_by_name("Quý cũ").hide()
    book.add_worksheet("Ghi chú").write("A1", "x")
    book.close()
    return stream.getvalue()


def test_it_asks_when_a_column_with_numbers_is_of_no_known_measure(officer, unclear):
    page = officer.see("columns", unclear)
    assert lines(page)["H"] == ("?", "open")
    assert page.context["columns"].counted == "Đã khớp 7/10 cột, bỏ qua 2. Chọn mục cho cột H."


def test_each_column_says_what_it_was_taken_for_and_shows_examples(officer, unclear):
    shown = officer.see("columns", unclear).context["columns"].lines
    assert [(one.where, one.title, one.examples, one.fixed or one.value) for one in shown[:4]] == [
        ("A", "STT", "1, 2", ""),
        ("B", "Đơn vị", "Huyện Bảo Lâm, Huyện Hạ Lang", "Đơn vị báo cáo"),
        ("C", "Tổng số cán bộ Hội", "181, 114", "CT1_TS"),
        ("D", "Số cán bộ Hội được tập huấn", "132, 108", "CT1_TH"),
    ]


def test_an_answer_leads_on_to_the_preview(officer, unclear):
    assert officer.columns(unclear, muc_0_H="CT4").url == url("preview", unclear)
    assert unclear.cells.get(row=4, measure__code="CT4").column == "H"


def test_a_column_may_be_passed_over(officer, unclear):
    assert officer.columns(unclear, muc_0_H="").url == url("preview", unclear)
    assert not unclear.cells.filter(column="H").exists()


def test_it_refuses_to_go_on_while_something_is_open(officer, unclear):
    page = officer.columns(unclear)
    assert (page.status_code, page.context["form"].errors) == (
        422,
        {"muc-0-H": ["Chọn mục cho cột H, hoặc Bỏ qua."]},
    )


def test_it_refuses_two_columns_of_one_measure(officer, unclear):
    page = officer.columns(unclear, muc_0_H="CT3")
    assert page.context["form"].errors["muc-0-H"] == ["Cột G và cột H cùng ghi vào 3.1 Số phụ nữ được hỗ trợ trong kỳ."]


def test_two_columns_under_one_heading_cannot_be_told_apart(officer):
    batch = officer.sent(books.plain(headings=[*UNCLEAR[:6], "Số mô hình"]))
    page = officer.columns(batch, muc_0_H="CT4", muc_0_I="CT5")
    assert page.context["form"].errors["muc-0-I"] == [
        "Cột H và cột I cùng tiêu đề. Đổi tiêu đề trong tệp để phân biệt."
    ]


def test_what_was_matched_can_be_corrected(officer):
    batch = officer.sent(books.plain())
    officer.columns(batch, muc_0_H="", muc_0_G="CT4")
    assert batch.cells.get(row=4, column="G").measure.code == "CT4"


def test_an_answer_is_remembered_for_the_next_file(officer, unclear, reviewer):
    officer.columns(unclear, muc_0_H="CT4", remember="1")
    one = LearnedHeading.objects.get()
    assert (one.heading, one.measure.code, one.agency, one.learned_by) == (
        "Số mô hình",
        "CT4",
        reviewer.agency,
        reviewer,
    )
    assert officer.send(books.plain(headings=UNCLEAR)).url == url("preview", latest())


def test_only_by_the_agency_that_said_so(officer, unclear, reporter, plan):
    officer.columns(unclear, muc_0_H="CT4", remember="1")
    other = Person(reporter, plan)
    other.send(books.plain([books.TWO_ROWS[1]], headings=UNCLEAR))
    assert latest().outcome["asks"] is True


def test_what_is_not_to_be_remembered_is_not(officer, unclear):
    officer.columns(unclear, muc_0_H="CT4", remember=False)
    assert not LearnedHeading.objects.exists()
    assert unclear.cells.get(row=4, column="H").measure.code == "CT4"


def test_a_later_word_replaces_the_earlier(officer, unclear):
    officer.columns(unclear, muc_0_H="CT4", remember="1")
    officer.columns(unclear, muc_0_H="", remember="1")
    assert LearnedHeading.objects.get().measure is None


def test_an_administrator_of_no_agency_teaches_everybody(administrator, plan, reporter):
    boss = Person(administrator, plan)
    boss.columns(boss.sent(books.plain(headings=UNCLEAR)), muc_0_H="CT4", remember="1")
    assert LearnedHeading.objects.get().agency is None
    assert Person(reporter, plan).sent(books.plain([books.TWO_ROWS[1]], headings=UNCLEAR)).outcome["asks"] is False


def test_an_officer_of_no_agency_teaches_nobody(plan):
    officer = Person(make_user("vang", User.Role.REVIEWER), plan)
    officer.columns(officer.sent(books.plain(headings=UNCLEAR)), muc_0_H="CT4", remember="1")
    assert not LearnedHeading.objects.exists()


def test_every_sheet_is_listed_and_hidden_ones_say_so(officer):
    batch = officer.sent(two_sheets())
    sheets = officer.see("columns", batch).context["columns"].sheets
    assert [(one.name, one.rows, one.hidden, one.chosen) for one in sheets] == [
        ("Quý cũ", 4, True, False),
        ("Quý mới", 4, False, True),
        ("Ghi chú", 1, False, False),
    ]


def test_another_sheet_can_be_chosen(officer):
    batch = officer.sent(two_sheets())
    assert officer.columns(batch, sheets=["Quý cũ"], again="1").url == url("columns", batch)
    assert latest().sheet == "Quý cũ"


def test_the_row_of_headings_can_be_told(officer):
    batch = officer.sent(books.official())
    page = officer.see("columns", batch)
    assert (page.context["columns"].header, page.context["columns"].header_rows[2][0]) == (6, 5)
    officer.columns(batch, header="6")
    assert (latest().choices["header"], latest().cells.count()) == (6, 14)


def test_a_period_is_chosen_where_the_titles_name_none(officer):
    batch = officer.sent(books.plain(title="Biểu số 1"))
    page = officer.see("columns", batch)
    assert page.context["columns"].problems == ["Không rõ tệp báo cáo kỳ nào. Chọn kỳ báo cáo."]
    assert officer.columns(batch, period="2023").url == url("preview", batch)
    assert latest().period.code == "2023"


def test_numbers_may_be_written_the_english_way(officer):
    batch = officer.sent(books.plain([("Huyện Hạ Lang", "114", "108", "8,605", "6,343", 3, 0, 9)]))
    assert latest().outcome["counts"]["error"] == 2
    officer.columns(batch, numbers="en")
    assert batch.cells.get(measure__code="CT2_TS").value == 8605


def test_the_column_of_figures_of_a_form_can_be_told(officer, own_district, year):
    batch = officer.sent(template(own_district, year))
    page = officer.see("columns", batch).context["columns"]
    assert (page.kind, page.value_column) == ("long", "F")
    assert ("E", "Số kỳ trước") in page.value_columns


def test_whose_form_it_is_can_be_told_where_no_title_says(officer, own_district, year):
    def fill(book, sheet):
        sheet.write("A1", "Kỳ báo cáo: Năm 2023")
        sheet.write_row("A4", ["STT", "Nội dung", "Số liệu kỳ này"])
        sheet.write_row("A5", [1, "Tổng số hội viên", 4651])
        sheet.write_row("A6", [2, "Số hội viên được tuyên truyền", 2604])

    batch = officer.sent(books.made(fill, "Biểu 1"))
    page = officer.see("columns", batch).context["columns"]
    assert page.problems == ["Không rõ biểu này của đơn vị nào. Chọn đơn vị."]
    assert officer.columns(batch, agency=own_district.code).url == url("preview", batch)
    assert {cell.agency for cell in batch.cells.select_related("agency")} == {own_district}


def test_a_heading_that_two_sheets_share_is_answered_once(officer):
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream)
    for row in books.TWO_ROWS:
        sheet = book.add_worksheet(row[0])
        sheet.write("A1", "Kỳ báo cáo: Năm 2023")
        sheet.write_row("A3", ["STT", "Đơn vị", *UNCLEAR])
        sheet.write_row("A4", [1, *row])
    book.close()
    batch = officer.sent(stream.getvalue())
    assert len(officer.see("columns", batch).context["columns"].lines) == 9
    officer.columns(batch, muc_0_H="CT4")
    assert list(batch.cells.filter(column="H").values_list("measure__code", flat=True)) == ["CT4", "CT4"]


@pytest.mark.parametrize("muc", ["CT99", "'; --", "\x00"])
def test_an_unknown_measure_is_refused(officer, unclear, muc):
    assert officer.columns(unclear, muc_0_H=muc).status_code == 422
    assert Report.objects.count() == 0
