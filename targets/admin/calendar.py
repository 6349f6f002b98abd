"""The year's reporting periods of a plan, made from the reporting calendar on one page."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from targets.models import Plan, calendar

LONGEST_DUE = 90  # days


class CalendarForm(forms.Form):
    year = forms.TypedChoiceField(label="Năm báo cáo", coerce=int)
    due_after = forms.IntegerField(
        label="Hạn nộp sau ngày chốt (ngày)",
        min_value=0,
        max_value=LONGEST_DUE,
        help_text="Sửa được hạn nộp của từng kỳ sau khi tạo.",
    )

    def __init__(self, *args, plan: Plan, **kwargs):
        initial = {"year": calendar.next_year(plan), "due_after": calendar.usual_due_after(plan)}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in calendar.years_of(plan)]


class CalendarPage(admin.ModelAdmin):
    """Beside a plan."""

    actions = ("make_periods",)

    def get_urls(self) -> list[URLPattern]:
        own = path("<int:pk>/tao-ky/", self.admin_site.admin_view(self.periods), name="targets_plan_periods")
        return [own, *super().get_urls()]

    @admin.action(description="Tạo kỳ báo cáo theo lịch", permissions=["change"])
    def make_periods(self, request: HttpRequest, chosen: QuerySet[Plan]) -> HttpResponse | None:
        """The year is asked for on the plan's own page."""
        if len(plans := list(chosen)) == 1:
            return redirect("admin:targets_plan_periods", plans[0].pk)
        self.message_user(request, "Chọn một kế hoạch.", messages.ERROR)
        return None

    def periods(self, request: HttpRequest, pk: int) -> HttpResponse:
        plan = get_object_or_404(Plan, pk=pk)
        if not self.has_change_permission(request, plan):
            raise PermissionDenied
        form = CalendarForm(request.POST or None, plan=plan)
        if form.is_valid():
            made = calendar.make_periods(plan, form.cleaned_data["year"], due_after=form.cleaned_data["due_after"])
            self.message_user(request, _said(made), messages.SUCCESS if made.created else messages.INFO)
            return redirect(f"{reverse('admin:targets_period_changelist')}?plan__id__exact={plan.pk}")
        around = {**self.admin_site.each_context(request), "opts": self.opts, "title": "Tạo kỳ báo cáo theo lịch"}
        return TemplateResponse(request, "admin/plan_periods.html", around | {"plan": plan, "form": form})


def _said(made: calendar.Made) -> str:
    created = f"Đã tạo kỳ {', '.join(made.created)}." if made.created else "Không tạo kỳ nào."
    return f"{created} Đã có từ trước: {', '.join(made.kept)}." if made.kept else created
