"""Who takes part: the agencies of a plan with their duty, what they reported last, and how they stand now."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from agencies.models import Agency, AgencySuccession, UnitSuccession
from agencies.models.agency import AgencyLevel
from targets.models import Duty, Figure, Indicator, Period, Plan, Report
from targets.reports.obligations import Obligation, obligations

from .cells import Cell
from .completeness import cells

HANDED_IN = (Report.Status.SUBMITTED, Report.Status.APPROVED)
LEVELS = (AgencyLevel.PROVINCE, AgencyLevel.DISTRICT, AgencyLevel.COMMUNE)
Counted = tuple[Indicator, Decimal, Decimal | None]  # reached, and out of how many (None: a count)


@dataclass(frozen=True, slots=True)
class Line:
    """One agency in the list. `cell` is None when it does not report; `last` is what it handed in last, if ever."""

    duty: Duty
    has_ended: bool
    cell: Cell | None
    last: Report | None
    reported: tuple[Counted, ...]

    @property
    def agency(self) -> Agency:
        return self.duty.agency

    def answers(self, words: str) -> bool:
        """Whether every word typed is in its names or its duty, with or without marks and capitals."""
        text = folded(f"{self.agency.name} {self.agency.short_name} {self.duty.text}")
        return all(word in text for word in folded(words).split())


def folded(text: str) -> str:
    """ "Hạ Lang" -> "ha lang"."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def lines(plan: Plan, today: dt.date | None = None) -> list[Line]:
    """Every agency the plan gives a duty: the province's first, who leads before who assists. Fixed queries."""
    today = today or timezone.localdate()
    duties = list(Duty.objects.of_plan(plan).by_unit().prefetch_related("indicators"))
    now = _current_cells(plan, duties, today)
    last = _last_reports(plan)
    reported = _reported(last.values())
    found = [
        Line(
            duty=duty,
            has_ended=not duty.agency.is_in_force_on(today),
            cell=now.get(duty.agency_id),
            last=last.get(duty.agency_id),
            reported=reported.get(last[duty.agency_id].pk, ()) if duty.agency_id in last else (),
        )
        for duty in duties
    ]
    return sorted(found, key=lambda line: (LEVELS.index(line.agency.level), not line.duty.leads))


def _current_cells(plan: Plan, duties: list[Duty], today: dt.date) -> dict[int, Cell]:
    """By agency, how it stands in the last period cut off of the kind it reports by; else in the first to come."""
    current: dict[str, Period] = {}
    for period in plan.periods.order_by("-ends_on"):
        if period.ends_on <= today:
            current.setdefault(period.kind, period)
    found = cells((duty for duty in duties if duty.reports_every), current.values(), today)
    return {
        duty.agency_id: found[duty.agency_id, current[duty.reports_every].pk]
        for duty in duties
        if duty.reports_every in current
    }


def _last_reports(plan: Plan) -> dict[int, Report]:
    """By agency, the newest period's report that lies with the province."""
    handed_in = Report.objects.of_plan(plan).filter(status__in=HANDED_IN)
    found: dict[int, Report] = {}
    for report in handed_in.select_related("period").defer(*Report.NARRATIVE).order_by("-period__ends_on", "pk"):
        found.setdefault(report.agency_id, report)
    return found


def _reported(reports: Iterable[Report]) -> dict[int, tuple[Counted, ...]]:
    """By report, what it says of each indicator of its plan. Blank is left out, never 0 (R2)."""
    reports = list(reports)
    plans = {report.period.plan_id for report in reports}
    indicators = list(Indicator.objects.filter(plan__in=plans).prefetch_related("numerator", "denominator"))
    values: dict[int, dict[int, Decimal]] = {}
    figures = Figure.objects.filter(report__in=[report.pk for report in reports], value__isnull=False)
    for report_pk, measure_pk, value in figures.values_list("report_id", "measure_id", "value"):
        values.setdefault(report_pk, {})[measure_pk] = value
    return {pk: tuple(_counted(indicators, mine)) for pk, mine in values.items()}


def _counted(indicators: list[Indicator], values: dict[int, Decimal]) -> Iterable[Counted]:
    for indicator in indicators:
        reached, base = _sum(indicator.numerator.all(), values), _sum(indicator.denominator.all(), values)
        if reached is not None:
            yield indicator, reached, base


def _sum(measures, values: dict[int, Decimal]) -> Decimal | None:
    known = [values[measure.pk] for measure in measures if measure.pk in values]
    return sum(known) if known else None


@dataclass(frozen=True, slots=True)
class Profile:
    """One agency's page."""

    agency: Agency
    duties: tuple[Duty, ...]
    became: tuple[AgencySuccession, ...]
    came_from: tuple[AgencySuccession, ...]
    unit_became: tuple[UnitSuccession, ...]
    unit_came_from: tuple[UnitSuccession, ...]
    owed: tuple[Obligation, ...]
    reported: Mapping[int, tuple[Counted, ...]]  # by report handed in
    has_ended: bool


def profile(agency: Agency, today: dt.date | None = None) -> Profile:
    """Its duty in every plan, what it was before and became, and its reports, newest first."""
    today = today or timezone.localdate()
    duties = agency.duties.select_related("plan").prefetch_related("indicators").order_by("-plan__starts_on")
    owed = obligations(agency, today)
    return Profile(
        agency=agency,
        duties=tuple(duties),
        became=tuple(agency.succeeded_by.select_related("successor")),
        came_from=tuple(agency.took_over_from.select_related("predecessor")),
        unit_became=tuple(agency.unit.succeeded_by.select_related("successor")),
        unit_came_from=tuple(agency.unit.took_over_from.select_related("predecessor")),
        owed=tuple(owed),
        reported=_reported(one.report for one in owed if one.report and one.report.status in HANDED_IN),
        has_ended=not agency.is_in_force_on(today),
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """The list as filtered: `counts` says how many there are at each level, whichever of them is shown."""

    lines: tuple[Line, ...]
    counts: tuple[tuple[str, str, int], ...]  # level, its word, how many
    level: str


EVERY_LEVEL = "moi-cap"


def chosen(found: list[Line], *, words: str, leads: bool | None, ended: bool, level: str) -> Chosen:
    """The lines that answer; `leads` None: both roles, `level` unknown: the province's."""
    answering = [
        line
        for line in found
        if (ended or not line.has_ended) and leads in (None, line.duty.leads) and line.answers(words)
    ]
    if level not in (*LEVELS, EVERY_LEVEL):
        level = AgencyLevel.PROVINCE
    counts = [(one, _SHORT[one], sum(line.agency.level == one for line in answering)) for one in LEVELS]
    shown = [line for line in answering if level in (EVERY_LEVEL, line.agency.level)]
    return Chosen(tuple(shown), (*counts, (EVERY_LEVEL, "Mọi cấp", len(answering))), level)


_SHORT = {AgencyLevel.PROVINCE: "Tỉnh", AgencyLevel.DISTRICT: "Huyện, TP", AgencyLevel.COMMUNE: "Xã, phường"}
