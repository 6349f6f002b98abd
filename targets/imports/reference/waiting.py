"""A plan's workbook between its preview and the confirmation: one a person, the next replaces it."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from agencies.models import User


def keep(content: bytes, *, by: User) -> str:
    """Gives the mark by which the file is asked for again."""
    forget(by)
    default_storage.save(_place(by), ContentFile(content))
    return _mark(content)


def kept(mark: str, *, by: User) -> bytes | None:
    """The person's file, unless it is another than the one with this mark, or gone."""
    if not default_storage.exists(_place(by)):
        return None
    with default_storage.open(_place(by)) as file:
        content = file.read()
    return content if _mark(content) == mark else None


def forget(by: User) -> None:
    default_storage.delete(_place(by))


def _place(by: User) -> str:
    return f"plans/{by.pk}"


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
