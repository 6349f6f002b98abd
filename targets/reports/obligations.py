"""What an agency owes: its periods, and how each stands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from agencies.models import Agency
from targets.models import Duty, Period, Report


@dataclass(frozen=True, slots=True)
class Obligation:
    """A period an agency reports for; `report` is None while nothing was begun."""

    period: Period
    report: Report | None
    today: dt.date

    @property
    def chip(self) -> str:
        """Key of the status chip; overdue is derived from the dates, never stored."""
        if self.report:
            return self.report.chip
        return "overdue" if self.days_overdue else "none"

    @property
    def days_overdue(self) -> int:
        """Days since the due day while nothing acceptable was handed in; else 0."""
        if self.report and self.report.status in (Report.Status.SUBMITTED, Report.Status.APPROVED):
            return 0
        return self.period.days_overdue(self.today)

    @property
    def needs_work(self) -> bool:
        return self.report is None or self.report.status in (Report.Status.DRAFT, Report.Status.RETURNED)


def obligations(agency: Agency, today: dt.date | None = None) -> list[Obligation]:
    """Newest first: the periods that have begun and that the agency owes, and any other it has reported for."""
    today = today or timezone.localdate()
    reports = {report.period_id: report for report in agency.reports.with_names()}
    cadences = dict(Duty.objects.filter(agency=agency).values_list("plan_id", "reports_every"))
    periods = Period.objects.started(today).filter(plan__in=cadences).newest_first()
    return [
        Obligation(period, reports.get(period.pk), today)
        for period in periods
        if period.pk in reports or (cadences[period.plan_id] == period.kind and agency.is_in_force_on(period.ends_on))
    ]


def previous_report(report: Report) -> Report | None:
    """The same agency's report for the period of the same kind just before, once it was handed in."""
    return (
        Report.objects.filter(
            agency=report.agency_id,
            period__plan=report.period.plan_id,
            period__kind=report.period.kind,
            period__ends_on__lt=report.period.starts_on,
            status__in=[Report.Status.SUBMITTED, Report.Status.APPROVED],
        )
        .order_by("-period__ends_on")
        .first()
    )
