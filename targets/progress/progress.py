"""How far a plan got by the end of a period: the one reading that dashboards, files and JSON share."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from agencies.models import Unit
from targets.models import Duty, Indicator, Period

from . import counting
from .attribution import Counted, View, regroup
from .counting import Ratio, Row
from .figures import IndicatorFigure, Missing, National, Progress, Reference, Short, Sources, UnitRow
from .forecast import closers
from .outlook import outlook
from .pace import Thresholds, expected, pace, phase
from .reading import Book, open_book
from .standing import (
    codes_of,
    compared,
    counts_from,
    in_period,
    is_flow,
    is_of,
    rows_of,
    standing,
    sums,
    was_corrected_away,
)
from .units import Sheet, Territories, share, short_of, unit_rows

REPORTED, DISTRICTS, COMMUNES = "reported", "districts", "communes"
LEVELS = {DISTRICTS: Unit.Level.DISTRICT, COMMUNES: Unit.Level.COMMUNE}
VIEWS = (REPORTED, *LEVELS)


def progress(
    period: Period, *, as_of: dt.datetime | None = None, provisional: bool = False, by: str = REPORTED
) -> Progress:
    """The plan of `period` as it stands at the period's last day.

    `as_of`: as known at that instant (R9). `provisional`: submitted figures count too (R1); not together with `as_of`.
    `by`: territories as they reported, or all of it under districts or communes (R8). Raises ValueError for others.
    """
    if by not in VIEWS or (as_of and provisional):
        raise ValueError("by must be one of VIEWS; provisional figures are known only now")
    plan, day = period.plan, period.ends_on
    book = open_book(period, as_of=as_of, provisional=provisional)
    thresholds = Thresholds(plan.pace_below, plan.pace_on, plan.pace_above)
    reporting = {a.unit_id for a in book.counting_agencies if a.level != "province"}
    sheet = Sheet(book, period, thresholds, _view(book, by), reporting)
    found = [_territories(indicator, book, period, sheet.view) for indicator in book.indicators]
    rows = unit_rows(sheet, found)
    here = {row.territory for rows_ in book.rows.values() for row in rows_ if is_of(row, period)}
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
        districts=len(_last_units(book, Unit.Level.DISTRICT)),
        communes=len(_last_units(book, Unit.Level.COMMUNE)),
        last_approved_at=book.last_approved_at,
    )


def _view(book: Book, by: str) -> View | None:
    return None if by == REPORTED else View(_last_units(book, LEVELS[by]), book.unit_successions)


def _last_units(book: Book, level: str) -> set[int]:
    """Those of a level after which no unit of the same level came."""
    units = {pk for pk, unit in book.units.items() if unit.level == level}
    return units - {edge.predecessor for edge in book.unit_successions if edge.main and edge.successor in units}


def _territories(indicator: Indicator, book: Book, period: Period, view: View | None) -> Territories:
    """What an indicator reached by the period's end, and in it: as counted, and as the view shows it."""
    day = period.ends_on
    counted = standing(indicator, book, day, counts_from(indicator, book, day))
    news = in_period(indicator, book, period, counted)
    return Territories(counted, news, regroup(counted, view), regroup(news, view))


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
