"""Parts and groups of a number: counted by the same rules as the number, in every view, with nothing clipped."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.models import AgencySuccession, UnitSuccession
from targets.models import Measure
from targets.progress.breakdown import Breakdown, breakdowns
from targets.progress.progress import VIEWS, progress
from targets.progress.provenance import sources_of_the_period
from targets.totals.reading import briefly, open_book

from . import recount
from .histories import INDICATORS, SPANS, approve, histories, sandbox, staged
from .parts import FIRST, GROUP, SECOND, add_parts, with_parts
from .test_histories import few

pytestmark = pytest.mark.django_db
SEEN = st.sampled_from(["2020-H1", "2020-H2", "2021", "2021-H2", "2022-H2"])


def shares(one: Breakdown) -> dict:
    return {share.code: share.number for share in one.shares}


# Generated histories --------------------------------------------------------------------------------------------------


@few(4)
@given(histories())
def test_r3_r5_wholes_are_the_dashboards_and_parts_what_a_recount_gives(history):
    history = with_parts(history)
    with sandbox():
        stage = staged(history)
        add_parts(stage)
        approve(stage, history.events)
        ledger = history.ledger()
        for code in ("2020-H1", "2020-H2", "2021", "2022-H2"):
            day = SPANS[code][1]
            parts, groups = breakdowns(stage.periods[code], "COUNT")
            assert parts.whole == groups.whole == progress(stage.periods[code]).indicators[0].reached
            for part, number in (shares(parts) | shares(groups)).items():
                counted = recount.flows(ledger, part, history.counts_from(day), day)
                assert number == recount.total(counted.values()), (code, part)
            if parts.whole is not None:
                assert parts.rest == parts.whole - sum(number or 0 for number in shares(parts).values())


@few(4)
@given(histories(), SEEN)
def test_r3_parts_of_the_periods_add_up_to_the_parts_so_far(history, last):
    history = with_parts(history)
    with sandbox():
        stage = staged(history)
        add_parts(stage)
        approve(stage, history.events)
        since, total = history.counts_from(SPANS[last][1]), {FIRST: 0, SECOND: 0, GROUP: 0}
        halves = [
            code for code in SPANS if "-" in code and since <= SPANS[code][0] and SPANS[code][1] <= SPANS[last][1]
        ]
        for code in halves:
            found = breakdowns(stage.periods[code], "COUNT", in_period=True)
            assert {one.whole for one in found} == {progress(stage.periods[code]).indicators[0].in_period}
            for part, number in (shares(found[0]) | shares(found[1])).items():
                total[part] += number or 0
        found = breakdowns(stage.periods[last], "COUNT")
        assert total == {part: number or 0 for part, number in (shares(found[0]) | shares(found[1])).items()}


@few(4)
@given(histories(), SEEN, st.booleans())
def test_r8_units_of_every_view_share_the_parts_out_whole(history, code, in_period):
    history = with_parts(history)
    with sandbox():
        stage = staged(history)
        add_parts(stage)
        approve(stage, history.events)
        book = open_book(stage.periods[code], parts=True)
        province = breakdowns(stage.periods[code], "COUNT", in_period=in_period, book=book)
        for by in VIEWS:
            units = []
            for row in progress(stage.periods[code], by=by, book=book).rows:
                figure = row.figures[0]
                found = breakdowns(
                    stage.periods[code], "COUNT", unit_pk=row.unit_pk, in_period=in_period, by=by, book=book
                )
                expected = figure.in_period if in_period else figure.reached
                assert [one.whole for one in found] == [expected, expected]
                units.append(found)
            for place, whole in enumerate(province):
                for part, number in shares(whole).items():
                    some = [shares(found[place])[part] for found in units]
                    assert recount.total(one for one in some if one is not None) == number, (by, part)


@few(6)
@given(histories(), SEEN)
def test_a_book_read_briefly_tells_the_same(history, code):
    """Of every indicator: its parts at the period's end and in it, in every view, and the reports that are news."""
    history = with_parts(history)
    with sandbox():
        stage = staged(history)
        add_parts(stage)
        approve(stage, history.events)
        period = stage.periods[code]
        for indicator in INDICATORS:
            whole, brief = open_book(period, parts=True, code=indicator), briefly(open_book(period), indicator)
            assert sources_of_the_period(period, indicator, brief) == sources_of_the_period(period, indicator, whole)
            for by, in_period in product(VIEWS, (False, True)):
                found = [breakdowns(period, indicator, by=by, in_period=in_period, book=one) for one in (whole, brief)]
                assert found[0] == found[1], (indicator, by, in_period)


