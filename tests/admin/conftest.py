"""Addresses of the admin, an administrator at work in it, and a look for code that the CSP would stop."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

INLINE = re.compile(
    r"""<[^>]*\s(?:style|on[a-z]+)=|<style|<script(?![^>]*\ssrc=)(?![^>]*type="application/json")[^>]*>""",
    re.IGNORECASE,
)


def address(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def inline_code(response) -> list[str]:
    """Inline scripts, handlers and styles on a page: default-src 'self' lets none of them work."""
    return INLINE.findall(response.content.decode())


@pytest.fixture
def as_admin(client, administrator):
    client.force_login(administrator)
    return client
