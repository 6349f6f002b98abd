"""How far the targets are, for everyone who signs in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from targets.totals.reading import open_book

from ..forms import FilterForm
from ..handed_in import handed_in
from ..kept import KeptPage, conditional
from ..progress import progress
from ..tiles import tiles
from ..trend import trends
from .asked import asked, state_of


@conditional
def dashboard(request: HttpRequest) -> HttpResponse:
    """Five indicators against their targets, and every unit at every indicator, for one period."""
    filters = asked(request)
    if filters is None:
        return render(request, "progress/no_plan.html")
    on_map = request.GET.get("ban_do", "")
    page = KeptPage(request, filters, on_map)
    return page.show("progress/dashboard.html", "progress/dashboard_content.html", lambda: _figures(filters, on_map))


def _figures(filters: FilterForm, on_map: str) -> dict[str, object]:
    period, state = filters.period, state_of(filters)
    book = open_book(period, **state)
    found = progress(period, **state, by=filters.view, book=book)
    return {
        "progress": found,
        "trends": trends(period, **state, by=filters.view, book=book),
        "handed_in": None if filters.as_of else handed_in(period),
        "map": tiles(found, on_map, book),
    }
