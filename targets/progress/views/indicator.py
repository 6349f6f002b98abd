"""One indicator in full, and the list of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from ..behind import of_period, within_reach
from ..breakdown import breakdowns
from ..progress import progress
from ..provenance import provenance
from ..reading import open_book
from ..trend import trends
from .asked import asked, state_of


def indicators(request: HttpRequest) -> HttpResponse:
    """Every indicator of the plan and where it stands."""
    filters = asked(request)
    if filters is None:
        return render(request, "progress/no_plan.html")
    found = progress(filters.period, **state_of(filters), by=filters.view)
    return render(request, "progress/indicators.html", {"filters": filters, "plan": filters.plan, "progress": found})


def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """Its trend, territories, parts, and the period's reports it is made of."""
    filters = asked(request)
    if filters is None:
        return render(request, "progress/no_plan.html")
    period, state = filters.period, {**state_of(filters), "by": filters.view}
    book = open_book(period, **state_of(filters), parts=True)
    codes = [one.code for one in book.indicators]
    if code not in codes:
        raise Http404(code)
    place, found = codes.index(code), progress(period, **state, book=book)
    made_of = of_period(provenance(period, code, **state, book=book).sources, period)
    page = {
        "filters": filters,
        "plan": filters.plan,
        "period": period,
        "progress": found,
        "indicator": found.indicators[place],
        "rows": [(row, row.figures[place]) for row in found.rows],
        "trend": trends(period, **state, book=book)[code],
        "breakdowns": breakdowns(period, code, **state, book=book),
        "sources": made_of,
        "within": within_reach(request.user, made_of),
        "previous": codes[place - 1] if place else None,
        "next": codes[place + 1] if place + 1 < len(codes) else None,
    }
    return render(request, "progress/indicator.html", page)
