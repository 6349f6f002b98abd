"""Units and agencies."""

from __future__ import annotations

from django.contrib import admin

from agencies.models import Agency, AgencySuccession, Unit, UnitSuccession
from targets.imports.reference.organisation import (
    AgencyResource,
    AgencySuccessionResource,
    UnitResource,
    UnitSuccessionResource,
)

from .base import SpreadsheetAdmin
from .forms import AgencyForm, UnitForm


class SucceededByInline(admin.TabularInline):
    model = UnitSuccession
    fk_name = "predecessor"
    autocomplete_fields = ("successor",)
    extra = 0
    verbose_name_plural = "được kế thừa bởi"


@admin.register(Unit)
class UnitAdmin(SpreadsheetAdmin):
    form = UnitForm
    resource_classes = (UnitResource,)
    list_display = ("full_name", "code", "kind", "valid_from", "valid_to", "legal_basis")
    list_filter = ("kind", ("valid_to", admin.EmptyFieldListFilter))
    search_fields = ("name", "code", "aliases", "slug")
    autocomplete_fields = ("parent",)
    fixed = ("slug",)
    inlines = (SucceededByInline,)

    @admin.display(description="đơn vị", ordering="name")
    def full_name(self, unit: Unit) -> str:
        return unit.full_name


@admin.register(UnitSuccession)
class UnitSuccessionAdmin(SpreadsheetAdmin):
    resource_classes = (UnitSuccessionResource,)
    list_display = ("predecessor", "successor", "on", "main", "exact", "weight", "legal_basis")
    list_filter = ("main", "exact", "on")
    search_fields = ("predecessor__name", "successor__name")
    autocomplete_fields = ("predecessor", "successor")
    list_select_related = ("predecessor", "successor")


class AgencySuccessionInline(admin.TabularInline):
    model = AgencySuccession
    fk_name = "predecessor"
    autocomplete_fields = ("successor",)
    extra = 0
    verbose_name_plural = "được kế thừa bởi"


@admin.register(Agency)
class AgencyAdmin(SpreadsheetAdmin):
    form = AgencyForm
    resource_classes = (AgencyResource,)
    list_display = (
        "name",
        "short_name",
        "kind",
        "level",
        "unit",
        "valid_from",
        "valid_to",
        "contact_email",
        "confirmed",
    )
    list_filter = (
        "kind",
        "level",
        "confirmed",
        ("contact_email", admin.EmptyFieldListFilter),
        ("valid_to", admin.EmptyFieldListFilter),
    )
    search_fields = ("name", "short_name", "code", "unit__name", "contact_name", "contact_email")
    autocomplete_fields = ("unit", "parent")
    list_select_related = ("unit",)
    fixed = ("code",)
    inlines = (AgencySuccessionInline,)


@admin.register(AgencySuccession)
class AgencySuccessionAdmin(SpreadsheetAdmin):
    resource_classes = (AgencySuccessionResource,)
    list_display = ("predecessor", "successor", "on", "duties", "confirmed")
    list_filter = ("confirmed", "on")
    search_fields = ("predecessor__name", "successor__name", "duties")
    autocomplete_fields = ("predecessor", "successor")
    list_select_related = ("predecessor", "successor")
