"""What was reported, decided, counted and sent: to look up only."""

from __future__ import annotations

from django.contrib import admin

from targets.models import (
    ApprovedFigure,
    Comment,
    Extension,
    Figure,
    FigureChange,
    ImportBatch,
    ImportCell,
    PeriodEvent,
    Reminder,
    Report,
    ReportEvent,
)

from .base import ReadOnlyAdmin


class FigureInline(admin.TabularInline):
    model = Figure
    fields = ("measure", "value", "not_applicable", "reason", "note")
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("measure")


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ("agency", "period", "status", "round", "submitted_at", "submitted_by", "approved_at", "approved_by")
    list_filter = ("status", "period__plan", "period", "agency__level", "is_illustrative")
    search_fields = ("agency__name", "period__name")
    list_select_related = ("agency", "period", "submitted_by", "approved_by")
    inlines = (FigureInline,)


class FigureChangeInline(admin.TabularInline):
    model = FigureChange
    fields = ("measure", "old_value", "old_not_applicable", "new_value", "new_not_applicable")
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("measure")


@admin.register(ReportEvent)
class ReportEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "verb", "report", "by", "from_status", "to_status", "round", "reason")
    list_filter = ("verb",)
    search_fields = ("report__agency__name", "by__full_name", "reason")
    date_hierarchy = "at"
    list_select_related = ("report__agency", "report__period", "by")
    inlines = (FigureChangeInline,)


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ("at", "report", "measure", "by", "text", "sent_at")
    list_filter = (("sent_at", admin.EmptyFieldListFilter),)
    search_fields = ("report__agency__name", "by__full_name", "text")
    date_hierarchy = "at"
    list_select_related = ("report__agency", "report__period", "measure", "by")


@admin.register(PeriodEvent)
class PeriodEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "verb", "period", "by", "reason")
    list_filter = ("verb", "period__plan")
    search_fields = ("period__name", "by__full_name", "reason")
    date_hierarchy = "at"
    list_select_related = ("period", "by")


@admin.register(Extension)
class ExtensionAdmin(ReadOnlyAdmin):
    list_display = ("agency", "period", "until", "reason", "granted_by", "granted_at")
    list_filter = ("period__plan", "period")
    search_fields = ("agency__name", "granted_by__full_name", "reason")
    date_hierarchy = "granted_at"
    list_select_related = ("agency", "period", "granted_by")


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = ("sent_at", "occasion", "agency", "period", "sent_by", "seen_at")
    list_filter = ("occasion", "period", ("seen_at", admin.EmptyFieldListFilter))
    search_fields = ("agency__name", "text", "addresses")
    date_hierarchy = "sent_at"
    list_select_related = ("agency", "period", "sent_by")


@admin.register(ApprovedFigure)
class ApprovedFigureAdmin(ReadOnlyAdmin):
    list_display = ("measure", "unit", "period", "value", "agency", "approved_at", "approved_by", "superseded_at")
    list_filter = ("period__plan", "measure", ("superseded_at", admin.EmptyFieldListFilter))
    search_fields = ("unit__name", "agency__name", "measure__code")
    list_select_related = ("measure", "unit", "period", "agency", "approved_by")


class CellInline(admin.TabularInline):
    model = ImportCell
    fields = ("sheet", "row", "column", "raw", "value", "agency", "measure", "outcome", "message")
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("agency", "measure")


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    list_display = ("name", "period", "state", "rows_read", "sent_by", "sent_at", "confirmed_at")
    list_filter = ("state", "period")
    search_fields = ("name", "sha256", "sent_by__full_name")
    list_select_related = ("period", "sent_by")
    inlines = (CellInline,)
