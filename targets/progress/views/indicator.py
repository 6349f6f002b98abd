"""One indicator in full, and the list of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from targets.totals.reading import briefly, open_book

from ..breakdown import breakdowns
from ..brought import brought
from ..chart import chart
from ..forms import FilterForm
from ..kept import KeptPage, conditional
from ..progress import progress
from ..provenance import sources_of_the_period
from ..trend import trends
from .asked import asked, state_of


@conditional
def indicators(request: HttpRequest) -> HttpResponse:
    """Every indicator of the plan and where it stands."""
    filters = asked(request)
    if filters is None:
        return render(request, "progress/no_plan.html")
    page = KeptPage(request, filters)
    return page.show("progress/indicators.html", "progress/indicators_content.html", lambda: _all(filters))


def _all(filters: FilterForm) -> dict[str, object]:
    period, state = filters.period, {**state_of(filters), "by": filters.view}
    book = open_book(period, **state_of(filters))
    return {"progress": progress(period, **state, book=book), "trends": trends(period, **state, book=book)}


@conditional
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """Its trend, territories, parts, and the period's reports it is made of."""
    filters = asked(request)
    if filters is None:
        return render(request, "progress/no_plan.html")
    about = get_object_or_404(filters.plan.indicators, code=code)
    page = KeptPage(request, filters)
    return page.show(
        "progress/indicator.html", "progress/indicator_content.html", lambda: _one(filters, code), about=about
    )


def _one(filters: FilterForm, code: str) -> dict[str, object]:
    period, state = filters.period, {**state_of(filters), "by": filters.view}
    book = open_book(period, **state_of(filters))
    made_of = briefly(book, code)
    codes = [one.code for one in book.indicators]
    place, found = codes.index(code), progress(period, **state, book=book)
    figure, trend = found.indicators[place], trends(period, **state, book=book)[code]
    sources = sources_of_the_period(period, code, made_of)
    return {
        "progress": found,
        "indicator": figure,
        "rows": [(row, row.figures[place]) for row in found.rows],
        "trend": trend,
        "chart": chart(figure, trend, in_period=filters.in_period),
        "breakdowns": breakdowns(period, code, **state, book=made_of),
        "brought": brought(figure, sources, period, book.periods),
        "previous": codes[place - 1] if place else None,
        "next": codes[place + 1] if place + 1 < len(codes) else None,
    }
