"""The reference data: what was where, when, and that loading it again changes nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from agencies.models import Agency, Unit, UnitSuccession
from targets.models import Indicator, Period
from targets.reference import load_plan503

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "count"),
    [
        ("2019-12-14", 13),
        ("2020-01-31", 13),
        ("2020-02-15", 12),
        ("2020-02-29", 12),
        ("2020-03-01", 10),
        ("2024-06-14", 10),
        ("2025-06-30", 10),
        ("2025-07-01", 56),
        ("2025-12-14", 56),
    ],
)
def test_units_below_the_province_on_a_day(day, count):
    assert Unit.objects.in_force_on(dt.date.fromisoformat(day)).exclude(kind="province").count() == count


def test_one_code_names_two_districts_at_different_times():
    assert list(Unit.objects.filter(code="049").order_by("valid_to").values_list("name", flat=True)) == [
        "Quảng Uyên",
        "Quảng Hòa",
    ]


def test_eight_communes_straddle_two_old_districts_and_each_has_one_main_one():
    edges = UnitSuccession.objects.filter(on=dt.date(2025, 7, 1))
    assert edges.filter(main=True).count() == 56
    straddlers = edges.filter(main=False)
    assert sorted(straddlers.values_list("successor__name", flat=True)) == sorted(
        ["Thục Phán", "Tân Giang", "Cốc Pàng", "Trà Lĩnh", "Bạch Đằng", "Minh Tâm", "Kim Đồng", "Thạch An"]
    )
    assert edges.filter(exact=False).count() == 16


def test_tra_linh_was_split_mainly_to_trung_khanh():
    edges = UnitSuccession.objects.filter(predecessor__slug="huyen-tra-linh")
    assert {(e.successor.name, e.main, e.exact) for e in edges} == {
        ("Trùng Khánh", True, False),
        ("Quảng Hòa", False, False),
    }


def test_the_labour_department_has_four_successors():
    labour = Agency.objects.get(code="so-ldtbxh")
    assert set(labour.successors.values_list("short_name", flat=True)) == {
        "Sở Nội vụ",
        "Sở Y tế",
        "Sở GD&ĐT",
        "Sở NN&MT",
    }


def test_the_five_targets(plan):
    targets = plan.indicators.filter(targets__unit=None).values_list("code", "targets__value", "targets__due_on")
    assert list(targets) == [
        (code, value, dt.date(2025, 12, 14))
        for code, value in (("CT1", 90), ("CT2", 70), ("CT3", 800), ("CT4", 30), ("CT5", 100))
    ]


def test_ratios_and_counts_are_made_of_their_measures(plan):
    assert {
        i.code: (
            list(i.numerator.values_list("code", flat=True)),
            list(i.denominator.values_list("code", flat=True)),
        )
        for i in Indicator.objects.filter(plan=plan)
    } == {
        "CT1": (["CT1_TH"], ["CT1_TS"]),
        "CT2": (["CT2_TT"], ["CT2_TS"]),
        "CT3": (["CT3"], []),
        "CT4": (["CT4"], []),
        "CT5": (["CT5"], []),
    }


@pytest.mark.parametrize(
    ("code", "owners"),
    [
        ("CT1_TH", {"womens_union district", "womens_union commune", "womens_union province", "department province"}),
        ("CT2_TT", {"womens_union district", "womens_union commune"}),
        ("CT3", {"womens_union district", "womens_union commune", "womens_union province"}),
    ],
)
def test_whose_reports_count(plan, code, owners):
    """R7"""
    counted = plan.measures.get(code=code).counted_by.all()
    assert {f"{owner.agency_kind} {owner.agency_level}" for owner in counted} == owners


def test_periods_follow_the_cut_offs_of_decree_09(plan):
    """NĐ 09/2019/NĐ-CP: 15/12-14/6, 15/6-14/12, 15/12-14/12."""
    assert plan.periods.count() == 24
    assert [(p.code, p.starts_on, p.ends_on) for p in Period.objects.filter(plan=plan, code__startswith="2024")] == [
        ("2024-H1", dt.date(2023, 12, 15), dt.date(2024, 6, 14)),
        ("2024-H2", dt.date(2024, 6, 15), dt.date(2024, 12, 14)),
        ("2024", dt.date(2023, 12, 15), dt.date(2024, 12, 14)),
    ]


@pytest.mark.parametrize(
    ("code", "count"), [("2019-H2", 13), ("2020-H1", 10), ("2024-H1", 10), ("2025-H1", 10), ("2025-H2", 56)]
)
def test_territories_that_owe_a_half_years_report(plan, code, count):
    period = plan.periods.get(code=code)
    owing = plan.duties.owing("half", period.ends_on)
    assert owing.exclude(agency__level="province").count() == count


def test_loading_again_creates_nothing_and_keeps_what_an_admin_changed(plan, reference_size):
    plan.periods.filter(code="2024-H1").update(due_on=dt.date(2024, 6, 25))
    plan.indicators.get(code="CT3").targets.filter(unit=None).update(value=850, due_on=dt.date(2025, 12, 31))
    plan.measures.get(code="CT2_TT").counted_by.filter(agency_level="commune").delete()
    result = load_plan503()
    assert (result.created, result.kept) == (0, reference_size)
    assert result.different == ["kỳ báo cáo 6 tháng đầu năm 2024: hạn nộp", "mục tiêu CT3"]
    assert plan.periods.get(code="2024-H1").due_on == dt.date(2024, 6, 25)
    assert [t.value for t in plan.indicators.get(code="CT3").targets.all()] == [850]
    assert plan.measures.get(code="CT2_TT").counted_by.count() == 1


def test_a_row_taken_away_comes_back(plan):
    plan.periods.get(code="2018").delete()
    assert load_plan503().created == 1


@pytest.fixture(scope="session")
def reference_size(django_db_setup) -> int:
    """How many rows the first load, on an empty database, created."""
    return django_db_setup.created


def test_the_first_load_creates_everything(reference_size, django_db_setup):
    assert (reference_size, django_db_setup.kept, django_db_setup.different) == (559, 0, [])


def test_what_is_only_usual_practice_is_marked_as_unconfirmed(plan):
    assert not plan.duties.filter(confirmed=True).exists()
    assert list(Agency.objects.filter(confirmed=True).values_list("code", flat=True)) == ["hoi-lhpn-tinh"]
