"""The line of each indicator: every point is what the dashboard of its period says."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agencies.models import Unit
from targets.models import Target
from targets.progress.progress import VIEWS, progress
from targets.progress.trend import trends
from targets.totals.reading import open_book

from .histories import HALVES, approve, histories, sandbox, staged
from .test_histories import few

pytestmark = pytest.mark.django_db
SAME = ("in_period", "reached", "base", "percent", "expected", "change_since_previous")


def seen(point_or_figure) -> tuple:
    return tuple(getattr(point_or_figure, name) for name in SAME)


@few(4)
@given(histories())
def test_every_point_is_what_the_dashboard_of_its_period_says_of_the_province(history):
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        found = trends(stage.periods["2022-H2"])
        for place, code in enumerate(HALVES):
            shown = progress(stage.periods[code])
            for indicator in shown.indicators:
                point = found[indicator.code].points[place]
                assert (point.period, *seen(point)) == (code, *seen(indicator)), (code, indicator.code)
                assert point.level == indicator.level
        for indicator in shown.indicators:
            assert found[indicator.code].forecast == indicator.outlook.forecast
            assert found[indicator.code].now == found[indicator.code].points[-1]


@few(4)
@given(histories(), st.sampled_from(VIEWS), st.data())
def test_r8_every_point_of_a_unit_is_its_row_in_the_view(history, by, data):
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        code = data.draw(st.sampled_from(["2020-H2", "2021-H2", "2022-H2"]))
        shown = {half: progress(stage.periods[half], by=by) for half in HALVES if half <= code}
        row = data.draw(st.sampled_from(shown[code].rows))
        found = trends(stage.periods[code], unit_pk=row.unit_pk, by=by)
        for place, half in enumerate(shown):
            rows = {one.unit_pk: one for one in shown[half].rows}
            for figure in rows[row.unit_pk].figures if row.unit_pk in rows else ():
                point = found[figure.code].points[place]
                assert (*seen(point), point.from_period) == (*seen(figure), figure.from_period), (half, figure.code)


@few(2)
@given(histories(), st.data())
def test_r9_the_line_is_as_known_at_an_instant(history, data):
    assume(history.events)
    instant = data.draw(st.sampled_from(history.events)).at
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        found = trends(stage.periods["2022"], as_of=instant)
        for place, code in enumerate(HALVES):
            for indicator in progress(stage.periods[code], as_of=instant).indicators:
                assert seen(found[indicator.code].points[place]) == seen(indicator)


@pytest.fixture
def four_halves(report):
    for code, women, trained in (("2022-H2", 10, 50), ("2023-H1", 61, 60), ("2023-H2", 69, 65), ("2024-H1", 80, 82)):
        report("huyen-ha-lang", code, CT3=women, CT1_TS=100, CT1_TH=trained)


def test_a_point_has_what_was_reached_what_was_expected_and_what_the_period_brought(plan, four_halves):
    ct3 = trends(plan.periods.get(code="2024-H1"))["CT3"]
    assert len(ct3.points) == 13  # from the first half of 2018 on
    assert [p.reached for p in ct3.points[-5:]] == [None, 10, 71, 140, 220]
    last = ct3.points[-1]
    assert (last.period, last.name, last.day) == ("2024-H1", "6 tháng đầu năm 2024", dt.date(2024, 6, 14))
    assert (last.in_period, last.level, last.from_period, last.carried) == (80, 220, "2024-H1", False)
    assert last.expected == progress(plan.periods.get(code="2024-H1")).indicators[2].expected
    assert ct3.milestones[-1] == (dt.date(2025, 12, 14), 800)


def test_the_period_before_and_the_same_one_of_the_year_before_are_named(plan, four_halves):
    found = trends(plan.periods.get(code="2024-H1"))
    assert (found["CT3"].previous, found["CT3"].year_before) == (69, 61)
    assert (found["CT3"].before.period, found["CT3"].year_ago.period) == ("2023-H2", "2023-H1")
    assert (found["CT1"].now.news, found["CT1"].previous, found["CT1"].year_before) == (17, 5, 10)


def test_in_the_period_what_stands_says_how_far_it_moved_where_there_is_a_report(plan, four_halves, report):
    report("huyen-bao-lam", "2023-H2", CT1_TS=100, CT1_TH=45)
    found = progress(plan.periods.get(code="2024-H1"))
    moved = {row.short_name: row.figures[0].change_since_previous for row in found.rows if row.figures[0].reached}
    assert moved == {"Hạ Lang": 17, "Bảo Lâm": None}
    ct1, ct3 = found.indicators[0], found.indicators[2]
    assert (ct1.percent, ct1.change_since_previous) == (Decimal("63.5"), Decimal("8.5"))  # from 110 of 200
    assert (ct3.in_period, ct3.change_since_previous) == (80, None)
    assert progress(plan.periods.get(code="2024-H2")).indicators[0].change_since_previous is None


def test_a_year_is_compared_with_the_year_before(plan, four_halves):
    ct3 = trends(plan.periods.get(code="2023"))["CT3"]
    assert (ct3.now.in_period, ct3.previous, ct3.year_before) == (130, 10, 10)
    assert ct3.points[-1].period == "2023-H2"


def test_r2_before_anything_was_counted_there_is_no_point_to_draw(plan):
    found = trends(plan.periods.get(code="2018-H1"))
    assert {code: (len(t.points), t.now.level, t.previous, t.forecast) for code, t in found.items()} == {
        f"CT{n}": (1, None, None, None) for n in range(1, 6)
    }


def test_a_ratio_is_drawn_by_its_percentage(plan, four_halves):
    ct1 = trends(plan.periods.get(code="2024-H2"))["CT1"]
    assert [(p.level, p.carried) for p in ct1.points[-3:]] == [(65, False), (82, False), (82, True)]
    assert ct1.now.change_since_previous is None  # nothing was reported, so nothing is known to have stood still


def test_r12_a_unit_with_a_target_of_its_own_is_forecast_like_the_province(plan, four_halves):
    unit = Unit.objects.get(slug="huyen-ha-lang")
    period = plan.periods.get(code="2024-H1")
    assert trends(period, unit_pk=unit.pk)["CT3"].forecast is None
    target = plan.indicators.get(code="CT3").targets.of_the_province().last()
    Target.objects.create(
        indicator=target.indicator, unit=unit, counts_from=target.counts_from, due_on=target.due_on, value=300
    )
    ahead = trends(period, unit_pk=unit.pk)["CT3"].forecast
    assert ahead == progress(period).indicators[2].outlook.forecast  # all there is is this unit's
    assert (ahead.value, ahead.left) == (220 + 3 * Decimal(220) / 4, 3)


def test_a_unit_that_does_not_exist_there_has_an_empty_line(plan, four_halves):
    ct3 = trends(plan.periods.get(code="2024-H1"), unit_pk=0)["CT3"]
    assert {point.level for point in ct3.points} == {None}


def test_one_book_serves_everything_a_page_shows(plan, four_halves, django_assert_num_queries):
    period = plan.periods.get(code="2024-H1")
    with django_assert_num_queries(18):
        book = open_book(period, parts=True)
    with django_assert_num_queries(1):  # who owes a report
        shown = progress(period, book=book)
    with django_assert_num_queries(0):
        found = trends(period, book=book)
    assert shown == progress(period)
    assert found == trends(period)


def test_a_book_opened_for_something_else_is_refused(plan):
    period, other = plan.periods.get(code="2024-H1"), plan.periods.get(code="2024-H2")
    book = open_book(period)
    for asked in ({"period": other}, {"period": period, "provisional": True}):
        with pytest.raises(ValueError, match="another period"):
            progress(**asked, book=book)
