"""From ledger rows to totals: the counting rules R3-R8 as pure functions. No database, no clock, no rounding.

A territory is a unit's id; `measure` is a measure's code. Every result names the rows it is made of (R13).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

# Who speaks: a territory, or one of several bodies that each speak for themselves there (the province's departments).
Voice = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One counted figure: what an agency reported on a measure for a period, for the territory it counts for."""

    territory: int
    agency: int
    report: int
    measure: str
    period: str
    starts_on: dt.date
    ends_on: dt.date
    value: Decimal
    body: int | None = None  # the agency, where its state stands beside those of others in the same territory
    entry: int | None = None  # its row in the ledger; None while it is only handed in
    corrected: bool = False  # an earlier approved value was superseded (R10)
    approved_at: dt.datetime | None = None

    @property
    def voice(self) -> Voice:
        return self.territory, self.body


@dataclass(frozen=True, slots=True)
class Succession:
    """From `on` the bulk of `predecessor` (`main`), or a lesser part, is with `successor`. Territories, or agencies."""

    predecessor: int
    successor: int
    on: dt.date
    main: bool = True
    exact: bool = True  # showing the one under the other approximates nothing
    weight: int = 1  # how much went this way, compared with the predecessor's other successors


@dataclass(frozen=True, slots=True)
class Value:
    """A number and the rows it is the sum of; a portion of a number names the rows of the whole."""

    number: Decimal
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Numerator over denominator, each with its rows; the percentage is always taken of the sums (R6)."""

    part: Value
    base: Value

    @property
    def percent(self) -> Decimal | None:
        """None when there is nothing to divide by."""
        return self.part.number * 100 / self.base.number if self.base.number else None


Counted = Value | Ratio


def total(rows: Iterable[Row]) -> Value:
    rows = tuple(rows)
    return Value(sum((row.value for row in rows), Decimal(0)), rows)


def known_by(rows: Iterable[Row], day: dt.date, since: dt.date | None = None) -> list[Row]:
    """Rows whose period ended by `day` and, for flows, began no earlier than `since`; a year beats its halves (R5)."""
    ended = [row for row in rows if row.ends_on <= day and (since is None or row.starts_on >= since)]
    return wide_beats_narrow(ended)


def wide_beats_narrow(rows: Sequence[Row]) -> list[Row]:
    """R5: an agency's report on a measure replaces its reports for shorter periods inside; never both."""
    spans: dict[tuple[int, str], set[tuple[dt.date, dt.date]]] = defaultdict(set)
    for row in rows:
        spans[row.agency, row.measure].add((row.starts_on, row.ends_on))
    inside = {key: _inside_another(some) for key, some in spans.items()}
    return [row for row in rows if (row.starts_on, row.ends_on) not in inside[row.agency, row.measure]]


def _inside_another(spans: Iterable[tuple[dt.date, dt.date]]) -> set[tuple[dt.date, dt.date]]:
    """In order of their first days, the longest first, one lies in another if it ends no later than all before it."""
    found, until = set(), dt.date.min
    for span in sorted(spans, key=lambda span: (span[0], -span[1].toordinal())):
        if span[1] <= until:
            found.add(span)
        until = max(until, span[1])
    return found


def is_inside(row: Row, span: tuple[dt.date, dt.date]) -> bool:
    starts_on, ends_on = span
    return starts_on <= row.starts_on and row.ends_on <= ends_on and span != (row.starts_on, row.ends_on)


def flows(rows: Iterable[Row], day: dt.date, since: dt.date) -> dict[int, Value]:
    """R3: by territory, the sum of what happened from `since` to `day`. It stays with the unit of its time (R8)."""
    found: dict[int, list[Row]] = defaultdict(list)
    for row in known_by(rows, day, since):
        found[row.territory].append(row)
    return {territory: total(part) for territory, part in found.items()}


def states(
    rows: Iterable[Row], day: dt.date, units: Iterable[Succession] = (), agencies: Iterable[Succession] = ()
) -> dict[Voice, Row]:
    """R4 for the rows of one measure: by voice, the latest known by `day`, after hand-over (R8)."""
    return {voice: row for (voice, _), row in states_together(rows, day, units, agencies).items()}


