"""A reporter's home, and the list of all reports."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from targets.models import Report

from .. import obligations


def mine(request: HttpRequest) -> HttpResponse:
    """A reporter's home: what my agency owes, and how each report stands."""
    if not request.user.is_reporter:
        return redirect("reports:all")
    owed = obligations.obligations(request.user.agency)
    return render(
        request,
        "reports/mine.html",
        {"to_do": [o for o in owed if o.needs_work], "done": [o for o in owed if not o.needs_work]},
    )


def all_reports(request: HttpRequest) -> HttpResponse:
    """Every report the user may see, newest period first."""
    reports = Report.objects.visible_to(request.user).with_names().newest_period_first()
    page = Paginator(reports, 50).get_page(request.GET.get("trang"))
    return render(request, "reports/all.html", {"page": page})
