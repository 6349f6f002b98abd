"""Readings -> cells: whose report each figure enters, and what it would do to the figure stored there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from agencies.models import Agency, Unit
from agencies.models.agency import AgencyLevel
from targets.models import CountingOwner, ImportCell, Measure
from targets.reports.entries import Entry

from .assessed import AssessedCell, Assessment, Outcome
from .layout import Kind, Problem, agency_texts
from .lexicon import Lexicon
from .parsing import show
from .stored import Stored
from .table import Reading, Table


def owners_of(found: Assessment, tables: list[Table], known: Lexicon, only: Agency | None) -> dict[object, Agency]:
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
    if only is not None:
        found.errors += _of_others(tables, known, owners, only, found.period.ends_on)
    used = {place.key for one in tables for place in one.labels}
    return {key: agency for key, agency in owners.items() if key in used}


def _of_others(
    tables: list[Table], known: Lexicon, owners: Mapping[object, Agency], only: Agency, day: dt.date
) -> list[Problem]:
    """Forms with a row per figure whose titles name another agency than the one that may send them.

    A district's own form has the province's Union above it, so that naming the province says nothing.
    """
    problems = []
    for one in tables:
        texts = agency_texts(one.layout, known.vocabulary) if one.layout.kind == Kind.LONG else []
        for agency in _living(texts, known, owners, day):
            if agency != only and (only.level == AgencyLevel.PROVINCE or agency.level != AgencyLevel.PROVINCE):
                message = f"Biểu này của {agency}. Tài khoản của bạn chỉ nhập cho {only}."
                problems.append(Problem("other_agency", message, sheet=one.sheet))
    return problems


def _living(texts: list[str], known: Lexicon, owners: Mapping[object, Agency], day: dt.date) -> set[Agency]:
    places = (place for text in texts for place in known.vocabulary.places_called(text) if place.exists_on(day))
    return {agency for place in places if (agency := owners.get(place.key))}


def compare(tables: list[Table], owners: Mapping[object, Agency], known: Lexicon, stored: Stored) -> list[AssessedCell]:
    """Every reading beside what is stored."""
    places = {place: owners.get(place.key) for one in tables for place in one.labels}
    units = known.units_of(places)
    return [
        _assessed(reading, units[reading.place], places[reading.place], known.measures, stored)
        for one in tables
        for reading in one.readings
    ]


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


def without_reason(found: Assessment) -> list[Problem]:
    """ "Không áp dụng" says nothing without a reason (R2)."""
    problems = []
    for place, cell in enumerate(found.cells):
        if cell.not_applicable and not cell.note and cell.outcome in (*ImportCell.WRITTEN, Outcome.LOCKED):
            message = "Không áp dụng thì ghi lý do ở cột Ghi chú, hoặc chọn trên biểu của đơn vị."
            problem = Problem("reason_missing", message, cell.row, cell.column, cell.raw, cell.sheet)
            found.cells[place] = replace(cell, outcome=Outcome.ERROR, problem=problem)
            problems.append(problem)
    return problems
