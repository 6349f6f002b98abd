"""The list of all reports."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from targets.models import Report

from ..listing import ByPeriod


def all_reports(request: HttpRequest) -> HttpResponse:
    """Every report the user may see, newest period first; `trang_thai=da-duyet` only approved ones."""
    reports = Report.objects.visible_to(request.user).with_names()
    if request.GET.get("trang_thai") == "da-duyet":
        reports = reports.approved()
    page = Paginator(ByPeriod(reports), 50).get_page(request.GET.get("trang"))
    return render(request, "reports/all.html", {"page": page})
