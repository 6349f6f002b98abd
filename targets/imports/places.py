"""Places of a file as its sender's answers name them: "Biểu 1!6" a unit's row or column, "Biểu 1!F9" a cell."""

from __future__ import annotations

from collections.abc import Mapping

from targets.models import ImportBatch, ImportCell

from .recognised import Kind


def at(sheet: str, where: str) -> str:
    return f"{sheet}!{where}"


def of_cell(cell: ImportCell) -> str:
    return at(cell.sheet, f"{cell.column}{cell.row}")


def lies_in_rows(batch: ImportBatch) -> bool:
    """Whether each unit has a row of its own; in the other layouts it has a column."""
    return batch.layout == Kind.WIDE


def subject(batch: ImportBatch, sheet: str, row: int | None, column: str) -> str:
    """The row or column of the unit that something at a cell is about, "" when it is about none.

    A file with a row per figure names its one agency above the table, away from the column of its figures.
    """
    tables = batch.outcome.get("tables", [])
    table = next((one for one in tables if one["sheet"] == sheet), {"kind": batch.layout, "subjects": [], "header": 0})
    if row is None:
        return ""
    if table["kind"] == Kind.LONG:
        return next(iter(table["subjects"]), "")
    if table["kind"] == Kind.TRANSPOSED:
        return column
    return str(row) if table["kind"] == Kind.WIDE and row > table["header"] else ""


def of_fault(batch: ImportBatch, fault: Mapping[str, object]) -> str:
    """The row, as answers name it, that a stored error is about; "" for none."""
    sheet = str(fault.get("sheet", ""))
    where = subject(batch, sheet, fault.get("row"), str(fault.get("column", "")))
    return at(sheet, where) if where else ""


def cell_at(batch: ImportBatch, place: str) -> ImportCell | None:
    """The figure read at "Biểu 1!F9"."""
    sheet, _, address = place.rpartition("!")
    column, row = address.rstrip("0123456789"), address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if not (column and row.isdecimal()) or len(row) > 7:
        return None
    return batch.cells.filter(sheet=sheet, column=column, row=int(row)).first()


def is_subject(batch: ImportBatch, place: str) -> bool:
    """Whether "Biểu 1!6" is a row with figures, or one that an error is about."""
    faults = [*batch.outcome.get("errors", []), *batch.outcome.get("left_out", [])]
    if place in {of_fault(batch, fault) for fault in faults}:
        return True
    sheet, _, where = place.rpartition("!")
    if lies_in_rows(batch):
        return where.isdecimal() and len(where) < 8 and batch.cells.filter(sheet=sheet, row=int(where)).exists()
    return batch.cells.filter(sheet=sheet, column=where).exists()
