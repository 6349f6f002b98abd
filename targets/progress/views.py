"""How far the targets are, for everyone who signs in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from targets.models import Plan

from .explanation import explain
from .forms import FilterForm
from .progress import progress


def dashboard(request: HttpRequest) -> HttpResponse:
    """Five indicators against their targets, and every unit at every indicator, for one period."""
    plan = Plan.objects.asked_for(request.GET.get("ke_hoach"))
    if plan is None:
        return render(request, "progress/no_plan.html")
    filters = FilterForm(request.GET.dict() | {"ke_hoach": plan.number}, plan)
    if filters.has_error("ky"):
        messages.warning(request, "Không có kỳ báo cáo này. Đang xem kỳ gần nhất.")
    period = filters.period
    if period is None:
        return render(request, "progress/no_plan.html")
    found = progress(period, provisional=filters.provisional, by=filters.view)
    return render(
        request, "progress/dashboard.html", {"filters": filters, "plan": plan, "period": period, "progress": found}
    )


def method(request: HttpRequest) -> HttpResponse:
    """How every number is counted: the plan's own definitions, read out."""
    plan = Plan.objects.asked_for(request.GET.get("ke_hoach"))
    if plan is None:
        return render(request, "progress/no_plan.html")
    return render(
        request, "progress/method.html", {"plan": plan, "plans": Plan.objects.all(), "indicators": explain(plan)}
    )
