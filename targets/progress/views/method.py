"""How every number is counted: the plan's own definitions, read out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from targets.models import Plan

from ..explanation import explain


def method(request: HttpRequest) -> HttpResponse:
    """For everyone who signs in."""
    plan = Plan.objects.asked_for(request.GET.get("ke_hoach"))
    if plan is None:
        return render(request, "progress/no_plan.html")
    return render(
        request, "progress/method.html", {"plan": plan, "plans": Plan.objects.all(), "indicators": explain(plan)}
    )
