"""Reads the totals that approvals keep, so that a page costs the same however much was ever reported."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Q, Subquery

from targets.models import Indicator, Period, Plan, Total

from .counting import Counted, Ratio, Row, Value
from .definitions import Definitions, is_marked

Said = Total.Said


class Held(NamedTuple):
    """One row of the totals, in the order of `Total`'s fields."""

    indicator: int
    unit: int | None
    day: dt.date
    reached: Decimal | None
    base: Decimal | None
    territories: int
    period: int | None
    starts_on: dt.date | None
    approved_at: dt.datetime | None
    corrected: bool
    withdrawn: bool
    heard_until: dt.date | None
    heard_from: dt.date | None
    said: int

    def is_news_of(self, period: Period) -> bool:
        """Whether something above the line was reported of the period, as `standing.is_of` says of a row."""
        return self.heard_until is not None and (
            self.heard_until == period.ends_on or self.heard_from >= period.starts_on
        )


FIELDS = tuple(Total._meta.get_field(name).attname for name in Held._fields)
# By day, then by indicator, then by territory.
ByDay = Mapping[dt.date, Mapping[int, Mapping[int, Held]]]


def _by_day(rows: Iterable[Held]) -> ByDay:
    found: dict[dt.date, dict[int, dict[int, Held]]] = defaultdict(lambda: defaultdict(dict))
    for held in rows:
        found[held.day][held.indicator][held.unit] = held
    return found


class Kept:
    """A plan's totals: of the province at all days, and of the territories at the `wanted` ones.

    A day on which nothing ended stands as the last one before it on which something did.
    """

    def __init__(self, told: Definitions, rows: Collection[Held], wanted: Collection[dt.date]) -> None:
        self._periods = {period.pk: period for period in told.periods}
        self._flowing = {one.pk for one in told.indicators if one.has_flows}
        self._pks = [one.pk for one in told.indicators]
        self._province = {(one.indicator, one.day): one for one in rows if one.unit is None}
        self.days = sorted({day for _, day in self._province})
        self._wanted = {self.until(day) for day in wanted}
        self._by_day = _by_day(one for one in rows if one.unit is not None)
        self._followed: dict[frozenset[int], ByDay] = {}
        self._said: dict[int, dict[dt.date, Counted]] = defaultdict(dict)  # of the province, by indicator and day

    def until(self, day: dt.date) -> dt.date | None:
        """The last day by `day` that totals are kept for."""
        place = bisect_right(self.days, day)
        return self.days[place - 1] if place else None

    def rows(self, indicator: Indicator, day: dt.date, only: Collection[int] | None = None) -> Mapping[int, Held]:
        """By territory; of any day for `only` certain ones, which are read at once for all days."""
        day, by_day = self.until(day), self._by_day
        if day not in self._wanted and day is not None:
            if only is None:
                raise LookupError(f"the territories of {day} were not asked for")
            key = frozenset(only)
            by_day = self._followed[key] if key in self._followed else self._follow(key)
        found = by_day[day][indicator.pk] if day in by_day else {}
        return found if only is None else {unit: found[unit] for unit in only if unit in found}

    def _follow(self, units: frozenset[int]) -> ByDay:
        rows = Total.objects.filter(indicator__in=self._pks, unit__in=units).order_by().values_list(*FIELDS)
        self._followed[units] = found = _by_day(Held(*values) for values in rows)
        return found

    def whole(self, indicator: Indicator, day: dt.date) -> Held | None:
        """The province's row."""
        return self._province.get((indicator.pk, self.until(day)))

    def standing(
        self, indicator: Indicator, day: dt.date, since: dt.date, only: Collection[int] | None = None
    ) -> Mapping[int, Counted]:
        if self._is_of_an_earlier_phase(indicator, day, since):
            return {}
        rows = self.rows(indicator, day, only)
        return {unit: self._counted(held) for unit, held in rows.items() if held.reached is not None}

    def province(self, indicator: Indicator, day: dt.date, since: dt.date) -> Counted | None:
        held = self.whole(indicator, day)
        if held is None or held.reached is None or self._is_of_an_earlier_phase(indicator, day, since):
            return None
        if held.day not in self._said[indicator.pk]:  # lines over the periods ask for each several times
            self._said[indicator.pk][held.day] = self._counted(held)
        return self._said[indicator.pk][held.day]

    def _is_of_an_earlier_phase(self, indicator: Indicator, day: dt.date, since: dt.date) -> bool:
        """Whether the last figures are from before flows began to be counted anew (R3)."""
        until = self.until(day)
        return until is None or (indicator.pk in self._flowing and since > until)

    def _counted(self, held: Held) -> Counted:
        """Made of one row that tells how new the number is and whether it was corrected; the ledger has the others."""
        period = self._periods[held.period]
        row = Row(
            territory=held.unit or 0,
            agency=0,
            report=0,
            measure="",
            period=period.code,
            starts_on=held.starts_on,
            ends_on=period.ends_on,
            value=held.reached,
            corrected=held.corrected,
            approved_at=held.approved_at,
        )
        above = Value(held.reached, (row,))
        return above if held.base is None else Ratio(above, Value(held.base, ()))


def kept_totals(plan: Plan, told: Definitions, wanted: Collection[dt.date]) -> Kept | None:
    """None where none are kept, or by other definitions than hold today: then the ledger is counted.

    One statement reads them all, so that an approval at the same moment is in all of the numbers or in none.
    """
    ours = Total.objects.filter(indicator__in=told.indicators).order_by()
    last = [ours.of_province().filter(day__lte=day).order_by("-day").values("day")[:1] for day in wanted]
    there = reduce(or_, (Q(day=Subquery(day)) for day in last), Q(unit__isnull=True))
    rows = [Held(*values) for values in ours.filter(there).values_list(*FIELDS)]
    mark = Plan.objects.values_list("totals_mark", flat=True).get(pk=plan.pk)  # after them: they may have moved on
    if not is_marked(told, {one.day for one in rows}, mark):
        return None
    return Kept(told, rows, wanted)
