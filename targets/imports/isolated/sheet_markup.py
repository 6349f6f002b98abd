"""The markup of one .xlsx sheet: where cells are filled, what is wrong with them, what is hidden or merged."""

from __future__ import annotations

import re

from . import markup
from .finding import ERROR, NOT_CALCULATED, PERCENT, FoundSheet, Place
from .refusal import Damaged

ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
ZERO = re.compile(r"-?0+(\.0*)?")


class SheetMarkup:
    """Reads a sheet's part into `found`."""

    def __init__(self, found: FoundSheet, percent: set[str], *, calculates_on_load: bool) -> None:
        self.found, self.percent, self.calculates_on_load = found, percent, calculates_on_load
        self._place: Place = (0, 0)
        self._cell: markup.Attributes | None = None  # the cell we are in
        self._has_formula = self._has_content = self._in_value = False
        self._value: list[str] = []

    def read(self, part: bytes) -> None:
        starts = {
            "row": self._row, "c": self._start_cell, "v": self._start_value, "f": self._formula, "is": self._inline,
            "col": self._column, "mergeCell": self._merge,
        }  # fmt: skip
        markup.walk(part, starts, {"c": self._end_cell, "v": self._end_value}, self._text)

    def _row(self, attributes: markup.Attributes) -> None:
        """A writer may leave positions out: then rows and cells follow one another."""
        row = _whole(attributes["r"]) if "r" in attributes else self._place[0] + 1
        self._place = row, 0
        if markup.is_true(attributes.get("hidden")):
            self.found.hide_rows(row, row)

    def _start_cell(self, attributes: markup.Attributes) -> None:
        row, index = self._place
        self._place = place_of(attributes["r"]) if "r" in attributes else (row, index + 1)
        self._cell = attributes
        self._has_formula = self._has_content = False
        self._value = []

    def _start_value(self, _: markup.Attributes) -> None:
        self._in_value = self._cell is not None

    def _formula(self, _: markup.Attributes) -> None:
        self._has_formula = True

    def _inline(self, _: markup.Attributes) -> None:
        self._has_content = True

    def _text(self, text: str) -> None:
        if self._in_value:
            self._value.append(text)

    def _end_value(self) -> None:
        self._in_value = False

    def _end_cell(self) -> None:
        """Only filled cells count: formats reach to the last row of many honest files."""
        cell, self._cell = self._cell, None
        value = "".join(self._value)
        if cell is None or not (value or self._has_formula or self._has_content):
            return
        self.found.fill(self._place)
        if self._has_formula:
            self.found.formulas.add(self._place)
        kind = cell.get("t", "n")
        if value.strip() and kind == "n":
            self.found.numbers.add(self._place)
        if defect := self._defect(kind, value, cell.get("s", "0")):
            self.found.defects[self._place] = defect
        if kind == "e":  # calamine shows it as empty
            self.found.values[self._place] = value or "#N/A"

    def _defect(self, kind: str, value: str, style: str) -> str | None:
        """What keeps the cell's value from being taken as it stands."""
        if kind == "e":
            return ERROR
        # Writers that cannot calculate leave the value out, or put 0 and ask to calculate on load.
        is_placeholder = self.calculates_on_load and kind == "n" and ZERO.fullmatch(value)
        if self._has_formula and kind != "str" and (not value or is_placeholder):
            return NOT_CALCULATED
        return PERCENT if value and kind == "n" and style in self.percent else None

    def _column(self, attributes: markup.Attributes) -> None:
        if markup.is_true(attributes.get("hidden")):
            self.found.hide_columns(_whole(attributes.get("min", "1")), _whole(attributes.get("max", "1")))

    def _merge(self, attributes: markup.Attributes) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        (top, left), (bottom, right) = place_of(first), place_of(last or first)
        if top <= bottom and left <= right:
            self.found.merges.append((top, left, bottom, right))


def place_of(address: str) -> Place:
    """ "B3" -> (3, 2). An address no Excel writes is no "next cell": calamine might read it as one far away."""
    match = ADDRESS.fullmatch(address)
    if match is None:
        raise Damaged(address)
    index = 0
    for letter in match[1]:
        index = index * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), index


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Damaged(text)
    return int(text)
