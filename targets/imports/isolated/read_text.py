"""The task of reading a table in a text file, .csv and its like."""

from __future__ import annotations

from . import text
from .finding import told


def task(content: bytes, name: str) -> dict[str, object]:
    return told("csv", text.read(content, name))
