"""Who owes what, and chasing it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from targets.models import Plan, Reminder

from .. import log, reminders, rules
from ..completeness import Completeness, completeness
from ..forms import PeriodFilters, ReminderForm


def grid(request: HttpRequest) -> HttpResponse:
    """Every agency at every period, and the composer for those that are late."""
    if not rules.may_see_everyone(request.user):
        raise PermissionDenied
    filters = _filters(request)
    if filters is None or not filters.periods:
        return render(request, "participation/no_period.html")
    found = completeness(filters.plan, filters.periods)
    rounds = log.rounds(found.period)
    return _page(request, filters, found, rounds, _composer(found, rounds))


@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """A provincial officer reminds the ticked agencies of the period that the address names."""
    if not rules.may_remind(request.user):
        raise PermissionDenied
    filters = _filters(request)
    if filters is None or not filters.periods:
        return redirect("completeness:grid")
    found = completeness(filters.plan, filters.periods)
    form = ReminderForm(request.POST, cells=found.to_chase)
    if not form.is_valid():
        return _page(request, filters, found, log.rounds(found.period), form, status=422)
    try:
        delivery = reminders.remind(form.chosen, form.cleaned_data["noi_dung"], by=request.user)
    except rules.NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        _say(request, delivery)
    return redirect(f"{reverse('completeness:grid')}?{filters.query}#nhat-ky")


@require_POST
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """A reporter has read what the own agency was reminded of."""
    if not request.user.is_reporter:
        raise PermissionDenied
    reminders.see(get_object_or_404(Reminder, pk=pk, agency=request.user.agency_id))
    return redirect("mine")


def _filters(request: HttpRequest) -> PeriodFilters | None:
    plan = Plan.objects.asked_for(request.GET.get("ke_hoach"))
    return plan and PeriodFilters(request.GET, plan, timezone.localdate())


def _composer(found: Completeness, rounds: list[log.Round]) -> ReminderForm:
    """Late agencies are ticked, but for those that an officer reminded today."""
    told = log.reminded_today(rounds, found.today)
    late = [c.agency.pk for c in found.to_chase if c.days_overdue and c.agency.pk not in told]
    text = reminders.suggested_text(found.period)
    return ReminderForm(cells=found.to_chase, initial={"don_vi": late, "noi_dung": text})


def _say(request: HttpRequest, delivery: reminders.Delivery) -> None:
    """What came of it, and which addresses were not reached."""
    if not delivery.reminders:
        messages.info(request, "Hôm nay đã gửi nhắc này, không gửi lại.")
        return
    messages.success(request, f"Đã gửi nhắc {len(delivery.reminders)} đơn vị.")
    if delivery.failed:
        unreached = ", ".join(delivery.failed)
        messages.warning(request, f"Không gửi được thư đến: {unreached}. Lời nhắc vẫn hiện khi đơn vị đăng nhập.")
    if missing := delivery.without_address:
        names = ", ".join(reminder.agency.short_name for reminder in missing)
        messages.info(request, f"Chưa có địa chỉ thư, chỉ nhắc trên hệ thống: {names}.")


def _page(
    request: HttpRequest,
    filters: PeriodFilters,
    found: Completeness,
    rounds: list[log.Round],
    form: ReminderForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        "filters": filters,
        "plans": Plan.objects.all(),
        "found": found,
        "rounds": rounds,
        "form": form,
        "may_remind": rules.may_remind(request.user),
        "now": timezone.now(),
    }
    return render(request, "participation/completeness.html", context, status=status)
