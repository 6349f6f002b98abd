"""Who owes what, and how each of it stands: agency x period, read in a fixed number of queries.

An agency is expected to report for a period when its duty asks for periods of that kind and it exists on the cut-off
day. "On time" looks at the first submission alone: a report sent back and handed in again was still on time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from agencies.models import Agency
from agencies.models.agency import AgencyKind, AgencyLevel
from targets.models import Duty, Extension, Period, Plan, Report
from targets.reports.obligations import owes

from .cells import Cell

SHOWN = 7  # periods a page opens with


@dataclass(frozen=True, slots=True)
class Tally:
    """`count` out of `of`, as "8/10"."""

    count: int
    of: int


@dataclass(frozen=True)
class Row:
    """One agency over the periods shown, oldest first; the last cell is the period the page is about."""

    agency: Agency
    cells: tuple[Cell, ...]

    @property
    def now(self) -> Cell:
        return self.cells[-1]

    @cached_property
    def on_time(self) -> Tally:
        """Over the periods that were handed in or are overdue: what is not due yet is neither."""
        return _on_time(cell for cell in self.cells if cell.is_judged)

    @cached_property
    def on_time_before(self) -> Tally:
        """The same without the period the page is about: what a narrow screen shows beside it."""
        return _on_time(cell for cell in self.cells[:-1] if cell.is_judged)


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Completeness:
    """The grid of a plan's agencies and periods of one kind, and how the last of these periods stands."""

    groups: tuple[Group, ...]
    periods: tuple[Period, ...]
    a_year_before: tuple[Cell, ...]
    today: dt.date

    @property
    def period(self) -> Period:
        return self.periods[-1]

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    @property
    def groups_now(self) -> list[Group]:
        """Without the agencies that have nothing to do with the period the page is about: for narrow screens."""
        kept = [Group(g.name, tuple(row for row in g.rows if not row.now.is_blank)) for g in self.groups]
        return [group for group in kept if group.rows]

    @property
    def columns(self) -> list[tuple[Period, Tally]]:
        """For each period, how many of all the agencies expected were on time."""
        every = [[row.cells[n] for row in self.rows] for n in range(len(self.periods))]
        return [
            (period, _on_time(cell for cell in cells if cell.expected))
            for period, cells in zip(self.periods, every, strict=True)
        ]

    @property
    def expected(self) -> list[Cell]:
        """What the agencies owe for the period the page is about."""
        return [row.now for row in self.rows if row.now.expected]

    @property
    def handed_in(self) -> Tally:
        return self._tally(lambda cell: cell.was_handed_in)

    @property
    def returned(self) -> int:
        return self._tally(lambda cell: cell.is_returned).count

    @property
    def on_time(self) -> Tally:
        return self._tally(lambda cell: cell.is_on_time)

    @property
    def on_time_a_year_before(self) -> Tally | None:
        expected = [cell for cell in self.a_year_before if cell.expected]
        return _on_time(expected) if expected else None

    @property
    def approved(self) -> Tally:
        return self._tally(lambda cell: cell.is_approved)

    @property
    def waiting(self) -> list[Cell]:
        """What waits for the province, longest first."""
        return sorted((cell for cell in self.expected if cell.is_waiting), key=lambda cell: -cell.days_waiting)

    @property
    def overdue(self) -> list[Cell]:
        """What was never handed in though it is due, longest overdue first."""
        late = (cell for cell in self.expected if cell.days_overdue and not cell.was_handed_in)
        return sorted(late, key=lambda cell: -cell.days_overdue)

    @property
    def to_chase(self) -> list[Cell]:
        """What the agencies still have to hand in and can: those that need it most first."""
        return [cell for cell in self.expected if cell.can_be_chased]

    def _tally(self, holds) -> Tally:
        expected = self.expected
        return Tally(sum(map(holds, expected)), len(expected))


def _on_time(cells: Iterable[Cell]) -> Tally:
    judged = list(cells)
    return Tally(sum(cell.is_on_time for cell in judged), len(judged))


def completeness(plan: Plan, periods: Iterable[Period], today: dt.date | None = None) -> Completeness:
    """How the plan's agencies reported for `periods`, which are of one kind; the page is about the last of them."""
    today = today or timezone.localdate()
    shown = tuple(sorted(periods, key=lambda period: period.ends_on))
    earlier = _a_year_before(plan, shown[-1])
    duties = list(Duty.objects.of_plan(plan).reporting().by_unit())
    found = cells(duties, [*shown, *earlier], today)
    rows = [Row(duty.agency, tuple(found[duty.agency_id, period.pk] for period in shown)) for duty in duties]
    return Completeness(
        groups=_grouped([row for row in rows if any(not cell.is_blank for cell in row.cells)]),
        periods=shown,
        a_year_before=tuple(found[duty.agency_id, period.pk] for duty in duties for period in earlier),
        today=today,
    )


def cells(duties: Iterable[Duty], periods: Iterable[Period], today: dt.date) -> dict[tuple[int, int], Cell]:
    """One cell for each duty's agency and each period, by their keys. Two queries, however many there are."""
    periods = list(periods)
    reports = {(r.agency_id, r.period_id): r for r in Report.objects.filter(period__in=periods)}
    extensions = _extensions(periods)
    return {
        (duty.agency_id, period.pk): Cell(
            agency=duty.agency,
            period=period,
            report=reports.get((duty.agency_id, period.pk)),
            expected=owes(duty.agency, duty.reports_every, period),
            extensions=extensions.get((duty.agency_id, period.pk), ()),
            today=today,
        )
        for duty in duties
        for period in periods
    }


def _extensions(periods: list[Period]) -> Mapping[tuple[int, int], tuple[Extension, ...]]:
    """By agency and period, the last granted first."""
    found: dict[tuple[int, int], tuple[Extension, ...]] = {}
    for extension in Extension.objects.filter(period__in=periods):
        key = (extension.agency_id, extension.period_id)
        found[key] = (*found.get(key, ()), extension)
    return found


def _a_year_before(plan: Plan, period: Period) -> list[Period]:
    """The period of the same kind that ended a year earlier, if the plan has it."""
    return list(plan.periods.filter(kind=period.kind, ends_on__year=period.ends_on.year - 1,
                                    ends_on__month=period.ends_on.month))  # fmt: skip


GROUPS = ("Xã, phường", "Huyện, thành phố", "Cấp tỉnh", "Sở, ban, ngành", "Đã kết thúc hoạt động")


def _group_of(row: Row) -> str:
    """Agencies that no longer exist when the period is cut off come last, whatever they were."""
    if not row.agency.is_in_force_on(row.now.period.ends_on):
        return GROUPS[4]
    if row.agency.level == AgencyLevel.PROVINCE:
        return GROUPS[3] if row.agency.kind == AgencyKind.DEPARTMENT else GROUPS[2]
    return GROUPS[0] if row.agency.level == AgencyLevel.COMMUNE else GROUPS[1]


def _grouped(rows: list[Row]) -> tuple[Group, ...]:
    """Within a group, what needs attention first; else in the order of the units' codes."""
    by_name: dict[str, list[Row]] = {name: [] for name in GROUPS}
    for row in rows:
        by_name[_group_of(row)].append(row)
    return tuple(
        Group(name, tuple(sorted(found, key=lambda row: row.now.urgency))) for name, found in by_name.items() if found
    )
