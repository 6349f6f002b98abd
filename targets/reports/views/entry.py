"""The agency's side: begin a report, fill it in, hand it in."""

from __future__ import annotations

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from targets.models import Period, Report

from .. import attachments, autosaving, checks, comments, reading, rules, workflow
from ..beside import beside
from ..entries import entries_of
from ..forms import DecisionForm, ReportForm
from ..soft_checks import odd_figures, warnings
from .scope import report_in_scope


@require_POST
def start(request: HttpRequest, period_pk: int) -> HttpResponse:
    """A reporter begins the report of a period."""
    if not request.user.is_reporter:
        raise PermissionDenied
    period = get_object_or_404(Period.objects.started(), pk=period_pk)
    try:
        report = workflow.start(request.user.agency, period, by=request.user)
    except workflow.NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("mine")
    return redirect("reports:edit", report.pk)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The entry form. Saving keeps whatever could be read; handing in comes after a look at the whole."""
    report = report_in_scope(request, pk)
    if not rules.may_write(request.user, report):
        messages.error(request, reading.why_locked(request.user, report))
        return redirect(report)
    stored, rulebook = entries_of(report), checks.Rulebook.of(report.period.plan, report.agency)
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        rulebook=rulebook,
        report=report,
        beside=beside(report, rulebook),
        initial=ReportForm.initial_of(report, stored),
    )
    if request.method == "POST" and _saved(request, report, form, stored):
        return redirect("reports:submit" if "submit" in request.POST else "reports:edit", report.pk)
    now = entries_of(report)
    if not form.is_bound:
        form.add_problems([p for p in checks.problems(rulebook, now) if p.kind != checks.MISSING])
    form.add_warnings(warnings(rulebook, now, form.beside))
    form.threads = comments.by_measure(report, request.user)
    page = {
        "report": report,
        "form": form,
        "stored": autosaving.stored(pk)["stored"],
        "threads": form.threads.get(comments.WHOLE_REPORT, ()),
        "extension": reading.last_extension(report),
        "attachments": report.attachments.present(),
        "accepted": attachments.ACCEPTED,
    }
    return render(request, "reports/edit.html", page, status=422 if form.is_bound else 200)


def _saved(request: HttpRequest, report: Report, form: ReportForm, stored: dict) -> bool:
    """Store what was read. True when nothing is left to mend on this page; else the form says what is."""
    form.full_clean()
    try:
        saved = workflow.save(
            report,
            form.readable_entries(stored),
            by=request.user,
            version=form.cleaned_data.get("version", 0),
            texts=form.texts(),
            estimate=form.estimate(),
        )
    except workflow.NotAllowed as refusal:
        messages.error(request, str(refusal))
        form.show_conflict(stored, report.version)
        return False
    form.continue_from(saved.version)
    if "submit" in request.POST:
        form.add_problems(checks.problems(form.rulebook, form.agreeing(entries_of(saved))))
    if form.errors:
        return False
    messages.success(request, "Đã lưu nháp.")
    return True


@require_POST
def autosave(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep the fields that changed since the last time; the answer says what could not be read and what is odd.

    409: the report changed elsewhere; the answer holds what is stored now, and nothing was written.
    """
    report = report_in_scope(request, pk)
    try:
        asked = autosaving.read(json.loads(request.body))
        answer = autosaving.save(report, asked, by=request.user)
    except (ValueError, TypeError, KeyError, RecursionError):
        return JsonResponse({"message": "Không đọc được dữ liệu gửi lên."}, status=400)
    except workflow.Stale as refusal:
        return JsonResponse({"message": str(refusal), **autosaving.stored(pk)}, status=409)
    except workflow.NotAllowed as refusal:
        return JsonResponse({"message": str(refusal)}, status=403)
    return JsonResponse(answer)


def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Last look before handing in (GET), then hand in (POST)."""
    report = report_in_scope(request, pk)
    if not rules.may_write(request.user, report):
        messages.error(request, reading.why_locked(request.user, report))
        return redirect(report)
    if request.method != "POST":
        return render(request, "reports/submit.html", reading.page(request.user, report) | {"odd": odd_figures(report)})
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return redirect("reports:submit", pk)
    try:
        workflow.submit(report, by=request.user, version=form.cleaned_data["version"])
    except workflow.NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:edit", pk)
    messages.success(request, "Đã nộp báo cáo.")
    return redirect(report)
