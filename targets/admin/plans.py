"""Plans and all that is promised under them."""

from __future__ import annotations

from django.contrib import admin
from django.db import models

from targets.imports.reference.resources import (
    IndicatorResource,
    MeasureResource,
    PeriodResource,
    TargetResource,
)
from targets.models import CountingOwner, Duty, Indicator, Measure, Period, Plan, Target

from .base import ReferenceAdmin, SpreadsheetAdmin
from .forms import NumberField


@admin.register(Plan)
class PlanAdmin(ReferenceAdmin):
    change_list_template = "admin/faulty_list.html"
    list_display = ("number", "short_title", "decision", "signed_on", "starts_on", "ends_on", "calendar")
    search_fields = ("number", "title", "short_title")
    autocomplete_fields = ("successor",)


@admin.register(Indicator)
class IndicatorAdmin(SpreadsheetAdmin):
    resource_classes = (IndicatorResource,)
    list_display = ("code", "short_name", "unit_of_measure", "direction", "order", "plan")
    list_filter = ("plan",)
    search_fields = ("code", "name", "short_name")
    autocomplete_fields = ("plan", "numerator", "denominator")
    list_select_related = ("plan",)
    fixed = ("plan", "code")


class CountingOwnerInline(admin.TabularInline):
    model = CountingOwner
    extra = 0


@admin.register(Measure)
class MeasureAdmin(SpreadsheetAdmin):
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
    autocomplete_fields = ("plan", "section", "part_of")
    list_select_related = ("part_of",)
    fixed = ("plan", "code")
    inlines = (CountingOwnerInline,)


@admin.register(Target)
class TargetAdmin(SpreadsheetAdmin):
    resource_classes = (TargetResource,)
    change_list_template = "admin/faulty_list.html"
    list_display = ("indicator", "unit", "agency", "value", "counts_from", "due_on", "is_national", "legal_basis")
    list_filter = ("indicator", "due_on", "is_national", ("unit", admin.EmptyFieldListFilter))
    search_fields = ("indicator__code", "indicator__name", "unit__name", "agency__name")
    autocomplete_fields = ("indicator", "unit", "agency")
    list_select_related = ("indicator", "unit", "agency")
    formfield_overrides = {models.DecimalField: {"form_class": NumberField}}


@admin.register(Period)
class PeriodAdmin(SpreadsheetAdmin):
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
class DutyAdmin(ReferenceAdmin):
    list_display = ("agency", "text", "leads", "reports_every", "confirmed", "plan")
    list_filter = ("plan", "reports_every", "leads", "confirmed", "agency__level", "agency__kind")
    search_fields = ("agency__name", "text")
    autocomplete_fields = ("plan", "agency", "indicators")
    list_select_related = ("agency", "plan")
