"""Who takes part: the list, and one agency."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from targets.models import Plan

from .. import agencies, rules
from ..forms import AgencyFilters, InvitationForm
from .scope import agency_in_scope, profile_page


def every(request: HttpRequest) -> HttpResponse:
    """The agencies of a plan; a reporter has one only."""
    if not rules.may_see_everyone(request.user):
        return redirect("agencies:detail", request.user.agency_id)
    plan = Plan.objects.asked_for(request.GET.get("ke_hoach"))
    if plan is None:
        return render(request, "participation/no_period.html")
    filters = AgencyFilters(request.GET)
    found = agencies.chosen(
        agencies.lines(plan),
        words=filters.asked("tim"),
        leads={filters.LEADS: True, filters.ASSISTS: False}.get(filters.asked("vai_tro")),
        ended=bool(filters.asked("da_ket_thuc")),
        level=filters.asked("cap"),
    )
    context = {"plan": plan, "plans": Plan.objects.all(), "filters": filters, "found": found}
    return render(request, "participation/agencies.html", context)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One agency: duties, what it was and became, contacts, reports; for administrators its accounts."""
    return profile_page(request, agency_in_scope(request, pk), InvitationForm())
