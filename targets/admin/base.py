"""What the tables of the admin share: history, spreadsheets in and out, identities that stay."""

from __future__ import annotations

from django.contrib import admin, messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from import_export.admin import ImportExportMixin
from simple_history.admin import SimpleHistoryAdmin

from agencies.access.proof import fresh_proof
from targets.imports.reader import Refused
from targets.imports.reference.formats import TextSafeCSV, TextSafeXLSX

from .history import SpokenChanges


class ReferenceAdmin(SimpleHistoryAdmin):
    """A reference table: searchable, with its history; `fixed` fields cannot change once the row exists."""

    fixed: tuple[str, ...] = ()
    list_per_page = 50
    show_full_result_count = False
    object_history_list_template = "admin/history_list.html"  # the package's own has inline styles

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> tuple[str, ...]:
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields + self.fixed if obj else fields

    def get_historical_record_context_helper(self, request: HttpRequest, historical_record) -> SpokenChanges:
        return SpokenChanges(self.model, historical_record)


class SpreadsheetAdmin(ImportExportMixin, ReferenceAdmin):
    """A reference table that can be exported, edited as a workbook and imported again."""

    import_formats = export_formats = (TextSafeXLSX, TextSafeCSV)

    def add_data_read_fail_error_to_form(self, form: Form, e: Exception) -> None:
        """Why a file is not taken, in our words where we have them."""
        if isinstance(e, Refused):
            form.add_error("import_file", e.message)
        else:
            super().add_data_read_fail_error_to_form(form, e)

    def process_import(self, request: HttpRequest, **kwargs) -> HttpResponse:
        """Confirming reads the file once more; should that fail, nothing is written and the reason is said."""
        try:
            return super().process_import(request, **kwargs)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("..")


class ProvenAdmin(admin.ModelAdmin):
    """Pages that open only a short while after the password was typed."""

    def get_urls(self) -> list[URLPattern]:
        pages = super().get_urls()
        for page in pages:
            page.callback = fresh_proof(page.callback)
        return pages


class ReadOnlyAdmin(admin.ModelAdmin):
    """What the workflow wrote: to look up, never to change here. No status and no ledger row is set in the admin."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
