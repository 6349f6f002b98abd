"""What an indicator stands at on a day, territory by territory, from the rows of an open book."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from targets.models import Indicator, Period

from . import counting
from .attribution import Counted
from .counting import Ratio, Row, Value, Voice
from .pace import phase
from .reading import Book


def standing(indicator: Indicator, book: Book, day: dt.date, since: dt.date) -> Mapping[int, Counted]:
    """By territory: flows since `since`, states as at `day`; a ratio where both its numbers are known (R3-R8).

    A book remembers it: trends, changes and forecasts ask for the same days.
    """
    key = "standing", indicator.pk, day, since
    if key not in book.remembered:
        book.remembered[key] = _counted(indicator, book, day, since)
    return book.remembered[key]


def _counted(indicator: Indicator, book: Book, day: dt.date, since: dt.date) -> Mapping[int, Counted]:
    parts, bases = codes_of(indicator.numerator), codes_of(indicator.denominator)
    by_measure = _by_measure(parts + bases, book, day, since)
    if bases:
        return counting.ratios(_joined(parts, by_measure), _joined(bases, by_measure))
    found: dict[int, list[Row]] = defaultdict(list)
    for (territory, _), rows in _joined(parts, by_measure).items():
        found[territory].extend(rows)
    return {territory: counting.total(rows) for territory, rows in found.items()}


def in_period(indicator: Indicator, book: Book, period: Period, now: Mapping[int, Counted]) -> dict[int, Value]:
    """What the period brought to a count of flows, by territory that said something of it; empty for all others.

    The cumulative number less the one before, so that periods add up to it even where a year replaced its halves (R5).
    """
    if not is_flow(indicator, book):
        return {}
    since = counts_from(indicator, book, period.ends_on)
    before = standing(indicator, book, period.starts_on - dt.timedelta(days=1), since)
    found = {}
    for territory, value in now.items():
        news = tuple(row for row in value.rows if is_of(row, period))
        if news:
            earlier = before[territory].number if territory in before else Decimal(0)
            found[territory] = Value(value.number - earlier, news)
    return found


def counts_from(indicator: Indicator, book: Book, day: dt.date) -> dt.date:
    """The first day of the phase that `day` is in; without targets, the plan's first day."""
    milestones = phase(book.milestones.get((indicator.pk, None)) or book.national.get(indicator.pk, ()), day)
    return milestones[0].counts_from if milestones else indicator.plan.starts_on


def was_corrected_away(
    indicator: Indicator, book: Book, day: dt.date, territories: Collection[int] | None = None
) -> bool:
    """Whether a correction took away a figure that was known by `day`, of certain territories or of any (R10)."""
    codes = (*codes_of(indicator.numerator), *codes_of(indicator.denominator))
    gone = [one for code in codes for one in book.withdrawn[code]]
    return any(ends_on <= day and (territories is None or unit in territories) for unit, ends_on in gone)


def is_flow(indicator: Indicator, book: Book) -> bool:
    """A count of what happened, so that periods add up; neither a ratio nor a stock."""
    parts = codes_of(indicator.numerator)
    return not codes_of(indicator.denominator) and not any(book.measures[code].is_state for code in parts)


def is_of(row: Row, period: Period) -> bool:
    """Whether a row is news of this period: inside it, or of a wider one with the same end (R5)."""
    return row.ends_on == period.ends_on or (period.starts_on <= row.starts_on and row.ends_on <= period.ends_on)


def sums(values: Iterable[Counted]) -> Counted | None:
    """The province's number: over all territories; None when nobody said anything."""
    values = list(values)
    if not values:
        return None
    if isinstance(values[0], Value):
        return counting.together(values)
    return Ratio(counting.together(v.part for v in values), counting.together(v.base for v in values))


def codes_of(measures) -> list[str]:
    return [measure.code for measure in measures.all()]


def rows_of(value: Counted) -> tuple[Row, ...]:
    return value.rows if isinstance(value, Value) else value.part.rows + value.base.rows


def moved(now: Counted | None, before: Counted | None, period: Period, *, flow: bool) -> Decimal | None:
    """How what stands moved since the day before the period, as it is compared with a target.

    None for flows, which have a number of their own, and where one of the two is unknown or the period brought no news.
    """
    after, earlier = compared(now), compared(before)
    if flow or after is None or earlier is None or not any(is_of(row, period) for row in rows_of(now)):
        return None
    return after - earlier


def compared(value: Counted | None) -> Decimal | None:
    """What is held against a target: a ratio's percentage, or the count itself."""
    if value is None:
        return None
    return value.percent if isinstance(value, Ratio) else value.number


def _by_measure(codes: Sequence[str], book: Book, day: dt.date, since: dt.date) -> dict[str, dict[Voice, list[Row]]]:
    """By measure and voice, the rows that count: flows since the phase began, states the latest, together."""
    found: dict[str, dict[Voice, list[Row]]] = {code: defaultdict(list) for code in codes}
    states = [row for code in codes if book.measures[code].is_state for row in book.rows[code]]
    main = [edge for edge in book.unit_successions if edge.main]
    for (voice, code), row in counting.states_together(states, day, main, book.agency_successions).items():
        found[code][voice].append(row)
    for code in codes:
        if not book.measures[code].is_state:
            for value in counting.flows(book.rows[code], day, since).values():
                for row in value.rows:
                    found[code][row.voice].append(row)
    return found


def _joined(codes: Sequence[str], by_measure: Mapping[str, Mapping[Voice, list[Row]]]) -> dict[Voice, list[Row]]:
    """By voice, the rows of a numerator or denominator.

    One that left out one of several measures is left out whole: half a numerator is no numerator.
    """
    if not codes:
        return {}
    first, *others = codes
    whole = [voice for voice in by_measure[first] if all(voice in by_measure[code] for code in others)]
    return {voice: [row for code in codes for row in by_measure[code][voice]] for voice in whole}
