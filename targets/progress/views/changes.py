"""What changed, and why: since a day, or between two periods (R9, R10)."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ..changes import between_periods, compare
from ..forms import FilterForm
from .asked import asked, state_of

FORMATS = ["%d/%m/%Y", "%Y-%m-%d"]


class SpanForm(forms.Form):
    """`tu`: the day as signed; `den`: another day, or none for today."""

    tu = forms.DateField(label="Từ ngày ký", required=False, input_formats=FORMATS)
    den = forms.DateField(label="Đến ngày", required=False, input_formats=FORMATS)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("tu") and cleaned.get("den") and cleaned["tu"] > cleaned["den"]:
            self.add_error("den", "Ngày đến phải sau ngày ký.")
        return cleaned


def changes(request: HttpRequest) -> HttpResponse:
    """`ky_truoc` asks for two periods, `tu` for two days; without either, nothing is compared yet."""
    filters = asked(request)
    if filters is None:
        return render(request, "progress/no_plan.html")
    span = SpanForm(request.GET)
    page = {"filters": filters, "plan": filters.plan, "period": filters.period, "span": span}
    return render(request, "progress/changes.html", page | _compared(filters, span, request.GET.get("ky_truoc", "")))


def _compared(filters: FilterForm, span: SpanForm, earlier: str) -> dict[str, object]:
    if before := filters.periods.get(earlier):
        found = between_periods(before, filters.period, **state_of(filters), by=filters.view)
        return {"before": before, "differences": found}
    if not span.is_valid() or not span.cleaned_data["tu"]:
        return {}
    then, now = (_end_of(span.cleaned_data[name]) for name in ("tu", "den"))
    return {"comparison": compare(filters.period, then, now, by=filters.view)}


def _end_of(day: dt.date | None) -> dt.datetime | None:
    """The last instant of a day in Cao Bằng, as the dashboard's `tinh_den`."""
    return day and timezone.make_aware(dt.datetime.combine(day, dt.time.max))
