"""Totals are kept with approvals, given up where they no longer hold, made anew, and checked."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency
from targets.models import Period, Target, Total
from targets.progress.progress import progress
from targets.reports import workflow
from targets.reports.workflow import Entry
from targets.totals import keeping
from targets.totals.reading import open_book

pytestmark = pytest.mark.django_db


def reached(plan, code: str, day: dt.date, slug: str | None = "ha-lang") -> Decimal | None:
    rows = Total.objects.filter(indicator__plan=plan, indicator__code=code, day=day)
    return rows.get(unit__slug=f"huyen-{slug}" if slug else None).reached


def ends(plan, code: str) -> dt.date:
    return plan.periods.get(code=code).ends_on


def is_read(period: Period) -> bool:
    """Whether a page of the period reads totals; the plan as it is now."""
    return open_book(Period.objects.get(pk=period.pk)).kept is not None


def test_r3_a_late_report_of_an_early_period_is_in_every_later_total(plan, report):
    report("huyen-ha-lang", "2024-H1", CT3=5)
    report("huyen-ha-lang", "2024-H2", CT3=7)
    report("huyen-ha-lang", "2018-H1", CT3=100)
    days = [ends(plan, code) for code in ("2018-H1", "2024-H1", "2024-H2")]
    assert [reached(plan, "CT3", day) for day in days] == [100, 105, 112]
    assert [reached(plan, "CT3", day, slug=None) for day in days] == [100, 105, 112]
    assert keeping.differences(plan) == []


def test_r5_a_year_takes_the_place_of_its_halves_from_its_end_on(plan, report):
    report("huyen-ha-lang", "2023-H1", CT3=5)
    report("huyen-ha-lang", "2023-H2", CT3=7)
    report("huyen-ha-lang", "2023", CT3=10)
    assert [reached(plan, "CT3", ends(plan, code)) for code in ("2023-H1", "2023-H2")] == [5, 10]


def test_r10_a_correction_moves_the_totals_and_marks_them(plan, report, reviewer, second_reviewer, entries):
    made = report("huyen-ha-lang", "2023-H1", CT3=5)
    report("huyen-ha-lang", "2024-H1", CT3=1)
    made = workflow.reopen(made, by=second_reviewer, version=made.version, reason="Đếm lại")
    made = workflow.save(made, entries(CT3=50), by=reviewer, version=made.version)
    made = workflow.submit(made, by=reviewer, version=made.version)
    assert reached(plan, "CT3", ends(plan, "2024-H1")) == 6  # what was approved counts until the correction is
    workflow.approve(made, by=second_reviewer, version=made.version)
    row = Total.objects.get(indicator__code="CT3", unit=made.agency.unit, day=ends(plan, "2024-H1"))
    assert (row.reached, row.corrected, row.withdrawn) == (51, True, False)


def test_r8_a_unit_that_ended_counts_until_its_successor_has_reported(plan, report):
    report("huyen-quang-uyen", "2019-H2", CT1_TS=100, CT1_TH=40)
    report("huyen-phuc-hoa", "2019-H2", CT1_TS=50, CT1_TH=10)
    first, then = ends(plan, "2019-H2"), ends(plan, "2020-H1")
    report("huyen-quang-hoa", "2020-H1", CT1_TS=160, CT1_TH=80)
    whole = Total.objects.of_province().filter(indicator__code="CT1")
    assert [(row.day, row.reached, row.base, row.territories) for row in whole.order_by("day")] == [
        (first, 50, 150, 2),
        (then, 80, 160, 1),
    ]


def test_what_nothing_is_reported_of_carries_over_into_a_new_period(plan, report):
    report("huyen-bao-lam", "2023-H2", CT3=3, CT1_TS=10, CT1_TH=5)
    report("huyen-ha-lang", "2024-H1", CT3=4)
    day = ends(plan, "2024-H1")
    assert [reached(plan, code, day, slug="bao-lam") for code in ("CT3", "CT1")] == [3, 5]
    assert reached(plan, "CT3", day, slug=None) == 7


def test_an_approval_asks_as_often_with_many_periods_behind_it_as_with_one(plan, report, second_reviewer):
    report("huyen-bao-lam", "2018-H1", CT3=1)
    counts = []
    for code in ("2018-H2", "2024-H2"):
        for year in range(2019, 2024) if counts else ():
            for half in ("H1", "H2"):
                report("huyen-ha-lang", f"{year}-{half}", CT3=1)
        made = report("huyen-ha-lang", code, CT3=1, approve=False)
        with CaptureQueriesContext(connection) as queries:
            workflow.approve(made, by=second_reviewer, version=made.version)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_changed_definitions_send_pages_back_to_the_ledger_until_totals_are_made_anew(plan, report):
    """A phase that begins later: what had been counted before it no longer is."""
    report("huyen-ha-lang", "2018-H1", CT3=100)
    report("huyen-ha-lang", "2024-H1", CT3=5)
    period = plan.periods.get(code="2024-H1")
    assert is_read(period)
    Target.objects.filter(indicator__code="CT3").update(counts_from=dt.date(2023, 12, 15))
    assert not is_read(period)
    assert {i.code: i.reached for i in progress(period).indicators}["CT3"] == 5
    report("huyen-bao-lam", "2024-H1", CT3=2)  # approvals leave what does not hold alone
    assert not is_read(period)
    assert [one.number for one in keeping.refresh()] == [plan.number]
    assert is_read(period)
    assert reached(plan, "CT3", period.ends_on, slug=None) == 7


def test_a_new_agency_or_period_changes_nothing_that_is_kept(plan, report, own_district):
    report("huyen-ha-lang", "2024-H1", CT3=5)
    Agency.objects.create(
        code="hoi-moi", name="Hội mới", short_name="Hội mới", kind="womens_union", level="district",
        unit=own_district.unit,
    )  # fmt: skip
    plan.periods.create(
        code="2026", name="Năm 2026", kind="year", starts_on=dt.date(2025, 12, 15), ends_on=dt.date(2026, 12, 14),
        due_on=dt.date(2026, 12, 20),
    )  # fmt: skip
    assert is_read(plan.periods.get(code="2024-H1"))


def test_an_owner_that_is_counted_no_more_is_a_changed_definition(plan, report, own_district):
    report("huyen-ha-lang", "2024-H1", CT3=5)
    Agency.objects.filter(pk=own_district.pk).update(kind="bank")
    assert not is_read(plan.periods.get(code="2024-H1"))


def test_a_period_that_lies_across_another_has_no_totals_and_right_pages(plan, report, own_district):
    report("huyen-ha-lang", "2024-H1", CT3=5)
    across = plan.periods.create(
        code="2024-X", name="Tháng 4 đến tháng 9 năm 2024", kind="half", starts_on=dt.date(2024, 4, 1),
        ends_on=dt.date(2024, 9, 30), due_on=dt.date(2024, 10, 10),
    )  # fmt: skip
    report("huyen-ha-lang", "2024-X", CT3=7)
    assert not is_read(across)
    assert {i.code: i.reached for i in progress(across).indicators}["CT3"] == 12
    assert (keeping.rebuild(plan), Total.objects.count()) == (0, 0)


def test_a_report_without_a_number_begins_no_day(plan, reviewer, second_reviewer, own_district, entries):
    period = plan.periods.get(code="2024-H1")
    said = {m.code: Entry(not_applicable=True, reason="Không giao") for m in plan.measures.all() if m.required}
    made = workflow.start(own_district, period, by=reviewer)
    made = workflow.save(made, entries(**said), by=reviewer, version=made.version)
    made = workflow.submit(made, by=reviewer, version=made.version)
    workflow.approve(made, by=second_reviewer, version=made.version)
    assert not Total.objects.exists()
    assert is_read(period)


def test_check_totals_names_what_differs_and_rebuild_totals_mends_it(plan, report):
    report("huyen-ha-lang", "2024-H1", CT3=5)
    assert said("check_totals") == "Số tổng hợp khớp với sổ số liệu đã duyệt.\n"
    Total.objects.filter(indicator__code="CT3", unit__isnull=False).update(reached=6)
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("check_totals", plan=plan.number, stdout=out)
    line, *others = out.getvalue().splitlines()
    assert (stopped.value.code, others) == (1, [])
    assert line.startswith("503/KH-UBND CT3 14/06/2024 địa bàn")
    assert ("Decimal('6" in line, "Decimal('5" in line) == (True, True)
    assert said("rebuild_totals", plan=plan.number).startswith("503/KH-UBND: ")
    assert said("check_totals") == "Số tổng hợp khớp với sổ số liệu đã duyệt.\n"


def test_a_plan_that_is_not_there_is_named():
    with pytest.raises(CommandError, match="Không có kế hoạch 9/QĐ"):
        call_command("check_totals", plan="9/QĐ")


def test_refresh_totals_says_which_plans_it_made_anew(plan, report):
    report("huyen-ha-lang", "2024-H1", CT3=5)
    assert said("refresh_totals") == ""
    type(plan).objects.update(totals_mark="")
    assert said("refresh_totals") == "503/KH-UBND: đã tính lại số tổng hợp.\n"


def said(command: str, **options: object) -> str:
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()
