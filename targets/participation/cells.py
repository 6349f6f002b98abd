"""One agency's standing in one period: what is derived from the dates, and how it is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.utils import timezone

from agencies.models import Agency
from targets.models import Extension, Period, Report

Status = Report.Status


class State(StrEnum):
    """In the order of who needs attention first."""

    OVERDUE = "overdue"
    DRAFT_OVERDUE = "draft_overdue"
    RETURNED = "returned"
    WAITING = "waiting"
    CORRECTING = "correcting"
    DRAFT = "draft"
    NOT_BEGUN = "not_begun"
    LATE = "late"
    ON_TIME = "on_time"
    NOT_EXPECTED = "not_expected"


# (class, icon, word): always icon and word, never colour alone.
LOOKS = {
    State.OVERDUE: ("g-han", "alarm", "Chưa nộp"),
    State.DRAFT_OVERDUE: ("g-nhap", "draft", "Nháp, quá hạn"),
    State.RETURNED: ("g-tra", "return", "Trả lại"),
    State.WAITING: ("g-nop", "send", "Chờ duyệt"),
    State.CORRECTING: ("g-nhap", "draft", "Đang đính chính"),
    State.DRAFT: ("g-nhap", "draft", "Nháp"),
    State.NOT_BEGUN: ("g-chua", "empty", "Chưa đến hạn"),
    State.LATE: ("g-late", "clock", "Trễ"),
    State.ON_TIME: ("g-ok", "check", "Đúng hạn"),
    State.NOT_EXPECTED: ("", "dash", ""),
}


@dataclass(frozen=True)
class Cell:
    """`expected`: the agency owes a report here. `extensions`: more time it was granted, the last granted first."""

    agency: Agency
    period: Period
    report: Report | None
    expected: bool
    extensions: tuple[Extension, ...]
    today: dt.date

    @property
    def due_on(self) -> dt.date:
        """By when the agency has to hand in: the period's due day, or the later one it was granted last."""
        return self._due_day(self.extensions)

    @property
    def _was_due_on(self) -> dt.date:
        """By when it had to hand in first: more time granted afterwards makes no late report punctual."""
        return self._due_day([e for e in self.extensions if e.granted_at <= self._handed_in_at])

    def _due_day(self, granted: Sequence[Extension]) -> dt.date:
        return self.period.due_with(granted[0].until if granted else None)

    @property
    def was_handed_in(self) -> bool:
        """At least once; it may have been sent back, or opened again, since."""
        return bool(self.report and self.report.first_submitted_at)

    @property
    def _handed_in_at(self) -> dt.datetime:
        return self.report.first_submitted_at

    @cached_property
    def days_late(self) -> int:
        """Whole days in Cao Bằng from the due day to the first submission; 0 on the due day itself."""
        if not self.was_handed_in:
            return 0
        return max((timezone.localdate(self._handed_in_at) - self._was_due_on).days, 0)

    @cached_property
    def days_overdue(self) -> int:
        """Whole days since the due day while nothing acceptable lies with the province; else 0."""
        return max((self.today - self.due_on).days, 0) if self.is_owed else 0

    @property
    def days_waiting(self) -> int:
        """Whole days since it was last handed in, while the province has not decided."""
        return (self.today - timezone.localdate(self.report.submitted_at)).days if self.is_waiting else 0

    @property
    def is_waiting(self) -> bool:
        return bool(self.report) and self.report.status == Status.SUBMITTED

    @property
    def is_approved(self) -> bool:
        return bool(self.report) and self.report.status == Status.APPROVED

    @property
    def is_returned(self) -> bool:
        return bool(self.report) and self.report.status == Status.RETURNED

    @property
    def is_on_time(self) -> bool:
        return self.was_handed_in and not self.days_late

    @property
    def is_judged(self) -> bool:
        """Whether "on time or not" can be said: handed in once, or overdue."""
        return self.expected and (self.was_handed_in or self.days_overdue > 0)

    @property
    def is_owed(self) -> bool:
        """Expected, and nothing submitted or approved; sent back counts as owed, a correction the province asked for
        does not: what was approved goes on counting."""
        return self.expected and (not self.was_handed_in or self.is_returned)

    @property
    def can_be_handed_in(self) -> bool:
        """The period is open, or this agency was given more time that still runs."""
        return not self.period.is_closed or any(extension.until >= self.today for extension in self.extensions[:1])

    @property
    def agency_has_ended(self) -> bool:
        return not self.agency.is_in_force_on(self.today)

    @property
    def can_be_chased(self) -> bool:
        """Something is owed, can still be handed in, and there is a body left to hand it in."""
        return self.is_owed and self.can_be_handed_in and not self.agency_has_ended

    @property
    def is_blank(self) -> bool:
        return self.state == State.NOT_EXPECTED

    @cached_property
    def state(self) -> State:
        """The one word for the cell."""
        if self.report is None:
            return self._unbegun if self.expected else State.NOT_EXPECTED
        if self.report.status == Status.DRAFT:
            return self._draft
        if self.is_approved:
            return State.LATE if self.days_late else State.ON_TIME
        return State.WAITING if self.is_waiting else State.RETURNED

    @property
    def _unbegun(self) -> State:
        return State.OVERDUE if self.days_overdue else State.NOT_BEGUN

    @property
    def _draft(self) -> State:
        if self.was_handed_in:
            return State.CORRECTING
        return State.DRAFT_OVERDUE if self.days_overdue else State.DRAFT

    @property
    def urgency(self) -> int:
        return list(State).index(self.state)

    # How it is said.
    @property
    def css(self) -> str:
        return LOOKS[self.state][0]

    @property
    def picture(self) -> str:
        return LOOKS[self.state][1]

    @property
    def word(self) -> str:
        word = LOOKS[self.state][2]
        return f"{word} {self.days_late} ngày" if self.state == State.LATE else word

    @property
    def word_now(self) -> str:
        """For the period a page is about: approved reports say so, being late comes second."""
        if not self.is_approved:
            return self.word
        return f"Đã duyệt, trễ {self.days_late} ngày" if self.days_late else "Đã duyệt"

    @property
    def picture_now(self) -> str:
        return "check-circle" if self.is_approved else self.picture

    @property
    def chip(self) -> str:
        """Key of the status chip that lists show."""
        if self.report is None or self.state == State.DRAFT_OVERDUE:
            return "overdue" if self.days_overdue else "none"
        return self.report.status

    @property
    def why_chased(self) -> str:
        """For the list of whom to remind: "chưa nộp, quá hạn 7 ngày"."""
        begun = {State.RETURNED: "trả lại, chưa nộp lại", State.DRAFT: "bản nháp", State.DRAFT_OVERDUE: "bản nháp"}
        said = begun.get(self.state, "chưa nộp")
        return f"{said}, quá hạn {self.days_overdue} ngày" if self.days_overdue else said
