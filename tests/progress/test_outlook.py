"""Forecast, need and the units that could close a gap, from reports in the database."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from agencies.models import Agency, Unit
from targets.models import ApprovedFigure, Report, Target
from targets.progress.progress import progress
from targets.reference import PLANS, load_reference
from targets.reports import workflow

pytestmark = pytest.mark.django_db
START, END = dt.date(2017, 12, 15), dt.date(2025, 12, 14)


def shown(plan, period: str, code: str, **how):
    found = progress(plan.periods.get(code=period), **how)
    return next(i for i in found.indicators if i.code == code)


def allocate(plan, code: str, **shares: int) -> None:
    indicator = plan.indicators.get(code=code)
    for name, value in shares.items():
        unit = Unit.objects.get(slug=f"huyen-{name.replace('_', '-')}")
        Target.objects.create(indicator=indicator, unit=unit, counts_from=START, due_on=END, value=value)


def test_r12_a_count_is_forecast_from_its_last_four_half_years(plan, report):
    for period, women in (("2022-H1", 90), ("2022-H2", 10), ("2023-H1", 20), ("2023-H2", 30), ("2024-H1", 40)):
        report("huyen-ha-lang", period, CT3=women)
    ct3 = shown(plan, "2024-H1", "CT3")
    ahead = ct3.outlook.forecast
    assert (ct3.reached, ahead.value, ahead.low, ahead.high, ahead.left) == (190, 265, 220, 310, 3)
    assert ct3.outlook.needed == Decimal(610) / 3
    assert (ct3.forecast, ct3.forecast_short) == (265, 535)


def test_r12_a_period_nobody_has_reported_on_yet_is_not_a_standstill(plan, report):
    report("huyen-ha-lang", "2023-H1", CT3=20)
    report("huyen-ha-lang", "2023-H2", CT3=30)
    assert shown(plan, "2024-H1", "CT3").forecast == 50 + 25 * 4  # four periods after the last that is known


def test_r12_r5_a_year_report_makes_no_step_of_its_own(plan, report):
    for period, women in (("2023-H1", 20), ("2023-H2", 30), ("2023", 60), ("2024-H1", 40)):
        report("huyen-ha-lang", period, CT3=women)
    ahead = shown(plan, "2024-H1", "CT3").outlook.forecast
    assert (ahead.value, ahead.low, ahead.high) == (100 + Decimal(100) / 3 * 3, 100 + 20 * 3, 100 + 40 * 3)


def test_r12_a_rate_is_forecast_by_its_trend(plan, report):
    report("huyen-ha-lang", "2023-H2", CT2_TS=1000, CT2_TT=500)
    assert shown(plan, "2023-H2", "CT2").forecast is None
    report("huyen-ha-lang", "2024-H1", CT2_TS=1000, CT2_TT=540)
    ct2 = shown(plan, "2024-H1", "CT2")
    assert (ct2.forecast, ct2.outlook.needed, ct2.short_of_target) == (66, Decimal(16) / 3, 160)


def test_in_period_is_what_the_period_brought(plan, report):
    report("huyen-ha-lang", "2023-H2", CT3=30, CT2_TS=9, CT2_TT=9)
    report("huyen-ha-lang", "2024-H1", CT3=0)
    assert (shown(plan, "2023-H2", "CT3").in_period, shown(plan, "2023-H2", "CT2").in_period) == (30, None)
    assert shown(plan, "2024-H1", "CT3").in_period == 0
    assert shown(plan, "2024-H2", "CT3").in_period is None  # nobody has said anything of it


def test_the_units_that_would_bring_the_province_to_its_pace_are_named(plan, report):
    allocate(plan, "CT3", ha_lang=300, bao_lam=250, bao_lac=250)
    for slug, women in (("huyen-ha-lang", 40), ("huyen-bao-lam", 200), ("huyen-bao-lac", 240)):
        report(slug, "2024-H1", CT3=women)
    ct3 = shown(plan, "2024-H1", "CT3")
    assert [(one.short_name, one.unit_code) for one in ct3.closers] == [("Hạ Lang", "048")]
    assert round(ct3.closers[0].by, 6) == round(ct3.expected * 300 / 800 - 40, 6)


def test_a_correction_marks_the_number_it_changed(plan, report, reviewer, second_reviewer, entries, client, leader):
    made = report("huyen-ha-lang", "2024-H1", CT3=5, CT4=1)
    made = workflow.reopen(made, by=reviewer, version=made.version, reason="Đếm trùng")
    made = workflow.save(made, entries(CT3=4), by=reviewer, version=made.version)
    made = workflow.submit(made, by=reviewer, version=made.version)
    workflow.approve(made, by=second_reviewer, version=made.version)
    ct3, ct4 = shown(plan, "2024-H1", "CT3"), shown(plan, "2024-H1", "CT4")
    assert (ct3.reached, ct3.sources.corrected, ct4.sources.corrected) == (4, True, False)
    client.force_login(leader)
    text = client.get(reverse("progress:dashboard"), {"ky": "2024-H1"}).content.decode()
    assert text.count("Có số đã đính chính") == 2  # at the indicator, and in the legend


@pytest.fixture
def second_plan(plan):
    """QĐ 2415/QĐ-TTg, loaded as data."""
    load_reference(PLANS / "plan2415")
    return type(plan).objects.get(number="2415/QĐ-TTg")


def test_the_countrys_targets_are_beside_and_never_what_the_province_is_measured_against(second_plan):
    ct3 = shown(second_plan, "2026-H1", "CT3")
    assert [(one.due_on.year, one.value) for one in ct3.national] == [(2030, 500_000)]
    assert (ct3.target, ct3.expected, ct3.pace, ct3.percent_of_target, ct3.outlook.needed) == (None,) * 5


def test_a_count_begins_again_in_the_next_phase(second_plan, entries, reviewer, second_reviewer):
    """Target for 2026-2030 and for 2031-2035: each phase has its own sum and its own line."""
    ct3 = second_plan.indicators.get(code="CT3")
    phases = ((dt.date(2025, 12, 15), dt.date(2030, 12, 14), 100), (dt.date(2030, 12, 15), dt.date(2035, 12, 14), 60))
    for counts_from, due_on, value in phases:
        Target.objects.create(indicator=ct3, counts_from=counts_from, due_on=due_on, value=value)
    agency, now = Agency.objects.get(code="hoi-lhpn-xa-ly-quoc"), dt.datetime(2031, 7, 1, tzinfo=dt.UTC)
    for code, value in (("2030-H2", 70), ("2031-H1", 6)):
        period = second_plan.periods.get(code=code)
        made = Report.objects.create(agency=agency, period=period, created_at=now, created_by=reviewer)
        ApprovedFigure.objects.create(
            report=made, agency=agency, unit=agency.unit, period=period, value=value, approved_at=now,
            approved_by=second_reviewer, measure=second_plan.measures.get(code="CT3"),
        )  # fmt: skip
    before, after = shown(second_plan, "2030-H2", "CT3"), shown(second_plan, "2031-H1", "CT3")
    assert (before.reached, before.target, before.target_due_on.year) == (70, 100, 2030)
    assert (after.reached, after.target, after.target_due_on.year, after.in_period) == (6, 60, 2035, 6)
    assert 5 < after.expected < 7


@pytest.mark.parametrize("period", ["2026-H1", "2026", "2030-H2"])
def test_the_dashboard_of_the_second_plan_opens_and_says_what_is_not_there(second_plan, client, leader, period):
    client.force_login(leader)
    page = client.get(reverse("progress:dashboard"), {"ke_hoach": second_plan.number, "ky": period})
    text = page.content.decode()
    assert page.status_code == 200
    assert "Tổng quan thực hiện Quyết định 2415/QĐ-TTg" in text
    assert "Tỉnh chưa giao mục tiêu cho kế hoạch này." in text
    assert "cả nước đến 14/12/2030: 500.000" in text


def test_the_site_opens_with_the_newest_plan_that_has_results(plan, second_plan, client, leader, report):
    client.force_login(leader)
    report("huyen-ha-lang", "2024-H1", CT3=5)
    assert client.get(reverse("progress:dashboard")).context["plan"] == plan
    newest = client.get(reverse("progress:dashboard"), {"ke_hoach": second_plan.number})
    assert (newest.context["plan"], newest.context["period"].code) == (second_plan, "2026-H1")
