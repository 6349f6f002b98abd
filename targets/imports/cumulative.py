"""Columns "Lũy kế": never read as figures, since periods are stored one by one, but held against what was counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from targets.models.numbers import spell
from targets.reports.beside import Beside

from .headings import MeasureTerm, Use
from .layout import Kind, Line, Problem
from .parsing import CellError, fold, parse_cell
from .reader import Cell
from .table import Table
from .vocabulary import Place, Vocabulary

OF_THE_YEAR = fold("từ đầu năm")


def stated(table: Table, vocabulary: Vocabulary) -> Iterator[tuple[Place, MeasureTerm, Cell]]:
    """Every cell that says what a place reached since the plan began."""
    for line in _lines(table):
        for place, label in table.labels.items():
            if table.layout.kind == Kind.WIDE:
                if measure := _measure(line, vocabulary):
                    yield place, measure, table.layout.sheet.at(label.row, line.index)
            else:
                for row in table.layout.measure_lines:
                    yield place, row.measure, table.layout.sheet.at(row.index, line.index)


def _lines(table: Table) -> list[Line]:
    lines = {Kind.WIDE: table.layout.lines, Kind.LONG: table.layout.beside}.get(table.layout.kind, ())
    return [one for one in lines if one.use == Use.CUMULATIVE and OF_THE_YEAR not in fold(one.title)]


def _measure(line: Line, vocabulary: Vocabulary) -> MeasureTerm | None:
    """What is cumulated: the measure that the group above the column names."""
    heading = vocabulary.glossary.match(line.path[:-1])
    return heading.measures[0] if heading.use == Use.MEASURE else None


def differs(cell: Cell, value: Decimal | None, near: Beside, sheet: str) -> Problem | None:
    """A warning when the file's sum is not what was approved before with this period's figure on top."""
    try:
        said = parse_cell(cell, whole=False)
    except CellError:
        return None
    if said is None or value is None or near.before is None or said == near.before + value:
        return None
    message = (
        f"Cột lũy kế ghi {spell(said)}; hệ thống có {spell(near.before)} đã duyệt, thêm {spell(value)} kỳ này là "
        f"{spell(near.before + value)}. Xem lại số trong kỳ."
    )
    return Problem.at(cell, "cumulative_differs", message, sheet)


def doubts(
    tables: list[Table],
    vocabulary: Vocabulary,
    values: Mapping[tuple[object, str], Decimal | None],
    near: Mapping[object, Mapping[str, Beside]],
) -> Iterator[Problem]:
    """For every cumulative cell of a place in `near`; `values` are this period's by place key and measure code."""
    for table in tables:
        for place, measure, cell in stated(table, vocabulary):
            beside = near.get(place.key, {}).get(measure.code)
            value = values.get((place.key, measure.code))
            if beside and (problem := differs(cell, value, beside, table.sheet)):
                yield problem
