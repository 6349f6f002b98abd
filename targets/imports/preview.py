"""What the preview page shows of a staged file: its units as rows, its measures as columns."""

from __future__ import annotations

from dataclasses import dataclass, field

from targets.models import ImportBatch, ImportCell, Measure

Outcome = ImportCell.Outcome
# The worst of a row's cells says how the row stands.
ORDER = (Outcome.ERROR, Outcome.LOCKED, Outcome.CHANGED, Outcome.NEW, Outcome.SAME, Outcome.EMPTY)
COUNTED = (
    (Outcome.NEW, "new", "chưa có số"),
    (Outcome.CHANGED, "draft", "khác số hiện có"),
    (Outcome.SAME, "dash", "bỏ qua"),
    (Outcome.LOCKED, "lock", "đã nộp hoặc duyệt, không ghi đè"),
    (Outcome.EMPTY, "empty", "ô trống, không ghi đè"),
    (Outcome.ERROR, "error", "sửa trong tệp rồi tải lại"),
)


@dataclass
class PreviewRow:
    name: str
    cells: dict[int, ImportCell] = field(default_factory=dict)
    errors: list[dict[str, object]] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        return "error" if self.errors else min((c.outcome for c in self.cells.values()), key=ORDER.index)

    @property
    def outcome_word(self) -> str:
        return Outcome(self.outcome).label


def preview(batch: ImportBatch) -> dict[str, object]:
    """Rows in the order of the file; errors that belong to no unit's row stand apart."""
    rows: dict[int, PreviewRow] = {}
    measures: dict[int, Measure] = {}
    for cell in batch.cells.select_related("agency", "measure"):
        row = rows.setdefault(cell.row, PreviewRow(cell.agency.short_name if cell.agency else f"Dòng {cell.row}"))
        row.cells[cell.measure_id] = cell
        measures[cell.measure_id] = cell.measure
    apart = []
    for error in batch.outcome.get("errors", []):
        (rows[error["row"]].errors if error["row"] in rows else apart).append(error)
    columns = sorted(measures.values(), key=lambda measure: measure.order)
    # As many errors as the message says: some are about a unit's name or a total, and no cell counts them.
    counts = batch.outcome.get("counts", {}) | {str(Outcome.ERROR): len(batch.outcome.get("errors", []))}
    return {
        "batch": batch,
        "columns": columns,
        "rows": [(row, [row.cells.get(measure.pk) for measure in columns]) for row in rows.values()],
        "errors_apart": _grouped(apart),
        "stats": [(icon, Outcome(key).label, counts.get(key, 0), remark) for key, icon, remark in COUNTED],
        "warnings": _grouped(batch.outcome.get("warnings", [])),
        "errors": batch.outcome.get("errors", []),
        "reports_to_write": len(
            {c.agency_id for r in rows.values() for c in r.cells.values() if c.outcome in ImportCell.WRITTEN}
        ),
        "may_confirm": batch.state == ImportBatch.State.STAGED and not batch.outcome.get("errors"),
    }


def _grouped(warnings: list[dict[str, object]]) -> list[tuple[str, str]]:
    """(cells, message): the same remark on many cells is made once."""
    cells: dict[str, list[str]] = {}
    for warning in warnings:
        place = str(warning["cell"] or (f"dòng {warning['row']}" if warning["row"] else ""))
        cells.setdefault(str(warning["message"]), []).append(place)
    return [(_listed([place for place in found if place]), message) for message, found in cells.items()]


def _listed(places: list[str], most: int = 7) -> str:
    """ "C3, D3 và 15 ô khác"."""
    rest = f" và {len(places) - most} ô khác" if len(places) > most else ""
    return ", ".join(places[:most]) + rest
