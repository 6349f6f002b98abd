"""Every request has a number: in the log, in the answer (X-Request-ID), and in the proxy's log if it gave one."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{16,64}")  # anything else could forge lines of the log

current: ContextVar[str] = ContextVar("request", default="")  # the number of the request at work, "" outside of one


def numbered(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Outermost middleware: gives the number and logs one line when the answer is there."""

    def answer(request: HttpRequest) -> HttpResponse:
        asked = request.headers.get(HEADER, "")
        number = asked if WELL_FORMED.fullmatch(asked) else secrets.token_hex(16)
        token, began = current.set(number), time.monotonic()
        try:
            response = get_response(request)
            response[HEADER] = number
            log.info("request", extra=_told(request, response, time.monotonic() - began))
            return response
        finally:
            current.reset(token)

    return answer


def route_of(request: HttpRequest) -> str:
    """The pattern of the address, such as "bao-cao/<int:pk>/": what was in its place may be a person's, or a secret."""
    return request.resolver_match.route if request.resolver_match else ""


def _told(request: HttpRequest, response: HttpResponse, seconds: float) -> dict[str, object]:
    """Who by key alone, and only if the page asked who it is: asking costs a query."""
    user = getattr(request, "_cached_user", None)
    return {
        "method": request.method,
        "route": route_of(request),
        "status": response.status_code,
        "ms": round(seconds * 1000),
        "user": user.pk if user else None,
    }
