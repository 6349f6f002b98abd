"""What an indicator stands at on a day, territory by territory: from the rows of an open book, or its kept totals."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from targets.models import Indicator, Period, Total

from . import counting
from .counting import Counted, Ratio, Row, Value, Voice
from .definitions import counts_from
from .reading import Rows

Said = Total.Said


def standing(
    indicator: Indicator, book: Rows, day: dt.date, since: dt.date, only: Collection[int] | None = None
) -> Mapping[int, Counted]:
    """By territory: flows since `since`, states as at `day`; a ratio where both its numbers are known (R3-R8).

    A book remembers it: trends, changes and forecasts ask for the same days. `only`: no more than these are needed.
    """
    if book.kept:
        return book.kept.standing(indicator, day, since, only)
    key = "standing", indicator.pk, day, since
    if key not in book.remembered:
        book.remembered[key] = _counted(indicator, book, day, since)
    return book.remembered[key]


def whole(indicator: Indicator, book: Rows, day: dt.date, since: dt.date) -> Counted | None:
    """The province's number: over all territories; None when nobody said anything."""
    if book.kept:
        return book.kept.province(indicator, day, since)
    return sums(standing(indicator, book, day, since).values())


def whole_in_period(indicator: Indicator, book: Rows, period: Period) -> Value | None:
    """What the period brought to the whole province's count of flows; None where nobody said anything of it."""
    if not book.kept:
        return sums(in_period(indicator, book, period).values())
    if not indicator.is_flow:
        return None
    since = counts_from(indicator, book, period.ends_on)
    now = whole(indicator, book, period.ends_on, since)
    news = tuple(row for row in now.rows if is_of(row, period)) if now else ()
    if not news:
        return None
    before = whole(indicator, book, period.starts_on - dt.timedelta(days=1), since)
    return Value(now.number - (before.number if before else 0), news)


def _counted(indicator: Indicator, book: Rows, day: dt.date, since: dt.date) -> Mapping[int, Counted]:
    parts, bases = indicator.above, indicator.below
    by_measure = _by_measure(parts + bases, book, day, since)
    if bases:
        return counting.ratios(_joined(parts, by_measure), _joined(bases, by_measure))
    found: dict[int, list[Row]] = defaultdict(list)
    for (territory, _), rows in _joined(parts, by_measure).items():
        found[territory].extend(rows)
    return {territory: counting.total(rows) for territory, rows in found.items()}


def in_period(
    indicator: Indicator, book: Rows, period: Period, only: Collection[int] | None = None
) -> dict[int, Value]:
    """What the period brought to a count of flows, by territory that said something of it; empty for all others.

    The cumulative number less the one before, so that periods add up to it even where a year replaced its halves (R5).
    """
    if not indicator.is_flow:
        return {}
    since = counts_from(indicator, book, period.ends_on)
    before = standing(indicator, book, period.starts_on - dt.timedelta(days=1), since, only)
    found = {}
    for territory, value in standing(indicator, book, period.ends_on, since, only).items():
        news = tuple(row for row in value.rows if is_of(row, period))
        if news:
            earlier = before[territory].number if territory in before else Decimal(0)
            found[territory] = Value(value.number - earlier, news)
    return found


def known(book: Rows, day: dt.date) -> set[int]:
    """Territories of which anything was ever reported by `day` on what indicators are made of."""
    if book.kept:
        return {unit for indicator in book.indicators for unit in book.kept.rows(indicator, day)}
    gone = {unit for some in book.withdrawn.values() for unit, ends_on in some if ends_on <= day}
    return {row.territory for row in book.counted() if row.ends_on <= day} | gone


def said(indicator: Indicator, book: Rows, day: dt.date) -> Mapping[int, Said]:
    """By territory, how much of the indicator's stocks one voice there reported by `day`; left out where nothing."""
    if book.kept:
        return {unit: Said(held.said) for unit, held in book.kept.rows(indicator, day).items() if held.said}
    parts, bases = set(indicator.above), set(indicator.below)
    given: dict[Voice, set[str]] = defaultdict(set)
    for code in parts | bases:
        for row in book.rows[code] if book.measures[code].is_state else ():
            if row.ends_on <= day:
                given[row.voice].add(code)
    found: dict[int, Said] = {}
    for (territory, _), codes in given.items():
        much = Said.ALL if parts | bases <= codes else Said.PARTS if parts <= codes else Said.SOME
        found[territory] = max(found.get(territory, Said.NOTHING), much)
    return found


def news(indicator: Indicator, book: Rows, period: Period) -> set[int]:
    """Territories that reported something above the indicator's line for the period, whether it counts or not."""
    if book.kept:
        return {one for one, held in book.kept.rows(indicator, period.ends_on).items() if held.is_news_of(period)}
    codes = indicator.above
    return {row.territory for code in codes for row in book.rows[code] if is_of(row, period)}


def has_news(indicator: Indicator, book: Rows, period: Period) -> bool:
    """Whether there is any."""
    if book.kept:
        held = book.kept.whole(indicator, period.ends_on)
        return held is not None and held.is_news_of(period)
    return bool(news(indicator, book, period))


def heard(indicator: Indicator, book: Rows, day: dt.date) -> dict[int, tuple[dt.date, dt.date]]:
    """By territory, of all that was reported above the line by `day`: the last, and the latest first day."""
    found: dict[int, tuple[dt.date, dt.date]] = {}
    for code in indicator.above:
        for row in book.rows[code]:
            if row.ends_on <= day:
                until, since = found.get(row.territory, (dt.date.min, dt.date.min))
                found[row.territory] = max(until, row.ends_on), max(since, row.starts_on)
    return found


def was_corrected_away(
    indicator: Indicator, book: Rows, day: dt.date, territories: Collection[int] | None = None
) -> bool:
    """Whether a correction took away a figure that was known by `day`, of certain territories or of any (R10)."""
    if book.kept:
        if territories is None:
            held = book.kept.whole(indicator, day)
            return held is not None and held.withdrawn
        rows = book.kept.rows(indicator, day)
        return any(rows[unit].withdrawn for unit in territories if unit in rows)
    taken = gone(indicator, book, day)
    return bool(taken if territories is None else taken.intersection(territories))


def gone(indicator: Indicator, book: Rows, day: dt.date) -> set[int]:
    """Territories that lost a figure known by `day` to a correction."""
    codes = (*indicator.above, *indicator.below)
    return {unit for code in codes for unit, ends_on in book.withdrawn[code] if ends_on <= day}


def is_of(row: Row, period: Period) -> bool:
    """Whether a row is news of this period: inside it, or of a wider one with the same end (R5)."""
    return row.ends_on == period.ends_on or (period.starts_on <= row.starts_on and row.ends_on <= period.ends_on)


def sums(values: Iterable[Counted]) -> Counted | None:
    """Over territories; None of none."""
    values = list(values)
    if not values:
        return None
    if isinstance(values[0], Value):
        return counting.together(values)
    return Ratio(counting.together(v.part for v in values), counting.together(v.base for v in values))


def rows_of(value: Counted) -> tuple[Row, ...]:
    return value.rows if isinstance(value, Value) else value.part.rows + value.base.rows


def newest(rows: Iterable[Row]) -> Row:
    """That of the period which ended last; of two that ended together, the shorter one's."""
    return max(rows, key=lambda row: (row.ends_on, row.starts_on))


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


def _by_measure(codes: Sequence[str], book: Rows, day: dt.date, since: dt.date) -> dict[str, dict[Voice, list[Row]]]:
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
