"""What an indicator's number is made up of: the parts that add up to it, and the groups in it that overlap."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from targets.models import Indicator, Measure, Period
from targets.totals import counting
from targets.totals.counting import Counted, Ratio, Row, Value
from targets.totals.definitions import counts_from
from targets.totals.reading import Book, open_book
from targets.totals.standing import is_of, standing

from .attribution import View, divide, portions
from .territories import REPORTED, by_territory, view_of
from .units import share

WHOLE, REST = "", " "  # beside the codes of the parts


@dataclass(frozen=True, slots=True)
class Share:
    """One part or group. `number` None: nobody reported it (R2). `percent` of the whole, unrounded."""

    code: str
    name: str
    short_name: str
    number: Decimal | None
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A number and its parts (PARTITION) or overlapping groups (SUBSET); `whole` None where nothing is counted.

    `rest` is what the parts leave unsorted, "Chưa phân loại". Whole and parts may come from different reports, so the
    parts can be more than the whole: `rest` is then below zero, and nothing is clipped. Groups have no rest.
    """

    relation: str
    whole_code: str
    whole_name: str
    whole: Decimal | None
    shares: tuple[Share, ...]
    rest: Decimal | None

    @property
    def is_partition(self) -> bool:
        return self.relation == Measure.Relation.PARTITION

    @property
    def is_reported(self) -> bool:
        return any(one.number is not None for one in self.shares)

    @property
    def adds_up(self) -> bool:
        return self.rest == 0

    @property
    def over(self) -> Decimal | None:
        """By how much the parts exceed the whole."""
        return -self.rest if self.rest is not None and self.rest < 0 else None


@dataclass(frozen=True, slots=True)
class _Counted:
    """By territory: a whole, and by part those who counted in the whole and said something of the part."""

    whole: Mapping[int, Value]
    parts: Mapping[str, Mapping[int, Value]]


def breakdowns(
    period: Period,
    code: str,
    *,
    as_of: dt.datetime | None = None,
    provisional: bool = False,
    unit_pk: int | None = None,
    in_period: bool = False,
    by: str = REPORTED,
    book: Book | None = None,
) -> tuple[Breakdown, ...]:
    """Of each measure above the indicator's line, first what adds up to it, then the groups in it.

    The wholes add up to what `progress` says was reached, or with `in_period` what happened in it; of a STATE, which
    only stands, `in_period` is no other number. `book`: one opened with `parts`. Raises LookupError for no indicator.
    """
    book = book or open_book(period, as_of=as_of, provisional=provisional, parts=True)
    if (book.period, book.as_of, book.provisional, book.parts) != (period, as_of, provisional, True):
        raise ValueError("this book was opened for something else, or without parts")
    indicator = next((one for one in book.indicators if one.code == code), None)
    if indicator is None:
        raise LookupError(code)
    view, found = view_of(book, by), []
    for whole in indicator.numerator.all():
        for relation in Measure.Relation.values:
            parts = [m for m in book.measures.values() if m.part_of_id == whole.pk and m.relation == relation]
            if parts:
                counted = _counted(indicator, book, whole, parts, in_period=in_period)
                found.append(_breakdown(relation, whole, parts, _of(counted, relation, view, unit_pk)))
    return tuple(found)


def _breakdown(relation: str, whole: Measure, parts: Iterable[Measure], numbers: Mapping[str, Decimal]) -> Breakdown:
    number = numbers.get(WHOLE)
    shares = tuple(
        Share(one.code, one.name, one.short_name, numbers.get(one.code), share(numbers.get(one.code), number))
        for one in parts
    )
    rest = None
    if relation == Measure.Relation.PARTITION and number is not None:
        rest = number - sum(one.number or Decimal(0) for one in shares)
    return Breakdown(relation, whole.code, whole.name, number, shares, rest)


# By territory -------------------------------------------------------------------------------------------------------


def _counted(
    indicator: Indicator, book: Book, whole: Measure, parts: Iterable[Measure], *, in_period: bool
) -> _Counted:
    """At the period's end; of flows in a period, less what there was before it (R3, as `standing.in_period`)."""
    period, codes = book.period, [part.code for part in parts]
    since = counts_from(indicator, book, period.ends_on)
    now = standing(indicator, book, period.ends_on, since)
    at_end = _counted_by(book, whole.code, codes, now, period.ends_on, since)
    if not in_period or not indicator.is_flow:
        return at_end
    eve = period.starts_on - dt.timedelta(days=1)
    before = _counted_by(book, whole.code, codes, standing(indicator, book, eve, since), eve, since)
    _, told, _ = by_territory(indicator, book, period)
    return _Counted(
        _less({one: at_end.whole[one] for one in told}, before.whole),
        {code: _less(_news(at_end.parts[code], period), before.parts[code]) for code in codes},
    )


