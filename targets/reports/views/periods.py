"""Reporting periods: closed, opened again, extended for one agency, by reviewers and administrators."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from targets.models import Period, Plan

from .. import periods, rules
from ..review_forms import ExtensionForm, ReasonForm


def listing(request: HttpRequest) -> HttpResponse:
    """The periods of a plan that have begun, newest first."""
    _check(request)
    plans = Plan.objects.all()
    plan = plans.asked_for(request.GET.get("ke_hoach"))
    lines = periods.lines(plan) if plan else []
    return render(request, "periods/list.html", {"plans": plans, "plan": plan, "lines": lines})


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was done to a period, who was given more time, and the forms for more of it."""
    return _show(request, _period(request, pk))


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on reports of the period do not change."""
    return _turn(request, pk, periods.close, "Đã khóa kỳ {period}.")


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take changes again; needs a reason."""
    return _turn(request, pk, periods.reopen, "Đã mở lại kỳ {period}.")


@require_POST
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one agency more time."""
    period = _period(request, pk)
    form = ExtensionForm(request.POST, agencies=periods.agencies_owing(period))
    if not form.is_valid():
        return _show(request, period, extension_form=form, status=422)
    said = form.cleaned_data
    try:
        periods.extend(said["agency"], period, until=said["until"], reason=said["why"], by=request.user)
    except rules.NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return _show(request, period, extension_form=form, status=422)
    messages.success(request, f"Đã gia hạn cho {said['agency']}.")
    return redirect("periods:detail", pk)


def _turn(request: HttpRequest, pk: int, verb: Callable[..., Period], done: str) -> HttpResponse:
    """Close or reopen; a refusal keeps the reason that was typed."""
    period = _period(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, period, reason_form=form, status=422)
    try:
        verb(period, reason=form.cleaned_data["reason"], by=request.user)
    except rules.NotAllowed as refusal:
        form.add_error("reason", str(refusal))
        return _show(request, period, reason_form=form, status=422)
    messages.success(request, done.format(period=period.name))
    return redirect("periods:detail", pk)


def _check(request: HttpRequest) -> None:
    if not rules.may_keep_periods(request.user):
        raise PermissionDenied


def _period(request: HttpRequest, pk: int) -> Period:
    _check(request)
    return get_object_or_404(Period.objects.select_related("plan", "closed_by"), pk=pk)


def _show(
    request: HttpRequest,
    period: Period,
    *,
    reason_form: ReasonForm | None = None,
    extension_form: ExtensionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    forms = {
        "reason_form": reason_form or ReasonForm(),
        "extension_form": extension_form or ExtensionForm(agencies=periods.agencies_owing(period)),
    }
    return render(request, "periods/detail.html", periods.page(period) | forms, status=status)
