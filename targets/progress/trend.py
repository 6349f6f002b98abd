"""How each indicator moved, period by period, beside what was expected of it: the points of a line and of its table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from targets.models import Indicator, Period
from targets.totals.counting import Counted, Ratio
from targets.totals.definitions import counts_from
from targets.totals.milestones import Milestone, phase
from targets.totals.reading import Book, the_book
from targets.totals.standing import compared, is_of, known, moved, newest, rows_of, whole, whole_in_period

from .attribution import View, regroup
from .forecast import LOOK_BACK, Forecast, forecast
from .outlook import outlook
from .pace import expected
from .territories import REPORTED, by_territory, view_of
from .units import milestones_of


@dataclass(frozen=True, slots=True)
class Point:
    """What stood at a period's end, as the dashboard of that period shows it; None where nothing was counted yet."""

    period: str
    name: str
    day: dt.date
    in_period: Decimal | None
    reached: Decimal | None
    base: Decimal | None
    percent: Decimal | None
    expected: Decimal | None
    from_period: str | None
    change_since_previous: Decimal | None
    carried: bool  # nothing of it is from this period

    @property
    def level(self) -> Decimal | None:
        """What is held against the target: a ratio's percentage, or the count."""
        return self.reached if self.base is None else self.percent

    @property
    def news(self) -> Decimal | None:
        """What the period brought: the number in it, or how much what stands has moved."""
        return self.change_since_previous if self.in_period is None else self.in_period


@dataclass(frozen=True, slots=True)
class Trend:
    """One indicator up to a period. `milestones` are its dated targets, of all phases: (day, value).

    `now` is the period asked for; `before` and `year_ago` are those of its kind, one earlier and one year earlier.
    """

    code: str
    points: tuple[Point, ...]
    milestones: tuple[tuple[dt.date, Decimal], ...]
    forecast: Forecast | None
    now: Point
    before: Point | None
    year_ago: Point | None

    @property
    def previous(self) -> Decimal | None:
        """What the period before brought."""
        return self.before and self.before.news

    @property
    def year_before(self) -> Decimal | None:
        """What the same period brought a year earlier."""
        return self.year_ago and self.year_ago.news


@dataclass(frozen=True, slots=True)
class _Line:
    """Whose numbers are followed: the province's, or those of one unit of a view."""

    indicator: Indicator
    book: Book
    view: View | None
    unit: int | None
    territories: frozenset[int]  # that the unit has something of

    @property
    def milestones(self) -> list[Milestone]:
        if self.unit is None:
            return self.book.milestones.get((self.indicator.pk, None), [])
        return milestones_of(self.indicator, self.unit, self.book)


def trends(
    period: Period,
    *,
    as_of: dt.datetime | None = None,
    provisional: bool = False,
    unit_pk: int | None = None,
    by: str = REPORTED,
    book: Book | None = None,
) -> dict[str, Trend]:
    """By indicator code, a point for every usual period of the plan that ended by the end of `period`.

    Each point says what `progress` says of that period, for the province or for one unit in the view `by`.
    """
    book = the_book(period, as_of, provisional=provisional, book=book)
    view = view_of(book, by)
    shown = _shown_under(unit_pk, view, book, period)
    return {one.code: _trend(_Line(one, book, view, unit_pk, shown), period) for one in book.indicators}


def _shown_under(unit: int | None, view: View | None, book: Book, period: Period) -> frozenset[int]:
    if unit is None or view is None:
        return frozenset({unit} - {None})
    return frozenset(one for one in known(book, period.ends_on) if unit in view.place(one).shares)


def _trend(line: _Line, period: Period) -> Trend:
    past = [one for one in line.book.calendar if one.ends_on <= period.ends_on]
    points = tuple(_point(line, one) for one in past)
    before, year_ago = _before(line.book, period), _year_ago(line.book, period)
    return Trend(
        code=line.indicator.code,
        points=points,
        milestones=tuple((one.due_on, one.value) for one in sorted(line.milestones, key=lambda one: one.due_on)),
        forecast=_ahead(line, period, past, points),
        now=_point(line, period),
        before=before and _point(line, before),
        year_ago=year_ago and _point(line, year_ago),
    )


def _before(book: Book, period: Period) -> Period | None:
    earlier = [one for one in book.periods if one.kind == period.kind and one.ends_on < period.starts_on]
    return earlier[-1] if earlier else None


def _year_ago(book: Book, period: Period) -> Period | None:
    """The one of the same kind that ended in the same month."""
    month = period.ends_on.year - 1, period.ends_on.month
    same = (p for p in book.periods if p.kind == period.kind and (p.ends_on.year, p.ends_on.month) == month)
    return next(same, None)


def _point(line: _Line, period: Period) -> Point:
    value, news, before = _numbers(line, period)
    flow = line.indicator.is_flow
    is_ratio = isinstance(value, Ratio)
    rows = rows_of(value) if value else ()
    return Point(
        period=period.code,
        name=period.name,
        day=period.ends_on,
        in_period=news.number if news else None,
        reached=value and (value.part.number if is_ratio else value.number),
        base=value.base.number if is_ratio else None,
        percent=value.percent if is_ratio else None,
        expected=expected(line.milestones, period.ends_on, anew=flow),
        from_period=newest(rows).period if rows else None,
        change_since_previous=moved(value, before, period, flow=flow),
        carried=bool(rows) and not any(is_of(row, period) for row in rows),
    )


def _numbers(line: _Line, period: Period) -> list[Counted | None]:
    """Reached, in the period, and before it."""
    if line.unit is None:
        since, eve = counts_from(line.indicator, line.book, period.ends_on), period.starts_on - dt.timedelta(days=1)
        return [
            whole(line.indicator, line.book, period.ends_on, since),
            whole_in_period(line.indicator, line.book, period),
            whole(line.indicator, line.book, eve, since),
        ]
    found = by_territory(line.indicator, line.book, period, line.territories)
    shown = [regroup(_of(values, line.territories), line.view).get(line.unit) for values in found]
    return [one and one.value for one in shown]


def _of(values: Mapping[int, Counted], territories: Collection[int]) -> dict[int, Counted]:
    """The view of all others is not needed."""
    return {one: value for one, value in values.items() if one in territories}


def _ahead(line: _Line, period: Period, past: Sequence[Period], points: Sequence[Point]) -> Forecast | None:
    """The province's forecast is the dashboard's; a unit that has a target is forecast in the same way (R12)."""
    day, target = period.ends_on, next(reversed(phase(line.milestones, period.ends_on)), None)
    if line.unit is None:
        value = compared(_numbers(line, period)[0])
        return outlook(line.indicator, line.book, day, value, target).forecast
    if target is None or line.indicator.direction == line.indicator.Direction.DOWN:
        return None
    flow, since = line.indicator.is_flow, counts_from(line.indicator, line.book, day)
    known = [point for one, point in zip(past, points, strict=True) if not flow or one.starts_on >= since]
    while known and (known[-1].reached is None or known[-1].carried):
        known.pop()
    if not known:
        return None
    recent = [point.level for point in known[-LOOK_BACK - 1 :]]
    return forecast(
        [level for level in recent if level is not None],
        sum(known[-1].day < one.ends_on <= target.due_on for one in line.book.calendar),
        from_zero=flow and (None in recent or len(recent) == len(known)),
        is_ratio=line.indicator.is_ratio,
    )
