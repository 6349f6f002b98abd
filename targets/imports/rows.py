"""What a row of a sheet is, by its look alone: blank, numbering, mostly numbers, a record, and what names it."""

from __future__ import annotations

import re

from .parsing import CellError, is_no_data, parse_cell, show
from .reader import Cell, Sheet

COLUMN_NUMBER = re.compile(r"\(?\s*(?P<number>[0-9]{1,2})\s*(?:=[0-9+:/*x() -]+)?\)?|[A-Z]")


def label_of(sheet: Sheet, row: int, column: int) -> Cell:
    """The cell that says what a row is: in the label column or, for totals and notes, left of it."""
    for index in range(column, 0, -1):
        cell = sheet.shown(row, index)
        if cell.text:
            return cell
    return sheet.at(row, column)


def is_blank(sheet: Sheet, row: int) -> bool:
    return next(sheet.row(row), None) is None


def is_numbering(sheet: Sheet, row: int) -> bool:
    """A row "(1) (2) (3=4+5)" or "A B 1 2" under the headings: letters, and numbers that count up by one."""
    matches = []
    for cell in sheet.row(row):
        match = COLUMN_NUMBER.fullmatch(show(cell.value).strip())
        if match is None:
            return False
        matches.append(match)
    numbers = [int(match["number"]) for match in matches if match["number"]]
    return len(matches) > 1 and len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def is_mostly_numbers(sheet: Sheet, row: int) -> bool:
    """A row of figures whose name we do not know, a misspelt district above the others, say: no heading."""
    cells = list(sheet.row(row))
    return sum(is_figure(cell) for cell in cells) * 2 > len(cells)


def is_figure(cell: Cell) -> bool:
    """Whether a cell holds a number, or what was meant as one and went wrong; no text, no "no data"."""
    if cell.defect or (cell.value is not None and not isinstance(cell.value, str)):
        return True
    try:
        return parse_cell(cell, whole=False) is not None
    except CellError:
        return False


def is_record(sheet: Sheet, row: int, label_column: int) -> bool:
    """Whether figures, or marks that there are none, stand right of the label."""
    beside = [cell for cell in sheet.row(row) if cell.index > label_column]
    return any(is_figure(cell) or is_no_data(cell.text) for cell in beside)
