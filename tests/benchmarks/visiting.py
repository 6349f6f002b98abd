"""A browser inside this process: the site's own WSGI application, with all its middlewares, and a signed-in person."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import Client

from agencies.models import User

application = cache(get_wsgi_application)


def cookie_of(user: User) -> str:
    """The header by which the site knows this person; the session is made as signing in makes it."""
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def plain(body: bytes) -> bytes:
    """What a browser makes of a page that came compressed."""
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


@dataclass
class Visitor:
    """Takes answers compressed, as browsers do."""

    cookie: str
    etags: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, user: User) -> Visitor:
        return cls(cookie_of(user))

    def get(self, path: str) -> bytes:
        """The whole page. Raises AssertionError for any answer but 200."""
        return self._ask(path, HTTPStatus.OK)

    def get_again(self, path: str) -> None:
        """Ask whether what was got last still holds; it must."""
        self._ask(path, HTTPStatus.NOT_MODIFIED, HTTP_IF_NONE_MATCH=self.etags[path])

    def _ask(self, path: str, wanted: HTTPStatus, **headers: str) -> bytes:
        address, _, query = path.partition("?")
        environ = {
            "PATH_INFO": address, "QUERY_STRING": query, "HTTP_COOKIE": self.cookie, "HTTP_HOST": "localhost",
            "HTTP_ACCEPT_ENCODING": "gzip", "REMOTE_ADDR": "127.0.0.1", **headers,
        }  # fmt: skip
        setup_testing_defaults(environ)
        said: list = []
        response = application()(environ, lambda status, headers: said.extend((status, dict(headers))))
        body = b"".join(response)
        response.close()
        assert said[0].startswith(str(wanted.value)), (path, said[0], body[:300])
        self.etags[path] = said[1].get("ETag", "")
        return body
