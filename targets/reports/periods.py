"""Closing a period, opening it again, and giving one agency more time: verbs, and what their pages show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from agencies.models import Agency, User
from targets.models import Extension, Period, PeriodEvent, Plan, Report
from targets.models.days import spell_day

from . import rules
from .rules import NotAllowed

Verb = PeriodEvent.Verb


@transaction.atomic
def close(period: Period, *, by: User, reason: str = "", at: dt.datetime | None = None) -> Period:
    """From now on no report of the period changes, but of agencies that were given more time."""
    rules.check_may_keep_periods(by)
    period = _held(period)
    if period.is_closed:
        day = spell_day(timezone.localdate(period.closed_at))
        raise NotAllowed(f"Kỳ {period.name} đã khóa từ {day}, người khóa: {period.closed_by}.")
    return _turned(period, Verb.CLOSE, by, at or timezone.now(), reason)


@transaction.atomic
def reopen(period: Period, *, reason: str, by: User, at: dt.datetime | None = None) -> Period:
    """Take changes again, from every agency; needs a reason."""
    rules.check_may_keep_periods(by)
    if not reason.strip():
        raise NotAllowed("Ghi lý do mở lại kỳ.")
    period = _held(period)
    if not period.is_closed:
        raise NotAllowed(f"Kỳ {period.name} đang mở.")
    return _turned(period, Verb.REOPEN, by, at or timezone.now(), reason)


@transaction.atomic
def extend(
    agency: Agency, period: Period, *, until: dt.date, reason: str, by: User, at: dt.datetime | None = None
) -> Extension:
    """Let one agency hand in until the end of a later day, though the period is due or closed. The last grant holds."""
    rules.check_may_keep_periods(by)
    at, reason = at or timezone.now(), reason.strip()
    if not reason:
        raise NotAllowed("Ghi lý do gia hạn.")
    if until <= timezone.localdate(at):
        raise NotAllowed("Chọn ngày gia hạn sau hôm nay.")
    if until <= period.due_on:
        raise NotAllowed(f"Hạn nộp của kỳ là {spell_day(period.due_on)}. Chọn ngày gia hạn sau hạn nộp.")
    rules.check_agency_reports_for(agency, period)
    period = _held(period)
    Plan.objects.filter(pk=period.plan_id).have_new_data()  # who is late is on pages that are kept
    return Extension.objects.create(
        agency=agency, period=period, until=until, reason=reason, granted_by=by, granted_at=at
    )


def _held(period: Period) -> Period:
    return Period.objects.select_for_update(of=("self",)).select_related("plan", "closed_by").get(pk=period.pk)


def _turned(period: Period, verb: str, by: User, at: dt.datetime, reason: str) -> Period:
    """Set it and write down who did it, why and when."""
    period.closed_at, period.closed_by = (at, by) if verb == Verb.CLOSE else (None, None)
    period.save()
    PeriodEvent.objects.create(period=period, verb=verb, at=at, by=by, reason=reason.strip())
    return period


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period with how many of its reports got how far."""

    period: Period
    begun: int
    waiting: int
    approved: int


def lines(plan: Plan) -> list[PeriodLine]:
    """Newest first, in one query."""
    status = Report.Status
    counted = plan.periods.started().newest_first().select_related("closed_by")
    counted = counted.annotate(
        begun=Count("reports"),
        waiting=Count("reports", filter=Q(reports__status=status.SUBMITTED)),
        accepted=Count("reports", filter=Q(reports__status=status.APPROVED)),
    )
    return [PeriodLine(period, period.begun, period.waiting, period.accepted) for period in counted]


def page(period: Period) -> dict[str, object]:
    """One period: what was done to it, who was given more time, and what is still on its way."""
    reports = Report.objects.filter(period=period).with_names()
    return {
        "period": period,
        "events": period.events.select_related("by"),
        "extensions": current_extensions(period),
        "today": timezone.localdate(),
        "unfinished": list(reports.exclude(status=Report.Status.APPROVED).newest_period_first()),
    }


def current_extensions(period: Period) -> list[Extension]:
    """The last one granted to each agency, the latest first."""
    found: dict[int, Extension] = {}
    for extension in period.extensions.select_related("agency", "granted_by"):
        found.setdefault(extension.agency_id, extension)
    return list(found.values())


def agencies_owing(period: Period) -> list[Agency]:
    """Whom more time can be given: those that report for the period."""
    duties = period.plan.duties.owing(period.kind, period.ends_on).by_unit()
    return [duty.agency for duty in duties]
