"""Plans and all that is promised under them."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.urls import URLPattern, path

from targets.imports.reference.plans import (
    DutyResource,
    IndicatorResource,
    MeasureResource,
    PeriodResource,
    TargetResource,
)
from targets.models import CountingOwner, Duty, Indicator, Measure, Period, Plan, Target

from .base import ReferenceAdmin, SpreadsheetAdmin
from .calendar import CalendarPage
from .forms import NumberField, OwnerFormSet, RestingForm
from .of_plan import OfPlanAdmin, OfPlanChoices, OfPlanForm
from .workbook import WorkbookPages


@admin.register(Plan)
class PlanAdmin(WorkbookPages, CalendarPage, ReferenceAdmin):
    change_list_template = "admin/plan_list.html"
    change_form_template = "admin/plan_form.html"
    list_display = ("number", "short_title", "decision", "signed_on", "starts_on", "ends_on", "calendar")
    search_fields = ("number", "title", "short_title")
    autocomplete_fields = ("successor",)

    def get_urls(self) -> list[URLPattern]:
        choices = self.admin_site.admin_view(OfPlanChoices.as_view(admin_site=self.admin_site))
        return [path("cua-ke-hoach/", choices, name="targets_of_plan"), *super().get_urls()]


class TargetInline(admin.TabularInline):
    """The province's, with its milestones, and the country's. Allocations are too many for it: they have a list."""

    model = Target
    fields = ("counts_from", "due_on", "value", "baseline", "is_national", "legal_basis")
    formfield_overrides = {models.DecimalField: {"form_class": NumberField}}
    extra = 0
    verbose_name_plural = "mục tiêu của tỉnh và của cả nước"

    def get_queryset(self, request):
        return super().get_queryset(request).of_nobody()


@admin.register(Indicator)
class IndicatorAdmin(OfPlanAdmin, SpreadsheetAdmin):
    form = OfPlanForm
    of_plan = ("numerator", "denominator")
    inlines = (TargetInline,)
    resource_classes = (IndicatorResource,)
    list_display = ("code", "short_name", "unit_of_measure", "direction", "order", "plan")
    list_filter = ("plan",)
    search_fields = ("code", "name", "short_name")
    autocomplete_fields = ("plan",)
    list_select_related = ("plan",)
    fixed = ("plan", "code")


class CountingOwnerInline(admin.TabularInline):
    model = CountingOwner
    formset = OwnerFormSet
    extra = 0


@admin.register(Measure)
class MeasureAdmin(OfPlanAdmin, SpreadsheetAdmin):
    of_plan = ("section", "part_of")
    form = RestingForm
    resource_classes = (MeasureResource,)
    list_display = (
        "code",
        "number",
        "short_name",
        "unit_of_measure",
        "accumulation",
        "part_of",
        "relation",
        "required",
    )
    list_filter = ("plan", "section", "accumulation", "kind", "relation", "required")
    search_fields = ("code", "name", "short_name", "aliases")
    autocomplete_fields = ("plan",)
    list_select_related = ("part_of",)
    fixed = ("plan", "code")
    inlines = (CountingOwnerInline,)


@admin.register(Target)
class TargetAdmin(OfPlanAdmin, SpreadsheetAdmin):
    of_plan = ("indicator",)
    plan_path = "indicator__plan"
    resource_classes = (TargetResource,)
    change_list_template = "admin/faulty_list.html"
    list_display = ("indicator", "unit", "agency", "value", "counts_from", "due_on", "is_national", "plan")
    list_filter = ("indicator__plan", "indicator__code", "due_on", "is_national", ("unit", admin.EmptyFieldListFilter))
    search_fields = ("indicator__code", "indicator__name", "unit__name", "agency__name")
    autocomplete_fields = ("unit", "agency")
    list_select_related = ("indicator__plan", "unit", "agency")
    formfield_overrides = {models.DecimalField: {"form_class": NumberField}}

    @admin.display(description="kế hoạch", ordering="indicator__plan")
    def plan(self, target: Target) -> str:
        return target.indicator.plan.number


@admin.register(Period)
class PeriodAdmin(SpreadsheetAdmin):
    form = RestingForm
    resource_classes = (PeriodResource,)
    list_display = ("name", "code", "kind", "starts_on", "ends_on", "due_on", "closed_at", "plan")
    list_filter = ("plan", "kind", ("closed_at", admin.EmptyFieldListFilter))
    search_fields = ("code", "name")
    date_hierarchy = "ends_on"
    autocomplete_fields = ("plan",)
    list_select_related = ("plan",)
    readonly_fields = ("closed_at", "closed_by")
    fixed = ("plan", "code")


@admin.register(Duty)
class DutyAdmin(OfPlanAdmin, SpreadsheetAdmin):
    form = OfPlanForm
    of_plan = ("indicators",)
    resource_classes = (DutyResource,)
    list_display = ("agency", "text", "leads", "reports_every", "confirmed", "plan")
    list_filter = ("plan", "reports_every", "leads", "confirmed", "agency__level", "agency__kind")
    search_fields = ("agency__name", "text")
    autocomplete_fields = ("plan", "agency")
    list_select_related = ("agency", "plan")
