"""The province's totals, from its territories'."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from django.db.models import Count, Max, Q, Sum

from targets.models import Period, Total, bulk

from .definitions import Definitions
from .kept import FIELDS, Held

ADDED = ("reached", "base", "territories")
NEWEST = ("starts_on", "approved_at", "heard_until", "heard_from", "said")


def sum_up(told: Definitions, days: Collection[dt.date]) -> None:
    """The province's rows at `days`, from its territories'."""
    here = Total.objects.filter(indicator__in=told.indicators, day__in=days).order_by()
    here.of_province().delete()
    groups = here.of_territories().values_list("indicator_id", "day", "period_id")
    groups = groups.annotate(
        *(Sum(name) for name in ADDED),
        *(Max(name) for name in NEWEST),
        corrections=Count("pk", filter=Q(corrected=True)),
        withdrawals=Count("pk", filter=Q(withdrawn=True)),
    )
    bulk.insert(Total, FIELDS, summed(told, (_held(*values) for values in groups)))


def _held(indicator: int, day: dt.date, period: int | None, *told: object) -> Held:
    """Of the territories whose newest figures are of one period; `told` in the order of the query."""
    *of, corrections, withdrawals = told
    named = dict(zip((*ADDED, *NEWEST), of, strict=True))
    marks = {"corrected": corrections > 0, "withdrawn": withdrawals > 0}
    return Held(indicator=indicator, unit=None, day=day, period=period, **named, **marks)


def summed(told: Definitions, totals: Iterable[Held]) -> list[Held]:
    """By indicator and day: numbers added up, of everything else the newest."""
    found: dict[tuple[int, dt.date], list[Held]] = defaultdict(list)
    for one in totals:
        found[one.indicator, one.day].append(one)
    periods = {period.pk: period for period in told.periods}
    return [_sum(indicator, day, some, periods) for (indicator, day), some in found.items()]


def _sum(indicator: int, day: dt.date, some: Sequence[Held], periods: Mapping[int, Period]) -> Held:
    spans = [periods[one.period] for one in some if one.period]
    last = max(spans, key=lambda period: (period.ends_on, period.starts_on), default=None)
    return Held(
        indicator=indicator,
        unit=None,
        day=day,
        reached=_added(one.reached for one in some),
        base=_added(one.base for one in some),
        territories=sum(one.territories for one in some),
        period=last and last.pk,
        starts_on=_newest(one.starts_on for one in some),
        approved_at=_newest(one.approved_at for one in some),
        corrected=any(one.corrected for one in some),
        withdrawn=any(one.withdrawn for one in some),
        heard_until=_newest(one.heard_until for one in some),
        heard_from=_newest(one.heard_from for one in some),
        said=max(one.said for one in some),
    )


def _added(numbers: Iterable[Decimal | None]) -> Decimal | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _newest(times: Iterable[dt.date | None]) -> dt.date | None:
    return max((time for time in times if time is not None), default=None)
