"""Sheets of addressed cells, whatever file they came from. Nothing here knows what the cells mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache

Value = str | int | float | Decimal | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None


class Defect(StrEnum):
    """Why the value of a cell must not be taken as it stands."""

    ERROR = "error_value"
    NOT_CALCULATED = "formula_without_value"
    PERCENT = "percent"
    MERGED = "merged_data"


@dataclass(slots=True)  # not frozen: that takes three times as long to make, and a file has ten thousand
class Cell:
    """`row` as Excel counts (from 1), `index` the column from 1. `value` None is an empty cell."""

    row: int
    index: int
    value: Value
    defect: Defect | None = None
    formula: bool = False

    @property
    def column(self) -> str:
        return column_letter(self.index)

    @property
    def address(self) -> str:
        return f"{self.column}{self.row}"

    @property
    def text(self) -> str:
        """The text of a text cell without outer spaces; "" for every other."""
        return self.value.strip() if isinstance(self.value, str) else ""


@dataclass(frozen=True, slots=True)
class Merge:
    """A block of cells joined into one; only its top left cell holds a value."""

    top: int
    left: int
    bottom: int
    right: int

    def __contains__(self, place: tuple[int, int]) -> bool:
        return self.top <= place[0] <= self.bottom and self.left <= place[1] <= self.right

    def __str__(self) -> str:
        return f"{column_letter(self.left)}{self.top}:{column_letter(self.right)}{self.bottom}"


@dataclass(frozen=True)
class Sheet:
    name: str
    visible: bool
    cells: dict[tuple[int, int], Cell] = field(repr=False)
    merges: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    @cached_property
    def rows(self) -> int:
        """The last row that holds anything."""
        return max((row for row, _ in self.cells), default=0)

    @cached_property
    def columns(self) -> int:
        return max((index for _, index in self.cells), default=0)

    @cached_property
    def texts(self) -> tuple[Cell, ...]:
        """The cells that hold words: a few, where most hold figures."""
        return tuple(cell for cell in self.cells.values() if cell.text)

    def at(self, row: int, index: int) -> Cell:
        """The cell as stored: empty inside a merged block, except at its top left."""
        return self.cells.get((row, index)) or Cell(row, index, None)

    def shown(self, row: int, index: int) -> Cell:
        """The cell as a reader sees it: everywhere in a merged block, the value of its top left."""
        merge = self.merge_at(row, index)
        return self.at(merge.top, merge.left) if merge else self.at(row, index)

    def merge_at(self, row: int, index: int) -> Merge | None:
        if not self.merges:
            return None
        near = self.merges_by_row.get(min(row, self.rows), ())
        return next((merge for merge in near if (row, index) in merge), None)

    @cached_property
    def merges_by_row(self) -> dict[int, list[Merge]]:
        """Up to the last row that holds anything: no block begins below it, and many reach to the end of the sheet."""
        found: dict[int, list[Merge]] = {}
        for merge in self.merges:
            for row in range(merge.top, min(merge.bottom, self.rows) + 1):
                found.setdefault(row, []).append(merge)
        return found

    def row(self, row: int) -> Iterator[Cell]:
        """The filled cells of a row, from the left."""
        return (self.cells[row, index] for index in range(1, self.columns + 1) if (row, index) in self.cells)


@dataclass(frozen=True)
class Workbook:
    """`kind` is what the file is by its content: "xlsx", "xls", "ods" or "csv"."""

    sheets: tuple[Sheet, ...]
    kind: str = "xlsx"

    def named(self, name: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)

    @property
    def visible_sheets(self) -> tuple[Sheet, ...]:
        return tuple(sheet for sheet in self.sheets if sheet.visible)


@lru_cache(maxsize=16_384)
def column_letter(index: int) -> str:
    """1 -> "A", 27 -> "AA"."""
    letters = ""
    while index > 0:
        index, digit = divmod(index - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
