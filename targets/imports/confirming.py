"""A staged file's figures into reports: the cells as they are stored, once, in one transaction, all or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from agencies.models import Agency, User
from targets.models import Figure, ImportBatch, ImportCell, Measure, Report, bulk
from targets.models.numbers import spell
from targets.reports import checks, together
from targets.reports.entries import Entry
from targets.reports.storing import Change
from targets.reports.together import Held
from targets.reports.workflow import NotAllowed

from .batches import State, held

Outcome = ImportCell.Outcome

MOST_NAMED = 3  # of the cells that stop a file
LONGEST_REASON = Figure._meta.get_field("reason").max_length


class Told(NamedTuple):
    """Of a cell as it was staged, what there is to write."""

    pk: int
    row: int
    column: str
    agency_id: int
    measure_id: int
    outcome: str
    value: Decimal | None
    not_applicable: bool
    note: str
    old_value: Decimal | None


Cells = Mapping[tuple[int, int], Told]  # by report and measure


@transaction.atomic
def confirm(batch: ImportBatch, *, by: User, submit: bool = False, note: str = "") -> list[Report]:
    """Write the new and changed figures into drafts, each with the cell it came from; gives the reports it touched.

    With `submit` every report of the file that is still in the agency's hands is handed in too. Raises NotAllowed, and
    writes nothing, when there is an error left, a report moved since the preview, or one cannot be handed in.
    """
    batch = held(batch, State.STAGED)
    if batch.outcome["errors"]:
        raise NotAllowed("Tệp còn lỗi. Sửa trong tệp rồi tải lại.")
    told = batch.cells.to_write(besides=[Outcome.SAME] if submit else [])
    cells = [Told(*values) for values in told.values_list(*Told._fields)]
    agencies = Agency.objects.in_bulk({cell.agency_id for cell in cells})
    reports = together.start(list(agencies.values()), batch.period, by=by)
    changes = _write(batch, [cell for cell in cells if cell.outcome in ImportCell.WRITTEN], reports, by)
    handed_in = [report for report in reports.reports.values() if report.is_editable] if submit else []
    together.submit(handed_in, by=by)
    return _close(batch, reports, {change.report_pk for change in changes}, handed_in, by, note)


def _write(batch: ImportBatch, cells: Sequence[Told], reports: Held, by: User) -> list[Change]:
    """The figures, and on each cell which it became and what had stood there."""
    by_agency = reports.by_agency()
    placed = {(by_agency[cell.agency_id].pk, cell.measure_id): cell for cell in cells}
    measures = Measure.objects.filter(plan=batch.plan_id).in_bulk()
    _check_nothing_moved(placed, reports, measures)
    entries: dict[int, dict[int, Entry]] = {}
    for (report, measure), cell in placed.items():
        entries.setdefault(report, {})[measure] = _entry(cell, reports.figures[report].get(measure))
    changes = together.save(reports, entries, by=by)
    batch.cells.link()
    before = [(change.after.origin, _as_it_was(change.before)) for change in changes if change.before]
    bulk.update(ImportCell, ("before",), before)
    return changes


def _check_nothing_moved(cells: Cells, reports: Held, measures: Mapping[int, Measure]) -> None:
    """The sender agreed to what the preview showed, to nothing else."""
    moved = []
    for (report, measure), cell in cells.items():
        figure = reports.figures[report].get(measure)
        if _said(figure) != _seen(cell):
            agency, number = reports.reports[report].agency, checks.cell(measures[measure])
            moved.append(f"{agency}, {number} nay {_told(figure)}")
    if moved:
        rest = f" và {len(moved) - MOST_NAMED} ô khác" if len(moved) > MOST_NAMED else ""
        named = "; ".join(moved[:MOST_NAMED])
        raise NotAllowed(f"Số liệu đã thay đổi sau khi xem trước: {named}{rest}. Xem lại rồi xác nhận.")


def _said(figure: Figure | None) -> tuple[Decimal | None, bool]:
    return (figure.value, figure.not_applicable) if figure else (None, False)


def _seen(cell: Told) -> tuple[Decimal | None, bool]:
    """What stood there when the file was read: without a number, but something to change, it was "not applicable"."""
    return cell.old_value, cell.old_value is None and cell.outcome == Outcome.CHANGED


def _told(figure: Figure | None) -> str:
    value, not_applicable = _said(figure)
    return "không áp dụng" if not_applicable else "để trống" if value is None else f"là {spell(value)}"


def _entry(cell: Told, stored: Figure | None) -> Entry:
    """What the cell says; where it says nothing beside the figure, what stood beside it stays."""
    note, reason = (stored.note, stored.reason) if stored else ("", "")
    if cell.not_applicable:
        reason = (cell.note or reason)[:LONGEST_REASON]
        if not reason:
            raise NotAllowed(f"Ô {cell.column}{cell.row}: không áp dụng thì ghi lý do.")
        return Entry(None, True, reason, note, cell.pk)
    return Entry(cell.value, note=cell.note or note, origin=cell.pk)


def _as_it_was(figure: Figure) -> dict[str, object]:
    return {
        "value": None if figure.value is None else str(figure.value),
        "not_applicable": figure.not_applicable,
        "reason": figure.reason,
        "note": figure.note,
        "origin": figure.origin_id,
    }


def _close(
    batch: ImportBatch, reports: Held, written: Collection[int], handed_in: Sequence[Report], by: User, note: str
) -> list[Report]:
    """Write down on the batch how it left each report."""
    submitted = {report.pk for report in handed_in}
    touched = [report for pk, report in reports.reports.items() if pk in written or pk in submitted]
    batch.state, batch.confirmed_at, batch.confirmed_by = State.CONFIRMED, timezone.now(), by
    batch.note = note.strip()[:300]
    batch.outcome["written"] = [
        {
            "report": report.pk,
            "from": reports.versions[report.pk],
            "version": report.version,
            "created": report.pk in reports.begun,
            "submitted": report.pk in submitted,
        }
        for report in touched
    ]
    batch.message = _result(len(written), len(reports.begun), len(handed_in))
    batch.save()
    return touched


def _result(written: int, begun: int, handed_in: int) -> str:
    """ "Đã ghi 3 báo cáo: 1 mới, 2 thay đổi, đã nộp." """
    if not written:
        return f"Không có thay đổi. Đã nộp {handed_in} báo cáo." if handed_in else "Không có thay đổi, không ghi gì."
    parts = [f"{count} {word}" for count, word in ((begun, "mới"), (written - begun, "thay đổi")) if count]
    if handed_in == written:
        parts.append("đã nộp")
    rest = f" Đã nộp {handed_in} báo cáo." if handed_in > written else ""
    return f"Đã ghi {written} báo cáo: {', '.join(parts)}.{rest}"
