"""What changed between two instants, and between two periods, and why."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import assume, given
from hypothesis import strategies as st

from targets.progress.changes import Change, Difference, between_periods, changed_between, compare
from targets.progress.progress import VIEWS, progress
from targets.reports import workflow

from . import recount
from .histories import FLOW, INDICATORS, SPANS, History, Stage, approve, histories, sandbox, staged
from .test_histories import added, few, numbers

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


# Generated histories --------------------------------------------------------------------------------------------------


def replayed(history: History, stage: Stage, changes: Iterable[Change]) -> list[recount.Approved]:
    """The ledger made of changes alone, oldest first."""
    bodies = {stage.agencies[body.code].name: body for body in history.bodies}
    values: dict[tuple[str, str, str], Decimal] = {}
    for one in reversed(list(changes)):
        key = one.agency, one.period, one.measure_code
        assert values.get(key) == one.old, one
        values.pop(key, None)
        if one.new is not None:
            values[key] = one.new
    return [
        recount.Approved(bodies[name].place or name, name, measure, *SPANS[period], value)
        for (name, period, measure), value in values.items()
        if bodies[name].counts(measure)
    ]


def counted(history: History, ledger: list[recount.Approved], code: str, day: dt.date) -> list[tuple[Decimal, ...]]:
    if code == "COUNT":
        found = recount.flows(ledger, FLOW, history.counts_from(day), day)
        return [(value,) for value in found.values()]
    return list(recount.states(ledger, INDICATORS[code], history.steps, day).values())


@few(4)
@given(histories(), st.data())
def test_changes_replayed_from_nothing_are_the_dashboard(history, data):
    """At any instant, in either half: what came after it, replayed on top, is today's."""
    assume(history.events)
    instant = data.draw(st.sampled_from(history.events)).at
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        early = changed_between(stage.plan, LONG_AGO, instant)
        late = changed_between(stage.plan, instant)
        assert all(one.at <= instant for one in early)
        assert all(one.at > instant for one in late)
        for changes, as_of in ((early, instant), (late + early, None)):
            ledger = replayed(history, stage, changes)
            for code in ("2020-H1", "2021", "2022-H2"):
                for indicator in progress(stage.periods[code], as_of=as_of).indicators:
                    values = counted(history, ledger, indicator.code, SPANS[code][1])
                    assert numbers(indicator) == added(values), (code, indicator.code)


@few(4)
@given(histories(), st.data())
def test_effects_of_changes_add_up_to_the_difference_of_a_count(history, data):
    assume(history.events)
    first, second = sorted(data.draw(st.sampled_from(history.events)).at for _ in range(2))
    code = data.draw(st.sampled_from(["2020-H2", "2021", "2022-H1", "2022"]))
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        for then, now in ((first, second), (LONG_AGO, None)):
            found = compare(stage.periods[code], then, now)
            assert found.before == progress(stage.periods[code], as_of=then)
            assert found.after == progress(stage.periods[code], as_of=now)
            count, ratio, held = found.indicators
            assert sum(one.effect for one in count.effects) == (count.difference or 0)
            assert all(one.effect is None for one in (*ratio.effects, *held.effects))
            for one in found.indicators:
                assert one.effects or not one.is_different


@few(3)
@given(histories(), st.sampled_from(VIEWS))
def test_units_differences_add_up_to_the_provinces(history, by):
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        found = between_periods(stage.periods["2020-H2"], stage.periods["2022-H1"], by=by)
        before, after = (progress(stage.periods[code], by=by) for code in ("2020-H2", "2022-H1"))
        province, units = found[:3], found[3:]
        assert [(one.level_before, one.level_after) for one in province] == [
            (was.level, is_.level) for was, is_ in zip(before.indicators, after.indicators, strict=True)
        ]
        parts = [one.difference for one in units if one.code == "COUNT" and one.difference is not None]
        assert sum(parts) == (province[0].difference or 0)


