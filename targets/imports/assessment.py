"""What a file would do: every cell read, matched and checked against what is stored, with nothing written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from agencies.models import Agency, Unit
from targets.models import CountingOwner, Figure, ImportCell, Measure, Period, Plan, Report
from targets.reports import checks, rules
from targets.reports.entries import Entry, entry_of

from . import layout, table
from .layout import NoTable, Problem
from .parsing import find_periods, show
from .reader import Refused, read_workbook
from .table import Reading, Skipped, Table, Total
from .vocabulary import MeasureTerm, Place, Vocabulary

Outcome = ImportCell.Outcome
OK, ERROR, REFUSED = "ok", "error", "refused"


@dataclass(frozen=True, slots=True)
class AssessedCell:
    """One figure of the file beside the one that is stored."""

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
    warning: Problem | None = None
    typed: str = ""  # what the sender put in the place of the cell's content
    not_applicable: bool = False
    note: str = ""


@dataclass
class Assessment:
    """`outcome`: "ok", "error" (something in it must be mended first) or "refused" (no workbook we read)."""

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


def assess(
    content: bytes, name: str, *, plan: Plan, period: Period | None = None, sheet: str | None = None
) -> Assessment:
    """Read a workbook for `period`, or for the one its titles name. Never raises for what is in the file."""
    found = Assessment(file=name, plan=plan, period=period)
    measures = {m.code: m for m in plan.measures.all()}
    units = {unit.pk: unit for unit in Unit.objects.prefetch_related("succeeded_by__successor")}
    words = vocabulary(measures.values(), units.values())
    try:
        where = layout.find_table(read_workbook(content, name), words, sheet)
        found.sheet, found.layout = where.sheet.name, where.kind
        found.period = period or _period_named(plan, where)
        _warn_if_titles_differ(found, where)
        read = table.read_table(where, words, found.period.ends_on)
    except Refused as why:
        found.outcome, found.message = REFUSED, why.message
    except NoTable as why:
        found.outcome, found.message, found.sheet = ERROR, str(why), why.sheet
        found.errors = list(why.problems)
    else:
        _take(found, read, measures, units)
    return found


def vocabulary(measures: Iterable[Measure], units: Iterable[Unit]) -> Vocabulary:
    """The plan's measures and the province's units of all times, under every name that is data."""
    return Vocabulary(
        tuple(
            MeasureTerm(m.code, tuple(dict.fromkeys((*m.aliases.splitlines(), m.name))), m.is_whole_number)
            for m in measures
        ),
        tuple(
            Place(
                unit.pk,
                unit.kind,
                unit.full_name,
                (unit.name, *unit.aliases.splitlines()),
                unit.valid_from,
                unit.valid_to,
                tuple(edge.successor.full_name for edge in unit.succeeded_by.all()),
            )
            for unit in units
        ),
    )


def _period_named(plan: Plan, where: layout.Layout) -> Period:
    """The one period of the plan that the titles name. Raises NoTable when it is not just one."""
    codes = find_periods(where.titles)
    periods = list(plan.periods.coded(codes))
    if len(periods) == 1:
        return periods[0]
    named = f" Tiêu đề nhắc đến nhiều kỳ: {', '.join(sorted(codes))}." if len(codes) > 1 else ""
    raise NoTable(where.sheet.name, Problem("period_unknown", f"Không rõ tệp báo cáo kỳ nào.{named} Chọn kỳ báo cáo."))


def _warn_if_titles_differ(found: Assessment, where: layout.Layout) -> None:
    codes = find_periods(where.titles)
    if codes and found.period.code not in codes:
        message = f"Tiêu đề ghi kỳ {', '.join(sorted(codes))}, đang nhập cho {found.period.name}."
        found.warnings.append(Problem("period_differs", message))


def _take(found: Assessment, read: Table, measures: Mapping[str, Measure], units: Mapping[int, Unit]) -> None:
    """What was read, cell by cell beside what is stored, then the checks that the entry form passes too."""
    found.rows_read, found.skipped, found.totals = read.rows_read, read.skipped, read.totals
    found.warnings += read.warnings
    found.errors += read.problems
    agencies = {a.unit_id: a for a in CountingOwner.objects.agencies(found.plan, found.period.ends_on).of_territories()}
    found.errors += [
        Problem.at(cell, "unit_does_not_report", f"{place.full_name} không có cơ quan báo cáo trong kỳ này.")
        for place, cell in read.place_cells.items()
        if place.key not in agencies
    ]
    stored = _Stored.of(agencies.values(), found.period)
    for reading in read.readings:
        agency = agencies.get(reading.place.key)
        found.cells.append(_assessed(reading, units[reading.place.key], agency, measures, stored))
    found.errors += [*_failed_checks(found, stored), *_closed(found)]
    if found.errors:
        found.outcome = ERROR
    found.message = _summary(found)


@dataclass(frozen=True)
class _Stored:
    """Reports and figures of the period, by agency."""

    reports: dict[int, Report]
    figures: dict[tuple[int, str], Figure]

    @classmethod
    def of(cls, agencies: Iterable[Agency], period: Period) -> _Stored:
        reports = list(Report.objects.of_period(period, agencies))
        figures = Figure.objects.of_reports(reports)
        return cls({r.agency_id: r for r in reports}, {(f.report.agency_id, f.measure.code): f for f in figures})

    def value(self, agency: Agency | None, measure: Measure) -> Decimal | None:
        figure = self.figures.get((agency.pk, measure.code)) if agency else None
        return figure.value if figure else None

    def entries(self, agency: Agency) -> dict[str, Entry]:
        return {code: entry_of(figure) for (pk, code), figure in self.figures.items() if pk == agency.pk}

    def is_locked(self, agency: Agency | None) -> bool:
        report = self.reports.get(agency.pk) if agency else None
        return report is not None and not report.is_editable


def _assessed(
    reading: Reading, unit: Unit, agency: Agency | None, measures: Mapping[str, Measure], stored: _Stored
) -> AssessedCell:
    measure = measures[reading.measure.code]
    old = stored.value(agency, measure)
    return AssessedCell(
        row=reading.cell.row,
        column=reading.cell.column,
        raw=show(reading.cell.value)[:500],
        value=reading.value,
        unit=unit,
        agency=agency,
        measure=measure,
        outcome=_outcome(reading, old, locked=stored.is_locked(agency)),
        old_value=old,
        problem=reading.problem,
    )


def _outcome(reading: Reading, old: Decimal | None, *, locked: bool) -> str:
    """An empty cell never overwrites; a figure handed in or approved is locked, unless the file says the same."""
    if reading.problem:
        return Outcome.ERROR
    if reading.value is None:
        return Outcome.EMPTY
    if reading.value == old:
        return Outcome.SAME
    if locked:
        return Outcome.LOCKED
    return Outcome.NEW if old is None else Outcome.CHANGED


def _failed_checks(found: Assessment, stored: _Stored) -> list[Problem]:
    """The one validator of figures, on what each report would say; a problem stands at the cell of its measure.

    Locked figures are checked too: a wrong number in the file is wrong whether or not it could be written.
    """
    rulebook = checks.Rulebook.of(found.plan)
    by_agency: dict[Agency, dict[str, AssessedCell]] = {}
    for cell in found.cells:
        if cell.agency and cell.value is not None:
            by_agency.setdefault(cell.agency, {})[cell.measure.code] = cell
    problems = []
    for agency, cells in by_agency.items():
        if all(cell.outcome == Outcome.SAME for cell in cells.values()):
            continue
        entries = stored.entries(agency) | {code: Entry(cell.value) for code, cell in cells.items()}
        for problem in checks.problems(rulebook, entries):
            cell = cells.get(problem.measure.code) or next(iter(cells.values()))
            problems.append(Problem(problem.code, problem.message, cell.row, cell.column, cell.raw))
    return sorted(problems, key=lambda problem: (problem.row or 0, problem.column))


def _closed(found: Assessment) -> list[Problem]:
    """A closed period takes no figures, except of agencies with more time; said before anybody confirms."""
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
