"""What is answered when a page breaks off: is the database away, the disk full, or the code wrong?"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error

from khoinghiep.storage import NO_ROOM

RETRY_AFTER = 5  # seconds
NO_ROOM_IN_DATABASE = ("No space left on device", "database or disk is full")

AWAY = "Tạm thời chưa dùng được"
FULL = "Máy chủ hết chỗ lưu"


@requires_csrf_token
def broken_off(request: HttpRequest) -> HttpResponse:
    """handler500. A page that needs no database while that is away or the disk is full; all else is a fault."""
    error = sys.exc_info()[1]
    if disk_is_full(error):
        return _answer(request, HTTPStatus.INSUFFICIENT_STORAGE, FULL, "no_room")
    if any(isinstance(one, OperationalError | InterfaceError) for one in causes(error)):
        return _answer(request, HTTPStatus.SERVICE_UNAVAILABLE, AWAY, "unavailable")
    return server_error(request)


def disk_is_full(error: BaseException | None) -> bool:
    """Of this machine for a file, or of the database for a row. Nothing of the request was kept."""
    return any(
        (isinstance(one, OSError) and one.errno in NO_ROOM)
        or (isinstance(one, OperationalError) and any(words in str(one) for words in NO_ROOM_IN_DATABASE))
        for one in causes(error)
    )


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what it came from, and so on back; once each, for some libraries chain them in a circle."""
    seen: set[int] = set()
    while error and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _answer(request: HttpRequest, status: int, title: str, code: str) -> HttpResponse:
    """A page for people, RFC 9457 for programs (docs/api.md). Nobody may keep it."""
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    if request.path.startswith("/api/"):
        said = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": "Thử lại sau ít phút."}
        kind, words = "application/problem+json", {"ensure_ascii": False}
        return JsonResponse(said, status=status, headers=headers, content_type=kind, json_dumps_params=words)
    page = render_to_string("unavailable.html", {"full": status == HTTPStatus.INSUFFICIENT_STORAGE, "title": title})
    return HttpResponse(page, status=status, headers=headers)
