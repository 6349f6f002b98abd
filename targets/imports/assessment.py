"""What a file would do: every cell read, matched and checked against what is stored, with nothing written."""

from __future__ import annotations

from dataclasses import replace

from agencies.models import Agency
from targets.models import ImportCell, LearnedHeading, Period, Plan
from targets.reports import checks, rules

from . import layout, lexicon, table
from .assessed import ERROR, OK, REFUSED, AssessedCell, Assessment, Outcome
from .choices import Choices
from .comparing import compare, owners_of, without_reason
from .doubting import doubt, failed_checks, said_by_each, wrong_sums
from .layout import NoTable, Problem
from .reader import Refused, read_workbook
from .remarks import remarks
from .stored import Stored
from .table import UNIT_CODES, Table

__all__ = ["ERROR", "OK", "REFUSED", "AssessedCell", "Assessment", "assess"]


def assess(
    content: bytes,
    name: str,
    *,
    plan: Plan,
    period: Period | None = None,
    sheet: str | None = None,
    choices: Choices | None = None,
    only: Agency | None = None,
    sender: Agency | None = None,
) -> Assessment:
    """Read a workbook for `period`, or for the one its titles name. Never raises for what is in the file.

    `only`: the one agency whose figures it may hold. `sender`: whose remembered headings apply.
    """
    choices = choices or Choices(period=period.code if period else "", sheets=(sheet,) if sheet else ())
    found = Assessment(file=name, plan=plan, period=period)
    known = lexicon.of(plan, LearnedHeading.objects.known_to(plan, sender) | dict(choices.lines))
    if only is not None and not choices.agency:
        choices = choices.but(agency=only.code)
    try:
        found.layouts = layout.find_tables(read_workbook(content, name), known.vocabulary, choices)
        found.sheet = ", ".join(one.sheet.name for one in found.layouts)
        found.layout = found.layouts[0].kind
        found.period = _period(found, choices)
        tables = [table.read_table(one, known.vocabulary, found.period.ends_on, choices) for one in found.layouts]
    except Refused as why:
        found.outcome, found.message = REFUSED, why.message
    except NoTable as why:
        found.outcome, found.message, found.sheet = ERROR, str(why), found.sheet or why.sheet
        found.errors = list(why.problems)
    else:
        _take(found, tables, known, choices, only)
    return found


def _period(found: Assessment, choices: Choices) -> Period:
    """The period asked for, else the one of the plan that the titles name. Raises NoTable when it is not just one."""
    codes = layout.periods_named(found.layouts)
    asked = found.period or found.plan.periods.filter(code=choices.period).first()
    if asked:
        if codes and asked.code not in codes:
            message = f"Tiêu đề ghi kỳ {', '.join(sorted(codes))}, đang nhập cho {asked.name}."
            found.warnings.append(Problem("period_differs", message))
        return asked
    periods = list(found.plan.periods.coded(codes))
    if len(periods) == 1:
        return periods[0]
    named = f" Tiêu đề nhắc đến nhiều kỳ: {', '.join(sorted(codes))}." if len(codes) > 1 else ""
    raise NoTable(found.sheet, Problem("period_unknown", f"Không rõ tệp báo cáo kỳ nào.{named} Chọn kỳ báo cáo."))


def _take(
    found: Assessment, tables: list[Table], known: lexicon.Lexicon, choices: Choices, only: Agency | None
) -> None:
    """What was read, cell by cell beside what is stored, then the checks that the entry form passes too."""
    for one in tables:
        found.rows_read += one.rows_read
        found.skipped += one.skipped
        found.totals += one.totals
        found.warnings += remarks(one)
        found.errors += one.problems
    owners = owners_of(found, tables, known, only)
    stored = Stored.of(owners.values(), found.period)
    found.cells = compare(tables, owners, known, stored)
    found.errors += without_reason(found)
    rulebook, said = checks.Rulebook.of(found.plan), said_by_each(found, stored)
    found.errors += failed_checks(said, rulebook)
    if choices.without_errors:
        _leave_out(found, tables)
        said = said_by_each(found, stored)
    found.errors += _closed(found)
    near = doubt(found, said, rulebook, choices)
    found.warnings += wrong_sums(tables, known, owners, near)
    found.outcome = ERROR if found.errors else OK
    found.message = _summary(found)


def _leave_out(found: Assessment, tables: list[Table]) -> None:
    """Pass over whole rows that have an error, as their sender chose: never half a report."""
    rows = {(cell.sheet, cell.row, cell.column): (cell.sheet, cell.subject) for cell in found.cells}
    rows |= {
        (one.sheet, cell.row, cell.column): (one.sheet, reading.subject)
        for one in tables
        for reading in one.readings
        if (cell := one.labels.get(reading.place))
    }
    places = {(problem.sheet, problem.row, problem.column) for problem in found.errors}
    wrong = {rows[place] for place in places if place in rows}
    totals = {(total.sheet, total.cell.row, total.cell.column) for total in found.totals}

    def is_of_a_row(problem: Problem) -> bool:
        place = (problem.sheet, problem.row, problem.column)
        return place in rows or place in totals or problem.code in UNIT_CODES

    found.left_out = [problem for problem in found.errors if is_of_a_row(problem)]
    found.errors = [problem for problem in found.errors if not is_of_a_row(problem)]
    found.cells = [
        replace(cell, outcome=Outcome.SKIPPED) if (cell.sheet, cell.subject) in wrong else cell for cell in found.cells
    ]


def _closed(found: Assessment) -> list[Problem]:
    """A closed period takes no figures, except of agencies with more time; said before anybody confirms."""
    if not found.period.is_closed:
        return []
    for agency in {cell.agency for cell in found.cells if cell.agency and cell.outcome in ImportCell.WRITTEN}:
        try:
            rules.check_period_is_open(found.period, agency)
        except rules.NotAllowed as refusal:
            return [Problem("period_closed", str(refusal))]
    return []


def _summary(found: Assessment) -> str:
    if found.errors:
        return f"Có {len(found.errors)} lỗi. Sửa tại đây, hoặc sửa trong tệp rồi tải lại."
    changes = sum(cell.outcome in ImportCell.WRITTEN for cell in found.cells)
    return f"Đọc {found.rows_read} dòng, {changes} số sẽ ghi." if changes else "Không có thay đổi."
