"""Whose report of a period stands where, by territory, and where the approved ones came from."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from targets.models import Duty, Extension, Figure, ImportBatch, Period, Report

Status = Report.Status
ORDER = ("overdue", Status.RETURNED, "none", Status.DRAFT, Status.SUBMITTED, Status.APPROVED)


@dataclass(frozen=True, slots=True)
class Standing:
    """One agency that owes the period's report. `chip` as the lists of reports say it; "none" before its due day."""

    agency: str
    unit_pk: int
    chip: str


@dataclass(frozen=True, slots=True)
class FromFile:
    """A file and how many of the period's reports hold numbers of it."""

    batch: ImportBatch
    reports: int


@dataclass(frozen=True)
class HandedIn:
    standings: tuple[Standing, ...]
    on_form: int  # reports of which no number came from a file
    files: tuple[FromFile, ...]

    @cached_property
    def by_unit(self) -> Mapping[int, str]:
        """What a territory's row shows: where several agencies report for it, the one that needs attention most."""
        found: dict[int, list[str]] = defaultdict(list)
        for one in self.standings:
            found[one.unit_pk].append(one.chip)
        return {unit: min(chips, key=ORDER.index) for unit, chips in found.items()}

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many stand where, those that need attention first."""
        counted = Counter(one.chip for one in self.standings)
        return [(chip, counted[chip]) for chip in ORDER if counted[chip]]

    @property
    def to_chase(self) -> list[Standing]:
        """Who still has to hand in though it is due, or was sent back."""
        late = [one for one in self.standings if one.chip in ("overdue", Status.RETURNED)]
        return sorted(late, key=lambda one: ORDER.index(one.chip))


def handed_in(period: Period) -> HandedIn:
    """As things are now, in four queries at most."""
    reports = list(Report.objects.filter(period=period).with_due_day().defer(*Report.NARRATIVE))
    duties = Duty.objects.of_plan(period.plan).owing(period.kind, period.ends_on).by_unit()
    granted = Extension.objects.filter(agency=OuterRef("agency"), period=period).values("until")
    owing = duties.annotate(until=Subquery(granted[:1])).values_list(
        "agency", "agency__short_name", "agency__unit", "until"
    )
    by_agency = {report.agency_id: report for report in reports}
    standings = (
        Standing(name, unit, _chip(by_agency.get(agency), period, until)) for agency, name, unit, until in owing
    )
    sent = [one for one in reports if one.status in (Status.SUBMITTED, Status.APPROVED)]
    pairs = set(
        Figure.objects.filter(report__in=[one.pk for one in sent], origin__isnull=False)
        .order_by()
        .values_list("origin__batch_id", "report_id")
    )
    counted = Counter(batch for batch, _ in pairs)
    files = ImportBatch.objects.newest_first().filter(pk__in=counted)
    return HandedIn(
        standings=tuple(standings),
        on_form=len(sent) - len({report for _, report in pairs}),
        files=tuple(FromFile(batch, counted[batch.pk]) for batch in files),
    )


def _chip(report: Report | None, period: Period, until: dt.date | None) -> str:
    """`until`: more time that the agency was granted last."""
    if report:
        return report.chip
    return "overdue" if timezone.localdate() > period.due_with(until) else "none"
