"""What stands behind a page's numbers that the reader may open: reports and files, by the rules of their own pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agencies.models import Agency, Unit, UnitSuccession, User
from targets.models import ImportBatch, Period, Plan, Report

from .provenance import Source


@dataclass(frozen=True, slots=True)
class Within:
    """Primary keys of those, among some, that a person may open."""

    reports: frozenset[int]
    files: frozenset[int]


def within_reach(user: User, sources: Iterable[Source]) -> Within:
    """Of the reports and files that `sources` come from; a leader opens no files (targets.imports keeps that rule)."""
    sources = list(sources)
    reports = Report.objects.visible_to(user).filter(pk__in={one.report_pk for one in sources})
    sent = {one.origin.batch_pk for one in sources if one.origin}
    files = ImportBatch.objects.visible_to(user).filter(pk__in=() if user.role == User.Role.LEADER else sent)
    return Within(frozenset(reports.values_list("pk", flat=True)), frozenset(files.values_list("pk", flat=True)))


def of_period(sources: Iterable[Source], period: Period) -> tuple[Source, ...]:
    """Those that the period's own reports brought."""
    return tuple(one for one in sources if one.period == period.code)


@dataclass(frozen=True, slots=True)
class Territory:
    """A unit, what it came from and what came of it, who reports from it, and their reports within reach."""

    unit: Unit
    came_from: tuple[UnitSuccession, ...]
    became: tuple[UnitSuccession, ...]
    agencies: tuple[Agency, ...]
    reports: tuple[Report, ...]


def territory(unit: Unit, plan: Plan, user: User) -> Territory:
    reports = Report.objects.visible_to(user).of_plan(plan).filter(agency__unit=unit)
    return Territory(
        unit=unit,
        came_from=tuple(unit.took_over_from.select_related("predecessor")),
        became=tuple(unit.succeeded_by.select_related("successor")),
        agencies=tuple(unit.agencies.all()),
        reports=tuple(reports.with_names().newest_period_first()),
    )
