"""What changed in what is known, and why: between two instants, and between two periods (R9, R10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from targets.models import ApprovedFigure, Indicator, Period, Plan
from targets.totals.counting import Row
from targets.totals.definitions import counts_from
from targets.totals.reading import Book, open_book
from targets.totals.standing import compared, standing, sums

from .figures import IndicatorFigure, Progress, UnitFigure
from .progress import progress
from .territories import REPORTED, row_name
from .trail import Trail


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of the ledger before and after an approval. `old` None: it is new. `new` None: it was taken away.

    `reason`: why the report had been opened again; empty where it was approved for the first time.
    """

    at: dt.datetime
    by: str
    agency: str
    unit: str
    period: str
    period_name: str
    measure_code: str
    measure: str
    old: Decimal | None
    new: Decimal | None
    reason: str
    report_pk: int
    agency_pk: int
    unit_pk: int

    @property
    def is_correction(self) -> bool:
        return self.old is not None

    @property
    def difference(self) -> Decimal:
        """Of the figure; what it did to a total is another matter, where a year replaces its halves (R5)."""
        return (self.new or Decimal(0)) - (self.old or Decimal(0))


@dataclass(frozen=True, slots=True)
class Effect:
    """A change, and by how much it moved an indicator's number; None where what stands is not the sum of changes."""

    change: Change
    effect: Decimal | None


@dataclass(frozen=True, slots=True)
class Difference:
    """An indicator, for the province (`unit` empty) or for one unit, in two states of what is known.

    Levels are percent for a ratio. A count of flows that nobody has spoken of counts as nothing in a difference; of all
    else there is none where one of the two is unknown (R2).
    """

    code: str
    short_name: str
    unit_pk: int | None
    unit: str
    before: IndicatorFigure | UnitFigure | None
    after: IndicatorFigure | UnitFigure | None
    level_before: Decimal | None
    level_after: Decimal | None
    difference: Decimal | None
    effects: tuple[Effect, ...] = ()

    @property
    def is_different(self) -> bool:
        """A ratio may stay the same while both its numbers grow."""
        before, after = ((side.reached, side.base) if side else (None, None) for side in (self.before, self.after))
        return before != after


@dataclass(frozen=True, slots=True)
class Comparison:
    """A period's dashboard as known at two instants: each indicator with the changes behind its difference, and units.

    `changes` are all that concern the period or earlier ones, also those that moved no indicator.
    """

    period: Period
    then: dt.datetime
    now: dt.datetime | None
    by: str
    before: Progress
    after: Progress
    indicators: tuple[Difference, ...]
    units: tuple[Difference, ...]  # those that differ
    changes: tuple[Change, ...]


# The ledger ----------------------------------------------------------------------------------------------------------


def changed_between(
    plan: Plan, then: dt.datetime, now: dt.datetime | None = None, *, upto: Period | None = None
) -> list[Change]:
    """Every figure of the plan that was approved, replaced or taken away after `then` and by `now`, newest first.

    `upto`: only of periods that ended by the end of that one.
    """
    entries = list(ApprovedFigure.objects.of_plan(plan, upto=upto).moved_between(then, now).with_names())
    trail = Trail({entry.report_id for entry in entries})
    pairs = _pairs(entries, then, now)
    found = [_change(at, old, new, trail) for (_, _, at), (old, new) in pairs.items()]
    return sorted(found, key=lambda one: (-one.at.timestamp(), one.agency, one.period, one.measure_code))


Key = tuple[int, int, dt.datetime]  # report, measure, instant
Pair = tuple[ApprovedFigure | None, ApprovedFigure | None]


def _pairs(entries: Iterable[ApprovedFigure], then: dt.datetime, now: dt.datetime | None) -> dict[Key, Pair]:
    """What ceased and what came in the same approval, together."""
    ceased, came = {}, {}
    for one in entries:
        if _is_within(one.superseded_at, then, now):
            ceased[one.report_id, one.measure_id, one.superseded_at] = one
        if _is_within(one.approved_at, then, now):
            came[one.report_id, one.measure_id, one.approved_at] = one
    return {key: (ceased.get(key), came.get(key)) for key in ceased | came}


def _is_within(at: dt.datetime | None, then: dt.datetime, now: dt.datetime | None) -> bool:
    return at is not None and then < at and (now is None or at <= now)


def _change(at: dt.datetime, old: ApprovedFigure | None, new: ApprovedFigure | None, trail: Trail) -> Change:
    entry = new or old
    return Change(
        at=at,
        by=str(new.approved_by if new else old.superseded_by),
        agency=entry.agency.name,
        unit=row_name(entry.unit),
        period=entry.period.code,
        period_name=entry.period.name,
        measure_code=entry.measure.code,
        measure=entry.measure.name,
        old=old and old.value,
        new=new and new.value,
        reason=trail.reason(entry.report_id, at),
        report_pk=entry.report_id,
        agency_pk=entry.agency_id,
        unit_pk=entry.unit_id,
    )


# Two instants --------------------------------------------------------------------------------------------------------


