"""The JSON of plans, ledger pages and completeness; that of progress is its own (DESIGN §8)."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from agencies.models import Unit
from targets.models import ApprovedFigure, Indicator, Measure, Period, Plan, Target
from targets.models.numbers import json_number
from targets.participation.cells import Cell
from targets.participation.completeness import Completeness

from .problems import Problem
from .versions import Made

PAGE_SIZE = 1000


def plans() -> Made:
    return {"plans": [_plan(plan) for plan in Plan.objects.select_related("successor")]}


def _plan(plan: Plan) -> Made:
    return {
        "number": plan.number,
        "title": plan.title,
        "short_title": plan.short_title,
        "decision": plan.decision,
        "signed_on": _day(plan.signed_on),
        "starts_on": _day(plan.starts_on),
        "ends_on": _day(plan.ends_on),
        "calendar": plan.calendar,
        "successor": plan.successor and plan.successor.number,
    }


def indicators(plan: Plan) -> Made:
    """What was promised, and the measures it is counted from; a fixed number of queries."""
    found = plan.indicators.prefetch_related("numerator", "denominator", "targets__unit", "targets__agency")
    measures = plan.measures.select_related("part_of").prefetch_related("counted_by")
    return {
        "plan": plan.number,
        "indicators": [_indicator(indicator) for indicator in found],
        "measures": [_measure(measure) for measure in measures],
    }


def _indicator(indicator: Indicator) -> Made:
    return {
        "code": indicator.code,
        "name": indicator.name,
        "short_name": indicator.short_name,
        "unit_of_measure": indicator.unit_of_measure,
        "direction": indicator.direction,
        "numerator": [measure.code for measure in indicator.numerator.all()],
        "denominator": [measure.code for measure in indicator.denominator.all()],
        "targets": [_target(target) for target in sorted(indicator.targets.all(), key=lambda t: (t.due_on, t.pk))],
    }


def _target(target: Target) -> Made:
    return {
        "of": "country" if target.is_national else "unit" if target.unit else "agency" if target.agency else "province",
        "unit_code": target.unit and target.unit.code,
        "unit_id": target.unit and target.unit.slug,
        "agency_code": target.agency and target.agency.code,
        "counts_from": _day(target.counts_from),
        "due_on": _day(target.due_on),
        "value": json_number(target.value),
        "baseline": json_number(target.baseline),
        "legal_basis": target.legal_basis,
    }


def _measure(measure: Measure) -> Made:
    return {
        "code": measure.code,
        "name": measure.name,
        "short_name": measure.short_name,
        "unit_of_measure": measure.unit_of_measure,
        "help_text": measure.help_text,
        "accumulation": measure.accumulation,
        "kind": measure.kind,
        "part_of": measure.part_of and measure.part_of.code,
        "relation": measure.relation or None,
        "required": measure.required,
        "counted_by": [{"kind": one.agency_kind, "level": one.agency_level} for one in measure.counted_by.all()],
    }


def periods(plan: Plan) -> Made:
    return {"plan": plan.number, "periods": [_period(period) for period in plan.periods.all()]}


def _period(period: Period) -> Made:
    return {
        "code": period.code,
        "name": period.name,
        "kind": period.kind,
        "starts_on": _day(period.starts_on),
        "ends_on": _day(period.ends_on),
        "due_on": _day(period.due_on),
        "closed_at": _instant(period.closed_at),
    }


# The ledger ---------------------------------------------------------------------------------------------------------


def figures(plan: Plan, period: Period | None, page: int) -> Made:
    """All that was ever approved, in the order it was written: what is on a page stays on it, new rows come last."""
    ledger = ApprovedFigure.objects.filter(period__plan=plan, **({"period": period} if period else {}))
    total = ledger.count()
    pages = max(-(-total // PAGE_SIZE), 1)
    if page > pages:
        raise Problem("parameter_invalid", f"Chỉ có {pages} trang.", parameter="page")
    rows = ledger.order_by("pk").values(*_LEDGER)[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return {
        "plan": plan.number,
        "period": period and period.code,
        "page": page,
        "pages": pages,
        "total": total,
        "figures": [_figure(row) for row in rows],
    }


_LEDGER = (
    "agency__code", "agency__name", "unit__slug", "unit__code", "unit__kind", "unit__name", "measure__code",
    "period__code", "value", "approved_at", "superseded_at", "report__is_illustrative",
)  # fmt: skip


def _figure(row: dict[str, object]) -> Made:
    return {
        "agency_code": row["agency__code"],
        "agency": row["agency__name"],
        "unit_id": row["unit__slug"],
        "unit_code": row["unit__code"],
        "unit": Unit(kind=row["unit__kind"], name=row["unit__name"]).full_name,
        "measure": row["measure__code"],
        "period": row["period__code"],
        "value": json_number(row["value"]),
        "approved_at": _instant(row["approved_at"]),
        "superseded_at": _instant(row["superseded_at"]),
        "illustrative": row["report__is_illustrative"],
    }


# Who handed in ------------------------------------------------------------------------------------------------------


def completeness(found: Completeness) -> Made:
    """How the agencies stand on the day of asking, by their units: the order does not follow who is late."""
    rows = sorted(found.rows, key=lambda row: (row.agency.unit.code, row.agency.code))
    return {
        "plan": found.period.plan.number,
        "period": found.period.code,
        "today": _day(found.today),
        "expected": len(found.expected),
        "handed_in": found.handed_in.count,
        "on_time": found.on_time.count,
        "returned": found.returned,
        "approved": found.approved.count,
        "agencies": [_standing(row.now) for row in rows],
    }


def _standing(cell: Cell) -> Made:
    report = cell.report
    return {
        "agency_code": cell.agency.code,
        "agency": cell.agency.name,
        "unit_id": cell.agency.unit.slug,
        "unit_code": cell.agency.unit.code,
        "unit": cell.agency.unit.full_name,
        "expected": cell.expected,
        "state": cell.state,
        "report": report and report.status,
        "due_on": _day(cell.due_on),
        "first_submitted_at": report and _instant(report.first_submitted_at),
        "approved_at": report and _instant(report.approved_at),
        "days_late": cell.days_late,
        "days_overdue": cell.days_overdue,
        "days_waiting": cell.days_waiting,
    }


# Small things -------------------------------------------------------------------------------------------------------


def _day(day: dt.date | None) -> str | None:
    return day and day.isoformat()


def _instant(instant: dt.datetime | None) -> str | None:
    """By Cao Bằng's clock and to the microsecond: given back as `as_of` it is the same instant."""
    return instant and timezone.localtime(instant).isoformat()
