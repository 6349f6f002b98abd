"""How far a plan got by the end of a period: the one reading that dashboards, files and JSON share."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from agencies.models import Unit
from targets.models import Duty, Indicator, Period

from . import counting
from .attribution import Counted
from .counting import Ratio, Row
from .figures import IndicatorFigure, Missing, National, Progress, Reference, Short, UnitRow
from .forecast import closers
from .outlook import outlook
from .pace import Thresholds, expected, pace, phase
from .reading import Book, the_book
from .sources import Sources
from .standing import codes_of, compared, counts_from, is_flow, is_of, moved, rows_of, sums, was_corrected_away
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
    here = {row.territory for row in book.counted() if is_of(row, period)}
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
        last_approved_at=book.last_approved_at,
    )


def _indicator(sheet: Sheet, place: int, found: Territories, rows: Sequence[UnitRow]) -> IndicatorFigure:
    book, day, indicator = sheet.book, sheet.period.ends_on, sheet.book.indicators[place]
    value, falling = sums(found.counted.values()), indicator.direction == indicator.Direction.DOWN
    is_ratio = bool(codes_of(indicator.denominator))
    milestones = book.milestones.get((indicator.pk, None), [])
    target = next(reversed(phase(milestones, day)), None)
    due = expected(milestones, day, anew=is_flow(indicator, book))
    reached = compared(value)
    ahead = outlook(indicator, book, day, reached, target)
    news = sums(found.in_period.values())
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
        in_period=news.number if news else None,
        target=target and target.value,
        target_due_on=target and target.due_on,
        percent_of_target=share(reached, target and target.value),
        short_of_target=short_of(value, target and target.value),
        expected=due,
        expected_percent_of_target=share(due, target and target.value),
        pace=pace(reached, due, sheet.thresholds, falling=falling),
        gap=None if reached is None or due is None else reached - due,
        change_since_previous=moved(value, sums(found.before.values()), sheet.period, flow=is_flow(indicator, book)),
        outlook=ahead,
        closers=_closers(value, due, place, rows) if not falling else (),
        national=tuple(National(m.due_on, m.value) for m in book.national.get(indicator.pk, ())),
        reference=tuple(_references(indicator, book, day)),
        sources=_sources(sheet, found, place, rows),
    )


def _part(value: Counted | None) -> Decimal | None:
    return None if value is None else value.part.number if isinstance(value, Ratio) else value.number


def _sources(sheet: Sheet, found: Territories, place: int, rows: Sequence[UnitRow]) -> Sources:
    """R13 for the province: every row, the territories that were carried, and those that said nothing at all."""
    return Sources(
        rows=tuple(row for value in found.counted.values() for row in rows_of(value)),
        portions=tuple(dict.fromkeys(p for row in rows for p in row.figures[place].sources.estimated)),
        carried=tuple(row.short_name for row in rows if row.figures[place].carried),
        missing=tuple(row.short_name for row in rows if row.figures[place].is_missing),
        withdrawn=was_corrected_away(sheet.book.indicators[place], sheet.book, sheet.period.ends_on),
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
    for code in codes_of(indicator.numerator):
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
