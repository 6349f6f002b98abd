"""Whose files are whose: reporters import for their own agency, an upload is its sender's until it is confirmed."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from targets.imports.books.template import template
from targets.models import Report
from targets.reference import PLANS, load_plan
from tests.imports import books
from tests.imports.wizard import Person, latest, url

pytestmark = pytest.mark.django_db
FIGURES = {"CT1_TS": 141, "CT1_TH": 126}
HA_LANG = [("Huyện Hạ Lang", 141, 126, 4651, 2604, 17, 1, 0)]
FIRST_HALF = "Kỳ: 6 tháng đầu năm 2024"


@pytest.fixture
def district(reporter, plan) -> Person:
    return Person(reporter, plan)


@pytest.fixture
def officer(reviewer, plan) -> Person:
    return Person(reviewer, plan)


def filled(form: bytes, figures: dict[str, int]) -> bytes:
    """A template with these figures typed into it."""
    book = openpyxl.load_workbook(BytesIO(form))
    for row in book.active.iter_rows():
        if row[1].value in figures:
            row[5].value = figures[row[1].value]
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def codes(batch) -> list[str]:
    return [error["code"] for error in batch.outcome["errors"]]


def test_a_reporter_imports_the_own_agency_s_report(district, own_district):
    batch = district.sent(books.plain(HA_LANG, title=FIRST_HALF))
    assert batch.agency == own_district
    district.confirm(batch, submit="1")
    report = Report.objects.get()
    assert (report.agency, report.status, report.submitted_by) == (own_district, "submitted", district.user)


def test_a_row_of_another_agency_is_an_error_and_can_only_be_passed_over(district):
    batch = district.sent(books.plain([*HA_LANG, books.TWO_ROWS[0]], title=FIRST_HALF))
    assert codes(batch) == ["other_agency"]
    page = district.see("preview", batch)
    (fault,) = page.context["page"][1].faults
    assert (fault.message, fault.assign, fault.choose, fault.cell) == (
        "Tệp có số liệu của Huyện Bảo Lâm. Tài khoản của bạn chỉ nhập cho Hội LHPN huyện Hạ Lang.", (), False, "",
    )  # fmt: skip
    district.answer(batch, "skip", "Biểu 1!5")
    district.confirm(batch)
    assert [report.agency.short_name for report in Report.objects.all()] == ["Hạ Lang"]


def test_a_form_that_names_another_agency_is_refused(district, other_district, period):
    batch = district.sent(filled(template(other_district, period), FIGURES))
    assert codes(batch) == ["other_agency"]
    district.confirm(batch)
    assert Report.objects.count() == 0


def test_a_form_of_the_own_agency_that_names_the_province_too_is_not(district):
    def fill(book, sheet):
        sheet.write("A1", "HỘI LHPN TỈNH CAO BẰNG")
        sheet.write("A2", "Kỳ báo cáo: 6 tháng đầu năm 2024")
        sheet.write_row("A4", ["STT", "Nội dung", "Số liệu kỳ này"])
        sheet.write_row("A5", [1, "Tổng số hội viên", 4651])
        sheet.write_row("A6", [2, "Số hội viên được tuyên truyền", 2604])

    batch = district.sent(books.made(fill, "Biểu 1"))
    assert (codes(batch), batch.cells.count()) == ([], 2)


def test_a_reporter_cannot_give_a_row_to_another_agency(district, other_district):
    batch = district.sent(books.plain([("Huyện Phục Hòa", 141, 126, 4651, 2604, 17, 1, 0)], title=FIRST_HALF))
    assert district.see("preview", batch).context["agencies"] == [("hoi-lhpn-huyen-ha-lang", "Hạ Lang")]
    page = district.answer(batch, "assign", "Biểu 1!4", other_district.code)
    assert page.context["refused"].non_field_errors() == ["Chọn đơn vị trong danh sách."]


def test_a_reporter_is_shown_the_plans_with_duties_of_the_own_agency_only(district, officer, plan):
    load_plan(PLANS / "plan2415")
    assert list(district.see("upload").context["form"].fields["plan"].queryset) == [plan]
    assert officer.see("upload").context["form"].fields["plan"].queryset.count() == 2


@pytest.mark.parametrize("page", ["preview", "columns", "confirm", "undo", "original", "annotated"])
@pytest.mark.parametrize("who", ["colleague", "stranger", "second_reviewer"])
def test_an_upload_that_waits_does_not_exist_for_others(officer, page, who, request, plan):
    batch = officer.sent(books.plain())
    assert Person(request.getfixturevalue(who), plan).see(page, batch).status_code == 404


def test_an_administrator_may_look_at_it_but_not_answer(officer, administrator, plan):
    batch, boss = officer.sent(books.plain()), Person(administrator, plan)
    page = boss.see("preview", batch)
    assert (page.status_code, page.context["waits"]) == (200, False)
    for name in ("answer", "confirm", "discard", "columns"):
        assert boss.client.post(url(name, batch), {"act": "without_errors"}).status_code == 404
    assert latest().state == "staged"


def test_once_confirmed_the_agency_s_people_and_the_province_see_it(district, colleague, officer, stranger, plan):
    batch = district.sent(books.plain(HA_LANG, title=FIRST_HALF))
    district.confirm(batch)
    seen = {
        who.user.username: who.see("preview", batch).status_code
        for who in (district, officer, Person(colleague, plan), Person(stranger, plan))
    }
    assert seen == {"thanh": 200, "hanh": 200, "lien": 200, "mai": 404}


def test_a_colleague_does_not_take_it_back_but_the_province_may(district, colleague, officer, plan):
    batch = district.sent(books.plain(HA_LANG, title=FIRST_HALF))
    district.confirm(batch)
    Person(colleague, plan).client.post(url("undo", batch))
    assert latest().state == "confirmed"
    officer.client.post(url("undo", batch))
    assert latest().state == "undone"


def test_the_history_lists_what_one_may_see(district, officer, stranger, plan):
    district.confirm(district.sent(books.plain(HA_LANG, title=FIRST_HALF)))
    officer.sent(books.plain())
    listed = {
        who.user.username: [(one.result, one.chip[2]) for one in who.see("history").context["page"]]
        for who in (district, officer, Person(stranger, plan))
    }
    assert listed == {
        "thanh": [("1 báo cáo", "Đã nhập")],
        "hanh": [("14 số sẽ ghi", "Chờ xác nhận"), ("1 báo cáo", "Đã nhập")],
        "mai": [],
    }


def test_a_confirmed_file_offers_to_be_taken_back_to_whom_it_would_be(district, officer, colleague, plan):
    batch = district.sent(books.plain(HA_LANG, title=FIRST_HALF))
    district.confirm(batch)
    people = {"sender": district, "colleague": Person(colleague, plan), "officer": officer}
    offered = {who: person.see("preview", batch).context["may_undo"] for who, person in people.items()}
    assert offered == {"sender": True, "colleague": False, "officer": True}


def test_the_page_of_exports_counts_the_reports_a_person_may_see(approved, reporter, stranger, reviewer, plan):
    counted = {user: Person(user, plan).see("export").context["periods"] for user in (reporter, stranger, reviewer)}
    assert counted == {reporter: [(approved.period, 1)], stranger: [], reviewer: [(approved.period, 1)]}
