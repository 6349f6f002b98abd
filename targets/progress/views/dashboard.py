"""How far the targets are, for everyone who signs in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from targets.models import Plan

from ..forms import FilterForm
from ..handed_in import handed_in
from ..progress import progress
from ..reading import open_book
from ..tiles import tiles
from ..trend import trends


def dashboard(request: HttpRequest) -> HttpResponse:
    """Five indicators against their targets, and every unit at every indicator, for one period."""
    plan = Plan.objects.asked_for(request.GET.get("ke_hoach"))
    if plan is None:
        return render(request, "progress/no_plan.html")
    filters = FilterForm(request.GET.dict() | {"ke_hoach": plan.number}, plan)
    period = filters.period
    if period is None:
        return render(request, "progress/no_plan.html")
    for said in filters.refusals:
        messages.warning(request, said)
    asked = {"as_of": filters.as_of, "provisional": filters.provisional}
    book = open_book(period, **asked)
    found = progress(period, **asked, by=filters.view, book=book)
    shown = {
        "filters": filters,
        "plan": plan,
        "period": period,
        "progress": found,
        "trends": trends(period, **asked, by=filters.view, book=book),
        "handed_in": None if filters.as_of else handed_in(period),
        "map": tiles(found, request.GET.get("ban_do", ""), book),
    }
    return render(request, "progress/dashboard.html", shown)
