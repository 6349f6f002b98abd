"""What waits for the province's decision, and decisions on several reports at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils import timezone

from agencies.models import User
from targets.models import Comment, Figure, Report

from . import checks, inspection, rules, workflow
from .beside import beside
from .entries import entries_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report in the queue, with what a reviewer wants to know before opening it."""

    report: Report
    days: int
    from_file: bool
    unsent: int
    may_decide: bool


def queue(user: User) -> dict[str, object]:
    """What waits for a decision, longest first, and what waits for its agency's correction; five queries."""
    waiting = list(Report.objects.waiting_for_review().with_names().longest_waiting_first())
    from_file = set(Figure.objects.filter(report__in=waiting, origin__isnull=False).values_list("report_id", flat=True))
    unsent = Comment.objects.filter(report__in=waiting).unsent().order_by().values_list("report_id")
    written = dict(unsent.annotate(Count("pk")))
    today = timezone.localdate()
    return {
        "waiting": [
            Waiting(
                report,
                (today - timezone.localdate(report.submitted_at)).days,
                report.pk in from_file,
                written.get(report.pk, 0),
                rules.may_decide(user, report),
            )
            for report in waiting
        ],
        "returned": list(Report.objects.returned().with_names().longest_waiting_first()),
    }


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why approving a report asks once more: questions nobody has sent, or checks that found something."""

    report: Report
    version: int
    unsent: tuple[Comment, ...]
    problems: tuple[checks.Problem, ...]

    @property
    def is_any(self) -> bool:
        return bool(self.unsent or self.problems)


def doubt(report: Report, version: int) -> Doubt:
    rulebook = checks.Rulebook.of(report.period.plan, report.agency)
    found = inspection.inspect(rulebook, entries_of(report), beside(report, rulebook))
    unsent = report.comments.unsent().in_threads()
    return Doubt(report, version, tuple(unsent), tuple(inspection.doubts(found)))


def doubts(asked: Iterable[tuple[Report, int]], user: User) -> list[Doubt]:
    """Of the reports this person may decide on; the others are refused anyway."""
    found = (doubt(report, version) for report, version in asked if rules.may_review(user, report))
    return [one for one in found if one.is_any]


@dataclass
class Outcome:
    """What approving several came to; each that was not approved with the reason."""

    approved: list[Report] = field(default_factory=list)
    refused: list[tuple[Report, str]] = field(default_factory=list)


def approve_all(asked: Iterable[tuple[Report, int]], *, by: User) -> Outcome:
    """Each by itself, at the version that was on the screen: one that is refused keeps none of the others back."""
    outcome = Outcome()
    for report, version in asked:
        try:
            workflow.approve(report, by=by, version=version)
        except workflow.NotAllowed as refusal:
            outcome.refused.append((report, str(refusal)))
        else:
            outcome.approved.append(report)
    return outcome
