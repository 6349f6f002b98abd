"""R12: where the line leads, what is still needed, who could close the gap."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.progress.forecast import Forecast, closers, forecast, needed, people_short


def count(*standing: int, left: int, from_zero: bool = True) -> Forecast | None:
    return forecast([Decimal(n) for n in standing], left, from_zero=from_zero, is_ratio=False)


def rate(*standing: str, left: int) -> Forecast | None:
    return forecast([Decimal(n) for n in standing], left, from_zero=False, is_ratio=True)


def test_a_count_goes_on_by_the_mean_of_the_last_four_periods_between_their_worst_and_best():
    # steps 10, 30, 20, 40, 50 of which the last four count
    assert count(10, 40, 60, 100, 150, left=3) == Forecast(Decimal(255), Decimal(210), Decimal(300), steps=4, left=3)


def test_the_first_period_of_a_count_is_a_step_from_nothing():
    assert count(10, 40, left=2).value == 80  # mean of 10 and 30
    assert count(10, 40, left=2, from_zero=False).value == 100  # 10 stood there already


def test_a_rate_goes_on_by_its_trend_and_stays_within_a_hundred_percent():
    assert rate("60", "64", "70", left=2).value == 80
    assert rate("80", "90", "95", left=4) == Forecast(Decimal(100), Decimal(100), Decimal(100), steps=2, left=4)
    assert rate("20", "5", left=2).value == 0


def test_a_count_is_never_forecast_below_nothing():
    assert count(10, 2, left=5).low == 0


@pytest.mark.parametrize("standing", [(), (5,)])
def test_there_is_no_forecast_on_fewer_than_two_points(standing):
    assert count(*standing, left=3) is None


def test_at_the_last_period_the_forecast_is_what_stands():
    assert count(10, 40, left=0) == Forecast(Decimal(40), Decimal(40), Decimal(40), steps=2, left=0)


@given(st.lists(st.integers(0, 500), min_size=2, max_size=12), st.integers(0, 10))
def test_the_forecast_lies_within_its_range(steps, left):
    standing = [Decimal(sum(steps[: n + 1])) for n in range(len(steps))]
    found = forecast(standing, left, from_zero=True, is_ratio=False)
    assert standing[-1] <= found.low <= found.value <= found.high


def test_what_each_remaining_period_has_to_bring():
    assert needed(Decimal(800), Decimal(612), 3) == Decimal(188) / 3
    assert needed(Decimal(800), Decimal(823), 3) == 0
    assert needed(Decimal(800), Decimal(612), 0) is None
    assert needed(None, Decimal(612), 3) is None
    assert needed(Decimal(800), None, 3) is None


def test_a_rate_is_short_of_people():
    assert people_short(Decimal(90), Decimal(850), Decimal(1000)) == 50
    assert people_short(Decimal(90), Decimal(950), Decimal(1000)) == -50


def test_the_fewest_units_close_the_gap_the_furthest_behind_first():
    short = {1: Decimal(5), 2: Decimal(12), 3: Decimal(9), 4: Decimal(-20)}
    assert closers(short, Decimal(20)) == (2, 3)
    assert closers(short, Decimal(12)) == (2,)


def test_without_a_gap_or_without_enough_to_close_it_nobody_is_named():
    short = {1: Decimal(5), 2: Decimal(12)}
    assert closers(short, Decimal(0)) == ()
    assert closers(short, Decimal(18)) == ()
    assert closers({}, Decimal(1)) == ()
