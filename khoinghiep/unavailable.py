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
FAULT = "Hệ thống gặp lỗi"


@requires_csrf_token
def broken_off(request: HttpRequest) -> HttpResponse:
    """handler500. A page that needs no database while that is away or the disk is full; all else is a fault.

    Pages for people, RFC 9457 for programs (docs/api.md).
    """
    error = sys.exc_info()[1]
    if disk_is_full(error):
        return _answer(request, HTTPStatus.INSUFFICIENT_STORAGE, FULL, "no_room")
    if any(isinstance(one, OperationalError | InterfaceError) for one in causes(error)):
        return _answer(request, HTTPStatus.SERVICE_UNAVAILABLE, AWAY, "unavailable")
    if _asks_api(request):
        return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, FAULT, "fault", "Lỗi đã được ghi nhận.")
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
    """The answer to what passes by itself. Nobody may keep it."""
    if _asks_api(request):
        response = _problem(status, title, code, "Thử lại sau ít phút.")
    else:
        words = {"full": status == HTTPStatus.INSUFFICIENT_STORAGE, "title": title}
        response = HttpResponse(render_to_string("unavailable.html", words), status=status)
        response["Cache-Control"] = "no-store"
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _asks_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _problem(status: int, title: str, code: str, detail: str) -> JsonResponse:
    said = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
    return JsonResponse(
        said,
        status=status,
        headers={"Cache-Control": "no-store"},
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
