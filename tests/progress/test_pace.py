"""R12: what should have been reached by a day, and how far from it one is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.progress.pace import Thresholds, expected, pace
from targets.totals.milestones import Milestone, phase

START, END = dt.date(2018, 1, 1), dt.date(2026, 1, 1)
USUAL = Thresholds(below=75, on=95, above=105)


def milestone(day: dt.date, value: int) -> Milestone:
    return Milestone(START, day, Decimal(value))


def test_a_single_target_is_approached_in_a_straight_line():
    halfway = START + (END - START) / 2
    assert expected([milestone(END, 800)], halfway) == 400


@pytest.mark.parametrize(
    ("day", "value"), [(START, 0), (dt.date(2017, 1, 1), 0), (END, 800), (dt.date(2030, 1, 1), 800)]
)
def test_before_the_start_nothing_is_expected_and_after_the_end_no_more_than_the_target(day, value):
    assert expected([milestone(END, 800)], day) == value


def test_dated_targets_are_joined_by_lines_in_the_order_of_their_days():
    first = dt.date(2020, 1, 1)
    points = [milestone(END, 800), milestone(first, 100)]
    assert expected(points, first) == 100
    assert expected(points, first + dt.timedelta(days=1)) > 100


def test_without_a_target_nothing_is_expected():
    assert expected([], END) is None


@pytest.mark.parametrize(
    ("reached", "key"),
    [
        ("74.99", "far_below"),
        ("75", "below"),
        ("94.99", "below"),
        ("95", "on"),
        ("104.99", "on"),
        ("105", "on"),
        ("105.01", "above"),
        ("590", "above"),
        ("0", "far_below"),
    ],
)
def test_the_pace_changes_just_at_the_thresholds(reached, key):
    assert pace(Decimal(reached), Decimal(100), USUAL) == key


def test_r11_what_rounds_to_the_threshold_has_not_reached_it():
    """89.96 is not 90."""
    assert pace(Decimal("89.96"), Decimal(90), Thresholds(below=50, on=100, above=105)) == "below"


@pytest.mark.parametrize(("reached", "due"), [(None, Decimal(9)), (Decimal(9), None), (Decimal(9), Decimal(0))])
def test_nothing_known_or_nothing_due_has_no_pace(reached, due):
    assert pace(reached, due, USUAL) is None


@given(st.integers(0, 4000), st.integers(0, 4000))
def test_expectations_never_fall_while_targets_rise(one, other):
    points = [milestone(dt.date(2020, 1, 1), 100), milestone(END, 800)]
    early, late = sorted((one, other))
    day = dt.timedelta(days=1)
    assert expected(points, START + early * day) <= expected(points, START + late * day)


PHASE_1 = Milestone(START, dt.date(2022, 1, 1), Decimal(80))
PHASE_2 = Milestone(dt.date(2022, 1, 2), END, Decimal(100))


@pytest.mark.parametrize(
    ("day", "target"),
    [(dt.date(2017, 1, 1), 80), (START, 80), (dt.date(2022, 1, 1), 80), (dt.date(2022, 1, 2), 100), (END, 100)],
)
def test_a_day_belongs_to_the_last_phase_that_has_begun(day, target):
    assert [m.value for m in phase([PHASE_2, PHASE_1], day)] == [target]


def test_a_flow_is_expected_anew_in_each_phase_and_a_state_goes_on_from_where_it_stood():
    day = dt.date(2022, 1, 2)
    assert expected([PHASE_1, PHASE_2], day) == 0
    assert 80 < expected([PHASE_1, PHASE_2], day, anew=False) < Decimal("80.1")


def test_the_line_starts_from_the_baseline():
    halfway = START + (END - START) / 2
    rising = [Milestone(START, END, Decimal(30), baseline=Decimal(20))]
    assert (expected(rising, START), expected(rising, halfway), expected(rising, END)) == (20, 25, 30)


@pytest.mark.parametrize(
    ("reached", "key"), [("0", "above"), ("9", "above"), ("10", "on"), ("12", "below"), ("20", "far_below")]
)
def test_where_the_lower_is_the_better_less_is_ahead(reached, key):
    assert pace(Decimal(reached), Decimal(10), USUAL, falling=True) == key
