"""The log as JSON, a line each, without personal data: no names, no addresses typed, no queries, no form contents."""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from http import HTTPStatus

from khoinghiep import requests

TOLD = ("method", "route", "status", "ms", "user")  # what khoinghiep.requests says of each request
# Their words hold hosts, ports and files; those of others may hold what was typed ("Key (name)=(…) already exists").
WITHOUT_CONTENTS = ("OperationalError", "InterfaceError", "OSError")


class JsonFormatter(logging.Formatter):
    """Keys: time (UTC), level, logger, message, request; for requests also method, route, status, ms, user (a key).

    An error: its class, its words if they hold no contents, and the lines of code it went through.
    """

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            "request": requests.current.get(),
        }
        said |= {key: getattr(record, key) for key in TOLD if hasattr(record, key)}
        if hasattr(record, "status_code"):
            said |= {"status": record.status_code, "route": requests.route_of(record.request)}
        if record.exc_info and record.exc_info[1]:
            said |= _error(record.exc_info[1])
        return json.dumps({key: value for key, value in said.items() if value not in ("", None)}, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """What Django says of an answer names the path, which may hold a secret; of other messages, queries are cut."""
    if hasattr(record, "status_code"):
        return HTTPStatus(record.status_code).phrase
    return re.sub(r"\?\S+", "?", record.getMessage())


def _error(error: BaseException) -> dict[str, object]:
    kinds = {kind.__name__ for kind in type(error).__mro__}
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": f"{type(error).__module__}.{type(error).__qualname__}",
        "why": str(error).strip() if kinds & set(WITHOUT_CONTENTS) else "",
        "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
