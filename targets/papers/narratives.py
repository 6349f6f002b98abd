"""What agencies wrote in their reports of a period, put together in order: province, districts, communes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from targets.models import Report
from targets.models.report import ReportQuerySet

from .ledger import LEVELS
from .paper import Paper


@dataclass(frozen=True, slots=True)
class Passage:
    """One agency's text under one heading; `whose` names its period where that is not the paper's own."""

    whose: str
    text: str


@dataclass(frozen=True, slots=True)
class Narratives:
    """Passages by field of Report.NARRATIVE; `without` are agencies whose figures count and whose text is not final."""

    passages: Mapping[str, Sequence[Passage]]
    without: Sequence[str]


def narratives(paper: Paper) -> Narratives:
    """Texts of approved reports (with submitted ones if provisional), in one query.

    A report has one text, that of its last version: as known at an earlier instant, only of those not touched since.
    """
    reports = _in_order(_widest(list(_reports(paper).select_related("agency__unit", "period"))))
    spoke = {report.agency_id for report in reports}
    silent = [agency for agency in paper.book.agencies.values() if agency.pk in paper.book.reported - spoke]
    return Narratives(
        {field: _passages(paper, field, reports) for field in Report.NARRATIVE},
        sorted(agency.name for agency in silent),
    )


def _reports(paper: Paper) -> ReportQuerySet:
    """Of the period, of those inside it, or of a wider one with the same end: whose figures are its news (R5)."""
    period, status = paper.period, Report.Status
    inside = Q(period__starts_on__gte=period.starts_on, period__ends_on__lte=period.ends_on)
    wider = Q(period__starts_on__lte=period.starts_on, period__ends_on=period.ends_on)
    found = Report.objects.of_plan(paper.plan).filter(inside | wider)
    if paper.progress.provisional:
        return found.filter(status__in=[status.APPROVED, status.SUBMITTED])
    return found.approved().filter(approved_at__lte=paper.read_at)


def _widest(reports: Sequence[Report]) -> list[Report]:
    """R5: a year's report instead of those of its halves."""

    def is_inside_another(one: Report) -> bool:
        return any(
            other.agency_id == one.agency_id
            and other.period_id != one.period_id
            and other.period.starts_on <= one.period.starts_on
            and one.period.ends_on <= other.period.ends_on
            for other in reports
        )

    return [report for report in reports if not is_inside_another(report)]


def _in_order(reports: Sequence[Report]) -> list[Report]:
    """By level, unit and period."""
    return sorted(
        reports,
        key=lambda one: (LEVELS.index(one.agency.level), one.agency.unit.code, one.agency.name, one.period.ends_on),
    )


def _passages(paper: Paper, field: str, reports: Sequence[Report]) -> list[Passage]:
    found = []
    for report in reports:
        text = getattr(report, field).strip()
        if text:
            is_own = report.period_id == paper.period.pk
            whose = report.agency.name if is_own else f"{report.agency.name} ({report.period.name})"
            found.append(Passage(whose, text))
    return found
