"""The table of units: what each reached at every indicator, or why there is nothing to show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from targets.models import Indicator, Period
from targets.totals.counting import Counted, Ratio
from targets.totals.milestones import Milestone, phase
from targets.totals.reading import Book
from targets.totals.standing import Said, compared, is_of, known, moved, newest, rows_of, was_corrected_away

from .attribution import View
from .figures import PROVINCE_ROW, Absence, UnitFigure, UnitRow
from .forecast import people_short
from .pace import Thresholds, expected, pace
from .sources import Sources, UnitPortion
from .territories import Territories, row_name

PACE_ORDER = {"far_below": 0, "below": 1, "on": 2, "above": 3, None: 4}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the rows are made from; `reporting` are the territories from which a report is expected."""

    book: Book
    period: Period
    thresholds: Thresholds
    view: View | None
    reporting: frozenset[int] | set[int]

    def units_of(self, territory: int) -> Iterable[int]:
        return self.view.place(territory).shares if self.view else (territory,)

    def behind(self) -> dict[int, set[int]]:
        """By unit, the territories whose numbers the view shows under it."""
        found: dict[int, set[int]] = defaultdict(set)
        for territory in known(self.book, self.period.ends_on) | self.reporting:
            for unit in self.units_of(territory):
                found[unit].add(territory)
        return found


def unit_rows(sheet: Sheet, found: Sequence[Territories]) -> list[UnitRow]:
    """Every unit that exists or has something counted: living ones slowest first, ended ones, the province."""
    behind = sheet.behind()
    living = {unit for territory in sheet.reporting for unit in sheet.units_of(territory)}
    units = living.union(*(one.shown.keys() for one in found))
    return sorted(
        (_unit_row(sheet, unit, behind[unit], found, ended=unit not in living) for unit in units), key=_slowest_first
    )


def _slowest_first(row: UnitRow) -> tuple:
    """The more of its indicators lag, and the more they do, the higher a unit stands."""
    behind = sorted(PACE_ORDER[figure.pace] for figure in row.figures)
    return row.is_province, row.ended, behind, row.unit_code


def _unit_row(sheet: Sheet, pk: int, territories: set[int], found: Sequence[Territories], *, ended: bool) -> UnitRow:
    unit = sheet.book.units[pk]
    is_province = unit.kind == unit.Kind.PROVINCE
    return UnitRow(
        unit_pk=pk,
        unit_code=unit.code,
        unit=row_name(unit),
        short_name=PROVINCE_ROW if is_province else unit.full_name if ended else unit.short_name,
        ended=ended and not is_province,
        is_province=is_province,
        figures=tuple(
            _unit_figure(sheet, pk, territories, indicator, numbers, ended=ended)
            for indicator, numbers in zip(sheet.book.indicators, found, strict=True)
        ),
    )


def _unit_figure(
    sheet: Sheet, unit: int, territories: set[int], indicator: Indicator, numbers: Territories, *, ended: bool
) -> UnitFigure:
    milestones = milestones_of(indicator, unit, sheet.book)
    target = next((m.value for m in reversed(phase(milestones, sheet.period.ends_on))), None)
    due = expected(milestones, sheet.period.ends_on, anew=indicator.is_flow)
    shown = numbers.shown.get(unit)
    if shown is None:
        absence = _absence(sheet, unit, territories, indicator, numbers)
        short = due if absence is Absence.NO_DATA and not indicator.is_ratio else None
        return UnitFigure(indicator.code, target=target, expected=due, absence=absence, short_of_pace=short)
    value, rows, reached = shown.value, rows_of(shown.value), compared(shown.value)
    is_ratio = isinstance(value, Ratio)
    news, before = numbers.shown_in_period.get(unit), numbers.shown_before.get(unit)
    flow = indicator.is_flow
    return UnitFigure(
        code=indicator.code,
        reached=value.part.number if is_ratio else value.number,
        base=value.base.number if is_ratio else None,
        percent=value.percent if is_ratio else None,
        in_period=news.value.number if news else None,
        target=target,
        percent_of_target=share(reached, target),
        expected=due,
        pace=pace(reached, due, sheet.thresholds, falling=indicator.direction == indicator.Direction.DOWN),
        short_of_pace=short_of(value, due),
        from_period=newest(rows).period,
        change_since_previous=moved(value, before and before.value, sheet.period, flow=flow),
        carried=(not ended or is_ratio) and not any(is_of(row, sheet.period) for row in rows),
        approximate=shown.approximate,
        sources=Sources(
            rows=tuple(dict.fromkeys(rows)),
            portions=tuple(
                UnitPortion(sheet.book.units[portion.territory].full_name, portion.share, portion.exact)
                for portion in shown.portions
            ),
            corrected=any(row.corrected for row in rows)
            or was_corrected_away(indicator, sheet.book, sheet.period.ends_on, territories),
        ),
    )


def short_of(value: Counted | None, wanted: Decimal | None) -> Decimal | None:
    """How many people or things are missing to what is wanted, a count or a percentage; negative beyond it."""
    if value is None or wanted is None:
        return None
    if isinstance(value, Ratio):
        return people_short(wanted, value.part.number, value.base.number)
    return wanted - value.number


def milestones_of(indicator: Indicator, unit: int, book: Book) -> list[Milestone]:
    """What was allocated to a unit; a rate that was not is held against the province's, a count against nothing."""
    own = book.milestones.get((indicator.pk, unit), [])
    return own or (book.milestones.get((indicator.pk, None), []) if indicator.is_ratio else [])


def _absence(sheet: Sheet, pk: int, territories: set[int], indicator: Indicator, numbers: Territories) -> Absence:
    """Why a unit has no number: never asked, nothing said, half a ratio said (R6), or counted elsewhere (R8)."""
    parts = indicator.above
    unit = sheet.book.units[pk]
    if unit.kind == unit.Kind.PROVINCE and not any(_asks_province(sheet.book, code) for code in parts):
        return Absence.NOT_ASKED
    said = numbers.said
    much = max((said[territory] for territory in territories if territory in said), default=Said.NOTHING)
    if much is Said.NOTHING:
        return Absence.NO_DATA
    if much is Said.ALL:
        waits = _predecessors(territories, sheet.book) & numbers.counted.keys()
        return Absence.WAITING if waits else Absence.HANDED_ON
    return Absence.NO_BASE if much is Said.PARTS and indicator.is_ratio else Absence.NO_PART


def _asks_province(book: Book, code: str) -> bool:
    return any(owner.agency_level == "province" for owner in book.measures[code].counted_by.all())


def _predecessors(territories: Iterable[int], book: Book) -> set[int]:
    """The units that these came from along the main successions, over all generations."""
    found: set[int] = set()
    todo = set(territories)
    while todo:
        older = {edge.predecessor for edge in book.unit_successions if edge.main and edge.successor in todo}
        todo = older - found
        found |= older
    return found


def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Percent, unrounded; None where one is unknown or there is nothing to divide by."""
    return None if part is None or not whole else part * 100 / whole
