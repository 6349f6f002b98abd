"""The year's periods from the reporting calendar: exact days (NĐ 09/2019), what is there stays, who may."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from targets.models import Plan, calendar

from .conftest import address, inline_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def new_plan(db) -> Plan:
    return Plan.objects.create(
        number="12/KH-UBND", title="Kế hoạch năm 2026", short_title="Năm 2026", starts_on=dt.date(2025, 12, 15),
        ends_on=dt.date(2027, 12, 31),
    )  # fmt: skip


def days(plan: Plan) -> dict[str, tuple[str, str, str]]:
    return {
        period.code: tuple(f"{day:%d/%m/%Y}" for day in (period.starts_on, period.ends_on, period.due_on))
        for period in plan.periods.all()
    }


def test_the_halves_and_the_year_are_made_with_their_days(as_admin, new_plan):
    url = reverse("admin:targets_plan_periods", args=[new_plan.pk])
    page = as_admin.get(url)
    assert (page.context["form"].initial, inline_code(page)) == ({"year": 2026, "due_after": 5}, [])
    answer = as_admin.post(url, {"year": 2026, "due_after": 6}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["Đã tạo kỳ 2026-H1, 2026-H2, 2026."]
    assert days(new_plan) == {
        "2026-H1": ("15/12/2025", "14/06/2026", "20/06/2026"),
        "2026-H2": ("15/06/2026", "14/12/2026", "20/12/2026"),
        "2026": ("15/12/2025", "14/12/2026", "20/12/2026"),
    }
    assert as_admin.get(url).context["form"].initial == {"year": 2027, "due_after": 6}


def test_a_plan_by_quarters_has_seven_periods_and_one_by_years_one(new_plan):
    new_plan.calendar = Plan.Calendar.QUARTER
    calendar.make_periods(new_plan, 2026, due_after=0)
    assert {code: spans[:2] for code, spans in days(new_plan).items() if "Q" in code} == {
        "2026-Q1": ("15/12/2025", "14/03/2026"),
        "2026-Q2": ("15/03/2026", "14/06/2026"),
        "2026-Q3": ("15/06/2026", "14/09/2026"),
        "2026-Q4": ("15/09/2026", "14/12/2026"),
    }
    assert new_plan.periods.count() == 7
    new_plan.calendar = Plan.Calendar.YEAR
    assert calendar.make_periods(new_plan, 2027, due_after=0).created == ["2027"]


def test_a_plan_by_months_has_twelve_more_from_the_fifteenth_to_the_fourteenth(new_plan):
    new_plan.calendar = Plan.Calendar.MONTH
    assert len(calendar.make_periods(new_plan, 2026, due_after=0).created) == 19
    months = {code: spans[:2] for code, spans in days(new_plan).items() if "M" in code}
    assert len(months) == 12
    assert months["2026-M01"] == ("15/12/2025", "14/01/2026")
    assert months["2026-M12"] == ("15/11/2026", "14/12/2026")
    assert new_plan.periods.get(code="2026-M03").name == "Tháng 3 năm 2026"


def test_the_days_are_those_of_the_plan_as_loaded(plan):
    for period in plan.periods.all():
        same = {p.code: p for p in calendar.periods_of(plan, int(period.code[:4]), due_after=5)}[period.code]
        known = ("name", "kind", "starts_on", "ends_on", "due_on")
        assert [getattr(same, name) for name in known] == [getattr(period, name) for name in known]


def test_what_is_there_stays(as_admin, new_plan):
    calendar.make_periods(new_plan, 2026, due_after=5)
    new_plan.periods.filter(code="2026-H1").update(due_on=dt.date(2026, 7, 1))
    new_plan.periods.get(code="2026").delete()
    answer = as_admin.post(
        reverse("admin:targets_plan_periods", args=[new_plan.pk]), {"year": 2026, "due_after": 5}, follow=True
    )
    assert [str(message) for message in answer.context["messages"]] == [
        "Đã tạo kỳ 2026. Đã có từ trước: 2026-H1, 2026-H2."
    ]
    assert days(new_plan)["2026-H1"][2] == "01/07/2026"


@pytest.mark.parametrize("typed", [{"year": 2031, "due_after": 5}, {"year": 2026, "due_after": 400}, {"year": ""}])
def test_years_outside_the_plan_and_far_due_days_are_refused(as_admin, new_plan, typed):
    page = as_admin.post(reverse("admin:targets_plan_periods", args=[new_plan.pk]), typed)
    assert page.context["form"].errors
    assert new_plan.periods.count() == 0


def test_the_action_of_the_list_leads_to_the_page_of_the_one_plan_chosen(as_admin, new_plan, plan):
    url, act = address(Plan, "changelist"), {"action": "make_periods"}
    one = as_admin.post(url, act | {"_selected_action": [new_plan.pk]})
    assert one.url == reverse("admin:targets_plan_periods", args=[new_plan.pk])
    two = as_admin.post(url, act | {"_selected_action": [new_plan.pk, plan.pk]}, follow=True)
    assert [str(message) for message in two.context["messages"]] == ["Chọn một kế hoạch."]


@pytest.mark.parametrize("who", ["reporter", "reviewer", "leader"])
@pytest.mark.parametrize("page", ["targets_plan_periods", "targets_plan_workbook", "targets_plan_template"])
def test_only_administrators_come_in(page, who, client, request, new_plan):
    client.force_login(request.getfixturevalue(who))
    url = reverse(f"admin:{page}", args=[new_plan.pk] if page == "targets_plan_periods" else [])
    for answer in (client.get(url), client.post(url, {"year": 2026, "due_after": 5})):
        assert (answer.status_code, answer.url.startswith("/quan-tri/login/")) == (302, True)
    assert new_plan.periods.count() == 0
