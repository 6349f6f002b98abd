"""A file kept with what became of each of its cells, until somebody confirms it. No report is touched here."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from agencies.models import Agency, User
from targets.models import ImportBatch, ImportCell, bulk
from targets.models.numbers import spell

from .assessment import REFUSED, AssessedCell, Assessment
from .batches import held, spell_moment
from .confirming import confirm
from .layout import Problem
from .table import Total

__all__ = ["confirm", "problem_row", "restage", "stage", "total_row"]

State = ImportBatch.State
KEPT = (
    "batch_id", "sheet", "row", "column", "raw", "value", "typed", "not_applicable", "note", "agency_id", "measure_id",
    "outcome", "warning", "code", "message", "old_value",
)  # fmt: skip


@transaction.atomic
def stage(
    found: Assessment,
    content: bytes,
    *,
    by: User,
    agency: Agency | None = None,
    choices: Mapping[str, object] | None = None,
) -> ImportBatch:
    """Keep the file and what was read of it, for its sender to look at; `agency`: the one it may speak of alone."""
    batch = ImportBatch(
        name=found.file[:200],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        sent_at=timezone.now(),
        sent_by=by,
        agency=agency,
    )
    _describe(batch, found, choices)
    batch.save()
    _keep_cells(batch, found)
    batch.file.save(found.file, ContentFile(content))  # last: a file outlives a transaction that fails
    return batch


@transaction.atomic
def restage(batch: ImportBatch, found: Assessment, choices: Mapping[str, object] | None = None) -> ImportBatch:
    """The same file read again after its sender answered or corrected something. Refused once it was confirmed."""
    batch = held(batch, State.STAGED, State.FAILED)
    _describe(batch, found, choices)
    batch.save()
    batch.cells.forget()
    _keep_cells(batch, found)
    return batch


def _describe(batch: ImportBatch, found: Assessment, choices: Mapping[str, object] | None) -> None:
    """What was read, on the batch itself."""
    batch.plan, batch.period = found.plan, found.period
    batch.sheet, batch.layout, batch.rows_read = found.sheet[:100], found.layout, found.rows_read
    batch.state = State.FAILED if found.outcome == REFUSED else State.STAGED
    batch.choices = dict(choices or {})
    batch.message = found.message
    batch.outcome = {
        "errors": [{"sheet": found.sheet} | problem_row(problem) for problem in found.errors],
        "warnings": [{"sheet": found.sheet} | problem_row(problem) for problem in found.warnings],
        "left_out": [{"sheet": found.sheet} | problem_row(problem) for problem in found.left_out],
        "skipped": [asdict(skipped) for skipped in found.skipped],
        "totals": [total_row(total) for total in found.totals],
        "counts": Counter(str(cell.outcome) for cell in found.cells),
    }
    _say_if_seen(batch, found)


def _say_if_seen(batch: ImportBatch, found: Assessment) -> None:
    """Name the last time these very bytes were imported; when nothing would change, that is all there is to say."""
    seen = ImportBatch.objects.filter(plan=batch.plan, sha256=batch.sha256, state=State.CONFIRMED)
    earlier = seen.select_related("confirmed_by").order_by("-confirmed_at").first()
    if earlier is None:
        return
    batch.outcome["same_as"] = {
        "batch": earlier.pk,
        "name": earlier.name,
        "at": earlier.confirmed_at.isoformat(),
        "by": str(earlier.confirmed_by),
    }
    if not found.errors and not any(cell.outcome in ImportCell.WRITTEN for cell in found.cells):
        batch.message = f"Tệp này đã nhập lúc {spell_moment(earlier.confirmed_at)}. Không có thay đổi."


def problem_row(problem: Problem) -> dict[str, object]:
    """As JSON; the sheet only when the problem names one."""
    row = {
        "row": problem.row,
        "column": problem.column,
        "cell": problem.cell,
        "value": problem.value,
        "code": problem.code,
        "message": problem.message,
        "offers": list(problem.offers),
    }
    return {"sheet": problem.sheet} | row if problem.sheet else row


def total_row(total: Total) -> dict[str, object]:
    return {
        "cell": total.cell.address,
        "stated": None if total.stated is None else spell(total.stated),
        "computed": spell(total.computed),
        "agrees": total.agrees,
    }


def _keep_cells(batch: ImportBatch, found: Assessment) -> None:
    bulk.insert(ImportCell, KEPT, [_kept(batch, found.sheet, cell) for cell in found.cells])


def _kept(batch: ImportBatch, sheet: str, cell: AssessedCell) -> tuple[object, ...]:
    """One cell, in the order of KEPT."""
    remark = cell.problem or cell.warning
    return (
        batch.pk,
        (cell.sheet or sheet)[:100],
        cell.row,
        cell.column,
        cell.raw[:500],
        cell.value,
        cell.typed[:50],
        cell.not_applicable,
        cell.note[:500],
        cell.agency and cell.agency.pk,
        cell.measure.pk,
        cell.outcome,
        cell.warning is not None,
        remark.code if remark else "",
        remark.message if remark else "",
        cell.old_value,
    )
