"""What stands behind a page's numbers that the reader may open: reports and files, by the rules of their own pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from agencies.models import Agency, Unit, UnitSuccession, User
from targets.models import ImportBatch, Plan, Report

from .provenance import Source


@dataclass(frozen=True, slots=True)
class Within:
    """Primary keys of those, among some, that a person may open."""

    reports: frozenset[int]
    files: frozenset[int]


def within_reach(user: User, sources: Iterable[Source]) -> Within:
    """Of the reports and files that `sources` come from."""
    sources = list(sources)
    reports = Report.objects.visible_to(user).filter(pk__in={one.report_pk for one in sources})
    files = files_within_reach(user, {one.origin.batch_pk for one in sources if one.origin})
    return Within(frozenset(reports.values_list("pk", flat=True)), files)


def files_within_reach(user: User, sent: Collection[int]) -> frozenset[int]:
    """Of those files; a leader opens none (targets.imports keeps that rule). No query where there is none."""
    if not sent or user.role == User.Role.LEADER:
        return frozenset()
    return frozenset(ImportBatch.objects.visible_to(user).filter(pk__in=sent).values_list("pk", flat=True))


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
