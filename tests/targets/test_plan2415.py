"""A second plan is data: Quyết định 2415/QĐ-TTg, with the country's targets and none of the province."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from agencies.models import Agency, AgencySuccession, Unit, UnitSuccession
from agencies.reference import LoadResult
from targets.imports import lexicon
from targets.imports.headings import Heading, Use
from targets.models import Plan, Target
from targets.reference import PLANS, load_plan, load_plan503

pytestmark = pytest.mark.django_db

FOLDER = PLANS / "plan2415"
# plan + 8 indicators + 33 measures + 30 periods + 13 targets + 131 duties
SIZE = 216
PHASES = (dt.date(2025, 12, 15), dt.date(2030, 12, 14)), (dt.date(2030, 12, 15), dt.date(2035, 12, 14))


@pytest.fixture
def first_load(db) -> LoadResult:
    return load_plan(FOLDER)


@pytest.fixture
def next_plan(first_load) -> Plan:
    return Plan.objects.get(number="2415/QĐ-TTg")


@pytest.fixture
def changed_folder(tmp_path):
    """`changed_folder("targets.csv", row, column, value)` -> a copy of the plan's folder in which one cell differs."""

    def change(name: str, row: int, **cells: str):
        folder = shutil.copytree(FOLDER, tmp_path / "plan")
        with (folder / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        rows[row] |= cells
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[row]), restval="")
            writer.writeheader()
            writer.writerows(rows)
        return folder

    return change


def owing(plan: Plan, code: str) -> list[Agency]:
    period = plan.periods.get(code=code)
    return [duty.agency for duty in plan.duties.owing(period.kind, period.ends_on).select_related("agency")]


def test_loading_twice_changes_nothing(first_load):
    history = Plan.history.count()
    assert (first_load.created, first_load.kept, first_load.different) == (SIZE, 0, [])
    again = load_plan(FOLDER)
    assert (again.created, again.kept, again.different) == (0, SIZE, [])
    assert Plan.history.count() == history


def test_the_first_plan_loads_again_without_a_difference(plan, next_plan):
    result = load_plan503()
    assert (result.created, result.different) == (0, [])
    assert plan.indicators.count() == 5


@pytest.mark.parametrize(
    ("code", "to_2030", "to_2035"),
    [
        ("CT1", 80, None),
        ("CT2", 90, 100),
        ("CT3", 500_000, None),
        ("CT4", 50_000, None),
        ("CT5", 50_000, 75_000),
        ("CT6", 12_500, 25_000),
        ("CT7", 5_000, 8_000),
        ("CT8", 30, 35),
    ],
)
def test_the_countrys_targets_per_phase_and_none_where_none_was_found(next_plan, code, to_2030, to_2035):
    targets = Target.objects.national(next_plan).filter(indicator__code=code)
    assert list(targets.values_list("counts_from", "due_on", "value", "baseline")) == [
        (*phase, value, None) for phase, value in zip(PHASES, (to_2030, to_2035), strict=True) if value
    ]


def test_nothing_is_invented_for_the_province_or_its_units(next_plan):
    assert Target.objects.filter(indicator__plan=next_plan, is_national=False).count() == 0
    assert Target.objects.national(next_plan).count() == 13


def test_ratios_and_counts_are_made_of_their_measures(next_plan):
    made_of = {
        i.code: [*i.numerator.values_list("code", "accumulation"), *i.denominator.values_list("code", "accumulation")]
        for i in next_plan.indicators.all()
    }
    assert made_of == {
        "CT1": [("CT1_TT", "state"), ("CT1_TS", "state")],
        "CT2": [("CT2_NL", "state"), ("CT2_TS", "state")],
        "CT3": [("CT3", "flow")],
        "CT4": [("CT4", "flow")],
        "CT5": [("CT5", "flow")],
        "CT6": [("CT6", "flow")],
        "CT7": [("CT7", "flow")],
        "CT8": [("CT8_NU", "state"), ("CT8_TS", "state")],
    }


@pytest.mark.parametrize(
    ("code", "levels"),
    [
        ("CT1_TT", ["commune"]),
        ("CT2_NL", ["commune", "province"]),
        ("CT4_DTTS", ["commune", "province"]),
        ("CT8_NU", ["commune"]),
    ],
)
def test_only_the_womens_union_counts(next_plan, code, levels):
    """R7"""
    owners = next_plan.measures.get(code=code).counted_by.values_list("agency_kind", "agency_level")
    assert list(owners) == [("womens_union", level) for level in levels]


def test_every_heading_means_one_measure(next_plan):
    glossary = lexicon.of(next_plan, {}).vocabulary.glossary
    read = {(term.code, name): glossary.match((name,)) for term in glossary.measures for name in term.names}
    # A part's bare name ("Hợp tác xã") heads nothing: it is told apart by the group above it.
    parts = {
        (measure.code, name)
        for measure in next_plan.measures.exclude(part_of=None)
        for name in (measure.name, measure.short_name)
    }
    wrong = {key for key, found in read.items() if found.use != Use.MEASURE or found.measures[0].code != key[0]}
    assert wrong - parts == set()
    assert glossary.match(("Hỗ trợ pháp lý", "HTX")) == Heading(Use.MEASURE, (glossary.coded("CT3_HTX"),))


def test_periods_follow_the_cut_offs_of_decree_09(next_plan):
    """NĐ 09/2019/NĐ-CP; due five days later."""
    periods = list(next_plan.periods.values_list("code", "kind", "starts_on", "ends_on", "due_on"))
    assert len(periods) == 30
    assert periods[:3] == [
        ("2026-H1", "half", dt.date(2025, 12, 15), dt.date(2026, 6, 14), dt.date(2026, 6, 19)),
        ("2026-H2", "half", dt.date(2026, 6, 15), dt.date(2026, 12, 14), dt.date(2026, 12, 19)),
        ("2026", "year", dt.date(2025, 12, 15), dt.date(2026, 12, 14), dt.date(2026, 12, 19)),
    ]
    assert periods[-1] == ("2035", "year", dt.date(2034, 12, 15), dt.date(2035, 12, 14), dt.date(2035, 12, 19))
    assert (next_plan.starts_on, next_plan.ends_on) == (dt.date(2025, 12, 15), dt.date(2035, 12, 31))


