"""R12: what should have been reached by a day, and how far from it one is. Pure; thresholds are the plan's data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

FAR_BELOW, BELOW, ON, ABOVE = "far_below", "below", "on", "above"


@dataclass(frozen=True, slots=True)
class Milestone:
    """A dated target: `value` people or things, or percent, counted from a day."""

    counts_from: dt.date
    due_on: dt.date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Percent of the expected: under `below` is far behind, `on` begins to be on pace, beyond `above` is ahead."""

    below: int
    on: int
    above: int


def expected(milestones: Sequence[Milestone], day: dt.date) -> Decimal | None:
    """Interpolated between dated targets by days, a straight line from 0 to the first; None without a target.

    Never more than the last target, never less than 0.
    """
    dated = sorted(milestones, key=lambda milestone: milestone.due_on)
    if not dated:
        return None
    points = [(dated[0].counts_from, Decimal(0)), *((m.due_on, m.value) for m in dated)]
    if day <= points[0][0]:
        return Decimal(0)
    for (start, low), (end, high) in pairwise(points):
        if day <= end:
            return low + (high - low) * (day - start).days / (end - start).days
    return points[-1][1]


def pace(reached: Decimal | None, expected: Decimal | None, thresholds: Thresholds) -> str | None:
    """Key of the pace chip; None where nothing is known or nothing was to be expected yet. Compared unrounded (R11)."""
    if reached is None or not expected:
        return None
    share = reached * 100 / expected
    if share < thresholds.below:
        return FAR_BELOW
    if share < thresholds.on:
        return BELOW
    return ON if share <= thresholds.above else ABOVE
