"""The life of a report. TRANSITIONS is the whole of it; `record`, which every verb ends in, alone sets a status.

Every verb is atomic, locks the report's row, checks the version its caller saw, and writes its event in the same
transaction. `at` is for loading history; anyone else leaves it out and the clock is read. The verbs for many reports
at once stand in `together`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from agencies.models import Agency, User
from targets.models import Measure, Period, Plan, Report, ReportEvent, bulk

from . import checks, ledger, rules, storing
from .entries import Entry, entries_of
from .rules import NotAllowed

__all__ = ["TRANSITIONS", "Entry", "NotAllowed", "Stale", "approve", "reopen", "return_", "save", "start", "submit"]

Status, Verb = Report.Status, ReportEvent.Verb
HANDED_IN = ("submitted_at", "submitted_by_id", "first_submitted_at", "return_comment", "round")  # what it changes


@dataclass(frozen=True)
class Transition:
    from_statuses: frozenset[str]
    to_status: str | None  # None: stays as it is
    refusal: str
    or_back_to: str | None = None  # where a report goes that had been there before


TRANSITIONS: dict[str, Transition] = {
    Verb.SAVE: Transition(
        frozenset({Status.DRAFT, Status.RETURNED}), None, "Báo cáo đã nộp hoặc đã duyệt, không sửa được số liệu."
    ),
    Verb.SUBMIT: Transition(
        frozenset({Status.DRAFT, Status.RETURNED}), Status.SUBMITTED, "Báo cáo này đã nộp hoặc đã duyệt."
    ),
    Verb.RECALL: Transition(
        frozenset({Status.SUBMITTED}), Status.DRAFT, "Chỉ rút lại được báo cáo đang chờ duyệt.", Status.RETURNED
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
        Plan.objects.filter(pk=period.plan_id).have_new_data()
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
    figures = storing.figures_of([report])
    changes = storing.differences(figures, {report.pk: {measure.pk: entry for measure, entry in entries.items()}})
    said = {**(texts or {}), **({} if estimate is None else {"is_estimate": estimate})}
    changed = {name: value for name, value in said.items() if getattr(report, name) != value}
    if not changes and not changed:
        return report
    for name, value in changed.items():
        setattr(report, name, value)
    storing.write(changes)
    storing.write_down(changes, record([report], Verb.SAVE, by, at, fields=changed))
    return report


@transaction.atomic
def submit(report: Report, *, by: User, version: int, at: dt.datetime | None = None) -> Report:
    """Hand the report in; refused while a check fails or a required figure is blank."""
    report = _locked(report, version, Verb.SUBMIT)
    rules.check_may_write_for(by, report.agency)
    found = checks.problems(checks.Rulebook.of(report.period.plan, report.agency), entries_of(report))
    if found:
        raise NotAllowed(f"Chưa nộp được: {found[0].measure.name}: {found[0].message}")
    hand_in([report], by, at or timezone.now())
    return report


def hand_in(reports: Sequence[Report], by: User, at: dt.datetime) -> None:
    """Reports whose rows are held and whose figures were checked become the province's to decide on."""
    for report in reports:
        report.submitted_at, report.submitted_by = at, by
        report.first_submitted_at = report.first_submitted_at or at
        report.return_comment = ""
        report.round += 1
    record(reports, Verb.SUBMIT, by, at, fields=HANDED_IN)


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
    record([report], Verb.RETURN, by, at, reason, fields=["return_comment"])
    return report


@transaction.atomic
def approve(report: Report, *, by: User, version: int, note: str = "", at: dt.datetime | None = None) -> Report:
    """The province accepts the report; from here on its figures count (R1), a correction's supersede (R10)."""
    report = _locked(report, version, Verb.APPROVE)
    rules.check_may_review(by, report)
    at = at or timezone.now()
    report.approved_at, report.approved_by = at, by
    record([report], Verb.APPROVE, by, at, note, fields=["approved_at", "approved_by_id"])
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
    record([report], Verb.REOPEN, by, at, reason, fields=["approved_at", "approved_by_id"])
    return report


def _locked(report: Report, version: int, verb: str) -> Report:
    """The report as it stands, its row held until the transaction ends; refuses a wrong turn or an old version."""
    report = Report.objects.select_for_update(of=("self",)).select_related("agency", "period__plan").get(pk=report.pk)
    rules.check_period_is_open(report.period, report.agency)
    check_turn(report, verb)
    if report.version != version:
        raise Stale
    return report


def check_turn(report: Report, verb: str) -> None:
    """Whether the table has this turn for a report as it stands."""
    if report.status not in TRANSITIONS[verb].from_statuses:
        raise NotAllowed(TRANSITIONS[verb].refusal)


def record(
    reports: Sequence[Report],
    verb: str,
    by: User,
    at: dt.datetime | None = None,
    reason: str = "",
    *,
    fields: Iterable[str] = (),
    back: Collection[int] = (),
) -> list[ReportEvent]:
    """Move reports whose rows are held along TRANSITIONS and write down who did it, in two queries.

    `fields` are what else about them is to be stored; `back` the primary keys of those that return where they were.
    """
    at, turn = at or timezone.now(), TRANSITIONS[verb]
    events = []
    for report in reports:
        came_from = report.status
        report.status = (turn.or_back_to if report.pk in back else turn.to_status) or came_from
        report.version += 1
        events.append(
            ReportEvent(
                report=report,
                verb=verb,
                at=at,
                by=by,
                from_status=came_from,
                to_status=report.status,
                round=report.round,
                reason=reason,
            )
        )
    names = ("status", "version", *fields)
    bulk.update(Report, names, [(report.pk, *(getattr(report, name) for name in names)) for report in reports])
    if verb != Verb.SAVE:  # drafts are nobody else's yet
        Plan.objects.filter(pk__in={report.period.plan_id for report in reports}).have_new_data()
    return ReportEvent.objects.bulk_create(events)