# By example -----------------------------------------------------------------------------------------------------------


def ct3(plan, period: str, **how) -> tuple[Breakdown, ...]:
    return breakdowns(plan.periods.get(code=period), "CT3", **how)


def test_parts_come_before_the_groups_that_overlap(plan, report):
    report("huyen-ha-lang", "2024-H1", CT3=17, CT3_KSKD=12, CT3_KN=5, CT3_DTTS=16, CT3_HN=9)
    parts, groups = ct3(plan, "2024-H1")
    assert (parts.relation, parts.whole_code, parts.whole, parts.rest, parts.adds_up) == (
        "partition",
        "CT3",
        17,
        0,
        True,
    )
    assert shares(parts) == {"CT3_KSKD": 12, "CT3_KN": 5}
    assert (groups.relation, groups.rest, groups.adds_up) == ("subset", None, False)
    assert shares(groups) == {"CT3_DTTS": 16, "CT3_HN": 9, "CT3_KT": None, "CT3_KK": None}
    assert groups.shares[0].percent == Decimal(1600) / 17
    assert groups.shares[2].percent is None


def test_r4_a_part_of_what_stands_may_have_been_said_before_its_whole_was_said_last(plan, report):
    for successions in (UnitSuccession, AgencySuccession):  # where all is read anyway
        successions.objects.all().delete()
    whole = plan.measures.get(code="CT2_TT")
    part = Measure.objects.create(
        plan=plan, code="CT2_DT", name="Dân tộc thiểu số", short_name="DTTS", unit_of_measure="người",
        accumulation=Measure.Accumulation.STATE, part_of=whole, relation=Measure.Relation.SUBSET,
    )  # fmt: skip
    for owner in whole.counted_by.all():
        part.counted_by.create(agency_kind=owner.agency_kind, agency_level=owner.agency_level)
    report("huyen-ha-lang", "2023-H1", CT2_TS=50, CT2_TT=30, CT2_DT=12)
    report("huyen-ha-lang", "2023-H2", CT2_TS=50, CT2_TT=31)
    period = plan.periods.get(code="2024-H1")
    for book in (open_book(period, parts=True, code="CT2"), briefly(open_book(period), "CT2")):
        (groups,) = breakdowns(period, "CT2", book=book)
        assert (groups.whole, shares(groups)) == (31, {"CT2_DT": 12})


def test_r2_what_was_not_sorted_is_the_rest(plan, report):
    report("huyen-ha-lang", "2024-H1", CT3=17, CT3_KSKD=12, CT3_KN=5)
    report("huyen-bao-lam", "2024-H1", CT3=8)
    parts, _ = ct3(plan, "2024-H1")
    assert (parts.whole, parts.rest, parts.adds_up, parts.over) == (25, 8, False, None)


def test_r2_without_a_word_about_parts_all_of_it_is_the_rest(plan, report):
    report("huyen-ha-lang", "2024-H1", CT3=17)
    parts, _ = ct3(plan, "2024-H1")
    assert (parts.is_reported, parts.rest, set(shares(parts).values())) == (False, 17, {None})
    assert [(one.whole, one.rest, one.adds_up) for one in ct3(plan, "2023-H1")] == [(None, None, False)] * 2


def test_r5_parts_of_halves_that_exceed_the_years_whole_are_shown_as_they_are(plan, report):
    report("huyen-ha-lang", "2023-H1", CT3=10, CT3_KSKD=6, CT3_KN=4)
    report("huyen-ha-lang", "2023", CT3=7)
    parts, _ = ct3(plan, "2023")
    assert (parts.whole, shares(parts), parts.rest, parts.over, parts.adds_up) == (
        7, {"CT3_KSKD": 6, "CT3_KN": 4}, -3, 3, False,
    )  # fmt: skip


def test_r7_parts_that_an_agency_beside_reported_are_not_added(plan, report):
    report("huyen-ha-lang", "2024-H2", CT3=17, CT3_KSKD=12, CT3_KN=5)
    report("so-cong-thuong", "2024", CT3=30, CT3_KSKD=30, CT3_KN=0)
    assert shares(ct3(plan, "2024")[0]) == {"CT3_KSKD": 12, "CT3_KN": 5}


def test_r1_submitted_parts_count_only_when_asked_for(plan, report):
    report("huyen-ha-lang", "2024-H1", CT3=17, CT3_KSKD=12, CT3_KN=5, approve=False)
    assert ct3(plan, "2024-H1")[0].whole is None
    assert shares(ct3(plan, "2024-H1", provisional=True)[0]) == {"CT3_KSKD": 12, "CT3_KN": 5}


