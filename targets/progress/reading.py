"""Reads the ledger and the reference tables once, in a fixed number of queries, into what counting takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from agencies.models import Agency, AgencySuccession, Unit, UnitSuccession
from targets.models import ApprovedFigure, CountingOwner, Figure, Indicator, Measure, Period, Plan, Report, Target

from .counting import Row, Succession
from .pace import Milestone


@dataclass(frozen=True)
class Book:
    """A plan's counted and reference rows, with everything needed to read them."""

    indicators: list[Indicator]
    measures: dict[str, Measure]
    rows: dict[str, list[Row]]  # by measure code: of counting owners (R7)
    reference: dict[str, list[Row]]  # by measure code: of all others
    milestones: dict[tuple[int, int | None], list[Milestone]]  # by (indicator, unit or None for the province)
    unit_successions: list[Succession]
    agency_successions: list[Succession]
    units: dict[int, Unit]
    agencies: dict[int, Agency]
    counting_agencies: list[Agency]
    reported: set[int]  # agencies with a report for the period that counts, be it one that has no number in it
    last_approved_at: dt.datetime | None  # of the figures of periods that ended by then


def open_book(period: Period, *, as_of: dt.datetime | None, provisional: bool) -> Book:
    """What was approved of the period's plan (by `as_of`, if given), with submitted figures if `provisional` (R1)."""
    plan, day = period.plan, period.ends_on
    measures = {m.code: m for m in plan.measures.prefetch_related("counted_by")}
    owners = {(m.code, o.agency_kind, o.agency_level) for m in measures.values() for o in m.counted_by.all()}
    ledger = ApprovedFigure.objects.of_plan(plan)
    ledger = ledger.as_known_at(as_of) if as_of else ledger.current()
    found = list(ledger.select_related("measure", "period", "agency"))
    submitted = list(Figure.objects.submitted(plan)) if provisional and not as_of else []
    waiting = Report.objects.of_plan(plan).waiting_for_review() if provisional and not as_of else Report.objects.none()
    replaced = set(waiting.values_list("pk", flat=True))  # a correction may also take figures away
    counted: dict[str, list[Row]] = {code: [] for code in measures}
    reference: dict[str, list[Row]] = {code: [] for code in measures}
    agencies = {}
    for row, agency in [
        *((_ledger_row(one), one.agency) for one in found if one.report_id not in replaced),
        *((_submitted_row(one), one.report.agency) for one in submitted),
    ]:
        agencies[agency.pk] = agency
        is_owner = (row.measure, agency.kind, agency.level) in owners
        (counted if is_owner else reference)[row.measure].append(row)
    return Book(
        indicators=list(plan.indicators.prefetch_related("numerator", "denominator")),
        measures=measures,
        rows=counted,
        reference=reference,
        milestones=_milestones(plan),
        unit_successions=_unit_successions(),
        agency_successions=_agency_successions(plan),
        units={unit.pk: unit for unit in Unit.objects.all()},
        agencies=agencies,
        counting_agencies=list(CountingOwner.objects.agencies(plan, day)),
        reported={one.agency_id for one in found if _answers_for(one.period, period)}
        | _agencies_that_reported(period, as_of, provisional=provisional),
        last_approved_at=max((one.approved_at for one in found if one.period.ends_on <= day), default=None),
    )


def _answers_for(reported: Period, period: Period) -> bool:
    """A wider report with the same end stands for the narrower one (R5)."""
    return reported.ends_on == period.ends_on and reported.starts_on <= period.starts_on


def _agencies_that_reported(period: Period, as_of: dt.datetime | None, *, provisional: bool) -> set[int]:
    """By their reports: one in which nothing applies leaves no figure behind, and is a report all the same (R2)."""
    reports = Report.objects.answering_for(period)
    counting = reports.approved()
    if as_of:
        counting = counting.filter(approved_at__lte=as_of)
    elif provisional:
        counting |= reports.waiting_for_review()
    return set(counting.values_list("agency_id", flat=True))


def _ledger_row(one: ApprovedFigure) -> Row:
    return _row(one.unit_id, one.agency_id, one.report_id, one.measure, one.period, one.value)


def _submitted_row(one: Figure) -> Row:
    agency = one.report.agency
    return _row(agency.unit_id, agency.pk, one.report_id, one.measure, one.report.period, one.value)


def _row(unit: int, agency: int, report: int, measure: Measure, period: Period, value) -> Row:
    return Row(unit, agency, report, measure.code, period.code, period.starts_on, period.ends_on, value)


def _milestones(plan: Plan) -> dict[tuple[int, int | None], list[Milestone]]:
    found: dict[tuple[int, int | None], list[Milestone]] = {}
    for target in Target.objects.of_territories(plan):
        milestone = Milestone(target.counts_from, target.due_on, target.value)
        found.setdefault((target.indicator_id, target.unit_id), []).append(milestone)
    return found


def _unit_successions() -> list[Succession]:
    return _successions(UnitSuccession.objects.main())


def _agency_successions(plan: Plan) -> list[Succession]:
    """Only to successors that report: a function handed to an agency outside the plan leaves nobody to wait for."""
    reporting = set(plan.duties.reporting().values_list("agency_id", flat=True))
    return [s for s in _successions(AgencySuccession.objects.all()) if s.successor in reporting]


def _successions(edges: Iterable) -> list[Succession]:
    return [Succession(edge.predecessor_id, edge.successor_id, edge.on) for edge in edges]
