"""A confirmed file taken back: every figure as it stood before, as long as nothing was built on it since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from agencies.models import User
from targets.models import ImportBatch, Report, ReportEvent
from targets.reports import together
from targets.reports.entries import Entry
from targets.reports.together import Held
from targets.reports.workflow import NotAllowed

from .batches import State, held, spell_moment

Verb = ReportEvent.Verb
# What happened to a report since: the rest of "Hội LHPN huyện Hạ Lang: đã duyệt lúc 16:40, 22/7/2024".
SINCE = {
    Verb.SAVE: "sửa tiếp",
    Verb.SUBMIT: "đã nộp",
    Verb.RECALL: "đã rút lại",
    Verb.RETURN: "đã trả lại",
    Verb.APPROVE: "đã duyệt",
    Verb.REOPEN: "đã mở lại",
}


@dataclass(frozen=True, slots=True)
class Dependent:
    """A report that went on from what the file left in it."""

    report: Report
    why: str

    def __str__(self) -> str:
        return f"{self.report.agency}: {self.why}"


def check_may_undo(user: User, batch: ImportBatch) -> None:
    """Whoever sent the file, and the province's officers and administrators, who answer for what is in."""
    if not (user.is_reviewer or user.is_admin or user.pk == batch.sent_by_id):
        raise NotAllowed("Chỉ người gửi tệp, cán bộ Hội LHPN tỉnh hoặc quản trị được hoàn tác.")


def may_undo(user: User, batch: ImportBatch) -> bool:
    """Pages ask this before offering it; `dependents` says whether it would work."""
    try:
        check_may_undo(user, batch)
    except NotAllowed:
        return False
    return batch.state == State.CONFIRMED


def dependents(batch: ImportBatch) -> list[Dependent]:
    """The reports that are no longer as the file left them, and what was done to each last; empty: it can be undone."""
    left = _as_left(batch)
    reports = Report.objects.filter(pk__in=left).select_related("agency").order_by("pk")
    moved = [report for report in reports if report.version != left[report.pk]]
    last = {event.report_id: event for event in ReportEvent.objects.filter(report__in=moved).order_by("pk")}
    return [Dependent(r, f"{SINCE[last[r.pk].verb]} lúc {spell_moment(last[r.pk].at)}") for r in moved]


def _as_left(batch: ImportBatch) -> dict[int, int]:
    """The version in which each report is as the file left it: a later file that was undone itself left no trace."""
    left = {one["report"]: one["version"] for one in batch.outcome.get("written", [])}
    undone = ImportBatch.objects.filter(period=batch.period_id, state=State.UNDONE)
    again = {}
    for written in undone.values_list("outcome__written", flat=True):
        again |= {(one["report"], one["from"]): one["undone"] for one in written}
    for report, version in left.items():
        while (report, version) in again:
            version = again[report, version]
        left[report] = version
    return left


@transaction.atomic
def undo(batch: ImportBatch, *, by: User) -> list[Report]:
    """Take the file back: its hand-ins first, then its figures; gives its reports. Raises NotAllowed, and says why."""
    batch = held(batch, State.CONFIRMED)
    check_may_undo(by, batch)
    written = {one["report"]: one for one in batch.outcome["written"]}
    reports = together.hold(written, by=by)
    if stopped := dependents(batch):
        raise NotAllowed(f"Không hoàn tác được. {'; '.join(map(str, stopped))}.")
    reason = f"Hoàn tác nhập tệp {batch.name}"
    handed_in = [report for pk, report in reports.reports.items() if written[pk]["submitted"]]
    together.recall(handed_in, by=by, reason=reason)
    together.save(reports, _as_before(batch, reports), by=by, reason=reason)
    batch.cells.unlink()
    for pk, report in reports.reports.items():
        written[pk]["undone"] = report.version
    batch.state, batch.undone_at, batch.undone_by = State.UNDONE, timezone.now(), by
    batch.message = f"Đã hoàn tác, {len(written)} báo cáo trở lại như trước khi nhập."
    batch.save()
    return list(reports.reports.values())


def _as_before(batch: ImportBatch, reports: Held) -> dict[int, dict[int, Entry | None]]:
    """What each figure that the file wrote had said; None where there had been none."""
    by_agency = reports.by_agency()
    entries: dict[int, dict[int, Entry | None]] = {}
    for cell in batch.cells.filter(figure__isnull=False):
        before = _entry(cell.before) if cell.before else None
        entries.setdefault(by_agency[cell.agency_id].pk, {})[cell.measure_id] = before
    return entries


def _entry(before: Mapping[str, object]) -> Entry:
    value = None if before["value"] is None else Decimal(before["value"])
    return Entry(value, before["not_applicable"], before["reason"], before["note"], before["origin"])
