"""The province's side: the queue, a report as it stands, and the decisions on it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from targets.models import Report

from .. import reading, workflow
from ..forms import DecisionForm
from .scope import report_in_scope


def queue(request: HttpRequest) -> HttpResponse:
    """What waits for the province, longest first, and what it sent back."""
    if not request.user.is_reviewer:
        raise PermissionDenied
    return render(request, "reports/queue.html", reading.queue())


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A report as it stands: figures beside last period's, history, and what the reader may do with it."""
    report = report_in_scope(request, pk)
    return _detail(request, report, DecisionForm(initial={"version": report.version}))


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The province accepts an agency's report; from here on its figures count (R1)."""
    return _decide(request, pk, workflow.approve, "Đã duyệt báo cáo của {agency}.", "note")


@require_POST
def return_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The province sends a report back with what to correct."""
    return _decide(request, pk, workflow.return_, "Đã trả lại báo cáo của {agency}.", "reason")


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """The province opens an approved report for correction (R10)."""
    return _decide(request, pk, workflow.reopen, "Đã mở lại báo cáo của {agency} để đính chính.", "reason")


def _decide(request: HttpRequest, pk: int, verb, done: str, words: str) -> HttpResponse:
    """One decision: scope, form, verb; a refusal keeps what was typed."""
    report = report_in_scope(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _detail(request, report, form, status=422)
    try:
        verb(
            report,
            by=request.user,
            version=form.cleaned_data["version"],
            **{words: form.cleaned_data["reason"]},
        )
    except workflow.NotAllowed as refusal:
        form.add_error("reason", str(refusal))
        return _detail(request, report, form, status=422)
    messages.success(request, done.format(agency=report.agency))
    return redirect("reports:queue") if verb is not workflow.reopen else redirect(report)


def _detail(request: HttpRequest, report: Report, form: DecisionForm, status: int = 200) -> HttpResponse:
    page = reading.page(request.user, report) | {"form": form}
    return render(request, "reports/detail.html", page, status=status)
