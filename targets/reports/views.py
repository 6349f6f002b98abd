"""The browser's side of reporting: fetch in scope, form, one verb, answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from targets.models import Period, Report

from . import checks, obligations, reading, rules, workflow
from .entries import entries_of
from .forms import DecisionForm, ReportForm


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


def queue(request: HttpRequest) -> HttpResponse:
    """What waits for the province, longest first, and what it sent back."""
    if not request.user.is_reviewer:
        raise PermissionDenied
    return render(request, "reports/queue.html", reading.queue())


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
        return redirect("reports:mine")
    return redirect("reports:edit", report.pk)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A report as it stands: figures beside last period's, history, and what the reader may do with it."""
    report = _in_scope(request, pk)
    return _detail(request, report, DecisionForm(initial={"version": report.version}))


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The entry form. Saving keeps whatever could be read; handing in comes after a look at the whole."""
    report = _in_scope(request, pk)
    if not rules.may_write(request.user, report):
        messages.error(request, reading.why_locked(request.user, report))
        return redirect(report)
    stored, rulebook = entries_of(report), checks.Rulebook.of(report.period.plan, report.agency)
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        rulebook=rulebook,
        report=report,
        previous=reading.previous_values(report),
        initial=ReportForm.initial_of(report, stored),
    )
    if request.method == "POST" and _saved(request, report, form, stored):
        return redirect("reports:submit" if "submit" in request.POST else "reports:edit", report.pk)
    status = 422 if form.is_bound else 200
    return render(request, "reports/edit.html", {"report": report, "form": form}, status=status)


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


def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Last look before handing in (GET), then hand in (POST)."""
    report = _in_scope(request, pk)
    if not rules.may_write(request.user, report):
        messages.error(request, reading.why_locked(request.user, report))
        return redirect(report)
    if request.method != "POST":
        return render(request, "reports/submit.html", reading.page(request.user, report))
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
    report = _in_scope(request, pk)
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


def _in_scope(request: HttpRequest, pk: int) -> Report:
    return get_object_or_404(Report.objects.visible_to(request.user).with_names(), pk=pk)
