"""The filters in an address, for every page that shows figures."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

from targets.models import Plan

from ..forms import FilterForm


def asked(request: HttpRequest) -> FilterForm | None:
    """None where there is no plan, or no period of it. What cannot be shown is said on the page."""
    plan = Plan.objects.asked_for(request.GET.get("ke_hoach"))
    if plan is None:
        return None
    filters = FilterForm(request.GET.dict() | {"ke_hoach": plan.number}, plan)
    if filters.period is None:
        return None
    for said in filters.refusals:
        messages.warning(request, said)
    return filters


def state_of(filters: FilterForm) -> dict[str, object]:
    """Which state of what is known, as `open_book` takes it."""
    return {"as_of": filters.as_of, "provisional": filters.provisional}