def states_together(
    rows: Iterable[Row], day: dt.date, units: Iterable[Succession] = (), agencies: Iterable[Succession] = ()
) -> dict[tuple[Voice, str], Row]:
    """R4 for measures that mean something only together: by voice and measure, the latest row known by `day`.

    Voices that left one of the measures out are left out whole (R6). Ended units and agencies hand all of the
    measures over at once (R8); one at a time, a ratio would lose the unit in between.
    """
    rows = _complete([row for row in rows if row.ends_on <= day])
    rows = hand_over(rows, units, lambda row: row.territory)
    rows = hand_over(rows, agencies, lambda row: row.agency)
    rows = wide_beats_narrow(rows)  # last: a year that waits replaces no half that still stands
    return {(row.voice, row.measure): row for row in sorted(rows, key=_later)}


def _later(row: Row) -> tuple:
    """By period; between two agencies of one territory that spoke for the same day, the wider, then the newer one."""
    return row.ends_on, -row.starts_on.toordinal(), row.agency


def _complete(rows: Sequence[Row]) -> list[Row]:
    """Rows of voices that gave every measure there is among `rows`."""
    measures = {row.measure for row in rows}
    given: dict[Voice, set[str]] = defaultdict(set)
    for row in rows:
        given[row.voice].add(row.measure)
    return [row for row in rows if given[row.voice] == measures]


def hand_over(rows: Sequence[Row], successions: Iterable[Succession], holder: Callable[[Row], int]) -> list[Row]:
    """R8 for STATE: what an ended holder reported counts until all its successors have a counted value since.

    Until then the successors' new rows wait, and so do those of their successors: no person twice, none lost.
    """
    edges: dict[int, list[Succession]] = defaultdict(list)
    for succession in successions:
        edges[succession.predecessor].append(succession)
    if not edges:
        return list(rows)
    spoken = _days_spoken(rows, holder)
    waits: dict[int, dt.date] = {}
    while True:
        # A successor that waits for one predecessor replaces no other either; each turn can only make more wait.
        gone = {
            predecessor
            for predecessor, next_ in edges.items()
            if predecessor not in waits and all(_is_heard(one, edges, spoken, waits) for one in next_)
        }
        waiting = _waiting(edges, (holder for holder in spoken if holder not in gone))
        if waiting == waits:
            break
        waits = waiting
    return [row for row in rows if holder(row) not in gone and row.ends_on < waits.get(holder(row), dt.date.max)]


# By holder, for each voice there, for each of its measures: the last days of the periods it reported on.
Spoken = Mapping[int, Sequence[Sequence[Sequence[dt.date]]]]
Edges = Mapping[int, Sequence[Succession]]


def _days_spoken(rows: Iterable[Row], holder: Callable[[Row], int]) -> Spoken:
    days: dict[int, dict[Voice, dict[str, list[dt.date]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for row in rows:
        days[holder(row)][row.voice][row.measure].append(row.ends_on)
    return {key: [list(by_measure.values()) for by_measure in voices.values()] for key, voices in days.items()}


def _is_heard(
    edge: Succession, edges: Edges, spoken: Spoken, waits: Mapping[int, dt.date], seen: frozenset[int] = frozenset()
) -> bool:
    """Whether a successor has counted values since the succession: its own, or through all that succeeded it."""
    until = waits.get(edge.successor, dt.date.max)
    for measures in spoken.get(edge.successor, ()):
        if all(any(edge.on <= day < until for day in days) for days in measures):
            return True
    later = edges.get(edge.successor, ()) if edge.successor not in seen else ()
    seen |= {edge.successor}  # data entered in a circle must not turn for ever
    return bool(later) and all(_is_heard(next_, edges, spoken, waits, seen) for next_ in later)


def _waiting(edges: Edges, counting_on: Iterable[int]) -> dict[int, dt.date]:
    """From which day on successors' rows wait, down all generations, while those before them go on counting."""
    waits: dict[int, dt.date] = {}
    todo = list(counting_on)
    while todo:
        for edge in edges.get(todo.pop(), ()):
            if edge.on < waits.get(edge.successor, dt.date.max):
                waits[edge.successor] = edge.on
                todo.append(edge.successor)
    return waits


def ratios(parts: Mapping[Voice, Sequence[Row]], bases: Mapping[Voice, Sequence[Row]]) -> dict[int, Ratio]:
    """R6: by territory, over the voices that gave both numbers. `parts` and `bases` are rows by voice."""
    found: dict[int, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for voice in parts:
        if voice in bases:
            found[voice[0]][0].extend(parts[voice])
            found[voice[0]][1].extend(bases[voice])
    return {territory: Ratio(total(part), total(base)) for territory, (part, base) in found.items()}


def together(values: Iterable[Value]) -> Value:
    """The sum over territories, or over portions: of their numbers, since a portion names the rows of the whole."""
    values = list(values)
    return Value(sum((v.number for v in values), Decimal(0)), tuple(row for v in values for row in v.rows))
