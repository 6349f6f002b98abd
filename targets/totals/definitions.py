"""What a plan counts and how, read once in a fixed number of queries: everything but the figures themselves."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from agencies.models import AgencySuccession, UnitSuccession
from targets.models import Indicator, Measure, Period, Plan, Target, Total

from .counting import Succession
from .milestones import Milestone, phase

WAY_OF_COUNTING = 1  # another number whenever the same ledger would give other totals


@dataclass(frozen=True, kw_only=True)
class Definitions:
    """A plan's indicators, measures and periods, the dates of its targets, and who came after whom."""

    indicators: list[Indicator]
    measures: dict[str, Measure]
    periods: list[Period]  # all of the plan's, in order
    milestones: dict[tuple[int, int | None], list[Milestone]]  # by (indicator, unit or None for the province)
    national: dict[int, list[Milestone]]  # by indicator: the country's own targets
    unit_successions: list[Succession]
    agency_successions: list[Succession]

    def keys(self, *, parts: bool = False) -> set[int]:
        """Of the measures that the indicators are made of; with `parts`, of those that are parts of them too."""
        codes = {code for one in self.indicators for code in (*one.above, *one.below)}
        found = {self.measures[code].pk for code in codes}
        return found | {one.pk for one in self.measures.values() if parts and one.part_of_id in found}


def definitions(plan: Plan) -> dict[str, object]:
    """The fields of `Definitions`, in nine queries."""
    return {
        "indicators": list(plan.indicators.select_related("plan").prefetch_related("numerator", "denominator")),
        "measures": {m.code: m for m in plan.measures.prefetch_related("counted_by")},
        "periods": list(plan.periods.all()),
        "milestones": _milestones(Target.objects.of_territories(plan), lambda one: (one.indicator_id, one.unit_id)),
        "national": _milestones(Target.objects.national(plan), lambda one: one.indicator_id),
        "unit_successions": [
            Succession(edge.predecessor_id, edge.successor_id, edge.on, edge.main, edge.exact, edge.weight)
            for edge in UnitSuccession.objects.all()
        ],
        "agency_successions": _agency_successions(plan),
    }


def _milestones(targets: Iterable[Target], key) -> dict[object, list[Milestone]]:
    found: dict[object, list[Milestone]] = {}
    for one in targets:
        milestone = Milestone(one.counts_from, one.due_on, one.value, one.baseline or Decimal(0))
        found.setdefault(key(one), []).append(milestone)
    return found


def _agency_successions(plan: Plan) -> list[Succession]:
    """Only to successors that report: a function handed to an agency outside the plan leaves nobody to wait for."""
    reporting = set(plan.duties.reporting().values_list("agency_id", flat=True))
    return [
        Succession(edge.predecessor_id, edge.successor_id, edge.on)
        for edge in AgencySuccession.objects.all()
        if edge.successor_id in reporting
    ]


def counts_from(indicator: Indicator, told: Definitions, day: dt.date) -> dt.date:
    """The first day of the phase that `day` is in; without targets, the plan's first day."""
    milestones = phase(_phases(indicator, told), day)
    return milestones[0].counts_from if milestones else indicator.plan.starts_on


def _phases(indicator: Indicator, told: Definitions) -> list[Milestone]:
    return told.milestones.get((indicator.pk, None)) or told.national.get(indicator.pk, [])


# What totals were kept by --------------------------------------------------------------------------------------------


def mark(told: Definitions, days: Collection[dt.date], known: int | None = None) -> str:
    """Names everything that totals at `days` depend on besides the ledger; another one when any of it changes.

    Of the agencies there, those that were `known`, by the highest primary key then: new ones have no totals yet.
    """
    here = Total.objects.filter(indicator__in=told.indicators, day=max(days, default=None)).of_territories()
    bodies = here.filter(unit__agencies__isnull=False).order_by("unit__agencies__pk").distinct()
    agencies = list(bodies.values_list("unit__agencies__pk", "unit__agencies__kind", "unit__agencies__level"))
    known = agencies[-1][0] if known is None and agencies else known or 0
    parts = (
        WAY_OF_COUNTING,
        [
            (
                one.pk,
                sorted(measure.pk for measure in one.numerator.all()),
                sorted(measure.pk for measure in one.denominator.all()),
                sorted({milestone.counts_from for milestone in _phases(one, told)}),
                one.plan.starts_on,
            )
            for one in told.indicators
        ],
        [
            (one.pk, one.is_state, sorted((owner.agency_kind, owner.agency_level) for owner in one.counted_by.all()))
            for one in told.measures.values()
        ],
        [(one.pk, one.starts_on, one.ends_on) for one in told.periods if one.ends_on in days],
        sorted((edge.predecessor, edge.successor, edge.on) for edge in told.unit_successions if edge.main),
        sorted((edge.predecessor, edge.successor, edge.on) for edge in told.agency_successions),
        [one for one in agencies if one[0] <= known],
    )
    return f"{known}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"


def is_marked(told: Definitions, days: Collection[dt.date], kept: str) -> bool:
    """Whether `kept` is the mark of totals that still hold."""
    known, _, digest = kept.partition("-")
    return bool(digest) and mark(told, days, int(known)) == kept


def is_nested(periods: Iterable[Period]) -> bool:
    """Whether any two lie one inside the other or apart: what totals rely on, and every calendar in use is."""
    ordered = sorted(periods, key=lambda one: (one.starts_on, -one.ends_on.toordinal()))
    around: list[dt.date] = []
    for one in ordered:
        while around and around[-1] < one.starts_on:
            around.pop()
        if around and one.ends_on > around[-1]:
            return False
        around.append(one.ends_on)
    return True


def cuts(periods: Iterable[Period]) -> list[dt.date]:
    """First days on which nothing is under way, in order: what ends before one is done with (R5)."""
    found, until = [], dt.date.min
    for one in sorted(periods, key=lambda one: one.starts_on):
        if one.starts_on > until:
            found.append(one.starts_on)
        until = max(until, one.ends_on)
    return found