def compare(period: Period, then: dt.datetime, now: dt.datetime | None = None, by: str = REPORTED) -> Comparison:
    """The period's numbers as known at `then` beside those known at `now`, or today."""
    book_then, book_now = open_book(period, as_of=then), open_book(period, as_of=now, rows=True)
    before = progress(period, as_of=then, by=by, book=book_then)
    after = progress(period, as_of=now, by=by, book=book_now)
    changes = changed_between(period.plan, then, now, upto=period)
    pairs = zip(book_now.indicators, before.indicators, after.indicators, strict=True)
    return Comparison(
        period=period,
        then=then,
        now=now,
        by=by,
        before=before,
        after=after,
        indicators=tuple(
            replace(
                _difference(indicator, "", None, was, is_),
                effects=tuple(_effects(indicator, book_then, changes)),
            )
            for indicator, was, is_ in pairs
        ),
        units=tuple(one for one in _units(book_now, before, after) if one.is_different),
        changes=tuple(changes),
    )


def _effects(indicator: Indicator, book: Book, changes: Sequence[Change]) -> list[Effect]:
    """Newest first. Of flows the effects add up to the difference: each is what the number moved by, one at a time."""
    codes = {*indicator.above, *indicator.below}
    ours = [one for one in changes if one.measure_code in codes and _counts(one, book)]
    if not indicator.is_flow:
        return [Effect(one, None) for one in ours]
    territories: dict[int, Book] = {}
    found = []
    for change in reversed(ours):
        here = territories.get(change.unit_pk) or _only(book, change.unit_pk, codes)
        after = territories[change.unit_pk] = _with(here, change)
        found.append(Effect(change, _number(indicator, after) - _number(indicator, here)))
    return found[::-1]


def _counts(change: Change, book: Book) -> bool:
    """R7: whether the agency's figures enter the totals."""
    return book.measures[change.measure_code].counts_reports_of(book.agencies[change.agency_pk])


def _only(book: Book, territory: int, codes: Iterable[str]) -> Book:
    """Flows stay with their territory (R8), so that it can be counted alone."""
    return replace(book, rows={code: [row for row in book.rows[code] if row.territory == territory] for code in codes})


def _with(book: Book, change: Change) -> Book:
    code = change.measure_code
    rows = [row for row in book.rows[code] if (row.report, row.measure) != (change.report_pk, code)]
    if change.new is not None:
        rows.append(_row(book, change))
    return replace(book, rows=book.rows | {code: rows})


def _row(book: Book, change: Change) -> Row:
    period = next(one for one in book.periods if one.code == change.period)
    agency = book.agencies[change.agency_pk]
    return Row(
        territory=change.unit_pk,
        agency=agency.pk,
        report=change.report_pk,
        measure=change.measure_code,
        period=period.code,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        value=change.new,
        body=agency.pk if agency.level == "province" else None,
    )


def _number(indicator: Indicator, book: Book) -> Decimal:
    day = book.period.ends_on
    value = sums(standing(indicator, book, day, counts_from(indicator, book, day)).values())
    return compared(value) or Decimal(0)


# Two periods ---------------------------------------------------------------------------------------------------------


def between_periods(
    earlier: Period,
    later: Period,
    *,
    as_of: dt.datetime | None = None,
    provisional: bool = False,
    by: str = REPORTED,
) -> list[Difference]:
    """Each indicator of the province, then of every unit, at the end of two periods of a plan."""
    book = open_book(later, as_of=as_of, provisional=provisional)
    before = progress(earlier, as_of=as_of, provisional=provisional, by=by)
    after = progress(later, as_of=as_of, provisional=provisional, by=by, book=book)
    pairs = zip(book.indicators, before.indicators, after.indicators, strict=True)
    province = [_difference(indicator, "", None, was, is_) for indicator, was, is_ in pairs]
    return [*province, *_units(book, before, after)]


def _units(book: Book, before: Progress, after: Progress) -> list[Difference]:
    """In the order of the later table; units that are only in the earlier one come last."""
    was, is_ = ({row.unit_pk: row for row in one.rows} for one in (before, after))
    found = []
    for pk, row in (is_ | {pk: row for pk, row in was.items() if pk not in is_}).items():
        for place, indicator in enumerate(book.indicators):
            sides = [rows[pk].figures[place] if pk in rows else None for rows in (was, is_)]
            found.append(_difference(indicator, row.unit, pk, *sides))
    return found


def _difference(
    indicator: Indicator,
    unit: str,
    unit_pk: int | None,
    before: IndicatorFigure | UnitFigure | None,
    after: IndicatorFigure | UnitFigure | None,
) -> Difference:
    was, is_ = before and before.level, after and after.level
    difference = None
    if indicator.is_flow and (was is not None or is_ is not None):
        difference = (is_ or Decimal(0)) - (was or Decimal(0))
    elif was is not None and is_ is not None:
        difference = is_ - was
    return Difference(indicator.code, indicator.short_name, unit_pk, unit, before, after, was, is_, difference)
