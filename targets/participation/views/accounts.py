"""An agency's accounts, for administrators."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies.access.proof import fresh_proof

from .. import accounts, rules
from ..forms import InvitationForm
from .scope import agency_in_scope, profile_page


@require_POST
@fresh_proof
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """A new reporter account, and the link by which the person sets the password."""
    agency = _managed(request, pk)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return profile_page(request, agency, form, status=422)
    link = accounts.invite(agency, **form.cleaned_data, site=request.build_absolute_uri("/"), by=request.user)
    messages.success(request, f"Đã tạo tài khoản {link.user.username}.")
    return _show(request, pk, link)


@require_POST
@fresh_proof
def send_link(request: HttpRequest, pk: int, user_pk: int) -> HttpResponse:
    """A new link for someone who forgot the password."""
    user = get_object_or_404(_managed(request, pk).users, pk=user_pk)
    try:
        link = accounts.send_link(user, site=request.build_absolute_uri("/"), by=request.user)
    except rules.NotAllowed as refusal:
        messages.error(request, str(refusal))
        return _back(pk)
    return _show(request, pk, link)


@require_POST
@fresh_proof
def switch(request: HttpRequest, pk: int, user_pk: int) -> HttpResponse:
    """Switch an account off, or on again."""
    user = get_object_or_404(_managed(request, pk).users, pk=user_pk)
    try:
        user = accounts.switch(user, active=request.POST.get("bat") == "1", by=request.user)
    except rules.NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Đã {'bật' if user.is_active else 'tắt'} tài khoản {user.username}.")
    return _back(pk)


def _managed(request: HttpRequest, pk: int):
    """The agency, for an administrator; another's page stays not found for a reporter."""
    agency = agency_in_scope(request, pk)
    if not rules.may_manage_accounts(request.user):
        raise PermissionDenied
    return agency


def _show(request: HttpRequest, pk: int, link: accounts.Link) -> HttpResponse:
    """The next page shows the link, once; it is no address of its own that could be opened again."""
    request.session["account_link"] = {"address": link.address, "name": link.user.full_name}
    if link.failed:
        messages.warning(request, f"Không gửi được thư đến: {', '.join(link.failed)}. Chuyển liên kết bằng cách khác.")
    elif link.was_mailed:
        messages.info(request, f"Đã gửi liên kết đến {link.user.email}.")
    return _back(pk)


def _back(pk: int) -> HttpResponse:
    return redirect(f"{reverse('agencies:detail', args=[pk])}#tai-khoan")
