"""Dated targets and the phase that a day is in: from when on flows are counted (R3). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Milestone:
    """A dated target: `value` people or things, or percent, counted from a day on which there was `baseline`."""

    counts_from: dt.date
    due_on: dt.date
    value: Decimal
    baseline: Decimal = Decimal(0)


def phase(milestones: Sequence[Milestone], day: dt.date) -> list[Milestone]:
    """Those counted from the same day, of the phase that `day` is in: the last that has begun, else the first.

    Earliest due first; empty without any.
    """
    starts = sorted({milestone.counts_from for milestone in milestones})
    begun = [start for start in starts if start <= day]
    start = begun[-1] if begun else next(iter(starts), None)
    return sorted((m for m in milestones if m.counts_from == start), key=lambda m: m.due_on)
