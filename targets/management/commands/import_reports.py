"""`manage.py import_reports`: the browser's pipeline from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from agencies.models import User
from targets.imports import staging
from targets.imports.assessment import ERROR, OK, REFUSED, AssessedCell, Assessment, assess
from targets.imports.layout import Problem
from targets.management.asked import period_named, plan_named
from targets.models import ImportBatch, ImportCell, Period, Plan, Report
from targets.models.numbers import json_number
from targets.reports import workflow

EXIT = {OK: 0, ERROR: 1, REFUSED: 2}
CHANGES = {ImportCell.Outcome.EMPTY: "same"}  # an empty cell never overwrites


class Command(BaseCommand):
    help = "Read workbooks of reports; nothing is written without --commit."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--plan", help="số của kế hoạch; mặc định: kế hoạch có kỳ của tệp")
        parser.add_argument("--period", help="mã kỳ, ví dụ 2023; mặc định: theo tiêu đề trong tệp")
        parser.add_argument("--sheet", help="tên trang tính")
        parser.add_argument("--by", help="tên đăng nhập của cán bộ tỉnh đứng tên; mặc định: người đầu tiên")
        parser.add_argument("--commit", action="store_true", help="ghi vào báo cáo nháp")
        parser.add_argument("--approve", action="store_true", help="cùng --commit: nộp, rồi một cán bộ tỉnh khác duyệt")
        parser.add_argument("--json", action="store_true", help="mỗi tệp một đối tượng JSON")

    def handle(self, *args, files: list[str], **options) -> None:
        if options["approve"] and not options["commit"]:
            raise CommandError("--approve đi cùng --commit.")
        plan = plan_named(options["plan"], with_period=options["period"])
        period = period_named(plan, options["period"]) if options["period"] else None
        plans = [plan] if options["plan"] or period else [plan, *Plan.objects.exclude(pk=plan.pk)]
        worst = 0
        for name in files:
            found, batch = self._take(name, plans, period, options)
            self.stdout.write(as_json(found, batch) if options["json"] else as_text(found, batch))
            worst = max(worst, EXIT[found.outcome])
        if worst:
            raise SystemExit(worst)

    def _take(
        self, name: str, plans: list[Plan], period: Period | None, options: dict
    ) -> tuple[Assessment, ImportBatch | None]:
        """Read one file and, when asked and nothing is wrong with it, write it; what stops it is in the outcome."""
        try:
            content = Path(name).read_bytes()
        except OSError as why:
            message = f"Không mở được tệp {name}: {why.strerror}."
            return Assessment(Path(name).name, plans[0], REFUSED, message, period), None
        found = _assessed(content, Path(name).name, plans, period, options["sheet"])
        if not options["commit"] or found.outcome != OK:
            return found, None
        try:
            return found, self._commit(found, content, options)
        except workflow.NotAllowed as refusal:
            found.outcome, found.message = ERROR, str(refusal)
            found.errors.append(Problem("not_allowed", str(refusal)))
            return found, None

    @transaction.atomic
    def _commit(self, found: Assessment, content: bytes, options: dict) -> ImportBatch:
        by, other = _officers(options["by"])
        batch = staging.stage(found, content, by=by)
        staging.confirm(batch, by=by)
        batch.refresh_from_db()
        for report in _drafts(found) if options["approve"] else ():
            report = workflow.submit(report, by=by, version=report.version)
            workflow.approve(report, by=_needed(other), version=report.version)
        return batch


def _assessed(content: bytes, name: str, plans: list[Plan], period: Period | None, sheet: str | None) -> Assessment:
    """Under the first plan that has the period which the file's titles name; else what the first plan makes of it."""
    found = [assess(content, name, plan=plans[0], period=period, sheet=sheet)]
    for plan in plans[1:]:
        if found[-1].period or found[-1].outcome == REFUSED:
            break
        found.append(assess(content, name, plan=plan, period=period, sheet=sheet))
    return found[-1] if found[-1].period else found[0]


def _drafts(found: Assessment) -> list[Report]:
    """The file's reports still to hand in, those that an earlier run filled in included."""
    agencies = {cell.agency for cell in found.cells if cell.value is not None}
    return [report for report in Report.objects.of_period(found.period, agencies) if report.is_editable]


def _officers(username: str | None) -> tuple[User, User | None]:
    """Who writes and hands in, and another officer to approve, since nobody approves their own."""
    officers = list(User.objects.active_reviewers())
    by = next((user for user in officers if username in (None, user.username)), None)
    if by is None:
        raise CommandError(f"Không có cán bộ tỉnh {username}." if username else "Chưa có cán bộ tỉnh nào.")
    return by, next((user for user in officers if user != by), None)


def _needed(other: User | None) -> User:
    if other is None:
        raise CommandError("Cần một cán bộ tỉnh thứ hai để duyệt: người nộp không tự duyệt.")
    return other


def as_text(found: Assessment, batch: ImportBatch | None) -> str:
    lines = [f"{found.file}: {batch.message if batch else found.message}"]
    lines += [f"  {problem.cell or found.sheet}: {problem.message}" for problem in found.errors]
    lines += [f"  Lưu ý {problem.cell or found.sheet}: {problem.message}" for problem in found.warnings]
    return "\n".join(lines)


def as_json(found: Assessment, batch: ImportBatch | None) -> str:
    """One object per file, in the shape scripts rely on (DESIGN §8)."""
    said = {
        "file": found.file,
        "outcome": found.outcome,
        "message": batch.message if batch else found.message,
        "period": found.period.code if found.period else None,
        "sheet": found.sheet,
        "layout": found.layout,
        "rows_read": found.rows_read,
        "rows_skipped": [{"row": skipped.row, "why": skipped.why} for skipped in found.skipped],
        "values": [_value(cell) for cell in found.cells if not cell.problem],
        "errors": [_problem(found, problem) for problem in found.errors],
        "warnings": [_problem(found, problem) for problem in found.warnings],
        "totals": [
            {
                "cell": total.cell.address,
                "stated": json_number(total.stated),
                "computed": json_number(total.computed),
                "agrees": total.agrees,
            }
            for total in found.totals
        ],
        "batch": batch.pk if batch else None,
    }
    return json.dumps(said, ensure_ascii=False)


def _value(cell: AssessedCell) -> dict[str, object]:
    return {
        "unit_code": cell.unit.code,
        "unit": cell.unit.full_name,
        "measure": cell.measure.code,
        "value": json_number(cell.value),
        "sheet": cell.sheet,
        "cell": f"{cell.column}{cell.row}",
        "change": CHANGES.get(cell.outcome, str(cell.outcome)),
    }


def _problem(found: Assessment, problem: Problem) -> dict[str, object]:
    """The contract names these keys and no others."""
    row = staging.problem_row(problem)
    del row["offers"]
    return {"sheet": found.sheet} | row
