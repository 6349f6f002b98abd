"""The middleware behind the door: sessions end, a second factor is asked for, what was refused is logged."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from . import log, sessions

View = Callable[..., HttpResponse]


class Door:
    """After AuthenticationMiddleware, before LoginRequiredMiddleware, which sends away whom this signed out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in (403, 404):
            _note_refusal(request, response.status_code)
        return response

    def process_view(self, request: HttpRequest, view: View, _args: tuple, _kwargs: dict) -> HttpResponse | None:
        """Views that anyone may open, signed in or not, ask nothing of a session."""
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if sessions.is_over(request.session):
            logout(request)
            return None
        sessions.note_use(request.session)
        return None if getattr(view, "before_second_factor", False) else _second_factor(request)


def _note_refusal(request: HttpRequest, status: int) -> None:
    """Every 403; a 404 where somebody signed in asked for a certain thing, which may be another agency's."""
    user = request.user if request.user.is_authenticated else None
    if status == 403:
        log.record(getattr(request, "refused_as", log.Kind.REFUSED), request, user, detail=request.path)
    elif user and request.resolver_match and request.resolver_match.kwargs:
        log.record(log.Kind.OUT_OF_SCOPE, request, user, detail=request.path)


def before_second_factor(view: View) -> View:
    """Mark a page by which somebody gives the code or gets a phone ready; all others wait for that."""
    view.before_second_factor = True
    return view


def _second_factor(request: HttpRequest) -> HttpResponse | None:
    """Where to go first, for someone who came only half of the way in."""
    if request.user.has_second_factor:
        page = None if sessions.passed_second_factor(request.session) else "second_factor_code"
    else:
        page = "second_factor" if request.user.must_have_second_factor else None
    if page is None:
        return None
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "", reverse(page))
