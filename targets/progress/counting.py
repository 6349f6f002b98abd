"""From ledger rows to totals: the counting rules R3-R8 as pure functions. No database, no clock, no rounding.

A territory is a unit's id; `measure` is a measure's code. Every result names the rows it is made of (R13).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


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


@dataclass(frozen=True, slots=True)
class Succession:
    """`successor` carries the bulk of `predecessor` from `on`; both are territories, or both agencies."""

    predecessor: int
    successor: int
    on: dt.date


@dataclass(frozen=True, slots=True)
class Value:
    """A number and the rows it is the sum of."""

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
    return [row for row in rows if not any(_is_inside(row, span) for span in spans[row.agency, row.measure])]


def _is_inside(row: Row, span: tuple[dt.date, dt.date]) -> bool:
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
) -> dict[int, Row]:
    """R4: by agency, the latest row known by `day`, ended units and agencies handed over to their successors (R8)."""
    rows = known_by(rows, day)
    rows = hand_over(rows, units, lambda row: row.territory)
    rows = hand_over(rows, agencies, lambda row: row.agency)
    latest: dict[int, Row] = {}
    for row in sorted(rows, key=lambda row: (row.ends_on, row.starts_on)):
        latest[row.agency] = row
    return latest


def hand_over(rows: Sequence[Row], successions: Iterable[Succession], holder: Callable[[Row], int]) -> list[Row]:
    """R8 for one measure's STATE: what an ended holder reported counts until all its successors have reported since.

    Until then the successors' new rows wait: no person is counted twice, none is lost.
    """
    by_predecessor: dict[int, list[Succession]] = defaultdict(list)
    for succession in successions:
        by_predecessor[succession.predecessor].append(succession)
    held: dict[int, list[dt.date]] = defaultdict(list)
    for row in rows:
        held[holder(row)].append(row.ends_on)

    def has_reported(successor: int, on: dt.date) -> bool:
        """Itself since `on`, or through those that in turn succeeded it."""
        later = by_predecessor.get(successor, ())
        return any(day >= on for day in held[successor]) or (
            bool(later) and all(has_reported(next_.successor, next_.on) for next_ in later)
        )

    gone: set[int] = set()
    waits_from: dict[int, dt.date] = {}
    for predecessor, edges in by_predecessor.items():
        if all(has_reported(edge.successor, edge.on) for edge in edges):
            gone.add(predecessor)
        elif held[predecessor]:
            waits_from |= {edge.successor: min(edge.on, waits_from.get(edge.successor, edge.on)) for edge in edges}
    return [row for row in rows if holder(row) not in gone and row.ends_on < waits_from.get(holder(row), dt.date.max)]


def ratios(parts: Mapping[int, Sequence[Row]], bases: Mapping[int, Sequence[Row]]) -> dict[int, Ratio]:
    """R6: by territory, over the agencies that gave both numbers. `parts` and `bases` are rows by agency."""
    found: dict[int, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for agency in parts.keys() & bases.keys():
        sums = found[parts[agency][0].territory]
        sums[0].extend(parts[agency])
        sums[1].extend(bases[agency])
    return {territory: Ratio(total(part), total(base)) for territory, (part, base) in found.items()}


def together(values: Iterable[Value]) -> Value:
    """The province's number: the sum over territories, or over the measures of a numerator."""
    return total(row for value in values for row in value.rows)
