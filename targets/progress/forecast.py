"""R12: where the line leads, what is still needed, and who could close the gap. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

LOOK_BACK = 4  # periods: two years of half-year reports
FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What will stand at the target's day if the last `steps` periods go on, between the worst and the best of them."""

    value: Decimal
    low: Decimal
    high: Decimal
    steps: int
    left: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """`left` periods until the target's day; `needed` is what each has to bring, both as the target is expressed."""

    forecast: Forecast | None = None
    left: int = 0
    needed: Decimal | None = None


NO_OUTLOOK = Outlook()


def forecast(standing: Sequence[Decimal], left: int, *, from_zero: bool, is_ratio: bool) -> Forecast | None:
    """The last of `standing` (at the ends of consecutive periods) + the mean step of the last four x periods `left`.

    `from_zero`: the first of `standing` is all that happened in one period, so it is a step too (a FLOW's first).
    A ratio stays within 0 and 100 %, a count above 0. None on fewer than two points.
    """
    if len(standing) < 2:
        return None
    points = [Decimal(0), *standing] if from_zero else list(standing)
    steps = [after - before for before, after in pairwise(points)][-LOOK_BACK:]
    last, mean = standing[-1], sum(steps) / len(steps)

    def at(step: Decimal) -> Decimal:
        value = max(last + step * left, Decimal(0))
        return min(value, FULL) if is_ratio else value

    return Forecast(at(mean), at(min(steps)), at(max(steps)), len(steps), left)


def needed(target: Decimal | None, reached: Decimal | None, left: int) -> Decimal | None:
    """How much each of the `left` periods has to bring, unrounded; 0 once reached, None where no period is left."""
    if target is None or reached is None or left < 1:
        return None
    return max(target - reached, Decimal(0)) / left


def people_short(percent: Decimal, part: Decimal, base: Decimal) -> Decimal:
    """How many more of `base` make `percent`; negative when there are more already. Unrounded."""
    return base * percent / FULL - part


def closers(short: Mapping[int, Decimal], gap: Decimal) -> tuple[int, ...]:
    """The fewest units, the furthest behind first, that would close the `gap` if each made up what it is short of.

    Empty when there is no gap, or when all of them together would not close it.
    """
    found: list[int] = []
    for unit in sorted((unit for unit in short if short[unit] > 0), key=lambda unit: -short[unit]):
        if gap <= 0:
            break
        found.append(unit)
        gap -= short[unit]
    return tuple(found) if gap <= 0 else ()
