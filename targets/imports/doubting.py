"""The checks that the entry form passes too, on what each report would say, and what is odd about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from agencies.models import Agency
from targets.models import ImportCell
from targets.models.words import lower_first
from targets.reports import checks, soft_checks
from targets.reports.beside import Beside, beside_each
from targets.reports.checks import Rulebook
from targets.reports.entries import Entry

from . import cumulative
from .assessed import AssessedCell, Assessment, Outcome
from .choices import Choices
from .layout import Problem
from .lexicon import Lexicon
from .stored import Stored
from .table import Table

Near = Mapping[int, Mapping[str, Beside]]


@dataclass(frozen=True, slots=True)
class Said:
    """What an agency's report would say with the file's figures in it, and by measure the cells that say it."""

    agency: Agency
    entries: Mapping[str, Entry]
    cells: Mapping[str, AssessedCell]

    @property
    def is_news(self) -> bool:
        return any(cell.outcome != Outcome.SAME for cell in self.cells.values())

    @property
    def is_written(self) -> bool:
        return any(cell.outcome in ImportCell.WRITTEN for cell in self.cells.values())


def said_by_each(found: Assessment, stored: Stored) -> list[Said]:
    """Of every agency with a figure in the file that is not passed over."""
    by_agency: dict[int, dict[str, AssessedCell]] = {}
    for cell in found.cells:
        if cell.agency and (cell.value is not None or cell.not_applicable) and cell.outcome != Outcome.SKIPPED:
            by_agency.setdefault(cell.agency.pk, {})[cell.measure.code] = cell
    return [_said(cells, stored) for cells in by_agency.values()]


def _said(cells: Mapping[str, AssessedCell], stored: Stored) -> Said:
    agency = next(iter(cells.values())).agency
    entries = {code: Entry(cell.value, cell.not_applicable) for code, cell in cells.items()}
    return Said(agency, stored.entries(agency) | entries, cells)


def failed_checks(said: Iterable[Said], rulebook: Rulebook) -> list[Problem]:
    """The one validator of figures; a problem stands at the cell of its measure, or at another of the same report.

    Locked figures are checked too: a wrong number in the file is wrong whether or not it could be written.
    """
    problems = []
    for one in said:
        for problem in checks.problems(rulebook, one.entries) if one.is_news else ():
            problems.append(_in_file(one, problem))
    return sorted(problems, key=lambda problem: (problem.sheet, problem.row or 0, problem.column))


def _in_file(one: Said, problem: checks.Problem) -> Problem:
    """At the cell of its measure; what the report had before is told as such, at its whole or else at any cell."""
    measure = problem.measure
    if cell := one.cells.get(measure.code):
        return _at(cell, problem)
    whole = one.cells.get(measure.part_of.code) if measure.part_of else None
    message = f"{measure.short_name} ({checks.cell(measure)}) đã có trong báo cáo: {lower_first(problem.message)}"
    return _at(whole or next(iter(one.cells.values())), replace(problem, message=message))


def doubt(found: Assessment, said: Iterable[Said], rulebook: Rulebook, choices: Choices) -> Near:
    """Mark what is odd among the figures to write: three times the last period's, a standing number that falls.

    Gives what stands beside the figures of each agency that has some to write.
    """
    written = [one for one in said if one.is_written]
    near = beside_each(found.period, [one.agency for one in written], rulebook) if written else {}
    odd: dict[str, Problem] = {}
    for one in written:
        for problem in soft_checks.warnings(rulebook, one.entries, near[one.agency.pk]):
            cell = one.cells.get(problem.measure.code)
            if cell and cell.outcome in ImportCell.WRITTEN:
                odd[cell.place] = _at(cell, problem)
    if odd:
        found.warnings += odd.values()
        found.cells = [_doubted(cell, odd.get(cell.place), choices) for cell in found.cells]
    return near


def wrong_sums(tables: list[Table], known: Lexicon, owners: Mapping[object, Agency], near: Near) -> Iterable[Problem]:
    """Cumulative columns that do not fit what was approved before."""
    by_place = {key: near[agency.pk] for key, agency in owners.items() if agency.pk in near}
    values = {(reading.place.key, reading.measure.code): reading.value for one in tables for reading in one.readings}
    return cumulative.doubts(tables, known.vocabulary, values, by_place)


def _doubted(cell: AssessedCell, warning: Problem | None, choices: Choices) -> AssessedCell:
    if warning is None:
        return cell
    return replace(cell, warning=warning, note=choices.reasons.get(cell.place, "")[:500] or cell.note)


def _at(cell: AssessedCell, problem: checks.Problem) -> Problem:
    return Problem(problem.code, problem.message, cell.row, cell.column, cell.raw, cell.sheet)
