"""What the last question before writing says: which reports, new or changed, and what is still doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from targets.imports import places
from targets.imports.sending import choices_of
from targets.models import ImportBatch, ImportCell

from .rows import Row, rows_of

MOST_NAMED = 12


@dataclass(frozen=True)
class Confirming:
    batch: ImportBatch
    new: Sequence[Row]
    changed: Sequence[Row]
    left: int
    doubts: int

    @property
    def reports(self) -> int:
        return len(self.new) + len(self.changed)

    @property
    def may_confirm(self) -> bool:
        return bool(self.reports) and not self.batch.outcome.get("errors")

    @property
    def said(self) -> str:
        """ "Bảo Lâm (mới); Nguyên Bình, Trùng Khánh (thay 4 số). 7 dòng còn lại không ghi." """
        figures = sum(row.written for row in self.changed)
        parts = [(_named(self.new), "mới"), (_named(self.changed), f"thay {figures} số")]
        said = "; ".join(f"{names} ({what})" for names, what in parts if names)
        rest = f" {self.left} dòng còn lại không ghi." if self.left else ""
        return f"{self.batch.period}: {said}.{rest}"


def _named(rows: Sequence[Row]) -> str:
    names = [row.name for row in rows]
    rest = f" và {len(names) - MOST_NAMED} đơn vị khác" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + rest


def confirming(batch: ImportBatch) -> Confirming:
    rows = rows_of(batch, {})
    written = [row for row in rows if row.written and row.kind in ("new", "changed")]
    return Confirming(
        batch=batch,
        new=[row for row in written if row.kind == "new"],
        changed=[row for row in written if row.kind == "changed"],
        left=len(rows) - len(written),
        doubts=_doubts(batch),
    )


def _doubts(batch: ImportBatch) -> int:
    """Odd figures about to be written without a word why."""
    reasons = choices_of(batch).reasons
    odd = batch.cells.filter(warning=True, outcome__in=ImportCell.WRITTEN)
    return sum(places.of_cell(cell) not in reasons for cell in odd.only("sheet", "column", "row"))
