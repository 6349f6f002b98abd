"""The pages of reporting, as each person meets them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from agencies.models import Agency
from targets.models import Report
from targets.reports import workflow
from tests.conftest import FIGURES, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_(client):
    """`as_(user)` -> a client signed in as that person."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def typed(report: Report, **changes) -> dict[str, str]:
    """What the entry form posts."""
    return {"version": str(report.version), **{k: str(v) for k, v in (FIGURES | changes).items()}}


def value(report: Report, code: str) -> Decimal | None:
    return report.figures.get(measure__code=code).value


def test_a_reporter_begins_a_report_and_lands_on_the_form(as_, reporter, own_district, period):
    response = as_(reporter).post(reverse("reports:start", args=[period.pk]))
    report = Report.objects.get(agency=own_district, period=period)
    assert response.url == reverse("reports:edit", args=[report.pk])


def test_the_home_of_a_reporter_lists_what_is_owed_and_what_is_done(as_, reporter, approved):
    page = as_(reporter).get(reverse("mine"))
    assert [o.period.code for o in page.context["done"]] == ["2024-H1"]
    owed = {o.period.code for o in page.context["to_do"]}
    assert {"2024-H2", "2025-H1", "2018-H1"} <= owed
    assert not owed & {"2025-H2", "2024", "2024-H1"}


def test_the_home_of_a_reporter_says_what_the_province_counted_of_the_unit(as_, reporter, approved, stranger):
    page = as_(reporter).get(reverse("mine"))
    counted = {indicator.code: figure.reached for indicator, figure in page.context["counted"]}
    assert counted == {"CT1": 126, "CT2": 2604, "CT3": 17, "CT4": 1, "CT5": 0}
    assert {figure.reached for _, figure in as_(stranger).get(reverse("mine")).context["counted"] or []} <= {None}


@pytest.mark.parametrize("text", ["1.234", "1234", "1 234", " 1\u00a0234 "])
def test_numbers_are_read_the_vietnamese_way(text, as_, reporter, draft):
    as_(reporter).post(reverse("reports:edit", args=[draft.pk]), typed(draft, CT3=text))
    assert value(draft, "CT3") == 1234


@pytest.mark.parametrize("text", ["12,5", "1.23", "−3", "-3", "mười", "1e3"])
def test_what_is_no_count_is_refused_and_stays_as_typed(text, as_, reporter, draft):
    page = as_(reporter).post(reverse("reports:edit", args=[draft.pk]), typed(draft, CT3=text, CT4=2))
    assert page.status_code == 422
    assert page.context["form"]["CT3"].value() == text
    assert "CT3" in page.context["form"].errors
    assert (value(draft, "CT3"), value(draft, "CT4")) == (17, 2)


def test_blank_and_zero_stay_apart(as_, reporter, draft):
    """R2"""
    as_(reporter).post(reverse("reports:edit", args=[draft.pk]), typed(draft, CT4="", CT5="0"))
    assert (value(draft, "CT4"), value(draft, "CT5")) == (None, 0)


def test_figures_that_disagree_are_saved_but_not_handed_in(as_, reporter, draft):
    page = as_(reporter).post(reverse("reports:edit", args=[draft.pk]), typed(draft, CT2_TT=4902) | {"submit": "1"})
    assert page.status_code == 422
    assert "4.902 lớn hơn tổng số hội viên 4.651 (ô 2.1)" in page.content.decode()
    draft.refresh_from_db()
    assert (draft.status, value(draft, "CT2_TT")) == ("draft", 4902)


def test_a_figure_that_could_not_be_read_is_compared_with_nothing(as_, reporter, draft):
    page = as_(reporter).post(
        reverse("reports:edit", args=[draft.pk]), typed(draft, CT2_TS="4.65", CT2_TT=4902) | {"submit": "1"}
    )
    assert set(page.context["form"].errors) == {"CT2_TS"}


def test_a_missing_required_figure_is_counted_in_the_summary(as_, reporter, draft):
    page = as_(reporter).post(
        reverse("reports:edit", args=[draft.pk]), typed(draft, CT2_TT=4902, CT5="") | {"submit": "1"}
    )
    assert page.context["form"].problem_title == "Chưa nộp được: 1 lỗi, 1 mục chưa nhập. Số đọc được đã lưu nháp."


def test_checking_a_sound_report_leads_to_the_last_look_and_from_there_it_is_handed_in(as_, reporter, draft):
    client = as_(reporter)
    response = client.post(reverse("reports:edit", args=[draft.pk]), typed(draft) | {"submit": "1"}, follow=True)
    assert response.redirect_chain == [(reverse("reports:submit", args=[draft.pk]), 302)]
    client.post(reverse("reports:submit", args=[draft.pk]), {"version": response.context["report"].version})
    draft.refresh_from_db()
    assert (draft.status, draft.submitted_by) == ("submitted", reporter)


def test_two_people_at_one_report_lose_neither_number(as_, reporter, colleague, draft, entries):
    workflow.save(draft, entries(CT3=15), by=colleague, version=draft.version)
    page = as_(reporter).post(reverse("reports:edit", args=[draft.pk]), typed(draft, CT3=19))
    assert page.status_code == 422
    assert page.context["form"]["CT3"].value() == "19"
    assert "Trên máy chủ: 15" in page.content.decode()
    assert page.context["form"].problem_title == "Chưa lưu: 1 ô đã được sửa ở nơi khác. Kiểm tra rồi lưu lại."
    assert value(draft, "CT3") == 15
    again = typed(draft, CT3=19) | {"version": page.context["form"]["version"].value()}
    as_(reporter).post(reverse("reports:edit", args=[draft.pk]), again)
    assert value(draft, "CT3") == 19


