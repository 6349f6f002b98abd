"""The province counted a second time, slowly, from DESIGN §5 alone; nothing of targets.progress is used here.

A place is what has one state: a district or commune, whichever agency reports for it, or one body of the province.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Approved:
    """One number of the ledger."""

    place: str
    agency: str
    measure: str
    starts: dt.date
    ends: dt.date
    value: int

    def is_inside(self, other: Approved) -> bool:
        """R5: whether `other` is the same agency's wider period around this one."""
        same = (self.agency, self.measure) == (other.agency, other.measure)
        spans = (self.starts, self.ends) != (other.starts, other.ends)
        return same and spans and other.starts <= self.starts and self.ends <= other.ends


@dataclass(frozen=True)
class Step:
    """A main succession: the bulk of `old` went to `new` on a day."""

    old: str
    new: str
    on: dt.date


def widest(known: Iterable[Approved]) -> list[Approved]:
    """R5: without those that a wider report of the same agency replaces."""
    known = list(known)
    return [one for one in known if not any(one.is_inside(other) for other in known)]


def flows(ledger: Iterable[Approved], measure: str, since: dt.date, day: dt.date) -> dict[str, int]:
    """R3: what happened in each place from `since` to `day`."""
    known = [one for one in ledger if one.measure == measure and since <= one.starts and one.ends <= day]
    found: dict[str, int] = {}
    for one in widest(known):
        found[one.place] = found.get(one.place, 0) + one.value
    return found


def states(
    ledger: Iterable[Approved], measures: Sequence[str], steps: Iterable[Step], day: dt.date
) -> dict[str, tuple[int, ...]]:
    """R4, R6, R8: what stands in each place that counts on `day`, all `measures` of it."""
    known = [one for one in ledger if one.measure in measures and one.ends <= day]
    return States(known, measures, [step for step in steps if step.on <= day]).counted()


def total(values: Iterable[int]) -> int | None:
    """R2: the sum of nothing is no number."""
    values = list(values)
    return sum(values) if values else None


class States:
    """Which old places hold their people until the new ones have spoken, found by trying every set of them."""

    def __init__(self, known: Sequence[Approved], measures: Sequence[str], steps: Sequence[Step]) -> None:
        self.known, self.measures, self.steps = known, measures, steps

    def counted(self) -> dict[str, tuple[int, ...]]:
        unheard = self.unheard()
        found = {}
        for place in sorted({one.place for one in self.known}):
            value = self.value(place, unheard)
            if value is not None and (place in unheard or not self.heirs(place)):
                found[place] = value
        return found

    def unheard(self) -> frozenset[str]:
        """The old places whose heirs have not all spoken: the smallest set of them that is what it brings about."""
        old = sorted({step.old for step in self.steps} & {one.place for one in self.known})
        for size in range(len(old) + 1):
            for chosen in map(frozenset, combinations(old, size)):
                if all((place in chosen) == self.is_unheard(place, chosen) for place in old):
                    return chosen
        raise AssertionError("one set must explain itself")

    def is_unheard(self, place: str, unheard: frozenset[str]) -> bool:
        return not all(self.has_spoken(step, unheard) for step in self.heirs(place))

    def has_spoken(self, step: Step, unheard: frozenset[str]) -> bool:
        """Whether the heir's own numbers stand for what it took over, or those of all its heirs do."""
        said = {one.measure for one in self.usable(step.new, unheard) if one.ends >= step.on}
        if said == set(self.measures):
            return True
        heirs = self.heirs(step.new)
        return bool(heirs) and all(self.has_spoken(heir, unheard) for heir in heirs)

    def heirs(self, place: str) -> list[Step]:
        return [step for step in self.steps if step.old == place]

    def waits_from(self, place: str, unheard: frozenset[str]) -> dt.date | None:
        """Since when the place's numbers contain people who still count in an older place."""
        days = [
            step.on
            for step in self.steps
            if step.new == place and (self.counts(step.old, unheard) or self.waits_from(step.old, unheard))
        ]
        return min(days, default=None)

    def counts(self, old: str, unheard: frozenset[str]) -> bool:
        return old in unheard and self.value(old, unheard) is not None

    def usable(self, place: str, unheard: frozenset[str]) -> list[Approved]:
        """R5 among those that do not wait: a wide report that waits replaces nothing yet."""
        until = self.waits_from(place, unheard)
        return widest(one for one in self.known if one.place == place and (until is None or one.ends < until))

    def value(self, place: str, unheard: frozenset[str]) -> tuple[int, ...] | None:
        """R4: the latest of each measure; None where one was never said (R6)."""
        usable = self.usable(place, unheard)
        latest = [list(self.latest(usable, measure)) for measure in self.measures]
        return tuple(values[0] for values in latest) if all(latest) else None

    def latest(self, usable: Sequence[Approved], measure: str) -> Iterator[int]:
        said = [one for one in usable if one.measure == measure]
        last = max((one.ends for one in said), default=None)
        values = [one.value for one in said if one.ends == last]
        assert len(values) <= 1, "two agencies spoke for one place on one day: the rules do not say who is right"
        yield from values
