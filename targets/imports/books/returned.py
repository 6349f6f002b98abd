"""A sender's file back with what is wrong marked in it, whatever kind of file it was."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from targets.imports import isolation
from targets.imports.reader import Refused, Workbook

from .marks import Mark
from .rebuild import rebuild

logger = logging.getLogger(__name__)


def returned(content: bytes, workbook: Workbook, marks: Sequence[Mark]) -> bytes:
    """An .xlsx: the file itself where it is one, else a new one of what was read from it."""
    if workbook.kind == "xlsx":
        try:
            return isolation.run("annotate", content, marks=list(marks))
        except Refused as why:
            logger.info("could not be marked itself, made anew: %s", why.code)
    return rebuild(workbook, marks)
