"""Numbers as papers print them, cut where the dashboard cuts them: 89,96 % is never printed as 90 % (R11). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_FLOOR, Decimal

from targets.progress.figures import Absence, IndicatorFigure, UnitFigure

NO_DATA, NO_BASE = str(Absence.NO_DATA), str(Absence.NO_BASE)
TENTH, ONE = Decimal("0.1"), Decimal(1)
COUNT, PERCENT, CHANGE, POINTS = "count", "percent", "change", "points"


@dataclass(frozen=True, slots=True)
class Number:
    """A number to calculate with, and how it looks: a count, a percentage, or a difference of one of them."""

    value: Decimal
    look: str = COUNT


def count(value: Decimal | None) -> Number | None:
    return None if value is None else Number(value)


def percent(value: Decimal | None) -> Number | None:
    """To a tenth, downwards."""
    return None if value is None else Number(value.quantize(TENTH, ROUND_DOWN), PERCENT)


def points(value: Decimal | None) -> Number | None:
    """A difference of two rates to a tenth, downwards so as never to flatter."""
    return None if value is None else Number(value.quantize(TENTH, ROUND_FLOOR), POINTS)


def change(value: Decimal | None) -> Number | None:
    return None if value is None else Number(value, CHANGE)


def level(value: Decimal | None, *, is_ratio: bool) -> Number | None:
    """What is held against a target, or the target itself: a percentage, or people and things to a tenth."""
    if value is None or is_ratio:
        return percent(value)
    return Number(value if value == value.to_integral_value() else value.quantize(TENTH, ROUND_DOWN))


def target(value: Decimal | None, *, is_ratio: bool) -> Number | None:
    """As it was promised, nothing cut."""
    return None if value is None else Number(value, PERCENT if is_ratio else COUNT)


def gap(value: Decimal | None, *, is_ratio: bool) -> Number | None:
    """A distance to the pace: points, or whole people and things, downwards."""
    if value is None or is_ratio:
        return points(value)
    return Number(value.quantize(ONE, ROUND_FLOOR), CHANGE)


def ahead(value: Decimal | None, *, is_ratio: bool) -> Number | None:
    """A forecast: a percentage, or whole people and things, downwards."""
    return percent(value) if value is None or is_ratio else Number(value.quantize(ONE, ROUND_FLOOR))


def news(figure: IndicatorFigure | UnitFigure, *, is_ratio: bool) -> Number | None:
    """What the period brought: the number in it, or how what stands has moved."""
    if figure.in_period is not None:
        return count(figure.in_period)
    return points(figure.change_since_previous) if is_ratio else change(figure.change_since_previous)


def rate(figure: IndicatorFigure | UnitFigure) -> Number | str | None:
    """A ratio's percentage; words where there is nothing to divide by."""
    if figure.base is None:
        return None
    return NO_BASE if figure.percent is None else percent(figure.percent)
