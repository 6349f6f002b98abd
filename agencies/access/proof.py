"""The password again before what an unattended screen must not allow: accounts, tokens, the second factor."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from . import sessions

View = Callable[..., HttpResponse]


def fresh_proof(view: View) -> View:
    """Opens only within a quarter of an hour after the password was typed, else asks and comes back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated and not sessions.is_proved(request.session):
            return _ask(request)
        return view(request, *args, **kwargs)

    return guarded


def _ask(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return redirect_to_login(request.get_full_path(), reverse("prove"))
    messages.warning(request, "Chưa thực hiện. Nhập lại mật khẩu, rồi làm lại.")
    return redirect_to_login(_page_before(request), reverse("prove"))


def _page_before(request: HttpRequest) -> str:
    """Where the form stood that was sent: its own address may take no GET."""
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if page and ours else reverse("home")
