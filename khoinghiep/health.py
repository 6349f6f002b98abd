"""What monitors and load balancers ask, without signing in: is the process alive, is the site fit to work."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

TEXT = "text/plain; charset=utf-8"


@never_cache
@login_not_required
def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """200 as long as this process answers, PostgreSQL or not: restarting the site would not bring that back."""
    return HttpResponse("ok\n", content_type=TEXT)


@never_cache
@login_not_required
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """200 when the database answers and has the tables this version expects; else unavailable, and why in a word."""
    reason = why_not_ready()
    return HttpResponse(
        f"{reason or 'ok'}\n", status=HTTPStatus.SERVICE_UNAVAILABLE if reason else HTTPStatus.OK, content_type=TEXT
    )


def why_not_ready() -> str:
    """ "database" (it does not answer), "migrations" (some are not applied), or "" when nothing is amiss."""
    try:
        executor = MigrationExecutor(connection)
        return "migrations" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else ""
    except (DatabaseError, InterfaceError):
        return "database"
