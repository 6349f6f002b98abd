"""What a report said earlier: worked back from what it says now through the changes written down at each save."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from targets.models import FigureChange, Report, ReportEvent

from .comments import Thread

Status, Verb = Report.Status, ReportEvent.Verb


@dataclass(frozen=True, slots=True)
class Said:
    """What stood in one cell: a number, blank, or not applicable (R2)."""

    value: Decimal | None = None
    not_applicable: bool = False


BLANK = Said()
Figures = Mapping[int, Said]  # by primary key of the measure; what is blank may be absent


def said_now(report: Report) -> dict[int, Said]:
    rows = report.figures.values_list("measure_id", "value", "not_applicable")
    return without_blanks({measure: Said(value, not_applicable) for measure, value, not_applicable in rows})


def said_at(report: Report, event: ReportEvent, now: Figures | None = None) -> dict[int, Said]:
    """The figures as they stood just after `event`: the later changes taken back, newest first.

    Events are told apart by primary key, the order in which they were written while the report's row was held: the
    moments of loaded history may be equal.
    """
    figures = dict(said_now(report) if now is None else now)
    later = FigureChange.objects.filter(event__report=report, event__pk__gt=event.pk).order_by("-event__pk")
    for change in later:
        figures[change.measure_id] = Said(change.old_value, change.old_not_applicable)
    return without_blanks(figures)


def without_blanks(figures: Figures) -> dict[int, Said]:
    return {measure: said for measure, said in figures.items() if said != BLANK}


def changed(before: Figures, after: Figures) -> set[int]:
    """Measures that the two do not say the same about."""
    return {m for m in before.keys() | after.keys() if before.get(m, BLANK) != after.get(m, BLANK)}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Something a report can be laid beside: `key` is its word in the address, `name` its heading."""

    key: str
    name: str
    figures: Figures
    event: ReportEvent | None = None  # of the submission that it shows

    @property
    def in_sentence(self) -> str:
        return self.name[:1].lower() + self.name[1:]

    def said(self, measure_pk: int) -> Said:
        return self.figures.get(measure_pk, BLANK)


PREVIOUS_PERIOD, LAST_ROUND, APPROVED = "ky-truoc", "lan-truoc", "da-duyet"


def comparisons(report: Report, previous: Figures, now: Figures) -> list[Comparison]:
    """What there is to compare with: last period always, an earlier submission and approved figures where there are."""
    found = [Comparison(PREVIOUS_PERIOD, "Kỳ trước", previous)]
    before = earlier_submission(report)
    if before:
        found.append(Comparison(LAST_ROUND, f"Lần {before.round}", said_at(report, before, now), before))
    if report.status != Status.APPROVED:
        approved = {row.measure_id: Said(row.value) for row in report.approved_figures.current()}
        if approved:
            found.append(Comparison(APPROVED, "Đã duyệt", approved))
    return found


def chosen(found: list[Comparison], key: str | None) -> Comparison:
    """The one asked for; else the earlier submission, which is what a second look is about, else last period."""
    by_key = {comparison.key: comparison for comparison in found}
    return by_key.get(key or "") or by_key.get(LAST_ROUND) or found[0]


def earlier_submission(report: Report) -> ReportEvent | None:
    """The submission before the one that stands; while the agency corrects, the one it corrects."""
    stands = report.status in (Status.SUBMITTED, Status.APPROVED)
    rounds = report.events.filter(verb=Verb.SUBMIT, round=report.round - 1 if stands else report.round)
    return rounds.last()  # one that was taken back with its file may be of the same round


@dataclass(frozen=True, slots=True)
class Summary:
    """What is new since an earlier state, in numbers; `since` is the round whose questions are counted."""

    figures: int
    files_added: int
    files_removed: int
    answered: int
    asked: int


def summary(comparison: Comparison, now: Figures, threads: Iterable[Thread], attachments: Iterable) -> Summary:
    """Against an earlier submission also its files and questions; against anything else only the figures."""
    differing = len(changed(comparison.figures, now))
    if comparison.event is None:
        return Summary(differing, 0, 0, 0, 0)
    since: dt.datetime = comparison.event.at
    files = list(attachments)
    asked = [t for t in threads if t.question.comment.sent_at and t.question.comment.round == comparison.event.round]
    return Summary(
        differing,
        sum(file.removed_at is None and file.uploaded_at > since for file in files),
        sum(file.removed_at is not None and file.removed_at > since >= file.uploaded_at for file in files),
        sum(thread.is_answered for thread in asked),
        len(asked),
    )
