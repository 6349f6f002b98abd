"""What the trend's drawing needs, for the script that draws it: the same numbers as the table beneath it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from targets.models.numbers import json_number

from .figures import IndicatorFigure
from .trend import Point, Trend

Spot = tuple[str, int | float | None, str]  # day (ISO), number, name


def chart(indicator: IndicatorFigure, trend: Trend, *, in_period: bool) -> dict[str, object]:
    """`reached`, `pace`, `milestones`: spots in the order of days; `forecast`: (from, to, low, high), or None.

    `in_period`: `reached` holds what each period brought, and there is nothing to hold it against. Ready for JSON;
    numbers are unrounded, None where nothing was counted.
    """
    drawn = {
        "percent": indicator.is_ratio,
        "bars": in_period,
        "reached": [_spot(one.day, one.news if in_period else one.level, one.name) for one in trend.points],
        "pace": [],
        "milestones": [],
        "forecast": None,
    }
    if in_period:
        return drawn
    return drawn | {
        "pace": _pace(trend),
        "milestones": [_spot(day, value) for day, value in trend.milestones],
        "forecast": _forecast(indicator, trend),
    }


def _spot(day: dt.date, value: Decimal | None, name: str = "") -> Spot:
    return day.isoformat(), json_number(value), name


def _pace(trend: Trend) -> list[Spot]:
    """What was expected at each period's end, and on to the last dated target."""
    expected = {point.day: point.expected for point in trend.points} | dict(trend.milestones)
    return [_spot(day, value) for day, value in sorted(expected.items())]


def _forecast(indicator: IndicatorFigure, trend: Trend) -> list[Spot] | None:
    """From the last period that brought anything; None without a forecast, or once the target's day is past."""
    ahead, last = trend.forecast, _last_told(trend)
    if ahead is None or last is None or not ahead.left:
        return None
    due = indicator.target_due_on
    return [_spot(last.day, last.level), *(_spot(due, value) for value in (ahead.value, ahead.low, ahead.high))]


def _last_told(trend: Trend) -> Point | None:
    return next((one for one in reversed(trend.points) if one.level is not None and not one.carried), None)
