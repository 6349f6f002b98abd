"""The life of a report. TRANSITIONS is the whole of it; the verbs below are the only code that sets a status.

Every verb is atomic, locks the report's row, checks the version its caller saw, and writes its event in the same
transaction. `at` is for loading history; anyone else leaves it out and the clock is read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from agencies.models import Agency, User
from targets.models import Figure, FigureChange, Measure, Period, Report, ReportEvent

from . import checks, ledger, rules
from .entries import Entry, entries_of
from .rules import NotAllowed

__all__ = ["TRANSITIONS", "Entry", "NotAllowed", "Stale", "approve", "reopen", "return_", "save", "start", "submit"]

Status, Verb = Report.Status, ReportEvent.Verb


@dataclass(frozen=True)
class Transition:
    from_statuses: frozenset[str]
    to_status: str | None  # None: stays as it is
    refusal: str


TRANSITIONS: dict[str, Transition] = {
    Verb.SAVE: Transition(
        frozenset({Status.DRAFT, Status.RETURNED}), None, "Báo cáo đã nộp hoặc đã duyệt, không sửa được số liệu."
    ),
    Verb.SUBMIT: Transition(
        frozenset({Status.DRAFT, Status.RETURNED}), Status.SUBMITTED, "Báo cáo này đã nộp hoặc đã duyệt."
    ),
    Verb.RETURN: Transition(frozenset({Status.SUBMITTED}), Status.RETURNED, "Chỉ trả lại được báo cáo đang chờ duyệt."),
    Verb.APPROVE: Transition(frozenset({Status.SUBMITTED}), Status.APPROVED, "Chỉ duyệt được báo cáo đang chờ duyệt."),
    Verb.REOPEN: Transition(frozenset({Status.APPROVED}), Status.DRAFT, "Chỉ mở lại được báo cáo đã duyệt."),
}


class Stale(NotAllowed):
    """Someone else changed the report since the caller read it."""

    def __init__(self) -> None:
        super().__init__("Báo cáo vừa được người khác thay đổi. Xem lại rồi thực hiện lại.")


@transaction.atomic
def start(
    agency: Agency, period: Period, *, by: User, at: dt.datetime | None = None, illustrative: bool = False
) -> Report:
    """Open an agency's report for a period, or give back the one that is open already."""
    rules.check_may_write_for(by, agency)
    rules.check_period_is_open(period, agency)
    rules.check_agency_reports_for(agency, period)
    rules.check_is_asked_for(by, agency, period)
    at = at or timezone.now()
    report, created = Report.objects.get_or_create(
        agency=agency,
        period=period,
        defaults={"created_by": by, "created_at": at, "is_illustrative": illustrative},
    )
    if created:
        ReportEvent.objects.create(report=report, verb=Verb.START, at=at, by=by, to_status=report.status)
    return report


@transaction.atomic
def save(
    report: Report,
    entries: Mapping[Measure, Entry],
    *,
    by: User,
    version: int,
    texts: Mapping[str, str] | None = None,
    estimate: bool | None = None,
    at: dt.datetime | None = None,
) -> Report:
    """Keep what was typed, right or wrong: only handing in demands that the figures agree.

    `entries` need hold only what may have changed; `texts` maps names in Report.NARRATIVE; `estimate` None leaves it
    as it is. Nothing changed: no event.
    """
    report = _locked(report, version, Verb.SAVE)
    rules.check_may_write_for(by, report.agency)
    changes = _write_figures(report, entries)
    said = {**(texts or {}), **({} if estimate is None else {"is_estimate": estimate})}
    changed = {name: value for name, value in said.items() if getattr(report, name) != value}
    if not changes and not changed:
        return report
    for name, value in changed.items():
        setattr(report, name, value)
    event = _record(report, Verb.SAVE, by, at)
    FigureChange.objects.bulk_create(
        [FigureChange(event=event, measure=measure, **change) for measure, change in changes.items()]
    )
    return report


@transaction.atomic
def submit(report: Report, *, by: User, version: int, at: dt.datetime | None = None) -> Report:
    """Hand the report in; refused while a check fails or a required figure is blank."""
    report = _locked(report, version, Verb.SUBMIT)
    rules.check_may_write_for(by, report.agency)
    found = checks.problems(checks.Rulebook.of(report.period.plan, report.agency), entries_of(report))
    if found:
        raise NotAllowed(f"Chưa nộp được: {found[0].measure.name}: {found[0].message}")
    at = at or timezone.now()
    report.submitted_at, report.submitted_by = at, by
    report.first_submitted_at = report.first_submitted_at or at
    report.return_comment = ""
    report.round += 1
    _record(report, Verb.SUBMIT, by, at)
    return report


