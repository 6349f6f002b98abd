"""What the child says it read -> a Workbook. The child is not trusted: every shape and bound is checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from math import isfinite

from ..isolated.bounds import MOST_CELLS, MOST_COLUMNS, MOST_MERGED_ROWS, MOST_ROWS, MOST_SHEETS, MOST_TEXT
from .cells import Cell, Defect, Merge, Sheet, Value, Workbook

KINDS = {"xlsx", "xls", "ods", "csv"}
DEFECTS = {"": None} | {str(defect): defect for defect in Defect}
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of Excel


class Malformed(ValueError):
    """The child did not answer as our own code in it would."""


def workbook_of(said: object) -> Workbook:
    """Raises Malformed."""
    try:
        book = Workbook(tuple(map(_sheet, _most(said["sheets"], MOST_SHEETS))), said["kind"])
        _check(book.kind in KINDS and len(book.sheets) > 0)
        _check(sum(len(sheet.cells) for sheet in book.sheets) <= MOST_CELLS)
        _check(len({sheet.name for sheet in book.sheets}) == len(book.sheets))
    except (TypeError, KeyError, ValueError, OverflowError) as why:
        raise Malformed(str(why)) from why
    return book


def _sheet(said: dict) -> Sheet:
    _check(isinstance(said["visible"], bool))
    cells = [_cell(*cell) for cell in _most(said["cells"], MOST_CELLS)]
    by_place = {(cell.row, cell.index): cell for cell in cells}
    _check(len(by_place) == len(cells))
    merges = tuple(_merge(*merge) for merge in _most(said["merges"], MOST_MERGED_ROWS))
    rows = max((row for row, _ in by_place), default=0)
    _check(sum(min(merge.bottom, rows) - merge.top + 1 for merge in merges) <= MOST_MERGED_ROWS)
    sheet = Sheet(
        _text(said["name"]),
        said["visible"],
        by_place,
        merges,
        frozenset(_whole(row, MOST_ROWS) for row in _most(said["hidden_rows"], MOST_ROWS)),
        frozenset(_whole(index, MOST_COLUMNS) for index in _most(said["hidden_columns"], MOST_COLUMNS)),
    )
    _check(all(len(blocks) <= MOST_COLUMNS for blocks in sheet.merges_by_row.values()))
    return sheet


def _cell(row: int, index: int, kind: str, value: object, defect: str, formula: int) -> Cell:
    made = VALUES[kind](value)
    _check(formula in (0, 1))
    return Cell(_whole(row, MOST_ROWS), _whole(index, MOST_COLUMNS), made, DEFECTS[defect], bool(formula))


def _merge(top: int, left: int, bottom: int, right: int) -> Merge:
    _check(top <= bottom and left <= right)
    return Merge(*map(_whole, (top, left, bottom, right), (LAST_ROW, LAST_COLUMN, LAST_ROW, LAST_COLUMN)))


def _most(items: object, most: int) -> list:
    _check(isinstance(items, list) and len(items) <= most)
    return items


def _whole(number: object, most: int) -> int:
    _check(type(number) is int and 1 <= number <= most)
    return number


def _text(text: object) -> str:
    """No NUL, which PostgreSQL cannot hold, and no half of a letter, which nothing can write."""
    _check(isinstance(text, str) and len(text) <= MOST_TEXT and "\0" not in text)
    text.encode()  # UnicodeEncodeError is a ValueError
    return text


def _number(number: object) -> int | float:
    _check(type(number) in (int, float) and isfinite(number))
    return number


def _truth(value: object) -> bool:
    _check(isinstance(value, bool))
    return value


def _nothing(value: object) -> None:
    _check(value is None)


VALUES: dict[str, Callable[[object], Value]] = {
    "": _nothing,
    "s": _text,
    "n": _number,
    "b": _truth,
    "d": dt.date.fromisoformat,
    "t": dt.datetime.fromisoformat,
    "h": dt.time.fromisoformat,
    "i": lambda seconds: dt.timedelta(seconds=_number(seconds)),
}


def _check(holds: bool) -> None:
    if not holds:
        raise Malformed
