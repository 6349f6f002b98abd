"""An indicator in one period, briefly: the lines that its number, its parts and the period's news need.

However long a plan has run: what flows came to before the period is one line of each agency and measure, and of what
stands only each agency's last word is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db.models import Max, Q, Sum

from agencies.models import Agency
from targets.models import ApprovedFigure, Period
from targets.models.ledger import ApprovedFigureQuerySet

from .definitions import Definitions, counts_from
from .lines import Line, Lines, read


def read_briefly(period: Period, told: Definitions, agencies: Mapping[int, Agency]) -> Lines:
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
        return read(period.plan, told, agencies, parts=True, only=only | Q(measure__in=keys - states))
    since = counts_from(indicator, told, period.ends_on)
    before = [one for one in told.periods if since <= one.starts_on and one.ends_on < period.starts_on]
    carried = _carried(flows.filter(period__in=before), before)
    return read(period.plan, told, agencies, parts=True, only=only, besides=carried)


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


def _carried(flows: ApprovedFigureQuerySet, periods: list[Period]) -> Iterator[Line]:
    """By agency, territory and measure the sum of what counts, as if all of it were in its last report (R3)."""
    by_end = {one.ends_on: one for one in sorted(periods, key=lambda one: one.starts_on)}  # the shortest of equals
    sums = flows.widest().values_list("agency", "unit", "measure").annotate(Sum("value"), Max("period__ends_on"))
    for agency, unit, measure, value, ends_on in sums:
        yield Line(agency, unit, 0, measure, by_end[ends_on].pk, value)