def _news(values: Mapping[int, Value], period: Period) -> dict[int, Value]:
    return {one: value for one, value in values.items() if any(is_of(row, period) for row in value.rows)}


def _less(now: Mapping[int, Value], before: Mapping[int, Value]) -> dict[int, Value]:
    earlier = {one: before[one].number if one in before else Decimal(0) for one in now}
    return {one: Value(value.number - earlier[one], value.rows) for one, value in now.items()}


def _counted_by(
    book: Book, whole: str, parts: Iterable[str], values: Mapping[int, Counted], day: dt.date, since: dt.date
) -> _Counted:
    heads = [row for value in values.values() for row in _above(value).rows if row.measure == whole]
    return _Counted(_by_territory(heads), {code: _by_territory(_part(book, code, heads, day, since)) for code in parts})


def _above(value: Counted) -> Value:
    return value.part if isinstance(value, Ratio) else value


def _part(book: Book, code: str, heads: Iterable[Row], day: dt.date, since: dt.date) -> Iterable[Row]:
    """A part counts where its whole does: flows by their own reports (R3, R5), states no newer than the whole (R4)."""
    latest = {row.voice: row.ends_on for row in sorted(heads, key=lambda row: row.ends_on)}
    rows = [row for row in book.rows[code] if row.voice in latest]
    if not book.measures[code].is_state:
        return counting.known_by(rows, day, since)
    return counting.states([row for row in rows if row.ends_on <= latest[row.voice]], day).values()


def _by_territory(rows: Iterable[Row]) -> dict[int, Value]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.territory].append(row)
    return {territory: counting.total(some) for territory, some in found.items()}


# Under a unit -------------------------------------------------------------------------------------------------------


def _of(counted: _Counted, relation: str, view: View | None, unit: int | None) -> dict[str, Decimal]:
    """The whole and each part that has a number: the province's, or those of a unit of the view (R8)."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for territory, whole in counted.whole.items():
        parts = {code: values[territory].number for code, values in counted.parts.items() if territory in values}
        here = {WHOLE: whole.number} | parts
        if unit is not None:
            shares = view.place(territory).shares if view else {territory: Fraction(1)}
            here = _divided(whole, parts, relation, shares)[unit] if unit in shares else {}
        for code, number in here.items():
            found[code] += number
    return found


def _divided(
    whole: Value, parts: Mapping[str, Decimal], relation: str, shares: Mapping[int, Fraction]
) -> dict[int, dict[str, Decimal]]:
    """A territory's numbers by unit of the view; the whole as the table of units divides it."""
    wholes = {unit: value.number for unit, value in divide(whole, shares).items()}
    found = {unit: {WHOLE: number} for unit, number in wholes.items()}
    together = [parts] if relation == Measure.Relation.PARTITION else [{code: parts[code]} for code in parts]
    for some in together:
        for unit, numbers in _shared_out(wholes, some, shares).items():
            found[unit] |= {code: numbers[code] for code in some}
    return found


def _shared_out(
    wholes: Mapping[int, Decimal], parts: Mapping[str, Decimal], shares: Mapping[int, Fraction]
) -> dict[int, Mapping[str, Decimal]]:
    """Each part in portions that add up to it, and at each unit parts and rest that add up to what it has of the whole.

    Parts that do not fit into their whole are divided each by itself.
    """
    left = {**parts, REST: sum(wholes.values()) - sum(parts.values())}
    if min(*left.values(), *wholes.values()) < 0:
        alone = {code: portions(number, shares) for code, number in parts.items()}
        return {unit: {code: alone[code][unit] for code in parts} for unit in wholes}
    found = {}
    for unit, number in wholes.items():
        found[unit] = _drawn(number, left)
        left = {code: many - found[unit][code] for code, many in left.items()}
    return found


def _drawn(number: Decimal, left: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    """So many of those that are left, from each part as it is large; never more than it has."""
    many = sum(left.values())
    if not many:
        return dict.fromkeys(left, Decimal(0))
    cents = 1 if all(one == one.to_integral_value() for one in (number, *left.values())) else 100
    drawn = portions(number * cents, {code: Fraction(one) / Fraction(many) for code, one in left.items()})
    return {code: one / cents for code, one in drawn.items()}
