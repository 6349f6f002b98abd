"""Units, agencies and users."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin

from agencies.models import Agency, AgencySuccession, Unit, UnitSuccession, User
from targets.imports.reference.resources import AgencyResource, UnitResource, UnitSuccessionResource

from .base import ReferenceAdmin, SpreadsheetAdmin
from .forms import AgencyForm, NewUserForm, UnitForm, UserForm


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
class AgencySuccessionAdmin(ReferenceAdmin):
    list_display = ("predecessor", "successor", "on", "duties", "confirmed")
    list_filter = ("confirmed", "on")
    search_fields = ("predecessor__name", "successor__name", "duties")
    autocomplete_fields = ("predecessor", "successor")
    list_select_related = ("predecessor", "successor")


@admin.register(User)
class UserAdmin(ReferenceAdmin, DjangoUserAdmin):
    form, add_form = UserForm, NewUserForm
    list_display = ("username", "full_name", "role", "agency", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("username", "full_name", "email", "agency__name")
    ordering = ("username",)
    autocomplete_fields = ("agency",)
    list_select_related = ("agency",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "full_name", "email")}),
        ("Vai trò", {"fields": ("role", "agency", "is_active")}),
        ("Theo dõi", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "full_name", "role", "agency", "email", "password1", "password2")}),
    )

    def has_delete_permission(self, request, obj=None) -> bool:
        """Accounts are switched off, never deleted: their reports and decisions stay theirs."""
        return False