# By example -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def corrected(plan, report, reviewer, second_reviewer, entries):
    """Hạ Lang's 17 approved on 18/6, made 14 on 1/8 with a reason; Bảo Lâm's 7 approved late, on 20/7."""
    zone = timezone.get_default_timezone()
    made = report("huyen-ha-lang", "2024-H1", CT3=17, CT4=1, at=dt.datetime(2024, 6, 18, 9, tzinfo=zone))
    report("huyen-bao-lam", "2024-H1", CT3=7, at=dt.datetime(2024, 7, 20, 9, tzinfo=zone))
    at = dt.datetime(2024, 8, 1, 9, tzinfo=zone)
    made = workflow.reopen(made, by=reviewer, version=made.version, reason="Trùng 3 người", at=at)
    made = workflow.save(made, entries(CT3=14, CT4=None), by=reviewer, version=made.version, at=at)
    made.figures.filter(measure__code="CT4").update(not_applicable=True, reason="Không có")
    made = workflow.submit(made, by=reviewer, version=made.version, at=at)
    return workflow.approve(made, by=second_reviewer, version=made.version, at=at)


SIGNED = dt.datetime(2024, 6, 30, 17, tzinfo=dt.UTC)


def test_each_change_says_what_was_what_is_who_did_it_and_why(plan, corrected):
    found = changed_between(plan, SIGNED)
    assert [(one.unit, one.measure_code, one.old, one.new, one.reason) for one in found] == [
        ("Huyện Hạ Lang", "CT3", 17, 14, "Trùng 3 người"),
        ("Huyện Hạ Lang", "CT4", 1, None, "Trùng 3 người"),
        ("Huyện Bảo Lâm", "CT3", None, 7, ""),
    ]
    first = found[0]
    assert (first.at, first.by, first.agency) == (corrected.approved_at, "Bế Thị Nga", "Hội LHPN huyện Hạ Lang")
    assert (first.period, first.measure, first.report_pk) == (
        "2024-H1", plan.measures.get(code="CT3").name, corrected.pk,
    )  # fmt: skip
    assert [one.is_correction for one in found] == [True, True, False]
    assert [one.difference for one in found] == [-3, -1, 7]


def test_what_was_approved_at_the_instant_itself_was_known_then(plan, corrected):
    approved = dt.datetime(2024, 6, 18, 9, tzinfo=timezone.get_default_timezone())
    found = changed_between(plan, approved, corrected.approved_at)
    assert [(one.measure_code, one.old, one.new) for one in found] == [
        ("CT3", 17, 14), ("CT4", 1, None), ("CT3", None, 7),
    ]  # fmt: skip


def test_only_what_happened_between_the_two_instants_and_up_to_the_period(plan, corrected):
    late = dt.datetime(2024, 7, 25, tzinfo=dt.UTC)
    assert [one.new for one in changed_between(plan, SIGNED, late)] == [7]
    assert [one.old for one in changed_between(plan, late)] == [17, 1]
    assert changed_between(plan, SIGNED, upto=plan.periods.get(code="2023-H2")) == []
    assert changed_between(plan, timezone.now()) == []


def test_r9_a_signed_number_is_explained_beside_todays(plan, corrected):
    found = compare(plan.periods.get(code="2024-H1"), SIGNED)
    ct3, ct4 = found.indicators[2:4]
    assert (ct3.level_before, ct3.level_after, ct3.difference) == (17, 21, 4)
    assert [(one.change.unit, one.effect) for one in ct3.effects] == [("Huyện Hạ Lang", -3), ("Huyện Bảo Lâm", 7)]
    assert (ct4.level_before, ct4.level_after, ct4.difference) == (1, None, -1)
    assert {(one.unit, one.code, one.difference) for one in found.units} == {
        ("Huyện Hạ Lang", "CT3", -3), ("Huyện Hạ Lang", "CT4", -1), ("Huyện Bảo Lâm", "CT3", 7),
    }  # fmt: skip


