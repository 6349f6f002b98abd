"""Where an indicator is heading: its last periods, the forecast from them, and what its target still needs (R12)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from targets.models import Indicator, Period
from targets.totals.definitions import counts_from
from targets.totals.milestones import Milestone
from targets.totals.reading import Book
from targets.totals.standing import compared, has_news, whole

from .forecast import LOOK_BACK, NO_OUTLOOK, Forecast, Outlook, forecast, needed


def outlook(
    indicator: Indicator, book: Book, day: dt.date, reached: Decimal | None, target: Milestone | None
) -> Outlook:
    """Empty without a target of the province, or where the lower is the better."""
    if target is None or indicator.direction == indicator.Direction.DOWN:
        return NO_OUTLOOK
    left = _left(book, day, target.due_on)
    return Outlook(_forecast(indicator, book, day, target), left, needed(target.value, reached, left))


def _left(book: Book, day: dt.date, due_on: dt.date) -> int:
    return sum(day < period.ends_on <= due_on for period in book.calendar)


def _forecast(indicator: Indicator, book: Book, day: dt.date, target: Milestone) -> Forecast | None:
    """From the last period of which anything is known: one that nobody has reported on yet is not a standstill."""
    since, flow = counts_from(indicator, book, day), indicator.is_flow
    known = [p for p in book.calendar if p.ends_on <= day and (not flow or p.starts_on >= since)]
    while known and not has_news(indicator, book, known[-1]):
        known.pop()
    if not known:
        return None
    recent = known[-LOOK_BACK - 1 :]
    standings = [_reached(indicator, book, period, since) for period in recent]
    first = next((n for n, value in enumerate(standings) if value is not None), len(standings))
    return forecast(
        [value for value in standings[first:] if value is not None],
        _left(book, known[-1].ends_on, target.due_on),
        from_zero=flow and (first > 0 or len(recent) == len(known)),
        is_ratio=indicator.is_ratio,
    )


def _reached(indicator: Indicator, book: Book, period: Period, since: dt.date) -> Decimal | None:
    return compared(whole(indicator, book, period.ends_on, since))
