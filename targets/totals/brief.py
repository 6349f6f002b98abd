"""What was before a period, briefly, for pages that are about the period alone.

However long a plan has run: what flows came to before the period is one line of each agency and measure, and of what
stands only each agency's last word is read.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Max, Q, Sum

from targets.models import ApprovedFigure, Measure, Period
from targets.models.ledger import ApprovedFigureQuerySet

from .counting import Row, wide_beats_narrow
from .definitions import Definitions, counts_from
from .lines import Line, Lines, read

ROW = ("unit", "agency", "report", "measure__code", "period__code", "period__starts_on", "period__ends_on", "value")


def read_briefly(period: Period, told: Definitions) -> Lines:
    """`told`: with that one indicator alone. Nothing is said of what a correction took away before the period."""
    (indicator,) = told.indicators
    keys = told.keys(parts=True)
    states = {one.pk for one in told.measures.values() if one.pk in keys and one.is_state}
    ledger = ApprovedFigure.objects.current().order_by()
    now = [one for one in told.periods if period.starts_on <= one.ends_on <= period.ends_on]
    wide = [one for one in now if one.starts_on < period.starts_on]
    only = Q(period__in=now) | _last_words(ledger, told, states, period)
    flows = ledger.filter(measure__in=keys - states)
    if flows.filter(period__in=wide).exists():  # it may take the place of some before the period (R5)
        return read(period.plan, told, parts=True, only=only | Q(measure__in=keys - states))
    since = counts_from(indicator, told, period.ends_on)
    before = [one for one in told.periods if since <= one.starts_on and one.ends_on < period.starts_on]
    carried, mixed = _carried(flows.filter(period__in=before), before)
    only |= Q(agency__in=mixed, measure__in=keys - states)
    return read(period.plan, told, parts=True, only=only, besides=carried)


def _last_words(ledger: ApprovedFigureQuerySet, told: Definitions, states: set[int], period: Period) -> Q:
    """Where nobody succeeds anybody, so that no earlier word ever counts again (R8).

    All of what is a part: it may have been said before its whole was said last.
    """
    edges = [*told.unit_successions, *told.agency_successions]
    units = {pk for edge in told.unit_successions for pk in (edge.predecessor, edge.successor)}
    bodies = {pk for edge in told.agency_successions for pk in (edge.predecessor, edge.successor)}
    joined = Q(unit__in=units) | Q(agency__in=bodies) if edges else Q(pk=None)
    wholes = told.keys() & states
    earlier = ledger.filter(~joined, measure__in=wholes, period__ends_on__lt=period.starts_on)
    last = set(earlier.last_words().values_list("report_id", flat=True))
    return Q(measure__in=states) & (Q(report__in=last) | joined | Q(measure__in=states - wholes))


def _carried(flows: ApprovedFigureQuerySet, periods: list[Period]) -> tuple[list[Line], set[int]]:
    """By agency, territory and measure the sum of what counts, as if all of it were in its last report (R3).

    And the agencies of which that cannot be said: all is read.
    """
    by_end = {(one.kind, one.ends_on): one.pk for one in periods}
    sums, mixed = _sums(flows, "unit", "measure")
    lines = [
        Line(agency, unit, 0, measure, by_end[kind, day], value) for agency, unit, measure, kind, value, day in sums
    ]
    return lines, mixed


def sums_before(period: Period, since: Mapping[int, dt.date]) -> dict[int, dict[str, Decimal]]:
    """By agency and code of a FLOW measure, what counts from its day in `since` until `period` begins (R3, R5).

    In one query; two where an agency reported for periods of several kinds.
    """
    agencies: dict[dt.date, list[int]] = defaultdict(list)
    for agency, day in since.items():
        agencies[day].append(agency)
    flows = ApprovedFigure.objects.current().filter(
        reduce(or_, (Q(agency__in=some, period__starts_on__gte=day) for day, some in agencies.items()), Q(pk=None)),
        measure__accumulation=Measure.Accumulation.FLOW,
        period__plan=period.plan_id,
        period__ends_on__lt=period.starts_on,
    )
    found: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    sums, mixed = _sums(flows, "measure__code")
    for agency, code, _, value, _ in sums:
        found[agency][code] += value
    if mixed:
        for row in wide_beats_narrow([Row(*values) for values in flows.filter(agency__in=mixed).values_list(*ROW)]):
            found[row.agency][row.measure] += row.value
    return found


def _sums(flows: ApprovedFigureQuerySet, *by: str) -> tuple[list[tuple], set[int]]:
    """(agency, `by`, kind of period, sum, last day) of agencies that reported for periods of one kind; the others.

    Of periods of one kind none lies in another (R5). That any two do, the database would have to try out on each pair.
    """
    sums = flows.order_by().values_list("agency", *by, "period__kind")
    rows = list(sums.annotate(Sum("value"), Max("period__ends_on")))
    kinds: dict[int, set[str]] = defaultdict(set)
    for agency, *_, kind, _, _ in rows:
        kinds[agency].add(kind)
    return [row for row in rows if len(kinds[row[0]]) == 1], {one for one, some in kinds.items() if len(some) > 1}
