"""What was read or passed over though a person should look: hidden rows, unknown columns, totals nobody can check."""

from __future__ import annotations

from collections.abc import Iterator

from .headings import Use
from .layout import Kind, Layout, Line, Problem
from .parsing import CellError, parse_cell
from .rows import is_figure
from .table import Table


def remarks(table: Table) -> Iterator[Problem]:
    """Warnings about a table that was read, each at its cell."""
    yield from _hidden(table)
    yield from _unknown_lines(table)
    for total in table.totals:
        if why := _why_unreadable(total.cell):
            message = f"Không đối chiếu được ô tổng. {why.message}"
            yield Problem.at(total.cell, "total_unreadable", message, table.sheet)


def _hidden(table: Table) -> Iterator[Problem]:
    sheet, kind = table.layout.sheet, table.layout.kind
    header = table.layout.first_row - 1
    rows = {cell.row for cell in table.labels.values()} if kind == Kind.WIDE else _indices(table)
    for row in sorted(rows & sheet.hidden_rows):
        label = sheet.shown(row, table.layout.label_column)
        yield Problem.at(label, "hidden_row", f"Dòng {row} đang ẩn nhưng vẫn được đọc.", table.sheet)
    if not sheet.visible:
        yield Problem("hidden_sheet", f"Trang “{sheet.name}” đang ẩn, được đọc vì đã chọn.", sheet=table.sheet)
    for line in table.layout.measure_lines if kind == Kind.WIDE else ():
        if line.index in sheet.hidden_columns:
            message = f"Cột {line.where} đang ẩn nhưng vẫn được đọc."
            yield Problem("hidden_column", message, header, line.where, line.title, table.sheet)


def _indices(table: Table) -> set[int]:
    return {line.index for line in table.layout.measure_lines}


def _unknown_lines(table: Table) -> Iterator[Problem]:
    for line in unknown_lines(table.layout):
        row, column = (line.index, "") if line.is_row else (table.layout.first_row - 1, line.where)
        what = "Dòng" if line.is_row else "Cột"
        message = f"{what} “{line.title}” không khớp số liệu nào của kế hoạch nên không đọc."
        yield Problem("unknown_column", message, row, column, line.title, table.sheet)


def unknown_lines(layout: Layout) -> list[Line]:
    """Lines that matched nothing and yet hold numbers: somebody should say what they are."""
    return [line for line in layout.lines if line.use == Use.UNKNOWN and _holds_numbers(layout, line)]


def _holds_numbers(layout: Layout, line: Line) -> bool:
    if line.is_row:
        return any(is_figure(layout.sheet.at(line.index, subject.index)) for subject in layout.subjects)
    rows = range(layout.first_row, layout.sheet.rows + 1)
    return any(is_figure(layout.sheet.at(row, line.index)) for row in rows)


def _why_unreadable(cell) -> CellError | None:
    try:
        parse_cell(cell, whole=False)
    except CellError as why:
        return why
    return None
