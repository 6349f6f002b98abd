"""The table of territories: what each reached at every indicator, or why there is nothing to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from targets.models import Indicator, Period

from .counting import Ratio, Row, Value
from .figures import PROVINCE_ROW, Absence, UnitFigure, UnitRow
from .pace import Milestone, Thresholds, expected, pace
from .reading import Book

Counted = Value | Ratio
PACE_ORDER = {"far_below": 0, "below": 1, "on": 2, "above": 3, None: 4}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the rows are made from: `counted` is, by indicator in their order, the number of each territory."""

    book: Book
    period: Period
    thresholds: Thresholds
    counted: Sequence[Mapping[int, Counted]]
    living: set[int]  # territories from which a report is expected


def unit_rows(sheet: Sheet) -> list[UnitRow]:
    """Every territory that exists or has something counted: living ones slowest first, ended ones, the province."""
    territories = sheet.living.union(*(values.keys() for values in sheet.counted))
    return sorted((_unit_row(sheet, territory) for territory in territories), key=_slowest_first)


def _slowest_first(row: UnitRow) -> tuple:
    """The more of its indicators lag, and the more they do, the higher a unit stands."""
    behind = sorted(PACE_ORDER[figure.pace] for figure in row.figures)
    return row.is_province, row.ended, behind, row.unit_code


def _unit_row(sheet: Sheet, territory: int) -> UnitRow:
    unit = sheet.book.units[territory]
    is_province = unit.kind == unit.Kind.PROVINCE
    ended = territory not in sheet.living
    pairs = zip(sheet.book.indicators, sheet.counted, strict=True)
    return UnitRow(
        unit_code=unit.code,
        unit=PROVINCE_ROW if is_province else unit.full_name,
        short_name=PROVINCE_ROW if is_province else unit.full_name if ended else unit.short_name,
        ended=ended and not is_province,
        is_province=is_province,
        figures=tuple(_unit_figure(sheet, territory, indicator, values) for indicator, values in pairs),
    )


def _unit_figure(sheet: Sheet, territory: int, indicator: Indicator, values: Mapping[int, Counted]) -> UnitFigure:
    milestones = _milestones_of(indicator, territory, sheet.book)
    target = max(milestones, key=lambda m: m.due_on).value if milestones else None
    due = expected(milestones, sheet.period.ends_on)
    value = values.get(territory)
    if value is None:
        return UnitFigure(target=target, expected=due, absence=_absence(sheet, territory, indicator, values))
    is_ratio = isinstance(value, Ratio)
    part = value.part if is_ratio else value
    rows = part.rows + (value.base.rows if is_ratio else ())
    compared = value.percent if is_ratio else part.number
    return UnitFigure(
        reached=part.number,
        base=value.base.number if is_ratio else None,
        percent=value.percent if is_ratio else None,
        target=target,
        percent_of_target=share(compared, target),
        expected=due,
        pace=pace(compared, due, sheet.thresholds),
        from_period=max(rows, key=lambda row: row.ends_on).period,
        carried=(territory in sheet.living or is_ratio) and not any(is_of(row, sheet.period) for row in rows),
        reports=tuple(sorted({row.report for row in rows})),
    )


def _milestones_of(indicator: Indicator, territory: int, book: Book) -> list[Milestone]:
    """What was allocated to a unit; a rate that was not is held against the province's, a count against nothing."""
    own = book.milestones.get((indicator.pk, territory), [])
    return own or (book.milestones.get((indicator.pk, None), []) if codes_of(indicator.denominator) else [])


def _absence(sheet: Sheet, territory: int, indicator: Indicator, values: Mapping[int, Counted]) -> Absence:
    """Why a territory has no number: never asked, nothing said, half a ratio said (R6), or counted elsewhere (R8)."""
    parts, bases = codes_of(indicator.numerator), codes_of(indicator.denominator)
    unit = sheet.book.units[territory]
    if unit.kind == unit.Kind.PROVINCE and not any(_asks_province(sheet.book, code) for code in parts):
        return Absence.NOT_ASKED
    given = _given(sheet, territory, parts + bases)
    if not given:
        return Absence.NO_DATA
    if any(set(parts + bases) <= codes for codes in given.values()):
        waits = _predecessors(territory, sheet.book) & values.keys()
        return Absence.WAITING if waits else Absence.HANDED_ON
    has_parts = any(set(parts) <= codes for codes in given.values())
    return Absence.NO_BASE if has_parts and bases else Absence.NO_PART


def _asks_province(book: Book, code: str) -> bool:
    return any(owner.agency_level == "province" for owner in book.measures[code].counted_by.all())


def _given(sheet: Sheet, territory: int, codes: Sequence[str]) -> dict[int, set[str]]:
    """By agency of a territory, which of the STATE measures it ever reported by the period's end."""
    given: dict[int, set[str]] = {}
    for code in codes:
        for row in sheet.book.rows[code] if sheet.book.measures[code].is_state else ():
            if row.territory == territory and row.ends_on <= sheet.period.ends_on:
                given.setdefault(row.agency, set()).add(code)
    return given


def _predecessors(territory: int, book: Book) -> set[int]:
    """The units that a unit came from, over all generations."""
    found: set[int] = set()
    todo = {territory}
    while todo:
        older = {edge.predecessor for edge in book.unit_successions if edge.successor in todo}
        todo = older - found
        found |= older
    return found


def codes_of(measures) -> list[str]:
    return [measure.code for measure in measures.all()]


def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Percent, unrounded; None where one is unknown or there is nothing to divide by."""
    return None if part is None or not whole else part * 100 / whole


def is_of(row: Row, period: Period) -> bool:
    """Whether a row is news of this period: inside it, or of a wider one with the same end (R5)."""
    return row.ends_on == period.ends_on or (period.starts_on <= row.starts_on and row.ends_on <= period.ends_on)
