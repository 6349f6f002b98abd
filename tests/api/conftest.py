"""A system with a token, and asking as it does: no session, no cookie."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from targets.api import clients
from targets.models import ApiClient
from tests.progress.conftest import report  # noqa: F401 - hand in and approve in one line

ALL = tuple(ApiClient.Scope)
URL = "/api/v1"
PLAN = "503/KH-UBND"


@pytest.fixture
def issued(administrator):
    """`issued("plans", name="LGSP")` -> a token that opens those scopes."""

    def make(*scopes: str, name: str = "", until: dt.date | None = None) -> str:
        until = until or timezone.localdate() + dt.timedelta(days=30)
        reads = {f"reads_{scope}": True for scope in scopes}
        client = ApiClient(name=name or " ".join(scopes), expires_on=until, **reads)
        return clients.issue(client, by=administrator)

    return make


@pytest.fixture
def token(issued) -> str:
    """One that opens everything."""
    return issued(*ALL)


@pytest.fixture
def ask(token):
    """`ask("/plans")` -> the answer; `using` another token."""

    def get(path: str, using: str = token, headers: dict[str, str] | None = None, **params: str):
        return Client().get(f"{URL}{path}", params, headers={"Authorization": f"Bearer {using}", **(headers or {})})

    return get
