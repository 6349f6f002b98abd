"""Bytes -> cells. What the cells mean is not known here.

The first bytes say what kind of file it is; everything else happens in a child process (targets.imports.isolation).
Every refusal is a Refused with a plain Vietnamese reason.
"""

from __future__ import annotations

from ..isolated import kinds, refusal
from ..isolated.bounds import MOST_BYTES
from ..isolated.refusal import Refused, too_big
from ..isolation import run
from .answer import Malformed, workbook_of
from .cells import Cell, Defect, Merge, Sheet, Workbook, column_letter

__all__ = [
    "MOST_BYTES",
    "Cell",
    "Defect",
    "Merge",
    "Refused",
    "Sheet",
    "Workbook",
    "column_letter",
    "read_workbook",
    "too_big",
]


def read_workbook(content: bytes, name: str = "") -> Workbook:
    """All worksheets of an .xlsx, .xls, .ods or .csv file, whatever it is called. Raises Refused with the reason.

    `name` only breaks ties between a text table and a file of no known kind.
    """
    kind = kinds.kind_of(content)
    try:
        return workbook_of(run(kind, content, **({"name": name} if kind == kinds.TEXT else {})))
    except Malformed as why:
        raise refusal.damaged() from why
