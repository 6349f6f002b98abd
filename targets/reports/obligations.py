"""What an agency owes: its periods, and how each stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from agencies.models import Agency
from targets.models import Duty, Extension, Period, Report


@dataclass(frozen=True, slots=True)
class Obligation:
    """A period an agency reports for; `report` is None while nothing was begun, `extension` without more time."""

    period: Period
    report: Report | None
    today: dt.date
    extension: Extension | None = None

    @property
    def chip(self) -> str:
        """Key of the status chip; overdue is derived from the dates, never stored."""
        status = self.report.status if self.report else "none"
        never_handed_in = self.report is None or self.report.round == 0
        return "overdue" if never_handed_in and self.days_overdue else status

    @property
    def days_overdue(self) -> int:
        """Days since the due day while nothing acceptable was handed in; else 0."""
        if self.report and self.report.status in (Report.Status.SUBMITTED, Report.Status.APPROVED):
            return 0
        return max((self.today - self.due_on).days, 0)

    @property
    def due_on(self) -> dt.date:
        """The period's due day, or the last day of the time that was granted on top."""
        return self.period.due_with(self.extension.until if self.extension else None)

    @property
    def needs_work(self) -> bool:
        return self.report is None or self.report.status in (Report.Status.DRAFT, Report.Status.RETURNED)


def obligations(agency: Agency, today: dt.date | None = None) -> list[Obligation]:
    """Newest first: the periods that have begun and that the agency owes, and any other it has reported for."""
    today = today or timezone.localdate()
    reports = {report.period_id: report for report in agency.reports.with_names()}
    cadences = dict(Duty.objects.filter(agency=agency).values_list("plan_id", "reports_every"))
    periods = Period.objects.started(today).filter(plan__in=cadences).select_related("plan").newest_first()
    extensions = {e.period_id: e for e in agency.extensions.select_related("granted_by").order_by("granted_at", "pk")}
    return [
        Obligation(period, reports.get(period.pk), today, extensions.get(period.pk))
        for period in periods
        if period.pk in reports or owes(agency, cadences[period.plan_id], period)
    ]


def owes(agency: Agency, cadence: str, period: Period) -> bool:
    """A duty asks for the periods of its cadence at whose cut-off day the agency exists (as DutyQuerySet.owing)."""
    return cadence == period.kind and agency.is_in_force_on(period.ends_on)


def previous_report(report: Report) -> Report | None:
    """The same agency's report for the period of the same kind just before, once it was handed in."""
    return next(iter(previous_reports(report.period, [report.agency])), None)


def previous_reports(period: Period, agencies: Collection[Agency]) -> list[Report]:
    """Of each agency, the report for the last period of the same kind before `period` that was handed in; one query."""
    found = Report.objects.filter(
        agency__in=[agency.pk for agency in agencies],
        period__plan=period.plan_id,
        period__kind=period.kind,
        period__ends_on__lt=period.starts_on,
        status__in=[Report.Status.SUBMITTED, Report.Status.APPROVED],
    )
    if len(agencies) == 1:
        return list(found.order_by("-period__ends_on")[:1])
    return list({report.agency_id: report for report in found.order_by("period__ends_on")}.values())
