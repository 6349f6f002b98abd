"""The door of every endpoint: reading only, by a token, within its scopes; refusals as problem+json."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from targets.models import ApiClient

from . import clients
from .problems import Problem

View = Callable[..., HttpResponse]
READING = ("GET", "HEAD")


def endpoint(scope: ApiClient.Scope | None = None) -> Callable[[View], View]:
    """What any client may read, or only those that have `scope`. Sessions and their cookies open nothing here."""

    def guard(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **asked) -> HttpResponse:
            try:
                _admit(request, scope)
                response = view(request, **asked)
            except Problem as problem:
                response = problem.response()
            return _not_to_be_shared(response)

        return csrf_exempt(login_not_required(answer))

    return guard


def unguarded(view: View) -> View:
    """Says nothing of the figures, so that nobody is asked for a token."""

    @wraps(view)
    def answer(request: HttpRequest, **asked) -> HttpResponse:
        return _not_to_be_shared(view(request, **asked))

    return csrf_exempt(login_not_required(answer))


def _admit(request: HttpRequest, scope: ApiClient.Scope | None) -> None:
    if request.method not in READING:
        raise Problem("method_not_allowed", f"Không nhận {request.method}.", headers={"Allow": ", ".join(READING)})
    client = clients.holder_of(request.headers.get("Authorization"))
    clients.note_use(client)
    if scope and not client.may_read(scope):
        needed = f'Bearer realm="khoinghiep", error="insufficient_scope", scope="{scope}"'
        detail = f"Mã của {client.name} không gồm “{scope.label}” ({scope})."
        raise Problem("out_of_scope", detail, headers={"WWW-Authenticate": needed})


def _not_to_be_shared(response: HttpResponse) -> HttpResponse:
    """A client keeps what it got and asks each time whether it still holds; nobody in between keeps anything."""
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Authorization"])
    return response
