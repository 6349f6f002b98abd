"""Headings that senders of workbooks explained: to look up, to correct, to forget."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from targets.models import LearnedHeading


class LearnedHeadingForm(forms.ModelForm):
    """The measure is one of the heading's own plan."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "measure" in self.fields and self.instance.pk:
            self.fields["measure"].queryset = self.instance.plan.measures.order_by("order", "code")


@admin.register(LearnedHeading)
class LearnedHeadingAdmin(admin.ModelAdmin):
    """They come from the page of columns; only what they mean is changed here."""

    form = LearnedHeadingForm
    list_display = ("heading", "measure", "agency", "plan", "learned_by", "learned_at")
    list_filter = ("plan", ("agency", admin.EmptyFieldListFilter), ("measure", admin.EmptyFieldListFilter))
    search_fields = ("heading", "agency__name", "measure__code", "measure__name")
    list_select_related = ("measure", "agency", "plan", "learned_by")
    fields = ("heading", "measure", "agency", "plan", "learned_by", "learned_at")
    readonly_fields = ("heading", "agency", "plan", "learned_by", "learned_at")
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
