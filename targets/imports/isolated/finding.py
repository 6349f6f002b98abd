"""What was found in a file, as it is told to the parent: cells by place, in a form JSON can carry."""

from __future__ import annotations

import datetime as dt
import math

from . import refusal
from .bounds import MOST_CELLS, MOST_COLUMNS, MOST_MERGED_ROWS, MOST_ROWS, MOST_SHEETS, MOST_TEXT

ERROR, NOT_CALCULATED, PERCENT = "error_value", "formula_without_value", "percent"

Place = tuple[int, int]
Block = tuple[int, int, int, int]  # top, left, bottom, right


class Count:
    """How many filled cells the whole workbook has so far."""

    def __init__(self) -> None:
        self.cells = 0

    def add(self, cells: int) -> None:
        self.cells += cells
        if self.cells > MOST_CELLS:
            raise refusal.too_many("ô có nội dung", MOST_CELLS)


class FoundSheet:
    """One sheet. Rows and columns count from 1."""

    def __init__(self, name: str, *, visible: bool, count: Count) -> None:
        self.name = name.replace("\x00", "")[:255]
        self.visible = visible
        self.values: dict[Place, object] = {}
        self.defects: dict[Place, str] = {}
        self.formulas: set[Place] = set()
        self.merges: list[Block] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        # Where, by the markup or the records, a number stands and where anything does: calamine has to agree.
        self.numbers: set[Place] = set()
        self.filled: set[Place] = set()
        self._count = count

    def expect(self, row: int, index: int, times: int = 1) -> None:
        """Raises Refused when a filled cell stands, or so many of them stand, where no report has any."""
        if not (0 < row <= MOST_ROWS and 0 < index <= MOST_COLUMNS):
            raise refusal.too_far(self.name, row, index)
        self._count.add(times)

    def fill(self, place: Place) -> None:
        """A filled cell stands here. Raises Refused as `expect` does, and Damaged for a second cell in one place."""
        self.expect(*place)
        if place in self.filled:
            raise refusal.Damaged(f"two cells at {place}")
        self.filled.add(place)

    @property
    def spread(self) -> int:
        """How many cells there are up to the last filled row and column, which is what calamine goes through."""
        rows = max((row for row, _ in self.filled), default=0)
        return rows * max((index for _, index in self.filled), default=0)

    def hide_rows(self, first: int, last: int) -> None:
        self.hidden_rows.update(range(max(first, 1), min(last, MOST_ROWS) + 1))

    def hide_columns(self, first: int, last: int) -> None:
        self.hidden_columns.update(range(max(first, 1), min(last, MOST_COLUMNS) + 1))

    def told(self) -> dict[str, object]:
        """For the parent: no cell that a merged block covers, no blocks and no hidden rows beyond what is filled."""
        filled = self.values.keys() | self.defects.keys()
        rows = max((row for row, _ in filled), default=0)
        columns = max((index for _, index in filled), default=0)
        merges = [merge for merge in self.merges if merge[0] <= rows and merge[1] <= columns]
        blocks = _by_row(merges, rows)
        filled -= {place for place in filled if any(_covers(block, place) for block in blocks.get(place[0], ()))}
        return {
            "name": self.name,
            "visible": self.visible,
            "cells": [self._cell(place) for place in sorted(filled)],
            "merges": merges,
            "hidden_rows": sorted(row for row in self.hidden_rows if row <= rows),
            "hidden_columns": sorted(self.hidden_columns),
        }

    def _cell(self, place: Place) -> list[object]:
        kind, value = told_value(self.values.get(place))
        defect = self.defects.get(place, "")
        if kind == "n" and not math.isfinite(value):
            kind, value, defect = "s", "#NUM!", ERROR
        return [*place, kind, value, defect, int(place in self.formulas)]


def _by_row(merges: list[Block], rows: int) -> dict[int, list[Block]]:
    """Merged blocks by each row they take part in. Their number is bounded, and with it the work they make later."""
    if sum(min(bottom, rows) - top + 1 for top, _, bottom, _ in merges) > MOST_MERGED_ROWS:
        raise refusal.too_many("dòng có ô gộp", MOST_MERGED_ROWS)
    found: dict[int, list[Block]] = {}
    for merge in merges:
        for row in range(merge[0], min(merge[2], rows) + 1):
            found.setdefault(row, []).append(merge)
    if any(len(blocks) > MOST_COLUMNS for blocks in found.values()):
        raise refusal.Damaged("more blocks in a row than it has columns")
    return found


def _covers(block: Block, place: Place) -> bool:
    """What stands under a merged block, but at its top left, nobody sees."""
    top, left, bottom, right = block
    return top <= place[0] <= bottom and left <= place[1] <= right and place != (top, left)


def told_value(value: object) -> tuple[str, object]:
    """(kind, value as JSON) of a value as the readers give it. Excel writes a NUL as _x0000_; no figure needs one."""
    match value:
        case None:
            return "", None
        case str():
            return "s", value.replace("\x00", "")[:MOST_TEXT]
        case bool():
            return "b", value
        case int() | float():
            return "n", value
        case dt.datetime():
            return "t", value.isoformat()
        case dt.date():
            return "d", value.isoformat()
        case dt.time():
            return "h", value.isoformat()
        case dt.timedelta():
            return "i", value.total_seconds()
    raise TypeError(type(value))


def told(kind: str, sheets: list[FoundSheet]) -> dict[str, object]:
    """The whole workbook for the parent. Raises Refused when there is nothing to look at."""
    if not sheets:
        raise refusal.no_sheet()
    if len(sheets) > MOST_SHEETS:
        raise refusal.too_many("trang tính", MOST_SHEETS)
    if len({sheet.name for sheet in sheets}) < len(sheets):
        raise refusal.Damaged("two sheets of one name")
    return {"kind": kind, "sheets": [sheet.told() for sheet in sheets]}
