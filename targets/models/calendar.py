"""The reporting calendar of a year: which periods a plan has, and from when to when (NĐ 09/2019/NĐ-CP)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from .period import Period
from .plan import Plan

MONTHS, QUARTERS, HALVES, YEARS = Period.Kind.MONTH, Period.Kind.QUARTER, Period.Kind.HALF, Period.Kind.YEAR
KINDS = {
    Plan.Calendar.MONTH: (MONTHS, QUARTERS, HALVES, YEARS),
    Plan.Calendar.QUARTER: (QUARTERS, HALVES, YEARS),
    Plan.Calendar.HALF: (HALVES, YEARS),
    Plan.Calendar.YEAR: (YEARS,),
}
# (kind, code, name, months from December of the year before, length in months)
SPANS = (
    *((MONTHS, f"{{}}-M{month:02}", f"Tháng {month} năm {{}}", month - 1, 1) for month in range(1, 13)),
    (QUARTERS, "{}-Q1", "Quý I năm {}", 0, 3),
    (QUARTERS, "{}-Q2", "Quý II năm {}", 3, 3),
    (QUARTERS, "{}-Q3", "Quý III năm {}", 6, 3),
    (QUARTERS, "{}-Q4", "Quý IV năm {}", 9, 3),
    (HALVES, "{}-H1", "6 tháng đầu năm {}", 0, 6),
    (HALVES, "{}-H2", "6 tháng cuối năm {}", 6, 6),
    (YEARS, "{}", "Năm {}", 0, 12),
)
DUE_AFTER = 5  # days after the cut-off, where a plan has no period yet to go by


@dataclass(frozen=True, slots=True)
class Made:
    """Codes of the periods that were created, and of those that were there already."""

    created: list[str]
    kept: list[str]


def periods_of(plan: Plan, year: int, *, due_after: int) -> list[Period]:
    """Unsaved: those of the plan's calendar, due so many days after their cut-off."""
    found = []
    for kind, code, name, since, months in SPANS:
        if kind in KINDS[plan.calendar]:
            ends_on = _fifteenth(year, since + months) - dt.timedelta(1)
            found.append(
                Period(
                    plan=plan, code=code.format(year), name=name.format(year), kind=kind,
                    starts_on=_fifteenth(year, since), ends_on=ends_on, due_on=ends_on + dt.timedelta(due_after),
                )
            )  # fmt: skip
    return found


@transaction.atomic
def make_periods(plan: Plan, year: int, *, due_after: int) -> Made:
    """Create the year's periods that the plan does not have; those it has stay as they are."""
    have = set(plan.periods.values_list("code", flat=True))
    wanted = periods_of(plan, year, due_after=due_after)
    for period in wanted:
        if period.code not in have:
            period.full_clean()
            period.save()
    codes = [period.code for period in wanted]
    return Made([code for code in codes if code not in have], [code for code in codes if code in have])


def years_of(plan: Plan) -> range:
    """Reporting years that lie at least partly within the plan."""
    return range(_year_of(plan.starts_on), _year_of(plan.ends_on) + 1)


def next_year(plan: Plan) -> int:
    """The first year of the plan that lacks a period of its calendar, else the last."""
    have = set(plan.periods.values_list("code", flat=True))
    years = years_of(plan)
    lacking = (y for y in years if any(p.code not in have for p in periods_of(plan, y, due_after=DUE_AFTER)))
    return next(lacking, years[-1])


def usual_due_after(plan: Plan) -> int:
    """Days between cut-off and due day, as in the plan's newest period."""
    newest = plan.periods.newest_first().first()
    return max((newest.due_on - newest.ends_on).days, 0) if newest else DUE_AFTER


def _fifteenth(year: int, months: int) -> dt.date:
    """The 15th, so many months after December of the year before."""
    return dt.date(year - 1 + (11 + months) // 12, (11 + months) % 12 + 1, 15)


def _year_of(day: dt.date) -> int:
    """The reporting year begins on 15 December of the year before."""
    return day.year + ((day.month, day.day) >= (12, 15))
