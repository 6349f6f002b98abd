"""The endpoints: what is asked for, read strictly; one reading; the answer with its ETag."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse

from targets.models import ApiClient, Plan
from targets.participation.completeness import completeness as who_handed_in
from targets.progress.progress import REPORTED, VIEWS
from targets.progress.progress import progress as how_far

from . import shapes
from .access import endpoint, unguarded
from .asking import Asked, plan_numbered
from .problems import Problem
from .versions import Made, answer, data_version

Scope = ApiClient.Scope
DESCRIPTION = Path(__file__).parent / "openapi.json"


@endpoint(Scope.PLANS)
def plans(request: HttpRequest) -> HttpResponse:
    Asked(request.GET)
    return answer(request, shapes.plans)


@endpoint(Scope.PLANS)
def indicators(request: HttpRequest, number: str) -> HttpResponse:
    Asked(request.GET)
    plan = _plan(number)
    return answer(request, lambda: shapes.indicators(plan))


@endpoint(Scope.PLANS)
def periods(request: HttpRequest, number: str) -> HttpResponse:
    Asked(request.GET)
    plan = _plan(number)
    return answer(request, lambda: shapes.periods(plan))


@endpoint(Scope.PROGRESS)
def progress(request: HttpRequest) -> HttpResponse:
    """The dashboard's own reading, in the shape of `manage.py progress --json`."""
    asked = Asked(request.GET, "plan", "period", "as_of", "by", "provisional")
    plan = asked.plan()
    period, as_of = asked.period(plan), asked.instant("as_of")
    by, provisional = asked.choice("by", VIEWS, REPORTED), asked.switch("provisional")
    if as_of and provisional:
        raise Problem("parameter_invalid", "Số tạm tính chỉ có ở hiện tại, bỏ as_of.", parameter="provisional")
    return answer(
        request,
        lambda: how_far(period, as_of=as_of, by=by, provisional=provisional).as_json(),
        data_version(plan),
    )


@endpoint(Scope.FIGURES)
def figures(request: HttpRequest) -> HttpResponse:
    asked = Asked(request.GET, "plan", "period", "page")
    plan = asked.plan()
    period, page = asked.period_if_any(plan), asked.page()
    return answer(request, lambda: shapes.figures(plan, period, page), data_version(plan))


@endpoint(Scope.COMPLETENESS)
def completeness(request: HttpRequest) -> HttpResponse:
    asked = Asked(request.GET, "plan", "period")
    plan = asked.plan()
    period = asked.period(plan)
    return answer(request, lambda: shapes.completeness(who_handed_in(plan, [period])))


@endpoint()
def description(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    Asked(request.GET)
    return answer(request, described)


@cache
def described() -> Made:
    return json.loads(DESCRIPTION.read_text())


@unguarded
def nothing(request: HttpRequest) -> HttpResponse:
    """Any other address under /api/: a program is answered as one."""
    return Problem("not_found", f"Không có địa chỉ {request.path}.").response()


def _plan(number: str) -> Plan:
    plan = plan_numbered(number)
    if plan is None:
        raise Problem("not_found", f"Không có kế hoạch {number}.")
    return plan
