"""The figures behind a paper, as the ledger has them: every entry until the period's end, superseded ones too (R10)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from agencies.models import Agency, Unit
from targets.models import ApprovedFigure, Figure, Measure, Period, Report

from .paper import Paper

LEVELS = ("province", "district", "commune")


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of one report. `counted_in`: the indicators whose number on the paper it is a part of.

    `approved_at` None: handed in and not approved yet. `superseded_at` only if that was known at the paper's instant.
    """

    agency: Agency
    unit: Unit
    period: Period
    measure: Measure
    value: Decimal
    approved_at: dt.datetime | None
    approved_by: str
    superseded_at: dt.datetime | None
    superseded_by: str
    counted_in: tuple[str, ...]

    @property
    def place(self) -> tuple:
        """By period, the province before its districts, districts before communes."""
        of_agency = LEVELS.index(self.agency.level), self.unit.code, self.agency.pk
        return self.period.ends_on, self.period.starts_on, *of_agency, self.measure.order, self.measure.code


def entries(paper: Paper) -> list[Entry]:
    """All of the plan's measures, those that no indicator uses too. One query, and one more for provisional ones."""
    counted = _counted(paper)
    found = list(_approved(paper, counted))
    if paper.progress.provisional:
        found += _submitted(paper, counted)
    return sorted(found, key=lambda one: one.place)


def _counted(paper: Paper) -> dict[object, list[str]]:
    """By ledger entry, or by report and measure of what is not approved, the indicators that it counts in."""
    found: dict[object, list[str]] = defaultdict(list)
    for indicator in paper.progress.indicators:
        for row in dict.fromkeys(indicator.sources.rows):
            found[(row.report, row.measure) if row.entry is None else row.entry].append(indicator.code)
    return found


_REFERENCES = ("agency_id", "unit_id", "period_id", "measure__code", "value")
_PEOPLE = (
    "approved_by__full_name", "approved_by__username", "superseded_by__full_name", "superseded_by__username",
)  # fmt: skip


def _approved(paper: Paper, counted: dict[object, list[str]]) -> Iterator[Entry]:
    names = ("pk", *_REFERENCES, "approved_at", "superseded_at", *_PEOPLE)
    rows = ApprovedFigure.objects.filter(
        period__plan=paper.plan, period__ends_on__lte=paper.progress.day, approved_at__lte=paper.read_at
    )
    periods = {one.pk: one for one in paper.book.periods}
    for row in rows.order_by("approved_at", "pk").values_list(*names):
        pk, agency, unit, period, code, value, approved_at, ended_at, *people = row
        is_over = ended_at is not None and ended_at <= paper.read_at
        yield Entry(
            paper.book.agencies[agency], paper.book.units[unit], periods[period], paper.book.measures[code], value,
            approved_at, people[0] or people[1], ended_at if is_over else None,
            (people[2] or people[3]) if is_over else "", tuple(counted.get(pk, ())),
        )  # fmt: skip


def _submitted(paper: Paper, counted: dict[object, list[str]]) -> Iterator[Entry]:
    """R1, "tạm tính": what waits for review."""
    figures = Figure.objects.filter(
        report__in=Report.objects.of_plan(paper.plan).waiting_for_review(),
        report__period__ends_on__lte=paper.progress.day,
        value__isnull=False,
    )
    periods = {one.pk: one for one in paper.book.periods}
    names = ("report_id", "report__agency_id", "report__period_id", "measure__code", "value")
    for report, agency, period, code, value in figures.order_by("pk").values_list(*names):
        body = paper.book.agencies[agency]
        yield Entry(
            body, paper.book.units[body.unit_id], periods[period], paper.book.measures[code], value,
            None, "", None, "", tuple(counted.get((report, code), ())),
        )  # fmt: skip
