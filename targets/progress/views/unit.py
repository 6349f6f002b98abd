"""One territory: all its indicators over time, its reports, what it came from and what came of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from agencies.models import Unit, User
from targets.totals.reading import open_book

from ..behind import territory
from ..forms import FilterForm
from ..kept import KeptPage, conditional
from ..progress import progress
from ..trend import trends
from .asked import asked, state_of


@conditional
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """For everyone who signs in; only reports within the reader's scope are listed."""
    found = get_object_or_404(Unit.objects.select_related("parent"), pk=pk)
    filters = asked(request)
    if filters is None:
        return render(request, "progress/no_plan.html")
    reader = request.user
    page = KeptPage(request, filters, reader.agency_id if reader.is_reporter else "every agency")
    return page.show(
        "progress/unit.html", "progress/unit_content.html", lambda: _figures(reader, filters, found), about=found
    )


def _figures(reader: User, filters: FilterForm, unit: Unit) -> dict[str, object]:
    period, state = filters.period, {**state_of(filters), "by": filters.view}
    book = open_book(period, **state_of(filters))
    shown = progress(period, **state, book=book)
    row = next((one for one in shown.rows if one.unit_pk == unit.pk), None)
    lines = trends(period, **state, unit_pk=unit.pk, book=book)
    return {
        "progress": shown,
        "territory": territory(unit, filters.plan, reader),
        "reader": reader,
        "figures": list(zip(shown.indicators, row.figures, lines.values(), strict=True)) if row else [],
    }
