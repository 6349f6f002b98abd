"""The verbs of `workflow` for many reports at once: the same rules, table and events, in a fixed number of queries.

All begin with `start` or `hold`, inside a transaction, which gives the reports with their rows locked until its end.
Whoever showed the figures to somebody compares them with what was shown before writing: that is the version check.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.utils import timezone

from agencies.models import Agency, User
from targets.models import Extension, Period, Plan, Report, ReportEvent
from targets.models.words import lower_first

from . import checks, rules, storing, workflow
from .entries import Entry
from .rules import NotAllowed

Status, Verb = Report.Status, ReportEvent.Verb


@dataclass(frozen=True)
class Held:
    """Reports whose rows this transaction holds, by primary key in its order; figures and versions as taken hold of."""

    reports: Mapping[int, Report]
    figures: storing.Figures
    versions: Mapping[int, int]
    begun: frozenset[int] = frozenset()  # those that `start` opened just now

    def by_agency(self) -> dict[int, Report]:
        return {report.agency_id: report for report in self.reports.values()}


def start(agencies: Collection[Agency], period: Period, *, by: User, at: dt.datetime | None = None) -> Held:
    """Open the reports of these agencies for a period, or take those that are open already."""
    _check_open(period, agencies)
    for agency in agencies:
        rules.check_may_write_for(by, agency)
        rules.check_agency_reports_for(agency, period)
        if by.is_reporter:  # for one agency at most, then
            rules.check_is_asked_for(by, agency, period)
    at = at or timezone.now()
    there = set(Report.objects.of_period(period, agencies).values_list("agency_id", flat=True))
    missing = sorted((agency for agency in agencies if agency.pk not in there), key=lambda agency: agency.pk)
    made = [Report(agency=agency, period=period, created_by=by, created_at=at) for agency in missing]
    Report.objects.bulk_create(made, ignore_conflicts=True)  # somebody may open one at this very moment
    reports = _locked(Report.objects.of_period(period, agencies))
    begun = [r for r in reports if r.agency_id not in there and (r.created_at, r.created_by_id) == (at, by.pk)]
    ReportEvent.objects.bulk_create(
        ReportEvent(report=report, verb=Verb.START, at=at, by=by, to_status=report.status) for report in begun
    )
    if begun:
        Plan.objects.filter(pk=period.plan_id).have_new_data()
    return _held(reports, frozenset(report.pk for report in begun))


def hold(report_pks: Iterable[int], *, by: User) -> Held:
    """Take reports of one period that exist."""
    reports = _locked(Report.objects.filter(pk__in=list(report_pks)))
    if reports:
        _check_open(reports[0].period, [report.agency for report in reports])
    for report in reports:
        rules.check_may_write_for(by, report.agency)
    return _held(reports)


def _locked(reports) -> list[Report]:
    """Always in one order, so that two who want the same reports wait for each other instead of locking crosswise."""
    return list(reports.select_for_update(of=("self",)).select_related("agency", "period__plan").order_by("pk"))


def _held(reports: list[Report], begun: frozenset[int] = frozenset()) -> Held:
    by_pk = {report.pk: report for report in reports}
    return Held(by_pk, storing.figures_of(reports), {report.pk: report.version for report in reports}, begun)


def _check_open(period: Period, agencies: Collection[Agency]) -> None:
    """A closed period takes changes of agencies alone whose more time still runs; one query for all of them."""
    if not period.is_closed:
        return
    running: dict[int, bool] = {}
    for extension in Extension.objects.filter(period=period, agency__in=list(agencies)):  # the last granted first
        running.setdefault(extension.agency_id, extension.until >= timezone.localdate())
    for agency in agencies:
        if not running.get(agency.pk):
            with _naming(agency):
                rules.check_period_is_open(period, agency)


def save(held: Held, entries: storing.Entries, *, by: User, reason: str = "") -> list[storing.Change]:
    """Keep what is said, right or wrong; None takes a figure out. A report of which nothing changes has no event."""
    changes = storing.differences(held.figures, entries)
    changed = {change.report_pk for change in changes}
    reports = [report for pk, report in held.reports.items() if pk in changed]
    _check_turns(reports, Verb.SAVE)
    storing.write(changes)
    storing.write_down(changes, workflow.record(reports, Verb.SAVE, by, reason=reason))
    return changes


def submit(reports: Sequence[Report], *, by: User) -> None:
    """Hand in reports that are held; the first whose figures fail a check, or lack a required one, stops them all."""
    _check_turns(reports, Verb.SUBMIT)
    rulebooks, figures = _rulebooks(reports), storing.figures_of(reports)
    for report in reports:
        rulebook = rulebooks[report.agency.kind, report.agency.level]
        codes = {measure.pk: measure.code for measure in rulebook.measures}
        said = {codes[pk]: Entry(f.value, f.not_applicable, f.reason, f.note) for pk, f in figures[report.pk].items()}
        for problem in checks.problems(rulebook, said):
            raise NotAllowed(f"Chưa nộp được báo cáo của {report.agency}: {problem.measure.name}: {problem.message}")
    workflow.hand_in(reports, by, timezone.now())


def _rulebooks(reports: Sequence[Report]) -> dict[tuple[str, str], checks.Rulebook]:
    """For each kind and level of agency among them, with what is required of those (R7)."""
    if not reports:
        return {}
    common = checks.Rulebook.of(reports[0].period.plan)
    found = {}
    for agency in {(report.agency.kind, report.agency.level): report.agency for report in reports}.values():
        required = frozenset(m.code for m in common.measures if m.required and m.counts_reports_of(agency))
        found[agency.kind, agency.level] = replace(common, required=required)
    return found


def recall(reports: Sequence[Report], *, by: User, reason: str) -> None:
    """Take the last hand-in of each back: the report is what it was before, handed in earlier, returned, or neither."""
    _check_turns(reports, Verb.RECALL)
    trail: dict[int, list[ReportEvent]] = {}
    for event in ReportEvent.objects.filter(report__in=reports, verb__in=(Verb.SUBMIT, Verb.RETURN)).order_by("pk"):
        trail.setdefault(event.report_id, []).append(event)
    back = {report.pk for report in reports if _take_back(report, trail[report.pk])}
    workflow.record(reports, Verb.RECALL, by, reason=reason, fields=workflow.HANDED_IN, back=back)


def _take_back(report: Report, events: Sequence[ReportEvent]) -> bool:
    """Undo what handing in set; whether it had been returned before. A round taken back may have been begun again."""
    last = next(event for event in reversed(events) if event.verb == Verb.SUBMIT)
    report.round -= 1
    earlier = [event for event in events if event.verb == Verb.SUBMIT and event.round == report.round]
    before = earlier[-1] if earlier else None
    report.submitted_at, report.submitted_by_id = (before.at, before.by_id) if before else (None, None)
    if before is None:
        report.first_submitted_at = None
    if last.from_status != Status.RETURNED:
        return False
    report.return_comment = next(event.reason for event in reversed(events) if event.verb == Verb.RETURN)
    return True


def _check_turns(reports: Iterable[Report], verb: str) -> None:
    for report in reports:
        with _naming(report.agency):
            workflow.check_turn(report, verb)


@contextmanager
def _naming(agency: Agency) -> Iterator[None]:
    """A refusal says about whom."""
    try:
        yield
    except NotAllowed as refusal:
        raise NotAllowed(f"{agency}: {lower_first(str(refusal))}") from None
