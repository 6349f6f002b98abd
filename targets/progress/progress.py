"""How far a plan got by the end of a period: the one reading that dashboards, files and JSON share."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from targets.models import Duty, Indicator, Period

from . import counting
from .counting import Ratio, Row
from .figures import IndicatorFigure, Missing, Progress, Reference
from .pace import Thresholds, expected, pace
from .reading import Book, open_book
from .units import Counted, Sheet, codes_of, is_of, share, unit_rows

REPORTED = "reported"


def progress(
    period: Period, *, as_of: dt.datetime | None = None, provisional: bool = False, by: str = REPORTED
) -> Progress:
    """The plan of `period` as it stands at the period's last day.

    `as_of`: as known at that instant (R9). `provisional`: submitted figures count too (R1). `by`: "reported" only.
    """
    plan, day = period.plan, period.ends_on
    book = open_book(period, as_of=as_of, provisional=provisional)
    thresholds = Thresholds(plan.pace_below, plan.pace_on, plan.pace_above)
    counted = [_territories(indicator, book, day) for indicator in book.indicators]
    here = {row.territory for rows in book.rows.values() for row in rows if is_of(row, period)}
    expected_units = {a.unit_id for a in book.counting_agencies if a.level != "province"}
    return Progress(
        plan=plan.number,
        period=period.code,
        period_name=period.name,
        day=day,
        as_of=as_of,
        by=by,
        provisional=provisional,
        indicators=tuple(
            _indicator(indicator, values, book, day, thresholds)
            for indicator, values in zip(book.indicators, counted, strict=True)
        ),
        rows=tuple(unit_rows(Sheet(book, period, thresholds, counted, expected_units))),
        missing=tuple(_missing(period, book)),
        units_with_figures=len(here & expected_units),
        units_expected=len(expected_units),
        last_approved_at=book.last_approved_at,
    )


def _territories(indicator: Indicator, book: Book, day: dt.date) -> dict[int, Counted]:
    """By territory, what an indicator reached by `day`."""
    parts, bases = codes_of(indicator.numerator), codes_of(indicator.denominator)
    by_measure = _by_measure(parts + bases, indicator, book, day)
    if bases:
        return counting.ratios(_joined(parts, by_measure), _joined(bases, by_measure))
    found: dict[int, list[Row]] = defaultdict(list)
    for rows in _joined(parts, by_measure).values():
        for row in rows:
            found[row.territory].append(row)
    return {territory: counting.total(rows) for territory, rows in found.items()}


def _by_measure(
    codes: Sequence[str], indicator: Indicator, book: Book, day: dt.date
) -> dict[str, dict[int, list[Row]]]:
    """By measure and agency, the rows that count: flows since the target's start, states the latest, together."""
    found: dict[str, dict[int, list[Row]]] = {code: defaultdict(list) for code in codes}
    states = [row for code in codes if book.measures[code].is_state for row in book.rows[code]]
    standing = counting.states_together(states, day, book.unit_successions, book.agency_successions)
    for (agency, code), row in standing.items():
        found[code][agency].append(row)
    for code in codes:
        if not book.measures[code].is_state:
            for row in counting.known_by(book.rows[code], day, _counts_from(indicator, book)):
                found[code][row.agency].append(row)
    return found


def _joined(codes: Sequence[str], by_measure: Mapping[str, Mapping[int, list[Row]]]) -> dict[int, list[Row]]:
    """By agency, the rows of a numerator or denominator.

    An agency that left out one of several measures is left out whole: half a numerator is no numerator.
    """
    agencies = set.intersection(*(set(by_measure[code]) for code in codes)) if codes else set()
    return {agency: [row for code in codes for row in by_measure[code][agency]] for agency in agencies}


def _counts_from(indicator: Indicator, book: Book) -> dt.date:
    milestones = book.milestones.get((indicator.pk, None))
    return min(m.counts_from for m in milestones) if milestones else indicator.plan.starts_on


def _indicator(
    indicator: Indicator, values: Mapping[int, Counted], book: Book, day: dt.date, thresholds: Thresholds
) -> IndicatorFigure:
    is_ratio = bool(codes_of(indicator.denominator))
    reached, base, percent = _sums(values.values(), is_ratio=is_ratio)
    milestones = sorted(book.milestones.get((indicator.pk, None), ()), key=lambda m: m.due_on)
    target = milestones[-1] if milestones else None
    due = expected(milestones, day)
    compared = percent if is_ratio else reached
    return IndicatorFigure(
        code=indicator.code,
        name=indicator.name,
        short_name=indicator.short_name,
        unit_of_measure=indicator.unit_of_measure,
        is_ratio=is_ratio,
        reached=reached,
        base=base,
        percent=percent,
        target=target and target.value,
        target_due_on=target and target.due_on,
        percent_of_target=share(compared, target and target.value),
        expected=due,
        expected_percent_of_target=share(due, target and target.value),
        pace=pace(compared, due, thresholds),
        gap=None if compared is None or due is None else compared - due,
        reference=tuple(_references(indicator, book, day)),
    )


def _sums(values, *, is_ratio: bool) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """(reached, base, percent) over territories; all None when nobody said anything."""
    values = list(values)
    if not values:
        return None, None, None
    if not is_ratio:
        return counting.together(values).number, None, None
    both = Ratio(counting.together(v.part for v in values), counting.together(v.base for v in values))
    return both.part.number, both.base.number, both.percent


def _references(indicator: Indicator, book: Book, day: dt.date) -> list[Reference]:
    """R7: by agency and measure, what others reported; flows summed, states their latest."""
    found = []
    for code in codes_of(indicator.numerator):
        rows = book.reference[code]
        if book.measures[code].is_state:
            grouped = {agency: [row] for agency, row in counting.states(rows, day).items()}
        else:
            grouped = defaultdict(list)
            for row in counting.known_by(rows, day, _counts_from(indicator, book)):
                grouped[row.agency].append(row)
        found += [
            Reference(book.agencies[agency].name, code, counting.total(part).number) for agency, part in grouped.items()
        ]
    return sorted(found, key=lambda reference: (reference.measure, reference.agency))


def _missing(period: Period, book: Book) -> list[Missing]:
    """Agencies that owe this period's report and have none that counts."""
    owing = Duty.objects.of_plan(period.plan).owing(period.kind, period.ends_on).by_unit()
    return [Missing(duty.agency.name, duty.agency.unit.code) for duty in owing if duty.agency_id not in book.reported]
