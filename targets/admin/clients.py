"""Systems that read over the API: a token is issued here, shown once, and revoked here."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from targets.api import clients
from targets.models import ApiClient

from .base import ProvenAdmin, ReadOnlyAdmin

SCOPES = tuple(f"reads_{scope}" for scope in ApiClient.Scope)
A_YEAR = dt.timedelta(days=365)


class ClientForm(forms.ModelForm):
    class Meta:
        model = ApiClient
        fields = ("name", *SCOPES, "expires_on")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "expires_on" in self.fields:
            self.fields["expires_on"].initial = timezone.localdate() + A_YEAR

    def clean_name(self) -> str:
        """The database's own rule; said here because a form cannot check what depends on a field it does not show."""
        name = self.cleaned_data["name"]
        if ApiClient.objects.in_use().filter(name=name).exists():
            raise ValidationError("Hệ thống này đã có mã truy cập chưa thu hồi. Thu hồi mã cũ trước.")
        return name

    def clean_expires_on(self) -> dt.date:
        day = self.cleaned_data["expires_on"]
        if day < timezone.localdate():
            raise ValidationError("Ngày này đã qua.")
        return day


@admin.register(ApiClient)
class ClientAdmin(ProvenAdmin, ReadOnlyAdmin):
    """Issued and revoked, never changed: a system that shall read more or longer gets a new token."""

    form = ClientForm
    list_display = ("name", "scopes", "expires_on", "last_used_at", "standing", "created_by", "created_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    search_fields = ("name",)
    list_select_related = ("created_by",)
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: ApiClient | None = None) -> tuple[str, ...]:
        asked = ("name", *SCOPES, "expires_on")
        known = ("standing", "last_used_at", "created_by", "created_at", "revoked_by", "revoked_at")
        return (*asked, *known) if obj else asked

    def get_readonly_fields(self, request: HttpRequest, obj: ApiClient | None = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj else ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return clients.may_issue(request.user)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return clients.may_issue(request.user)

    def save_model(self, request: HttpRequest, obj: ApiClient, form: ClientForm, change: bool) -> None:
        request.issued_token = clients.issue(obj, by=request.user)

    def response_add(self, request: HttpRequest, obj: ApiClient, post_url_continue: str | None = None) -> HttpResponse:
        """The token stands on this one page: not in a message, which would travel in a cookie first."""
        context = self.admin_site.each_context(request) | {
            "title": "Mã truy cập",
            "opts": self.opts,
            "issued": obj,
            "token": request.issued_token,
        }
        return TemplateResponse(request, "admin/client_issued.html", context)

    @admin.action(description="Thu hồi mã truy cập của hệ thống đã chọn", permissions=["revoke"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiClient]) -> None:
        for client in chosen:
            clients.revoke(client, by=request.user)
        self.message_user(request, "Đã thu hồi. Các mã này không còn dùng được.")

    @admin.display(description="được đọc")
    def scopes(self, client: ApiClient) -> str:
        """By their names in the API: short enough for a list."""
        return ", ".join(scope for scope in ApiClient.Scope if client.may_read(scope))

    @admin.display(description="tình trạng")
    def standing(self, client: ApiClient) -> str:
        if client.is_revoked:
            return "Đã thu hồi"
        return "Hết hạn" if client.has_expired else "Đang dùng"
