"""An indicator's numbers by territory, as they were counted and as a view shows them (R8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from agencies.models import Unit
from targets.models import Indicator, Period
from targets.totals.counting import Counted, Value
from targets.totals.definitions import counts_from
from targets.totals.reading import Book
from targets.totals.standing import Said, in_period, said, standing

from .attribution import Shown, View, regroup
from .figures import PROVINCE_ROW

REPORTED, DISTRICTS, COMMUNES = "reported", "districts", "communes"
LEVELS = {DISTRICTS: Unit.Level.DISTRICT, COMMUNES: Unit.Level.COMMUNE}
VIEWS = (REPORTED, *LEVELS)


@dataclass(frozen=True, slots=True)
class Territories:
    """By the territory that reported, and by the unit that the view shows it under: at a period's end, in the period,
    and on the day before it.
    """

    counted: Mapping[int, Counted]
    in_period: Mapping[int, Value]
    before: Mapping[int, Counted]
    said: Mapping[int, Said]  # also of those whose numbers do not count
    shown: Mapping[int, Shown]
    shown_in_period: Mapping[int, Shown]
    shown_before: Mapping[int, Shown]


def view_of(book: Book, by: str) -> View | None:
    """None where each territory is shown as it reported. Raises ValueError for what is no view."""
    if by not in VIEWS:
        raise ValueError("by must be one of VIEWS")
    return None if by == REPORTED else View(last_units(book, LEVELS[by]), book.unit_successions)


def row_name(unit: Unit) -> str:
    """As a table names the row: the province's own bodies by what they are."""
    return PROVINCE_ROW if unit.kind == Unit.Kind.PROVINCE else unit.full_name


def last_units(book: Book, level: str) -> set[int]:
    """Those of a level after which no unit of the same level came."""
    units = {pk for pk, unit in book.units.items() if unit.level == level}
    return units - {edge.predecessor for edge in book.unit_successions if edge.main and edge.successor in units}


def territories(indicator: Indicator, book: Book, period: Period, view: View | None) -> Territories:
    """What an indicator reached by the period's end, in it, and before it."""
    found = by_territory(indicator, book, period)
    much = said(indicator, book, period.ends_on)
    return Territories(*found, much, *(regroup(values, view) for values in found))


def by_territory(
    indicator: Indicator, book: Book, period: Period, only: Collection[int] | None = None
) -> tuple[Mapping[int, Counted], Mapping[int, Value], Mapping[int, Counted]]:
    """By territory: reached by the period's end, in the period, and by the day before it."""
    since = counts_from(indicator, book, period.ends_on)
    counted = standing(indicator, book, period.ends_on, since, only)
    before = standing(indicator, book, period.starts_on - dt.timedelta(days=1), since, only)
    return counted, in_period(indicator, book, period, only), before
