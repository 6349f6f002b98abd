"""Where a person lands after signing in, and the page a monitor asks."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def home(request: HttpRequest) -> HttpResponse:
    """Reporters see what they owe; everyone else sees how far the targets are."""
    return redirect("reports:mine" if request.user.is_reporter else "progress:dashboard")


@login_not_required
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer "ok" when the site can reach its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
