"""How far a plan got by the end of a period: the one reading that dashboards, files and JSON share."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from agencies.models import Unit
from targets.models import Duty, Indicator, Period
from targets.totals import counting
from targets.totals.counting import Counted, Ratio, Row
from targets.totals.definitions import counts_from
from targets.totals.milestones import phase
from targets.totals.reading import Book, the_book
from targets.totals.standing import compared, moved, news, rows_of, sums, was_corrected_away, whole, whole_in_period

from .figures import IndicatorFigure, Missing, National, Progress, Reference, Short, UnitRow
from .forecast import closers
from .outlook import outlook
from .pace import Thresholds, expected, pace
from .sources import Sources
from .territories import COMMUNES, DISTRICTS, REPORTED, VIEWS, Territories, last_units, territories, view_of
from .units import Sheet, share, short_of, unit_rows

__all__ = ["COMMUNES", "DISTRICTS", "REPORTED", "VIEWS", "progress"]


def progress(
    period: Period,
    *,
    as_of: dt.datetime | None = None,
    provisional: bool = False,
    by: str = REPORTED,
    book: Book | None = None,
) -> Progress:
    """The plan of `period` as it stands at the period's last day.

    `as_of`: as known at that instant (R9). `provisional`: submitted figures count too (R1); not together with `as_of`.
    `by`: territories as they reported, or all of it under districts or communes (R8). `book`: one opened for just
    this, so that it is read once for everything a page shows. Raises ValueError for others.
    """
    plan, day = period.plan, period.ends_on
    book = the_book(period, as_of, provisional=provisional, book=book)
    thresholds = Thresholds(plan.pace_below, plan.pace_on, plan.pace_above)
    reporting = {a.unit_id for a in book.counting_agencies if a.level != "province"}
    sheet = Sheet(book, period, thresholds, view_of(book, by), reporting)
    found = [territories(indicator, book, period, sheet.view) for indicator in book.indicators]
    rows = unit_rows(sheet, found)
    here = set().union(*(news(indicator, book, period) for indicator in book.indicators))
    return Progress(
        plan=plan.number,
        period=period.code,
        period_name=period.name,
        day=day,
        as_of=as_of,
        by=by,
        provisional=provisional,
        indicators=tuple(_indicator(sheet, place, found[place], rows) for place in range(len(found))),
        rows=tuple(rows),
        missing=tuple(_missing(period, book)),
        units_with_figures=len(here & reporting),
        units_expected=len(reporting),
        districts=len(last_units(book, Unit.Level.DISTRICT)),
        communes=len(last_units(book, Unit.Level.COMMUNE)),
        last_approved_at=max(filter(None, map(_approved_at, found)), default=None),
    )


def _indicator(sheet: Sheet, place: int, found: Territories, rows: Sequence[UnitRow]) -> IndicatorFigure:
    book, day, indicator = sheet.book, sheet.period.ends_on, sheet.book.indicators[place]
    value = whole(indicator, book, day, counts_from(indicator, book, day))
    falling = indicator.direction == indicator.Direction.DOWN
    is_ratio = indicator.is_ratio
    milestones = book.milestones.get((indicator.pk, None), [])
    target = next(reversed(phase(milestones, day)), None)
    due = expected(milestones, day, anew=indicator.is_flow)
    reached = compared(value)
    ahead = outlook(indicator, book, day, reached, target)
    brought = whole_in_period(indicator, book, sheet.period)
    return IndicatorFigure(
        code=indicator.code,
        name=indicator.name,
        short_name=indicator.short_name,
        unit_of_measure=indicator.unit_of_measure,
        is_ratio=is_ratio,
        falling=falling,
        reached=_part(value),
        base=value.base.number if isinstance(value, Ratio) else None,
        percent=value.percent if isinstance(value, Ratio) else None,
        in_period=brought.number if brought else None,
        target=target and target.value,
        target_due_on=target and target.due_on,
        percent_of_target=share(reached, target and target.value),
        short_of_target=short_of(value, target and target.value),
        expected=due,
        expected_percent_of_target=share(due, target and target.value),
        pace=pace(reached, due, sheet.thresholds, falling=falling),
        gap=None if reached is None or due is None else reached - due,
        change_since_previous=moved(value, sums(found.before.values()), sheet.period, flow=indicator.is_flow),
        outlook=ahead,
        closers=_closers(value, due, place, rows) if not falling else (),
        national=tuple(National(m.due_on, m.value) for m in book.national.get(indicator.pk, ())),
        reference=tuple(_references(indicator, book, day)),
        sources=_sources(sheet, found, place, rows),
    )


def _approved_at(found: Territories) -> dt.datetime | None:
    """When the newest of the figures shown came to count."""
    times = (row.approved_at for value in found.counted.values() for row in rows_of(value))
    return max(filter(None, times), default=None)


def _part(value: Counted | None) -> Decimal | None:
    return None if value is None else value.part.number if isinstance(value, Ratio) else value.number


def _sources(sheet: Sheet, found: Territories, place: int, rows: Sequence[UnitRow]) -> Sources:
    """R13 for the province: every row, the territories that were carried, and those that said nothing at all."""
    made_of = tuple(row for value in found.counted.values() for row in rows_of(value))
    return Sources(
        rows=made_of,
        portions=tuple(dict.fromkeys(p for row in rows for p in row.figures[place].sources.estimated)),
        carried=tuple(row.short_name for row in rows if row.figures[place].carried),
        missing=tuple(row.short_name for row in rows if row.figures[place].is_missing),
        corrected=any(row.corrected for row in made_of)
        or was_corrected_away(sheet.book.indicators[place], sheet.book, sheet.period.ends_on),
    )


def _closers(value: Counted | None, due: Decimal | None, place: int, rows: Sequence[UnitRow]) -> tuple[Short, ...]:
    """Which living units, brought to their own pace, would bring the province to its own."""
    gap = short_of(value, due)
    if gap is None:
        return ()
    short = {n: row.figures[place].short_of_pace for n, row in enumerate(rows) if not row.ended}
    short = {n: people for n, people in short.items() if people is not None}
    return tuple(Short(rows[n].unit_code, rows[n].short_name, short[n]) for n in closers(short, gap))


def _references(indicator: Indicator, book: Book, day: dt.date) -> list[Reference]:
    """R7: by agency and measure, what others reported; flows summed, states their latest."""
    found = []
    for code in indicator.above:
        grouped: Mapping[int, list[Row]] = defaultdict(list)
        rows = book.reference[code]
        if book.measures[code].is_state:
            rows = counting.states(rows, day).values()
        else:
            rows = counting.known_by(rows, day, counts_from(indicator, book, day))
        for row in rows:
            grouped[row.agency].append(row)
        found += [
            Reference(book.agencies[agency].name, code, counting.total(part).number) for agency, part in grouped.items()
        ]
    return sorted(found, key=lambda reference: (reference.measure, reference.agency))


def _missing(period: Period, book: Book) -> list[Missing]:
    """Agencies that owe this period's report and have none that counts."""
    owing = Duty.objects.of_plan(period.plan).owing(period.kind, period.ends_on).by_unit()
    return [Missing(duty.agency.name, duty.agency.unit.code) for duty in owing if duty.agency_id not in book.reported]
