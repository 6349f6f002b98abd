"""Pages that may be a little late read from a copy of the database (docs/decisions/0018).

One choice for each request, at its first reading: a page's revision and its figures come from the same copy. From
there a request may go over to the primary, never back. Outside of a page, as in commands, all is the primary's.
"""

from __future__ import annotations

import logging
import time
import zlib
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS as PRIMARY
from django.db import Error, InterfaceError, OperationalError, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)

COPIED = {"agencies", "targets"}  # apps that may be read late; sessions, axes, OTP and the admin's log may not
DOOR = {"user", "historicaluser", "accessevent", "recoverycodes", "apiclient"}  # nor who may come in
ONLY_PRIMARY = {"admin"}  # parts of the site: what an administrator changes must be what is true now
SAFE = ("GET", "HEAD")
AVOIDED_FOR = 10  # seconds, after a copy did not answer
TOOK_TOO_LONG = "57014"  # PostgreSQL's query_canceled


@dataclass
class Source:
    """Where a page reads from; "" until it reads for the first time."""

    session: str
    database: str = ""

    def read(self) -> str:
        self.database = self.database or _copy_for(self.session)
        return self.database

    def is_a_copy(self) -> bool:
        return self.database not in ("", PRIMARY)


_source: ContextVar[Source | None] = ContextVar("source", default=None)  # None: all is the primary's


class Router:
    """DATABASE_ROUTERS, where there are copies."""

    def db_for_read(self, model: type[Model], **_hints) -> str:
        if connections[PRIMARY].in_atomic_block:
            return self.db_for_write(model)
        source = _source.get()
        return source.read() if source and _may_be_late(model) else PRIMARY

    def db_for_write(self, model: type[Model], **_hints) -> str:
        """What follows in the same request must not be older than what was read or written here."""
        if (source := _source.get()) and _may_be_late(model):
            source.database = PRIMARY
        return PRIMARY

    def allow_relation(self, _one: Model, _other: Model, **_hints) -> bool:
        """It is one database, whichever copy of it an object was read from."""
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints) -> bool:
        return db == PRIMARY


def _may_be_late(model: type[Model]) -> bool:
    return model._meta.app_label in COPIED and model._meta.model_name not in DOOR


class Reading:
    """Innermost middleware: says for which requests the router may choose a copy.

    Who wrote reads from the primary until no copy in use can lack it: their browser says so, to whichever host.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        if not settings.REPLICAS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _source.set(None)
        try:
            response = self.get_response(request)
        finally:
            _source.reset(token)
        if request.method not in SAFE:
            _remember_the_writer(response)
        return response

    def process_view(self, request: HttpRequest, _view: object, _args: tuple, _kwargs: dict) -> None:
        wrote = settings.WRITER_COOKIE_NAME in request.COOKIES
        if request.method in SAFE and not wrote and not ONLY_PRIMARY & set(request.resolver_match.app_names):
            _source.set(Source(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A copy broke off, or had to take away rows it was showing: the primary is asked for the whole page."""
        source, broke_off = _source.get(), isinstance(error, OperationalError | InterfaceError)
        if not (broke_off and source and source.is_a_copy()) or _took_too_long(error):
            return None
        log.warning("%s broke off; the page is read from the primary", source.database)
        _source.set(None)
        view, arguments, named = request.resolver_match
        response = view(request, *arguments, **named)
        return response.render() if hasattr(response, "render") else response


def _took_too_long(error: Exception) -> bool:
    """Then it would there, too (STATEMENT_TIMEOUT)."""
    return getattr(error.__cause__, "pgcode", "") == TOOK_TOO_LONG


def _remember_the_writer(response: HttpResponse) -> None:
    """For longer than a copy may be late. Nothing to forge: who keeps the cookie only reads from the primary."""
    response.set_cookie(
        settings.WRITER_COOKIE_NAME, "1", max_age=2 * settings.REPLICA_LAG + 1, secure=settings.HTTPS, httponly=True,
        samesite="Lax",
    )  # fmt: skip


def _copy_for(session: str) -> str:
    """The same for all of a session, so that nobody goes back in time; another, or the primary, if it is away."""
    first = zlib.crc32(session.encode()) % len(settings.REPLICAS)
    in_turn = settings.REPLICAS[first:] + settings.REPLICAS[:first]
    upto = _mark.place()
    return next((name for name in in_turn if _has_all(name, upto)), PRIMARY)


class Mark:
    """How far the primary was at most REPLICA_LAG seconds ago: all that is older, every copy in use has.

    Times are one process's own; the clocks of hosts need not agree.
    """

    def __init__(self) -> None:
        self._taken = (float("-inf"), "")

    def place(self) -> str:
        """In the primary's write-ahead log. One query in REPLICA_LAG seconds."""
        now = time.monotonic()
        at, place = self._taken
        if now - at > settings.REPLICA_LAG:
            with connections[PRIMARY].cursor() as cursor:
                cursor.execute("SELECT pg_current_wal_flush_lsn()")
                (place,) = cursor.fetchone()
            self._taken = (now, place)
        return place


_mark = Mark()
_avoided_until: dict[str, float] = {}


def _has_all(name: str, upto: str) -> bool:
    """Whether this copy answers, still is one, and has everything up to that place."""
    if time.monotonic() < _avoided_until.get(name, 0):
        return False
    try:
        with connections[name].cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= %s::pg_lsn", [upto])
            return bool(cursor.fetchone()[0])
    except Error:
        _avoided_until[name] = time.monotonic() + AVOIDED_FOR
        log.warning("%s does not answer; it is not asked for %s s", name, AVOIDED_FOR)
        return False