@transaction.atomic
def return_(report: Report, *, by: User, version: int, reason: str = "", at: dt.datetime | None = None) -> Report:
    """Send it back to the agency with what to correct: a reason, or questions at its figures, which go out now."""
    report = _locked(report, version, Verb.RETURN)
    rules.check_may_review(by, report)
    at = at or timezone.now()
    sent = report.comments.send(at)
    reason = reason.strip() or (f"Xem {sent} ý kiến." if sent else "")
    if not reason:
        raise NotAllowed("Ghi lý do trả lại để đơn vị biết cần sửa gì.")
    report.return_comment = reason
    _record(report, Verb.RETURN, by, at, reason)
    return report


@transaction.atomic
def approve(report: Report, *, by: User, version: int, note: str = "", at: dt.datetime | None = None) -> Report:
    """The province accepts the report; from here on its figures count (R1), a correction's supersede (R10)."""
    report = _locked(report, version, Verb.APPROVE)
    rules.check_may_review(by, report)
    at = at or timezone.now()
    report.approved_at, report.approved_by = at, by
    _record(report, Verb.APPROVE, by, at, note)
    ledger.enter(report, by=by, at=at)
    report.comments.send(at)
    return report


@transaction.atomic
def reopen(report: Report, *, by: User, version: int, reason: str, at: dt.datetime | None = None) -> Report:
    """Open an approved report for correction; what was approved counts on until the correction is approved (R10)."""
    reason = reason.strip()
    if not reason:
        raise NotAllowed("Ghi lý do mở lại báo cáo đã duyệt.")
    report = _locked(report, version, Verb.REOPEN)
    rules.check_may_reopen(by)
    report.approved_at = report.approved_by = None
    _record(report, Verb.REOPEN, by, at, reason)
    return report


def _locked(report: Report, version: int, verb: str) -> Report:
    """The report as it stands, its row held until the transaction ends; refuses a wrong turn or an old version."""
    report = Report.objects.select_for_update(of=("self",)).select_related("agency", "period__plan").get(pk=report.pk)
    rules.check_period_is_open(report.period, report.agency)
    if report.status not in TRANSITIONS[verb].from_statuses:
        raise NotAllowed(TRANSITIONS[verb].refusal)
    if report.version != version:
        raise Stale
    return report


def _record(report: Report, verb: str, by: User, at: dt.datetime | None, reason: str = "") -> ReportEvent:
    """Move the report along TRANSITIONS and write down who did it."""
    came_from = report.status
    report.status = TRANSITIONS[verb].to_status or came_from
    report.version += 1
    report.save()
    return ReportEvent.objects.create(
        report=report,
        verb=verb,
        at=at or timezone.now(),
        by=by,
        from_status=came_from,
        to_status=report.status,
        round=report.round,
        reason=reason,
    )


def _write_figures(report: Report, entries: Mapping[Measure, Entry]) -> dict[Measure, dict[str, object]]:
    """Store the entries that differ; give back, for each, the old and new value."""
    stored = {figure.measure_id: figure for figure in report.figures.all()}
    changed = {m: entry for m, entry in entries.items() if not entry.says_the_same_as(stored.get(m.pk))}
    figures = [
        Figure(
            report=report,
            measure=measure,
            value=entry.value,
            not_applicable=entry.not_applicable,
            reason=entry.reason,
            note=entry.note,
            origin=entry.origin,
        )
        for measure, entry in changed.items()
    ]
    Figure.objects.bulk_create(
        figures,
        update_conflicts=True,
        unique_fields=["report", "measure"],
        update_fields=["value", "not_applicable", "reason", "note", "origin"],
    )
    return {measure: _change(stored.get(measure.pk), entry) for measure, entry in changed.items()}


def _change(before: Figure | None, after: Entry) -> dict[str, object]:
    return {
        "old_value": before and before.value,
        "old_not_applicable": bool(before and before.not_applicable),
        "new_value": after.value,
        "new_not_applicable": after.not_applicable,
    }
