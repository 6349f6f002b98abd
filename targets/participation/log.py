"""What was sent about a period: one line for each round of reminders, with who saw it and who handed in since."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass

from agencies.models import User
from targets.models import Period, Reminder, Report

ROUNDS = 20  # lines that a page shows
NAMED = 3  # agencies named in a line; more are counted


@dataclass(frozen=True, slots=True)
class Told:
    """One agency of a round."""

    reminder: Reminder
    handed_in_at: dt.datetime | None

    @property
    def handed_in_since(self) -> bool:
        return self.handed_in_at is not None and self.handed_in_at > self.reminder.sent_at


@dataclass(frozen=True, slots=True)
class Round:
    told: tuple[Told, ...]

    @property
    def first(self) -> Reminder:
        return self.told[0].reminder

    @property
    def sent_at(self) -> dt.datetime:
        return self.first.sent_at

    @property
    def by(self) -> User | None:
        """None: the daily run."""
        return self.first.sent_by

    @property
    def names(self) -> str:
        """The agencies, or how many when a line cannot hold them."""
        if len(self.told) > NAMED:
            return f"{len(self.told)} đơn vị"
        return ", ".join(told.reminder.agency.short_name for told in self.told)

    @property
    def seen(self) -> int:
        return sum(told.reminder.seen_at is not None for told in self.told)

    @property
    def handed_in(self) -> int:
        return sum(told.handed_in_since for told in self.told)


def rounds(period: Period) -> list[Round]:
    """The last rounds of reminders about a period, newest first. Two queries."""
    handed_in = dict(Report.objects.filter(period=period).values_list("agency_id", "submitted_at"))
    sent = Reminder.objects.filter(period=period).newest_first()
    together = itertools.groupby(sent, key=lambda reminder: (reminder.sent_at, reminder.occasion, reminder.sent_by_id))
    return [
        Round(tuple(Told(reminder, handed_in.get(reminder.agency_id)) for reminder in reversed(list(group))))
        for _, group in itertools.islice(together, ROUNDS)
    ]


def reminded_today(found: list[Round], today: dt.date) -> set[int]:
    """Agencies that an officer reminded today already: they are not offered for another reminder by themselves."""
    return {told.reminder.agency_id for one in found if one.by and one.first.on == today for told in one.told}
