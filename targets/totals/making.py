"""What stands in territories on days, as totals: counted from the rows of those territories alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.db.models import Q

from targets.models import ApprovedFigure, Measure, Plan, Total

from .counting import Counted, Ratio, Row
from .definitions import Definitions, counts_from, cuts
from .kept import FIELDS, Held
from .lines import read
from .reading import Rows
from .standing import gone, heard, newest, rows_of, said, standing

# Which territories successions join, so that what one reports moves the numbers of the others (R8).
Joined = Mapping[int, set[int]]


def totals(
    plan: Plan, told: Definitions, units: Collection[int], days: Sequence[dt.date], joined: Joined
) -> Iterator[Held]:
    """At each of `days`, the last ones there are, in territories that nothing joins to others."""
    if len(units) == 1 and not joined.keys() & units and _is_plain(told):
        yield from _of_one(plan, told, *units, days)
        return
    lines = read(plan, told, only=Q(unit__in=units))
    rows = Rows(**vars(told), rows=lines.rows, withdrawn=lines.withdrawn)
    for day in days:
        yield from at(rows, day)


def _is_plain(told: Definitions) -> bool:
    """Whether a kept number of a flow says all that is needed to go on from it: it is of one measure, and its alone."""
    flowing = [one for one in told.indicators if one.has_flows]
    codes = [code for one in flowing for code in one.above]
    return all(one.is_flow for one in flowing) and len(codes) == len(flowing) == len(set(codes))


def _of_one(plan: Plan, told: Definitions, unit: int, days: Sequence[dt.date]) -> Iterator[Held]:
    """One span after another in which all that began has ended (R5), each going on from what stood before it.

    So neither a correction nor the next report costs more the longer the plan has run.
    """
    starts = cuts(told.periods)
    start = max(one for one in starts if one <= days[0])
    eve = Total.objects.of_plan(plan).filter(unit=unit, day__lt=start)
    last = eve.filter(day=eve.order_by("-day").values("day")[:1]).values_list(*FIELDS)
    before = {one.indicator: one for one in (Held(*values) for values in last)}
    lines = read(plan, told, only=Q(unit=unit) & _from(plan, told, unit, start))
    states = [row for row in _all(lines.rows) if row.ends_on < start and told.measures[row.measure].is_state]
    for first, until in zip(starts, [*starts[1:], dt.date.max], strict=True):
        here = [day for day in days if first <= day < until]
        if here:
            now = [row for row in _all(lines.rows) if first <= row.starts_on < until]
            rows = Rows(**vars(told), rows=_by_code(told, states, before.values(), now), withdrawn=lines.withdrawn)
            for day in here:
                totals = {one.indicator: one for one in at(rows, day, before)}
                yield from totals.values()
            before, states = totals, _latest([*states, *now], told)


def _from(plan: Plan, told: Definitions, unit: int, start: dt.date) -> Q:
    """The figures of periods from `start` on, and the reports that say what stood before (R4)."""
    earlier = ApprovedFigure.objects.of_indicators(plan).current().filter(unit=unit, period__ends_on__lt=start)
    stocks = earlier.filter(measure__accumulation=Measure.Accumulation.STATE)
    late = [period.pk for period in told.periods if period.starts_on >= start]
    return Q(period__in=late) | Q(report__in=set(stocks.last_words().values_list("report_id", flat=True)))


def _all(rows: Mapping[str, Iterable[Row]]) -> Iterator[Row]:
    return (row for some in rows.values() for row in some)


def _by_code(
    told: Definitions, states: Iterable[Row], before: Iterable[Held], now: Iterable[Row]
) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {code: [] for code in told.measures}
    for row in (*states, *_carried(told, before), *now):
        found[row.measure].append(row)
    return found


def _carried(told: Definitions, before: Iterable[Held]) -> Iterator[Row]:
    """What flows had come to, as if it were one report of nobody's: no other replaces it (R5)."""
    periods = {period.pk: period for period in told.periods}
    indicators = {one.pk: one for one in told.indicators if one.is_flow}
    for one in before:
        if one.indicator in indicators and one.reached is not None:
            (code,) = indicators[one.indicator].above
            yield Row(
                territory=one.unit,
                agency=0,
                report=0,
                measure=code,
                period=periods[one.period].code,
                starts_on=one.starts_on,
                ends_on=periods[one.period].ends_on,
                value=one.reached,
                corrected=one.corrected,
                approved_at=one.approved_at,
            )


def _latest(rows: Iterable[Row], told: Definitions) -> list[Row]:
    """Of stocks, each voice's last word on each measure."""
    stocks = (row for row in rows if told.measures[row.measure].is_state)
    in_time = sorted(stocks, key=lambda row: (row.ends_on, -row.starts_on.toordinal()))
    return list({(row.agency, row.measure): row for row in in_time}.values())


def at(rows: Rows, day: dt.date, before: Mapping[int, Held] | None = None) -> Iterator[Held]:
    """Of every territory that ever reported by `day`, also where nothing of it counts (any more).

    `before`: by indicator, the totals of the one territory there is, up to which `rows` have been carried on.
    """
    periods = {period.code: period.pk for period in rows.periods}
    for indicator in rows.indicators:
        counted = standing(indicator, rows, day, counts_from(indicator, rows, day))
        much, spoken, taken = said(indicator, rows, day), heard(indicator, rows, day), gone(indicator, rows, day)
        was = before.get(indicator.pk) if before else None
        for unit in counted.keys() | much.keys() | spoken.keys() | taken | ({was.unit} if was else set()):
            until, since = spoken.get(unit, (None, None))
            yield Held(
                indicator.pk,
                unit,
                day,
                *_number(counted.get(unit), periods),
                withdrawn=unit in taken or bool(was and was.withdrawn),
                heard_until=_later(until, was and was.heard_until),
                heard_from=_later(since, was and was.heard_from),
                said=much.get(unit, Total.Said.NOTHING).value,
            )


def _later(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    return max(filter(None, (one, other)), default=None)


def _number(value: Counted | None, periods: Mapping[str, int]) -> tuple[object, ...]:
    """From `reached` to `corrected`, as `Held` has them."""
    if value is None:
        return None, None, 0, None, None, None, False
    made_of, is_ratio = rows_of(value), isinstance(value, Ratio)
    return (
        value.part.number if is_ratio else value.number,
        value.base.number if is_ratio else None,
        1,
        periods[newest(made_of).period],
        max(row.starts_on for row in made_of),
        max(row.approved_at for row in made_of),
        any(row.corrected for row in made_of),
    )