@pytest.mark.parametrize("code", ["2026-H1", "2026-H2", "2035-H2"])
def test_every_communes_union_and_the_provinces_owe_each_half(next_plan, code):
    agencies = owing(next_plan, code)
    communes = Agency.objects.filter(kind="womens_union", level="commune")
    assert {agency.code for agency in agencies} == {"hoi-lhpn-tinh", *communes.values_list("code", flat=True)}
    assert len(agencies) == 57


def test_eight_departments_owe_the_year(next_plan):
    assert sorted(agency.code for agency in owing(next_plan, "2026")) == [
        "so-cong-thuong",
        "so-dan-toc-va-ton-giao",
        "so-khoa-hoc-va-cong-nghe-2025",
        "so-noi-vu-2025",
        "so-nong-nghiep-va-moi-truong",
        "so-tai-chinh-2025",
        "so-tu-phap",
        "so-vhttdl",
    ]


def test_duties_are_unconfirmed_and_of_bodies_that_still_exist(next_plan):
    assert next_plan.duties.filter(confirmed=True).count() == 0
    assert next_plan.duties.filter(agency__valid_to__isnull=False).count() == 0
    assert next_plan.duties.filter(agency__level="district").count() == 0
    assert list(next_plan.duties.filter(leads=True).values_list("agency__code", flat=True)) == ["hoi-lhpn-tinh"]


def test_the_first_plan_has_it_as_successor(plan, next_plan):
    plan.refresh_from_db()
    assert plan.successor == next_plan
    assert list(plan.history.values_list("successor", flat=True)) == [next_plan.pk, None]
    assert next_plan.successor is None


def test_another_successor_stays(plan):
    other = Plan.objects.create(
        number="1/KH-UBND", title="Kế hoạch khác", short_title="Khác", starts_on="2026-01-01", ends_on="2030-12-31"
    )
    Plan.objects.filter(pk=plan.pk).update(successor=other)
    load_plan(FOLDER)
    plan.refresh_from_db()
    assert plan.successor == other


def test_it_loads_without_its_predecessor(plan):
    Plan.objects.filter(pk=plan.pk).update(number="cũ")
    assert load_plan(FOLDER).created == SIZE
    plan.refresh_from_db()
    assert plan.successor is None


def test_a_national_target_that_an_admin_changed_stays_alone(next_plan):
    target = Target.objects.national(next_plan).get(indicator__code="CT5", value=75_000)
    Target.objects.filter(pk=target.pk).update(value=80_000, due_on=dt.date(2035, 12, 31))
    result = load_plan(FOLDER)
    assert (result.created, result.kept, result.different) == (0, SIZE, ["mục tiêu CT5 của cả nước"])
    assert list(Target.objects.national(next_plan).filter(indicator__code="CT5").values_list("value", flat=True)) == [
        50_000,
        80_000,
    ]


def test_the_provinces_own_target_stands_beside_the_countrys(next_plan):
    own = Target.objects.create(
        indicator=next_plan.indicators.get(code="CT5"), counts_from=PHASES[0][0], due_on=PHASES[0][1], value=300
    )
    result = load_plan(FOLDER)
    assert (result.created, result.kept, result.different) == (0, SIZE, [])
    assert list(next_plan.indicators.get(code="CT5").targets.of_the_province()) == [own]


def test_a_file_may_give_a_target_of_the_province_with_what_there_was_before(first_load, next_plan, changed_folder):
    folder = changed_folder("targets.csv", -1, is_national="0", baseline="21.5")
    result = load_plan(folder)
    assert (result.created, result.different) == (1, [])
    own = next_plan.indicators.get(code="CT8").targets.of_the_province().get()
    assert (own.value, own.baseline) == (35, Decimal("21.5"))
    assert load_plan(folder).different == []


def test_the_command_loads_by_name_or_by_path_and_says_what_it_did(changed_folder):
    places = sum(m.objects.count() for m in (Unit, UnitSuccession, Agency, AgencySuccession))
    out = StringIO()
    call_command("load_plan", "plan2415", stdout=out)
    assert out.getvalue() == f"Dữ liệu gốc: tạo mới {SIZE}, giữ nguyên {places}.\n"
    out = StringIO()
    call_command("load_plan", str(changed_folder("periods.csv", 0, due_on="2026-06-25")), stdout=out)
    assert out.getvalue().splitlines() == [
        f"Dữ liệu gốc: tạo mới 0, giữ nguyên {places + SIZE}.",
        "  giữ nguyên, khác tệp gốc: kỳ báo cáo 6 tháng đầu năm 2026: hạn nộp",
    ]


def test_the_first_plans_command_says_the_same():
    out = StringIO()
    call_command("load_plan503", stdout=out)
    assert out.getvalue() == f"Dữ liệu gốc: tạo mới 0, giữ nguyên {load_plan503().kept}.\n"


@pytest.mark.parametrize("name", ["plan999", "", ".", "plan503/plan.csv"])
def test_the_command_names_the_plans_there_are(name):
    with pytest.raises(CommandError) as refusal:
        call_command("load_plan", name, stdout=StringIO())
    assert str(refusal.value) == f"Không có kế hoạch nào ở “{name}”. Các thư mục hiện có: plan2415, plan503."
    assert Plan.objects.count() == 1
