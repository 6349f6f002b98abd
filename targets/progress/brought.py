"""The reports that brought a period's part of a number, line by line, and what is missing for them to add up to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from targets.models import Period

from .figures import IndicatorFigure
from .provenance import Source


@dataclass(frozen=True, slots=True)
class Line:
    """One report: what it brought above the indicator's line and, for a ratio, below it."""

    source: Source
    value: Decimal
    base: Decimal | None
    is_wider: bool  # the report of a year or half that takes the place of shorter ones (R5)


@dataclass(frozen=True, slots=True)
class Brought:
    """`value` and `base` are the sums of the lines; with `rest` and `rest_base` they are the number on the page.

    The rest of a flow is what a wider report repeats of the periods before (below zero); that of a state is what
    stands from earlier periods. None where the page has no number.
    """

    lines: tuple[Line, ...]
    value: Decimal
    base: Decimal | None
    rest: Decimal | None
    rest_base: Decimal | None


def brought(
    indicator: IndicatorFigure, sources: Iterable[Source], period: Period, periods: Collection[Period]
) -> Brought:
    """Of the `sources` of the province's number, those that are news of `period`; `periods`: all of the plan."""
    names = {one.code for one in periods if is_news(one, period)}
    by_report: dict[int, list[Source]] = defaultdict(list)
    for source in sources:
        if source.period in names:
            by_report[source.report_pk].append(source)
    lines = tuple(_line(some, period, is_ratio=indicator.is_ratio) for some in by_report.values())
    value = sum((line.value for line in lines), Decimal(0))
    base = sum((line.base for line in lines), Decimal(0)) if indicator.is_ratio else None
    shown = indicator.reached if indicator.in_period is None else indicator.in_period
    return Brought(
        lines,
        value,
        base,
        rest=None if shown is None else shown - value,
        rest_base=None if base is None or indicator.base is None else indicator.base - base,
    )


def is_news(one: Period, period: Period) -> bool:
    """As `standing.is_of` says of a row: inside the period, or a wider one with the same end (R5)."""
    inside = period.starts_on <= one.starts_on and one.ends_on <= period.ends_on
    return one.ends_on == period.ends_on or inside


def _line(some: list[Source], period: Period, *, is_ratio: bool) -> Line:
    above = [one for one in some if not one.is_base]
    return Line(
        source=(above or some)[0],
        value=sum((one.value for one in above), Decimal(0)),
        base=sum((one.value for one in some if one.is_base), Decimal(0)) if is_ratio else None,
        is_wider=some[0].period != period.code,
    )
