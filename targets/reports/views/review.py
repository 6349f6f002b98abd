"""The province's side: the queue, a report as it stands, and the decisions on it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from targets.models import Report

from .. import queueing, reading, rules, workflow
from ..forms import DecisionForm
from ..review_forms import TicksForm
from .scope import report_in_scope


def queue(request: HttpRequest) -> HttpResponse:
    """What waits for the province, longest first, and what it sent back."""
    if not request.user.is_reviewer:
        raise PermissionDenied
    return render(request, "reports/queue.html", queueing.queue(request.user))


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A report as it stands: figures beside what the address asks for, history, and what the reader may do with it."""
    report = report_in_scope(request, pk)
    return show(request, report, DecisionForm(initial={"version": report.version}))


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The province accepts an agency's report; from here on its figures count (R1). Doubts are shown once before."""
    report = report_in_scope(request, pk)
    form = DecisionForm(request.POST)
    if form.is_valid() and "confirmed" not in request.POST and rules.may_review(request.user, report):
        doubt = queueing.doubt(report, form.cleaned_data["version"])
        if doubt.is_any:
            return render(request, "reports/confirm.html", {"doubts": [doubt], "form": form, "report": report})
    return _decide(request, pk, workflow.approve, "Đã duyệt báo cáo của {agency}.", "note")


@require_POST
def approve_many(request: HttpRequest) -> HttpResponse:
    """Approve what was ticked in the queue, each at the version on the screen; doubts are shown once before."""
    if not request.user.is_reviewer:
        raise PermissionDenied
    form = TicksForm(request.POST, waiting=Report.objects.waiting_for_review().with_names())
    if not form.is_valid():
        messages.error(request, "Chọn ít nhất một báo cáo để duyệt.")
        return redirect("reports:queue")
    asked = form.asked()
    if not form.cleaned_data["confirmed"]:
        doubts = queueing.doubts(asked, request.user)
        if doubts:
            return render(request, "reports/confirm.html", {"doubts": doubts, "asked": asked})
    outcome = queueing.approve_all(asked, by=request.user)
    _tell(request, outcome, form.gone())
    return redirect("reports:queue")


def _tell(request: HttpRequest, outcome: queueing.Outcome, gone: int) -> None:
    """Which were approved, and which were not and why."""
    if outcome.approved:
        names = ", ".join(str(report) for report in outcome.approved)
        messages.success(request, f"Đã duyệt {len(outcome.approved)} báo cáo: {names}.")
    for report, why in outcome.refused:
        messages.warning(request, f"Chưa duyệt {report}: {why}")
    if gone:
        messages.warning(request, f"Chưa duyệt {gone} báo cáo: không còn chờ duyệt.")


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
        return show(request, report, form, status=422)
    try:
        verb(
            report,
            by=request.user,
            version=form.cleaned_data["version"],
            **{words: form.cleaned_data["reason"]},
        )
    except workflow.NotAllowed as refusal:
        form.add_error("reason", str(refusal))
        return show(request, report, form, status=422)
    messages.success(request, done.format(agency=report.agency))
    return redirect("reports:queue") if verb is not workflow.reopen else redirect(report)


def show(request: HttpRequest, report: Report, form: DecisionForm, status: int = 200, **more: object) -> HttpResponse:
    """A report's page; `more` is what a refused comment leaves on it."""
    page = reading.page(request.user, report, request.GET.get("so_sanh"))
    return render(request, "reports/detail.html", {**page, "form": form, **more}, status=status)
