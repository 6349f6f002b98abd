"""One number and everything it is made of (R13); also what the dashboard's drawer shows."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from targets.totals.reading import open_book

from ..breakdown import breakdowns
from ..provenance import provenance
from ..trend import trends
from .asked import asked, state_of


def figure(request: HttpRequest) -> HttpResponse:
    """`chi_tieu`: an indicator's code; `don_vi`: a row of the view, by its unit's key, or the province."""
    filters = asked(request)
    if filters is None:
        return render(request, "progress/no_plan.html")
    period, code, unit_pk = filters.period, request.GET.get("chi_tieu", ""), _key(request.GET.get("don_vi", ""))
    book = open_book(period, **state_of(filters), parts=True, code=code)
    state = {**state_of(filters), "by": filters.view, "book": book, "unit_pk": unit_pk}
    try:
        found = provenance(period, code, **state)
    except LookupError as unknown:
        raise Http404(code) from unknown
    page = {
        "filters": filters,
        "plan": filters.plan,
        "period": period,
        "found": found,
        "unit_pk": unit_pk,
        "trend": trends(period, **state)[code],
        "breakdowns": breakdowns(period, code, **state, in_period=True),
    }
    return render(request, "progress/figure.html", page)


def _key(said: str) -> int | None:
    """None for the province. Raises Http404 for what is no key."""
    if said and not (said.isascii() and said.isdigit() and len(said) < 10):
        raise Http404(said)
    return int(said) if said else None
