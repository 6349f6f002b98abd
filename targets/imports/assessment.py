"""What a file would do: every cell read, matched and checked against what is stored, with nothing written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from agencies.models import Agency, Unit
from targets.models import CountingOwner, ImportCell, LearnedHeading, Measure, Period, Plan
from targets.reports import checks, rules, soft_checks
from targets.reports.beside import beside_each
from targets.reports.entries import Entry

from . import layout, lexicon, table
from .choices import Choices
from .layout import Layout, NoTable, Problem
from .parsing import show
from .reader import Refused, read_workbook
from .remarks import remarks
from .stored import Stored
from .table import UNIT_CODES, Reading, Skipped, Table, Total

Outcome = ImportCell.Outcome
OK, ERROR, REFUSED = "ok", "error", "refused"


@dataclass(frozen=True, slots=True)
class AssessedCell:
    """One figure of the file beside the one that is stored. `subject`: the row, or column, of its unit ("6", "D")."""

    row: int
    column: str
    raw: str
    value: Decimal | None
    unit: Unit
    agency: Agency | None
    measure: Measure
    outcome: str
    old_value: Decimal | None = None
    problem: Problem | None = None
    sheet: str = ""
    subject: str = ""
    warning: Problem | None = None
    typed: str = ""  # what the sender put in the place of the cell's content
    not_applicable: bool = False
    note: str = ""

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.column}{self.row}"


@dataclass
class Assessment:
    """`outcome`: "ok", "error" (something in it must be mended or answered first) or "refused" (no workbook we read).

    `left_out` are the errors of rows that the sender chose to pass over.
    """

    file: str
    plan: Plan
    outcome: str = OK
    message: str = ""
    period: Period | None = None
    sheet: str = ""
    layout: str = ""
    rows_read: int = 0
    cells: list[AssessedCell] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    left_out: list[Problem] = field(default_factory=list)
    layouts: list[Layout] = field(default_factory=list)


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
    owners = _owners(found, tables, known, only)
    stored = Stored.of(owners.values(), found.period)
    places = {place: owners.get(place.key) for one in tables for place in one.labels}
    units = known.units_of(places)
    found.cells = [
        _assessed(reading, units[reading.place], places[reading.place], known.measures, stored)
        for one in tables
        for reading in one.readings
    ]
    found.errors += _refused_notes(found)
    rulebook = checks.Rulebook.of(found.plan)
    found.errors += _failed_checks(found, stored, rulebook)
    _leave_out(found, tables, choices)
    found.errors += _closed(found)
    _doubt(found, stored, rulebook, choices)
    found.outcome = ERROR if found.errors else OK
    found.message = _summary(found)


def _owners(
    found: Assessment, tables: list[Table], known: lexicon.Lexicon, only: Agency | None
) -> dict[object, Agency]:
    """Key of a place -> the agency whose report its figures enter; a place without one, or twice, is an error."""
    territories = CountingOwner.objects.agencies(found.plan, found.period.ends_on).of_territories()
    owners: dict[object, Agency] = known.agencies | {agency.unit_id: agency for agency in territories}
    seen: dict[int, str] = {}
    for one in tables:
        for place, cell in one.labels.items():
            agency = owners.get(place.key)
            if agency is None:
                message = f"{place.full_name} không có cơ quan báo cáo trong kỳ này."
                found.errors.append(Problem.at(cell, "unit_does_not_report", message, one.sheet))
            elif only is not None and agency != only:
                message = f"Tệp có số liệu của {place.full_name}. Tài khoản của bạn chỉ nhập cho {only}."
                found.errors.append(Problem.at(cell, "other_agency", message, one.sheet))
            elif agency.pk in seen:
                message = f"{place.full_name} đã có ở {seen[agency.pk]}."
                found.errors.append(Problem.at(cell, "duplicate_unit", message, one.sheet))
            else:
                seen[agency.pk] = f"trang “{one.sheet}”, ô {cell.address}"
    used = {place.key for one in tables for place in one.labels}
    return {key: agency for key, agency in owners.items() if key in used}


def _assessed(
    reading: Reading, unit: Unit, agency: Agency | None, measures: Mapping[str, Measure], stored: Stored
) -> AssessedCell:
    measure = measures[reading.measure.code]
    before = stored.entry(agency, measure)
    return AssessedCell(
        row=reading.cell.row,
        column=reading.cell.column,
        raw=show(reading.cell.value)[:500],
        value=reading.value,
        unit=unit,
        agency=agency,
        measure=measure,
        outcome=_outcome(reading, before, locked=stored.is_locked(agency)),
        old_value=before.value,
        problem=reading.problem,
        sheet=reading.sheet,
        subject=reading.subject,
        typed=reading.typed,
        not_applicable=reading.not_applicable,
        note=reading.note,
    )


def _outcome(reading: Reading, before: Entry, *, locked: bool) -> str:
    """An empty cell never overwrites; a figure handed in or approved is locked, unless the file says the same."""
    if reading.problem:
        return Outcome.ERROR
    if reading.value is None and not reading.not_applicable:
        return Outcome.EMPTY
    said = reading.note or (before.reason if reading.not_applicable else before.note)
    after = (
        Entry(None, not_applicable=True, reason=said, note=before.note)
        if reading.not_applicable
        else Entry(reading.value, note=said)
    )
    if after.reads_as(before):
        return Outcome.SAME
    if locked:
        return Outcome.LOCKED
    return Outcome.NEW if before.is_blank else Outcome.CHANGED


def _refused_notes(found: Assessment) -> list[Problem]:
    """ "Không áp dụng" says nothing without a reason (R2)."""
    problems = []
    for place, cell in enumerate(found.cells):
        if cell.not_applicable and not cell.note and cell.outcome in (*ImportCell.WRITTEN, Outcome.LOCKED):
            message = "Không áp dụng thì ghi lý do ở cột Ghi chú, hoặc chọn trên biểu của đơn vị."
            problem = Problem("reason_missing", message, cell.row, cell.column, cell.raw, cell.sheet)
            found.cells[place] = replace(cell, outcome=Outcome.ERROR, problem=problem)
            problems.append(problem)
    return problems


def _entries(found: Assessment, stored: Stored) -> dict[Agency, tuple[dict[str, Entry], dict[str, AssessedCell]]]:
    """By agency with a figure in the file: what its report would say, and the cells that say it."""
    by_agency: dict[int, dict[str, AssessedCell]] = {}
    for cell in found.cells:
        if cell.agency and (cell.value is not None or cell.not_applicable) and cell.outcome != Outcome.SKIPPED:
            by_agency.setdefault(cell.agency.pk, {})[cell.measure.code] = cell
    said = {}
    for cells in by_agency.values():
        agency = next(iter(cells.values())).agency
        said[agency] = (stored.entries(agency) | {code: _entry(cell) for code, cell in cells.items()}, cells)
    return said


def _entry(cell: AssessedCell) -> Entry:
    return Entry(cell.value, cell.not_applicable)


def _failed_checks(found: Assessment, stored: Stored, rulebook: checks.Rulebook) -> list[Problem]:
    """The one validator of figures, on what each report would say; a problem stands at the cell of its measure.

    Locked figures are checked too: a wrong number in the file is wrong whether or not it could be written.
    """
    problems = []
    for entries, cells in _entries(found, stored).values():
        if all(cell.outcome == Outcome.SAME for cell in cells.values()):
            continue
        for problem in checks.problems(rulebook, entries):
            cell = cells.get(problem.measure.code) or next(iter(cells.values()))
            problems.append(Problem(problem.code, problem.message, cell.row, cell.column, cell.raw, cell.sheet))
    return sorted(problems, key=lambda problem: (problem.sheet, problem.row or 0, problem.column))


def _leave_out(found: Assessment, tables: list[Table], choices: Choices) -> None:
    """Pass over whole rows that have an error, when the sender chose so: never half a report."""
    if not choices.without_errors:
        return
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


def _doubt(found: Assessment, stored: Stored, rulebook: checks.Rulebook, choices: Choices) -> None:
    """Mark what is odd among the figures to write: three times the last period's, a standing number that falls."""
    entries = {
        agency: said
        for agency, said in _entries(found, stored).items()
        if any(cell.outcome in ImportCell.WRITTEN for cell in said[1].values())
    }
    near = beside_each(found.period, list(entries), rulebook) if entries else {}
    odd: dict[tuple[str, int, str], Problem] = {}
    for agency, (said, cells) in entries.items():
        for doubt in soft_checks.warnings(rulebook, said, near[agency.pk]):
            cell = cells.get(doubt.measure.code)
            if cell and cell.outcome in ImportCell.WRITTEN:
                problem = Problem(doubt.code, doubt.message, cell.row, cell.column, cell.raw, cell.sheet)
                odd[cell.sheet, cell.row, cell.column] = problem
    found.warnings += odd.values()
    found.cells = [_doubted(cell, odd.get((cell.sheet, cell.row, cell.column)), choices) for cell in found.cells]


def _doubted(cell: AssessedCell, warning: Problem | None, choices: Choices) -> AssessedCell:
    if warning is None:
        return cell
    return replace(cell, warning=warning, note=choices.reasons.get(cell.place, "")[:500] or cell.note)


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
        return f"Có {len(found.errors)} lỗi. Sửa trong tệp rồi tải lại."
    changes = sum(cell.outcome in ImportCell.WRITTEN for cell in found.cells)
    return f"Đọc {found.rows_read} dòng, {changes} số sẽ ghi." if changes else "Không có thay đổi."


def agencies_named(cells: Iterable[AssessedCell]) -> list[Agency]:
    return list(dict.fromkeys(cell.agency for cell in cells if cell.agency))
