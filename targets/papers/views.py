"""What the dashboard shows, to keep: a workbook, a document, CSV and JSON, for everyone who sees the dashboard."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from agencies.models.agency import AgencyKind
from targets.models import Period, Plan
from targets.progress.forms import FilterForm

from .document import official_report
from .table import figures_csv, figures_json
from .workbook import dashboard_book

OFFICE = "application/vnd.openxmlformats-officedocument"
XLSX, DOCX = f"{OFFICE}.spreadsheetml.sheet", f"{OFFICE}.wordprocessingml.document"
# How an address names whose paper it is.
STYLES = {"hoi": AgencyKind.WOMENS_UNION, "ubnd": AgencyKind.PEOPLES_COMMITTEE}


@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    period, filters = _asked(request)
    return _file(dashboard_book(period, **filters), XLSX, "Tổng quan", period, "xlsx")


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    period, filters = _asked(request)
    return _file(figures_csv(period, **filters), "text/csv; charset=utf-8", "Tổng quan", period, "csv")


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """`trong_ky=1`: with what the period brought."""
    period, filters = _asked(request)
    said = figures_json(period, in_period=request.GET.get("trong_ky") == "1", **filters)
    content = json.dumps(said, ensure_ascii=False, indent=2).encode()
    return _file(content, "application/json", "Tổng quan", period, "json")


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """`mau`: the Women's Union's own style, or that of the people's committee."""
    period, filters = _asked(request)
    kind = STYLES.get(request.GET.get("mau", "hoi"))
    if kind is None:
        raise Http404("no such style")
    return _file(official_report(period, kind, **filters), DOCX, "Báo cáo", period, "docx")


def _asked(request: HttpRequest) -> tuple[Period, dict[str, object]]:
    """The dashboard's filters. A page falls back where one is wrong; a file that somebody may sign does not: 404."""
    number = request.GET.get("ke_hoach")
    plan = Plan.objects.asked_for(number)
    if plan is None or (number and plan.number != number):
        raise Http404("no such plan")
    filters = FilterForm(request.GET.dict() | {"ke_hoach": plan.number}, plan)
    if not filters.is_valid() or filters.period is None:
        raise Http404("no such period, view or instant")
    as_of = getattr(filters, "as_of", None)
    return filters.period, {"as_of": as_of, "provisional": filters.provisional and not as_of, "by": filters.view}


def _file(content: bytes, kind: str, name: str, period: Period, ending: str) -> HttpResponse:
    """As a download, named in Vietnamese and, for what cannot read that, in plain letters (RFC 6266)."""
    code = re.sub(r"[^A-Za-z0-9-]+", "-", period.code)
    plain = f"{PLAIN[name]} {code}.{ending}"
    response = HttpResponse(content, content_type=kind)
    spelt = quote(f"{name} {code}.{ending}")
    response["Content-Disposition"] = f"{content_disposition_header(True, plain)}; filename*=UTF-8''{spelt}"
    response["Cache-Control"] = "no-store"
    return response


PLAIN = {"Tổng quan": "Tong quan", "Báo cáo": "Bao cao"}
