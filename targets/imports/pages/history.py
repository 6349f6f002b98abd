"""Files sent so far, each with how it ended; and what the page of a new upload offers beside its form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agencies.models import User
from targets.imports import rules
from targets.imports.forms import plans_of, reporting
from targets.models import ImportBatch, Period

State = ImportBatch.State
# (class of the chip, icon, word)
CHIPS = {
    State.STAGED: ("s-nop", "clock", "Chờ xác nhận"),
    State.CONFIRMED: ("s-duyet", "check-circle", "Đã nhập"),
    State.UNDONE: ("s-chua", "return", "Đã hoàn tác"),
    State.FAILED: ("s-tra", "warn", "Không đọc được"),
}
FAULTY = ("s-tra", "warn", "Có lỗi")


@dataclass(frozen=True, slots=True)
class SentFile:
    batch: ImportBatch
    chip: tuple[str, str, str]
    result: str
    may_discard: bool


def lines(batches: Iterable[ImportBatch], user: User) -> list[SentFile]:
    return [
        SentFile(batch, chip(batch), _result(batch), batch.state == State.STAGED and rules.may_answer(user, batch))
        for batch in batches
    ]


def chip(batch: ImportBatch) -> tuple[str, str, str]:
    """A file that waits but has errors says so."""
    has_errors = batch.state == State.STAGED and batch.outcome.get("errors")
    return FAULTY if has_errors else CHIPS[State(batch.state)]


def _result(batch: ImportBatch) -> str:
    """How many reports were written or would be, in short: "3 báo cáo", "2 lỗi", "5 số mới hoặc thay đổi"."""
    if batch.state in (State.CONFIRMED, State.UNDONE):
        count = len(batch.outcome.get("written", []))
        return f"{count} báo cáo" if count else "Không có thay đổi"
    if errors := len(batch.outcome.get("errors", [])):
        return f"{errors} lỗi"
    counts = batch.outcome.get("counts", {})
    changes = counts.get("new", 0) + counts.get("changed", 0)
    return f"{changes} số sẽ ghi" if changes else "Không có thay đổi"


def upload_page(user: User, most: int) -> dict[str, object]:
    """Beside the form: the last files, and for which period and agency a template can be made."""
    plan = plans_of(user).to_show()
    periods = list(plan.periods.started().newest_first()) if plan else []
    period = plan.periods.to_show() if plan else None
    return {
        "recent": lines(ImportBatch.objects.visible_to(user).newest_first()[:most], user),
        "plan": plan,
        "template_periods": periods,
        "template_period": period,
        "template_agencies": _agencies(user, period),
    }


def _agencies(user: User, period: Period | None) -> list[tuple[str, str]]:
    """Nothing to choose for a reporter, whose workbook is the own agency's."""
    return reporting(period.plan, period) if period and not user.is_reporter else []
