"""The values of a workbook as calamine reads them, held against where cells stand by our own reading."""

from __future__ import annotations

import io
from collections.abc import Iterable

import python_calamine as calamine

from . import refusal
from .bounds import MOST_COLUMNS, MOST_ROWS
from .finding import FoundSheet, Place
from .refusal import Damaged


def take_values(content: bytes, sheets: Iterable[tuple[int, FoundSheet]]) -> None:
    """Into each sheet what calamine reads at its position. Raises Damaged if it gives up, or differs from us."""
    sheets = list(sheets)
    if sum(found.spread for _, found in sheets) > MOST_ROWS * MOST_COLUMNS:
        raise refusal.too_many("ô giữa ô đầu và ô cuối", MOST_ROWS * MOST_COLUMNS)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for position, found in sheets:
            found.values |= dict(_cells(book.get_sheet_by_index(position)))
            # It misses a number, or sees a cell where there is none.
            if not found.numbers <= found.values.keys() or not found.values.keys() <= found.filled:
                raise Damaged("the two readings differ")
    except (calamine.CalamineError, ValueError, LookupError, OSError) as why:
        raise Damaged(str(why)) from why


def _cells(sheet: calamine.CalamineSheet) -> Iterable[tuple[Place, object]]:
    _, left = sheet.start or (0, 0)  # calamine fills up the rows above the first cell, not the columns before it
    for row, line in enumerate(sheet.iter_rows(), 1):
        for index, value in enumerate(line, left + 1):
            if value != "":
                yield (row, index), value
