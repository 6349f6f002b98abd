"""A file kept with what became of each of its cells; confirmed, its figures enter draft reports, all or nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import asdict

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from agencies.models import Agency, User
from targets.models import Figure, ImportBatch, ImportCell, Report
from targets.models.numbers import spell
from targets.reports import workflow
from targets.reports.workflow import Entry, NotAllowed

from .assessment import REFUSED, AssessedCell, Assessment
from .layout import Problem
from .table import Total


@transaction.atomic
def stage(found: Assessment, content: bytes, *, by: User) -> ImportBatch:
    """Keep the file and what was read of it, for its sender to look at. No report is touched."""
    batch = ImportBatch(
        plan=found.plan,
        period=found.period,
        name=found.file[:200],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        sent_at=timezone.now(),
        sent_by=by,
        sheet=found.sheet[:100],
        layout=found.layout,
        state=ImportBatch.State.FAILED if found.outcome == REFUSED else ImportBatch.State.STAGED,
        message=found.message,
        rows_read=found.rows_read,
        outcome={
            "errors": [problem_row(problem) for problem in found.errors],
            "warnings": [problem_row(problem) for problem in found.warnings],
            "skipped": [asdict(skipped) for skipped in found.skipped],
            "totals": [total_row(total) for total in found.totals],
            "counts": Counter(str(cell.outcome) for cell in found.cells),
        },
    )
    batch.file.save(found.file, ContentFile(content), save=False)
    batch.save()
    ImportCell.objects.bulk_create(_kept(batch, found.sheet, cell) for cell in found.cells)
    return batch


def problem_row(problem: Problem) -> dict[str, object]:
    return {
        "row": problem.row,
        "column": problem.column,
        "cell": problem.cell,
        "value": problem.value,
        "code": problem.code,
        "message": problem.message,
    }


def total_row(total: Total) -> dict[str, object]:
    return {
        "cell": total.cell.address,
        "stated": None if total.stated is None else spell(total.stated),
        "computed": spell(total.computed),
        "agrees": total.agrees,
    }


def _kept(batch: ImportBatch, sheet: str, cell: AssessedCell) -> ImportCell:
    return ImportCell(
        batch=batch,
        sheet=sheet[:100],
        row=cell.row,
        column=cell.column,
        raw=cell.raw,
        value=cell.value,
        agency=cell.agency,
        measure=cell.measure,
        outcome=cell.outcome,
        code=cell.problem.code if cell.problem else "",
        message=cell.problem.message if cell.problem else "",
        old_value=cell.old_value,
    )


@transaction.atomic
def confirm(batch: ImportBatch, *, by: User) -> list[Report]:
    """Write the new and changed figures into draft reports, each with the cell it came from; gives those reports.

    Raises NotAllowed, and writes nothing, when there is an error left or a report moved since the preview.
    """
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("period").get(pk=batch.pk)
    if batch.state != ImportBatch.State.STAGED:
        raise NotAllowed("Tệp này đã nhập hoặc không đọc được.")
    if batch.outcome["errors"]:
        raise NotAllowed("Tệp còn lỗi. Sửa trong tệp rồi tải lại.")
    by_agency: dict[Agency, list[ImportCell]] = {}
    for cell in batch.cells.to_write():
        by_agency.setdefault(cell.agency, []).append(cell)
    reports = [_write(batch, agency, cells, by) for agency, cells in _in_one_order(by_agency)]
    batch.state, batch.confirmed_at, batch.confirmed_by = ImportBatch.State.CONFIRMED, timezone.now(), by
    batch.message = _result(reports)
    batch.save()
    return reports


def _in_one_order(by_agency: dict[Agency, list[ImportCell]]) -> list[tuple[Agency, list[ImportCell]]]:
    """The same for every file, so that two confirmed at once wait for each other instead of locking crosswise."""
    return sorted(by_agency.items(), key=lambda item: item[0].pk)


def _write(batch: ImportBatch, agency: Agency, cells: list[ImportCell], by: User) -> Report:
    report = workflow.start(agency, batch.period, by=by)
    stored = {figure.measure_id: figure for figure in report.figures.all()}
    for cell in cells:
        now = stored[cell.measure_id].value if cell.measure_id in stored else None
        if now != cell.old_value:
            raise NotAllowed(f"Số liệu của {agency} đã thay đổi sau khi xem trước. Tải lại tệp để xem lại.")
    notes = {figure.measure_id: figure.note for figure in stored.values()}
    entries = {c.measure: Entry(c.value, note=notes.get(c.measure_id, ""), origin=c) for c in cells}
    report = workflow.save(report, entries, by=by, version=report.version)
    written = {figure.measure_id: figure for figure in Figure.objects.filter(report=report)}
    for cell in cells:
        cell.figure = written[cell.measure_id]
    ImportCell.objects.bulk_update(cells, ["figure"])
    return report


def _result(reports: list[Report]) -> str:
    """ "Đã ghi 3 báo cáo: 1 mới, 2 thay đổi." """
    new = sum(report.events.count() == 2 for report in reports)  # opened and filled in by this very batch
    changed = len(reports) - new
    parts = [f"{count} {word}" for count, word in ((new, "mới"), (changed, "thay đổi")) if count]
    return f"Đã ghi {len(reports)} báo cáo: {', '.join(parts)}." if reports else "Không có thay đổi, không ghi gì."
