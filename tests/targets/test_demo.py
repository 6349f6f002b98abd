"""The illustrative data: realistic totals, every state of a report, made through the workflow."""

from __future__ import annotations

import json
from collections import defaultdict
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Count, Sum

from agencies.models import User
from targets.models import ApprovedFigure, Figure, Report, ReportEvent, Target

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Loaded once for this file and taken away after it: every test here only reads."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        out = StringIO()
        call_command("load_demo", password="minh-hoa-2026", stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)


def total(code: str, **where) -> int:
    rows = ApprovedFigure.objects.current().filter(measure__code=code, **where)
    return rows.aggregate(total=Sum("value"))["total"]


def test_the_flows_of_eight_years_add_up_to_the_known_magnitudes(demo):
    assert [total("CT3", period__code__startswith=str(year)) for year in range(2018, 2026)] == [
        78, 104, 71, 83, 118, 131, 142, 96,
    ]  # fmt: skip
    assert (total("CT3"), total("CT4"), total("CT5")) == (823, 34, 111)


def test_the_dashboard_closes_at_the_known_magnitudes(demo):
    """Ratios of sums; three districts whose communes are not all approved stand at the state of June."""
    out = StringIO()
    call_command("progress", period="2025-H2", stdout=out)
    ct1, ct2, *_ = json.loads(out.getvalue())["indicators"]
    assert (ct1["reached"], ct1["base"], round(ct1["percent"], 1)) == (2032, 2173, 93.5)
    assert (ct2["reached"], ct2["base"], round(ct2["percent"], 1)) == (66134, 92091, 71.8)


@pytest.mark.parametrize("code", ["CT1_TH", "CT2_TT"])
def test_what_a_unit_reached_never_falls(demo, code):
    figures = Figure.objects.filter(measure__code=code, value__isnull=False).order_by("report__period__ends_on")
    reached = defaultdict(list)
    for unit, value in figures.values_list("report__agency__code", "value"):
        reached[unit].append(value)
    assert len(reached) >= 14 + 54
    assert [unit for unit, values in reached.items() if values != sorted(values)] == []


def test_parts_agree_with_their_wholes(demo):
    for whole, parts in (
        ("CT3", ("CT3_KSKD", "CT3_KN")),
        ("CT4", ("CT4_HTX", "CT4_THT", "CT4_TLK")),
        ("CT5", ("CT5_DN", "CT5_HTX", "CT5_THT", "CT5_TLK")),
    ):
        assert sum(total(part) for part in parts) == total(whole)
    assert all(total(part) <= total("CT3") for part in ("CT3_DTTS", "CT3_HN", "CT3_KT", "CT3_KK"))


def test_units_of_their_time_report(demo):
    territories = Report.objects.filter(period__kind="half").exclude(agency__level="province")
    by_period = dict(territories.values_list("period__code").annotate(n=Count("pk")))
    assert (by_period["2019-H2"], by_period["2020-H1"], by_period["2025-H1"]) == (13, 10, 10)
    assert by_period["2022-H2"] == 9  # one district is missing
    assert by_period["2025-H2"] == 54  # two communes are


def test_every_state_of_a_report_can_be_seen(demo):
    assert dict(Report.objects.values_list("status").annotate(n=Count("pk"))) == {
        "approved": 303,
        "submitted": 4,
        "returned": 1,
        "draft": 1,
    }
    assert Report.objects.filter(first_submitted_at__date__gt="2024-06-19", period__code="2024-H1").count() >= 1


def test_all_of_it_is_labelled_and_went_through_the_workflow(demo):
    assert not Report.objects.filter(is_illustrative=False).exists()
    assert ReportEvent.objects.filter(verb="approve").count() == Report.objects.approved().count()


def test_allocations_add_up_to_the_provinces_targets(demo):
    sums = Target.objects.exclude(unit=None).values_list("indicator__code").annotate(total=Sum("value"))
    assert {code: value for code, value in sums if code in ("CT3", "CT4", "CT5")} == {"CT3": 800, "CT4": 30, "CT5": 100}


def test_the_accounts_are_printed_and_open_with_the_password(demo):
    for username in ("tinh", "tinh2", "lanhdao", "quantri", "halang", "caobang"):
        assert f"  {username} " in demo
    assert User.objects.get(username="halang").check_password("minh-hoa-2026")
    assert not User.objects.get(username="huyen-phuc-hoa").is_active


def test_loading_again_changes_nothing(demo):
    before = (Report.objects.count(), User.objects.count(), ApprovedFigure.objects.count())
    out = StringIO()
    call_command("load_demo", stdout=out)
    assert "đã có, giữ nguyên" in out.getvalue()
    assert (Report.objects.count(), User.objects.count(), ApprovedFigure.objects.count()) == before