def test_in_the_period_only_what_happened_in_it(plan, report, own_district):
    report("huyen-ha-lang", "2023-H2", CT3=10, CT3_KSKD=6, CT3_KN=4)
    report("huyen-ha-lang", "2024-H1", CT3=3, CT3_KSKD=1, CT3_KN=2)
    parts, _ = ct3(plan, "2024-H1", in_period=True, unit_pk=own_district.unit_id)
    assert (parts.whole, shares(parts), parts.adds_up) == (3, {"CT3_KSKD": 1, "CT3_KN": 2}, True)
    assert ct3(plan, "2024-H2", in_period=True)[0].whole is None


@pytest.fixture
def trained_women(plan):
    """A group of those trained, so that a STATE has one."""
    whole = plan.measures.get(code="CT1_TH")
    made = Measure.objects.create(
        plan=plan, code="CT1_DTTS", name="Là người dân tộc thiểu số", short_name="DTTS", unit_of_measure="người",
        accumulation="state", kind="people", part_of=whole, relation="subset",
    )  # fmt: skip
    for owner in whole.counted_by.all():
        made.counted_by.create(agency_kind=owner.agency_kind, agency_level=owner.agency_level)
    return made


def test_r4_r8_a_group_of_a_state_stands_no_longer_than_its_whole(plan, report, trained_women):
    report("huyen-quang-uyen", "2019-H2", CT1_TS=50, CT1_TH=40, CT1_DTTS=39)
    report("huyen-phuc-hoa", "2019-H2", CT1_TS=50, CT1_TH=30, CT1_DTTS=29)
    period = plan.periods.get(code="2020-H1")
    (found,) = breakdowns(period, "CT1")
    assert (found.whole_code, found.whole, shares(found)) == ("CT1_TH", 70, {"CT1_DTTS": 68})
    report("huyen-quang-hoa", "2020-H1", CT1_TS=100, CT1_TH=72)
    (found,) = breakdowns(period, "CT1")
    assert (found.whole, shares(found)) == (72, {"CT1_DTTS": None})


def test_r4_a_group_that_was_left_out_since_is_carried(plan, report, trained_women):
    report("huyen-ha-lang", "2023-H2", CT1_TS=50, CT1_TH=40, CT1_DTTS=39)
    report("huyen-ha-lang", "2024-H1", CT1_TS=50, CT1_TH=45)
    (found,) = breakdowns(plan.periods.get(code="2024-H1"), "CT1", in_period=True)
    assert (found.whole, shares(found)) == (45, {"CT1_DTTS": 39})


def test_r4_a_group_is_never_newer_than_the_whole_it_is_shown_in(plan, report, trained_women):
    report("huyen-ha-lang", "2023-H2", CT1_TS=50, CT1_TH=40, CT1_DTTS=39)
    report("huyen-ha-lang", "2024-H1", CT1_DTTS=45)
    (found,) = breakdowns(plan.periods.get(code="2024-H1"), "CT1")
    assert (found.whole, shares(found)) == (40, {"CT1_DTTS": 39})


def test_an_indicator_without_parts_has_no_breakdown_and_an_unknown_one_is_an_error(plan, period):
    assert breakdowns(period, "CT2") == ()
    with pytest.raises(LookupError):
        breakdowns(period, "CT9")
    with pytest.raises(ValueError, match="without parts"):
        breakdowns(period, "CT3", book=open_book(period))


def test_parts_take_as_many_queries_for_many_reports_as_for_one(plan, period, report, django_assert_num_queries):
    report("huyen-ha-lang", "2024-H1", CT3=17, CT3_KSKD=12, CT3_KN=5)
    with django_assert_num_queries(18):
        breakdowns(period, "CT3")
    for slug in ("huyen-bao-lam", "huyen-bao-lac", "thanh-pho-cao-bang"):
        report(slug, "2024-H1", CT3=17, CT3_KSKD=12, CT3_KN=5)
    with django_assert_num_queries(18):
        breakdowns(period, "CT3")


def test_parts_do_not_disturb_what_the_dashboard_says(plan, report):
    report("huyen-ha-lang", "2024-H1", CT3=17, CT3_KSKD=12, CT3_KN=5)
    report("huyen-bao-lam", "2023-H2", CT3=3, CT3_DTTS=3)
    period = plan.periods.get(code="2024-H1")
    assert progress(period, book=open_book(period, parts=True)) == progress(period)
