"""What was done to reports, read from their events: who handed in, what was approved when, why it was opened again."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence

from targets.models import ReportEvent

Verb = ReportEvent.Verb


class Trail:
    """The events of some reports, in one query. An instant names an approval: the one that wrote a ledger row then."""

    def __init__(self, reports: Collection[int]) -> None:
        self._events: dict[int, list[ReportEvent]] = defaultdict(list)
        for event in ReportEvent.objects.after_the_start(reports):
            self._events[event.report_id].append(event)

    def approval(self, report: int, at: dt.datetime) -> ReportEvent | None:
        """The event that approved the report then; None where there is no record of it."""
        found = [event for event in self._events[report] if event.verb == Verb.APPROVE and event.at == at]
        return found[-1] if found else None

    def reason(self, report: int, at: dt.datetime) -> str:
        """Why the report had been opened again before that approval; empty for its first one."""
        before = self._before(report, at)
        last = max((n for n, event in enumerate(before) if event.verb == Verb.APPROVE), default=-1)
        return next((event.reason for event in before[last + 1 :] if event.verb == Verb.REOPEN), "")

    def handed_in_by(self, report: int, at: dt.datetime | None) -> str:
        """Who handed in what was approved then; without an instant, what was handed in last."""
        events = self._before(report, at) if at else self._events[report]
        return next((str(event.by) for event in reversed(events) if event.verb == Verb.SUBMIT), "")

    def last_save(self, report: int, by: dt.datetime) -> ReportEvent | None:
        """The last time that figures or texts were written by then."""
        found = [event for event in self._events[report] if event.verb == Verb.SAVE and event.at <= by]
        return max(found, key=lambda event: (event.at, event.pk), default=None)

    def _before(self, report: int, at: dt.datetime) -> Sequence[ReportEvent]:
        approval = self.approval(report, at)
        events = self._events[report]
        return events[: events.index(approval)] if approval else []
