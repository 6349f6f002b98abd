"""People who sign in, and the log of the door."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django_otp.plugins.otp_totp.admin import TOTPDevice

from agencies.access import second_factor
from agencies.models import AccessEvent, User

from .base import ProvenAdmin, ReadOnlyAdmin, ReferenceAdmin
from .forms import NewUserForm, UserForm

ACCESS = {"role", "agency", "is_active"}
admin.site.unregister(TOTPDevice)  # its pages show the secrets of other people's phones


@admin.register(User)
class UserAdmin(ProvenAdmin, ReferenceAdmin, DjangoUserAdmin):
    form, add_form = UserForm, NewUserForm
    list_display = ("username", "full_name", "role", "agency", "is_active", "second_factor_since", "last_login")
    list_filter = ("role", "is_active", ("second_factor_since", admin.EmptyFieldListFilter))
    search_fields = ("username", "full_name", "email", "agency__name")
    ordering = ("username",)
    autocomplete_fields = ("agency",)
    list_select_related = ("agency",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined", "second_factor_since")
    actions = ("forget_second_factor",)
    fieldsets = (
        (None, {"fields": ("username", "password", "full_name", "email")}),
        ("Vai trò", {"fields": ("role", "agency", "is_active")}),
        ("Theo dõi", {"fields": ("second_factor_since", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "full_name", "role", "agency", "email", "password1", "password2")}),
    )

    def has_delete_permission(self, request, obj=None) -> bool:
        """Accounts are switched off, never deleted: their reports and decisions stay theirs."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        """Whoever may do other things from now on signs in anew."""
        if change and ACCESS & set(form.changed_data):
            obj.end_sessions()
        super().save_model(request, obj, form, change)

    @admin.action(description="Gỡ xác thực hai bước của tài khoản đã chọn", permissions=["change"])
    def forget_second_factor(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """For a lost phone. A reviewer or administrator gets a new one ready at the next sign-in."""
        users = list(chosen.exclude(second_factor_since=None))
        for user in users:
            second_factor.turn_off(user, request=request, by=request.user)
        names = ", ".join(user.username for user in users) or "không tài khoản nào đang bật"
        self.message_user(request, f"Đã gỡ xác thực hai bước: {names}.")


@admin.register(AccessEvent)
class AccessEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "user", "by", "address", "detail")
    list_filter = ("kind",)
    search_fields = ("user__username", "user__full_name", "address", "detail")
    date_hierarchy = "at"
    list_select_related = ("user", "by")


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """What administrators did in these pages."""

    list_display = ("action_time", "user", "content_type", "object_repr", "__str__")
    list_filter = ("action_flag", "content_type")
    search_fields = ("user__username", "user__full_name", "object_repr")
    date_hierarchy = "action_time"
    list_select_related = ("user", "content_type")
