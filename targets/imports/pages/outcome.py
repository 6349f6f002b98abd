"""What a confirmed file did: a line for each report it wrote and each row it left out, and whether it can go back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.paginator import Paginator

from agencies.models import User
from targets.imports import undoing
from targets.models import ImportBatch, ImportCell, Report
from targets.models.numbers import say
from targets.progress.uses import counted_from

from .faults import Faults
from .preview import PER_PAGE
from .rows import Row, fill, rows_of

Outcome = ImportCell.Outcome
MOST_FIGURES = 8  # told of one report
NOT_WRITTEN = (("same", "không đổi"), ("locked", "đã nộp hoặc duyệt"))


@dataclass(frozen=True, slots=True)
class Result:
    """`kind` is new, changed or error: the icon, the colour and the word."""

    where: str
    name: str
    kind: str
    word: str
    detail: str
    report: Report | None = None


def result(batch: ImportBatch, user: User, number: str | None = None) -> dict[str, object]:
    """For templates/imports/result.html."""
    written = {one["report"]: one for one in batch.outcome.get("written", [])}
    reports = {report.agency_id: report for report in Report.objects.filter(pk__in=written).with_names()}
    faults = Faults.of(batch, batch.outcome.get("left_out", []), {})
    rows = rows_of(batch, faults.of_rows)
    told = [row for row in rows if row.faults or (row.agency_pk in reports and row.written)]
    page = Paginator(sorted(told, key=lambda row: bool(row.faults)), PER_PAGE).get_page(number)
    fill(batch, page.object_list)
    page.object_list = [_result(row, reports.get(row.agency_pk), written) for row in page.object_list]
    depends = undoing.dependents(batch) if batch.state == ImportBatch.State.CONFIRMED else []
    return {
        "batch": batch,
        "page": page,
        "reports": len(written),
        "error_rows": len(faults.of_rows),
        "not_written": _not_written(rows),
        "dependents": depends,
        "may_undo": undoing.may_undo(user, batch),
        "uses": counted_from(batch),
    }


def _result(row: Row, report: Report | None, written: Mapping[int, Mapping[str, object]]) -> Result:
    if row.faults:
        detail = " ".join(f"{fault.where}: {fault.message}" for fault in row.faults)
        return Result(row.where, row.name, "error", "Không ghi", detail)
    one = written[report.pk]
    if one["created"]:
        status = Report.Status.SUBMITTED if one["submitted"] else Report.Status.DRAFT
        return Result(row.where, row.name, "new", "Mới", f"Tạo báo cáo, trạng thái {status.label}", report)
    handed_in = "; nộp lại" if one["submitted"] else ""
    return Result(row.where, row.name, "changed", "Thay đổi", _changes(row.cells.values()) + handed_in, report)


def _changes(cells: Iterable[ImportCell]) -> str:
    """ "2.2: 4.134 → 4.210; 3.1: 4", the latter where there was none."""
    changed = [cell for cell in cells if cell.outcome in ImportCell.WRITTEN]
    told = [f"{cell.measure.number or cell.measure.code}: {_said(cell)}" for cell in changed[:MOST_FIGURES]]
    rest = len(changed) - len(told)
    return "; ".join([*told, f"{rest} số khác"] if rest else told)


def _said(cell: ImportCell) -> str:
    new = "không áp dụng" if cell.not_applicable else say(cell.value)
    return new if cell.outcome == Outcome.NEW else f"{say(cell.old_value)} → {new}"


def _not_written(rows: Iterable[Row]) -> str:
    """ "5 dòng bỏ qua: 4 không đổi, 1 đã duyệt." """
    outcomes = Counter(_left(row) for row in rows)
    parts = [f"{outcomes[key]} {word}" for key, word in NOT_WRITTEN if outcomes[key]]
    return f"{sum(outcomes[key] for key, _ in NOT_WRITTEN)} dòng không ghi: {', '.join(parts)}." if parts else ""


def _left(row: Row) -> str:
    if row.faults or row.written:
        return "told"
    return "locked" if row.counts[Outcome.LOCKED] else "same"


def to_undo(batch: ImportBatch) -> dict[str, object]:
    """What taking the file back would do to each report, and what stands in the way."""
    written = {one["report"]: one for one in batch.outcome.get("written", [])}
    counts = Counter(batch.cells.filter(figure__isnull=False).values_list("figure__report", flat=True))
    reports = Report.objects.filter(pk__in=written).with_names().order_by("pk")
    return {
        "batch": batch,
        "dependents": undoing.dependents(batch),
        "reports": [(report, _undone(written[report.pk], counts[report.pk])) for report in reports],
    }


def _undone(one: Mapping[str, object], figures: int) -> str:
    recalled = "rút lại về nháp, " if one["submitted"] else ""
    done = f"bỏ {figures} số đã nhập, còn bản nháp trống" if one["created"] else f"{figures} số trở lại như trước"
    return f"{recalled}{done}"
