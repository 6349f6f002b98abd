"""R12: what should have been reached by a day, and how far from it one is. Pure; thresholds are the plan's data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from targets.totals.milestones import Milestone, phase

FAR_BELOW, BELOW, ON, ABOVE = "far_below", "below", "on", "above"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Percent of the expected: under `below` is far behind, `on` begins to be on pace, beyond `above` is ahead."""

    below: int
    on: int
    above: int


def expected(milestones: Sequence[Milestone], day: dt.date, *, anew: bool = True) -> Decimal | None:
    """Interpolated between dated targets by days, a straight line from the baseline to the first; None without any.

    `anew`: a new phase starts from its own baseline, as a FLOW is counted anew; a STATE goes on from the phase before.
    Never beyond the last target, never before the baseline.
    """
    dated = phase(milestones, day) if anew else sorted(milestones, key=lambda milestone: milestone.due_on)
    if not dated:
        return None
    points = [(dated[0].counts_from, dated[0].baseline), *((m.due_on, m.value) for m in dated)]
    if day <= points[0][0]:
        return points[0][1]
    for (start, low), (end, high) in pairwise(points):
        if day <= end:
            return low + (high - low) * (day - start).days / (end - start).days
    return points[-1][1]


def pace(
    reached: Decimal | None, expected: Decimal | None, thresholds: Thresholds, *, falling: bool = False
) -> str | None:
    """Key of the pace chip; None where nothing is known or nothing was to be expected yet. Compared unrounded (R11).

    `falling`: the lower the better.
    """
    if reached is None or not expected:
        return None
    if falling and not reached:
        return ABOVE
    share = expected * 100 / reached if falling else reached * 100 / expected
    if share < thresholds.below:
        return FAR_BELOW
    if share < thresholds.on:
        return BELOW
    return ON if share <= thresholds.above else ABOVE