def test_a_colleagues_text_is_shown_before_it_can_be_written_over(as_, reporter, colleague, draft):
    workflow.save(draft, {}, by=colleague, version=draft.version, texts={"difficulties": "Thiếu vốn đối ứng"})
    page = as_(reporter).post(reverse("reports:edit", args=[draft.pk]), typed(draft, CT3=19, difficulties=""))
    assert page.status_code == 422
    assert "Trên máy chủ: “Thiếu vốn đối ứng”" in page.content.decode()
    draft.refresh_from_db()
    assert draft.difficulties == "Thiếu vốn đối ứng"


def test_a_department_hands_in_its_officials_without_inventing_zeros(as_, plan):
    """R2, R7"""
    agency = Agency.objects.get(code="so-cong-thuong")
    user = make_user("so", "reporter", agency)
    report = workflow.start(agency, plan.periods.get(code="2024"), by=user)
    sent = {"version": report.version, "CT1_TS": "40", "CT1_TH": "30", "submit": "1"}
    response = as_(user).post(reverse("reports:edit", args=[report.pk]), sent)
    assert response.url == reverse("reports:submit", args=[report.pk])
    assert set(report.figures.values_list("measure__code", flat=True)) == {"CT1_TS", "CT1_TH"}


def test_a_report_handed_in_can_no_longer_be_typed_into(as_, reporter, submitted):
    response = as_(reporter).post(reverse("reports:edit", args=[submitted.pk]), typed(submitted, CT3=99), follow=True)
    assert "đề nghị tỉnh trả lại" in response.content.decode()
    assert value(submitted, "CT3") == 17


def test_a_reviewer_approves_and_comes_back_to_the_queue(as_, reviewer, submitted):
    response = as_(reviewer).post(reverse("reports:approve", args=[submitted.pk]), {"version": submitted.version})
    submitted.refresh_from_db()
    assert (submitted.status, submitted.approved_by, response.url) == ("approved", reviewer, reverse("reports:queue"))


def test_returning_without_a_reason_says_so_on_the_page(as_, reviewer, submitted):
    page = as_(reviewer).post(reverse("reports:return", args=[submitted.pk]), {"version": submitted.version})
    submitted.refresh_from_db()
    assert (page.status_code, submitted.status) == (422, "submitted")
    assert "Ghi lý do trả lại" in page.content.decode()


def test_a_returned_report_shows_the_reporter_why(as_, reporter, reviewer, submitted):
    as_(reviewer).post(
        reverse("reports:return", args=[submitted.pk]), {"version": submitted.version, "reason": "Đối chiếu danh sách"}
    )
    assert "Đối chiếu danh sách" in as_(reporter).get(reverse("mine")).content.decode()


@pytest.mark.parametrize(
    ("method", "name"),
    [
        *[("get", name) for name in ("detail", "edit", "submit")],
        *[("post", name) for name in ("edit", "submit", "approve", "return", "reopen")],
    ],
)
def test_another_districts_report_does_not_exist_for_a_reporter(method, name, as_, stranger, submitted):
    response = getattr(as_(stranger), method)(reverse(f"reports:{name}", args=[submitted.pk]))
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("reviewer", 200), ("reporter", 403), ("leader", 403), ("administrator", 403)]
)
def test_only_reviewers_have_a_queue(who, status, as_, request):
    assert as_(request.getfixturevalue(who)).get(reverse("reports:queue")).status_code == status


def test_the_page_of_a_report_says_blank_zero_and_last_periods_figure(
    as_, reporter, approved, own_district, plan, entries
):
    later = workflow.start(own_district, plan.periods.get(code="2024-H2"), by=reporter)
    workflow.save(later, entries(CT3=4, CT4=0), by=reporter, version=later.version)
    page = as_(reporter).get(reverse("reports:detail", args=[later.pk]))
    lines = {line.measure.code: line for s in page.context["sections"] for line in s.lines}
    assert (lines["CT3"].value, lines["CT3"].previous) == (4, 17)
    assert (lines["CT4"].value, lines["CT5"].value) == (0, None)
    assert page.content.decode().count("Chưa có số liệu") == len(lines) - 2


@pytest.mark.parametrize("name", ["reports:all", "reports:queue"])
def test_lists_ask_the_database_as_often_for_three_reports_as_for_one(
    name, as_, reviewer, submitted, stranger, other_district, plan, entries, django_assert_num_queries
):
    client = as_(reviewer)
    client.get(reverse(name))
    with django_assert_num_queries(QUERIES[name]):
        client.get(reverse(name))
    for code in ("2024-H1", "2024-H2"):
        other = workflow.start(other_district, plan.periods.get(code=code), by=stranger)
        other = workflow.save(other, entries(**FIGURES), by=stranger, version=other.version)
        workflow.submit(other, by=stranger, version=other.version)
    with django_assert_num_queries(QUERIES[name]):
        client.get(reverse(name))


QUERIES = {"reports:all": 8, "reports:queue": 9}