def test_r5_a_year_that_replaces_its_halves_moves_the_number_by_what_it_adds(plan, report):
    report("huyen-ha-lang", "2023-H1", CT3=4)
    report("huyen-ha-lang", "2023-H2", CT3=5)
    then = timezone.now()
    report("huyen-ha-lang", "2023", CT3=12)
    ct3 = compare(plan.periods.get(code="2023"), then).indicators[2]
    assert (ct3.difference, [(one.change.new, one.effect) for one in ct3.effects]) == (3, [(12, 3)])


def test_r7_what_an_agency_beside_reported_explains_nothing(plan, report):
    then = timezone.now()
    report("so-cong-thuong", "2024", CT3=30)
    found = compare(plan.periods.get(code="2024"), then)
    assert found.indicators[2].effects == ()
    assert [one.new for one in found.changes if one.measure_code == "CT3"] == [30]


def test_a_ratio_differs_in_percentage_points_and_lists_its_changes(plan, report):
    report("huyen-ha-lang", "2023-H2", CT1_TS=100, CT1_TH=80)
    then = timezone.now()
    report("huyen-ha-lang", "2024-H1", CT1_TS=100, CT1_TH=85)
    ct1 = compare(plan.periods.get(code="2024-H1"), then).indicators[0]
    assert (ct1.level_before, ct1.level_after, ct1.difference) == (80, 85, 5)
    assert {one.change.measure_code: one.effect for one in ct1.effects} == {"CT1_TS": None, "CT1_TH": None}


def test_a_ratio_of_more_people_is_a_difference_though_the_percentage_stays(plan, report):
    report("huyen-ha-lang", "2024-H1", CT1_TS=100, CT1_TH=80)
    then = timezone.now()
    report("huyen-bao-lam", "2024-H1", CT1_TS=50, CT1_TH=40)
    found = compare(plan.periods.get(code="2024-H1"), then)
    assert (found.indicators[0].difference, found.indicators[0].is_different) == (0, True)
    assert [(one.unit, one.level_before, one.level_after) for one in found.units] == [("Huyện Bảo Lâm", None, 80)]


def between(plan, earlier: str, later: str, **how) -> dict[str, dict[str, Difference]]:
    found: dict[str, dict[str, Difference]] = defaultdict(dict)
    for one in between_periods(plan.periods.get(code=earlier), plan.periods.get(code=later), **how):
        found[one.unit][one.code] = one
    return found


def test_two_periods_are_set_side_by_side_for_the_province_and_every_unit(plan, report):
    report("huyen-ha-lang", "2023-H1", CT3=4, CT1_TS=100, CT1_TH=80)
    report("huyen-ha-lang", "2024-H1", CT3=5, CT1_TS=100, CT1_TH=90)
    report("huyen-bao-lam", "2024-H1", CT3=6, CT1_TS=50, CT1_TH=50)
    found = between(plan, "2023-H1", "2024-H1")
    province, there, new = found[""], found["Huyện Hạ Lang"], found["Huyện Bảo Lâm"]
    assert (province["CT3"].level_before, province["CT3"].level_after, province["CT3"].difference) == (4, 15, 11)
    assert (there["CT3"].difference, there["CT1"].difference) == (5, 10)
    assert (new["CT3"].difference, new["CT1"].level_after, new["CT1"].difference) == (6, 100, None)
    assert found["Huyện Bảo Lạc"]["CT3"].difference is None


def test_comparing_takes_as_many_queries_for_many_changes_as_for_one(plan, report, django_assert_num_queries):
    then = timezone.now()
    period = plan.periods.get(code="2024-H1")
    report("huyen-ha-lang", "2024-H1", CT3=4)
    for slugs in ((), ("huyen-bao-lam", "huyen-bao-lac", "huyen-thach-an")):
        for slug in slugs:
            report(slug, "2024-H1", CT3=5, CT1_TS=9, CT1_TH=9)
        with django_assert_num_queries(40):
            compare(period, then)
