"""Bytes -> cells. Nothing here knows what the cells mean.

Every refusal is a Refused with a plain Vietnamese reason. The checks of `container` come before any parsing, so that
reading can later move into a child process without changing what callers see.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

import python_calamine as calamine

from . import container, markup
from .container import Refused

__all__ = ["Cell", "Defect", "Merge", "Refused", "Sheet", "Workbook", "column_letter", "read_workbook"]

MOST_ROWS, MOST_COLUMNS = 20_000, 300

Value = str | int | float | Decimal | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None


class Defect(StrEnum):
    """Why the value of a cell must not be taken as it stands."""

    ERROR = "error_value"
    NOT_CALCULATED = "formula_without_value"
    PERCENT = "percent"
    MERGED = "merged_data"


@dataclass(frozen=True, slots=True)
class Cell:
    """`row` as Excel counts (from 1), `index` the column from 1. `value` None is an empty cell."""

    row: int
    index: int
    value: Value
    defect: Defect | None = None

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

    def at(self, row: int, index: int) -> Cell:
        """The cell as stored: empty inside a merged block, except at its top left."""
        return self.cells.get((row, index)) or Cell(row, index, None)

    def shown(self, row: int, index: int) -> Cell:
        """The cell as a reader sees it: everywhere in a merged block, the value of its top left."""
        merge = self.merge_at(row, index)
        return self.at(merge.top, merge.left) if merge else self.at(row, index)

    def merge_at(self, row: int, index: int) -> Merge | None:
        return next((merge for merge in self.merges if (row, index) in merge), None)

    def row(self, row: int) -> Iterator[Cell]:
        """The filled cells of a row, from the left."""
        return (self.cells[row, index] for index in range(1, self.columns + 1) if (row, index) in self.cells)


@dataclass(frozen=True)
class Workbook:
    sheets: tuple[Sheet, ...]

    def named(self, name: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)

    @property
    def visible_sheets(self) -> tuple[Sheet, ...]:
        return tuple(sheet for sheet in self.sheets if sheet.visible)


def read_workbook(content: bytes, name: str = "") -> Workbook:
    """All worksheets of an .xlsx file, whatever it is called. Raises Refused with the reason."""
    package = container.open_package(content, name)
    marked = markup.read_marks(package, MOST_ROWS, MOST_COLUMNS)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        listed = [one for one in book.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet]
        marks = [marked[one.name] for one in listed]  # before any sheet is opened: only looked-at sheets are
        sheets = [_sheet(book.get_sheet_by_name(one.name), one, mark) for one, mark in zip(listed, marks, strict=True)]
    except (calamine.CalamineError, KeyError) as why:  # KeyError: the two readings disagree on what sheets there are
        raise Refused(container.DAMAGED, "damaged") from why
    return Workbook(tuple(sheets))


def _sheet(source: calamine.CalamineSheet, listed: calamine.SheetMetadata, marks: markup.Marks) -> Sheet:
    cells = {
        (row, index): Cell(row, index, _storable(value))
        for row, line in enumerate(source.to_python(skip_empty_area=False), 1)
        for index, value in enumerate(line, 1)
        if value != ""
    }
    # What calamine shows as empty or as a plain number, and is neither.
    for place, (defect, shown) in marks.defects.items():
        value = cells[place].value if place in cells else shown
        cells[place] = Cell(*place, value, Defect(defect))
    merges = tuple(Merge(a + 1, b + 1, c + 1, d + 1) for (a, b), (c, d) in source.merged_cell_ranges or ())
    visible = listed.visible == calamine.SheetVisibleEnum.Visible
    return Sheet(listed.name, visible, cells, merges, marks.hidden_rows, marks.hidden_columns)


def _storable(value: Value) -> Value:
    """Excel writes a NUL as _x0000_; PostgreSQL cannot hold one, and no figure or name needs it."""
    return value.replace("\x00", "") if isinstance(value, str) else value


def column_letter(index: int) -> str:
    """1 -> "A", 27 -> "AA"."""
    letters = ""
    while index > 0:
        index, digit = divmod(index - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
