"""The task of reading a workbook of old Excel, .xls."""

from __future__ import annotations

from . import xls
from .finding import told


def task(content: bytes) -> dict[str, object]:
    return told("xls", xls.read(content))
