"""Files as `assess` would have read them, made without a workbook: what they say, beside what is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal

from agencies.models import Agency, Unit, User
from agencies.models.agency import AgencyKind, AgencyLevel
from targets.imports import staging
from targets.imports.assessment import AssessedCell, Assessment
from targets.imports.reader import column_letter
from targets.models import Figure, ImportBatch, ImportCell, Measure, Period, Report
from targets.reports.entries import Entry, entry_of

Outcome = ImportCell.Outcome
Said = Mapping[Agency, Mapping[str, int | Decimal | Entry | None]]


def read(period: Period, said: Said, name: str = "a.xlsx") -> Assessment:
    """A row per agency, a column per measure; an Entry says more than a number, None is an empty cell."""
    measures = {measure.code: measure for measure in period.plan.measures.all()}
    figures = {
        (f.report.agency_id, f.measure_id): f
        for f in Figure.objects.filter(report__period=period).select_related("report")
    }
    reports = {report.agency_id: report for report in Report.objects.filter(period=period)}
    found = Assessment(name, period.plan, period=period, sheet="Biểu 1", layout="wide", rows_read=len(said))
    for row, (agency, entries) in enumerate(said.items(), 4):
        for index, (code, entry) in enumerate(entries.items(), 3):
            figure, report = figures.get((agency.pk, measures[code].pk)), reports.get(agency.pk)
            found.cells.append(_cell(row, column_letter(index), agency, measures[code], entry, figure, report))
    return found


def _cell(
    row: int, column: str, agency: Agency, measure: Measure, said, figure: Figure | None, report: Report | None
) -> AssessedCell:
    entry = said if isinstance(said, Entry) else Entry(None if said is None else Decimal(said))
    old = figure.value if figure else None
    outcome = Outcome.CHANGED if figure and not entry_of(figure).is_blank else Outcome.NEW
    if entry.is_blank:
        outcome = Outcome.EMPTY
    elif figure and (entry.value, entry.not_applicable) == (old, figure.not_applicable) and not entry.note:
        outcome = Outcome.SAME
    elif report and not report.is_editable:
        outcome = Outcome.LOCKED
    return AssessedCell(
        row=row,
        column=column,
        raw="" if entry.value is None else str(entry.value),
        value=entry.value,
        unit=agency.unit,
        agency=agency,
        measure=measure,
        outcome=outcome,
        old_value=old,
        not_applicable=entry.not_applicable,
        note=entry.reason or entry.note,
    )


def sent(period: Period, said: Said, by: User, *, name: str = "a.xlsx", content: bytes = b"") -> ImportBatch:
    """Staged; two files that say the same are the same bytes."""
    content = content or hashlib.sha256(repr(said).encode()).digest()
    return staging.stage(read(period, said, name), content, by=by)


def confirmed(period: Period, said: Said, by: User, **options) -> ImportBatch:
    batch = sent(period, said, by)
    staging.confirm(batch, by=by, **options)
    batch.refresh_from_db()
    return batch


def everything() -> list[tuple]:
    """All figures of all reports, with all that is said beside them."""
    return sorted(
        Figure.objects.values_list(
            "report__agency__code", "report__period__code", "measure__code", "value", "not_applicable", "reason",
            "note", "origin",
        ),
        key=str,
    )  # fmt: skip


def standing(report: Report) -> tuple:
    """All of a report that handing in changes."""
    report = Report.objects.get(pk=report.pk)
    handed_in = report.submitted_at, report.submitted_by, report.first_submitted_at
    return report.status, report.round, report.return_comment, handed_in


def communes(count: int) -> list[Agency]:
    """Women's unions of so many communes, each with a unit of its own: the reference data has but ten districts."""
    province = Unit.objects.get(kind=Unit.Kind.PROVINCE)
    units = Unit.objects.bulk_create(
        Unit(slug=f"xa-so-{n}", code=f"9{n:04}", name=f"Số {n}", kind=Unit.Kind.COMMUNE, parent=province)
        for n in range(count)
    )
    return Agency.objects.bulk_create(
        Agency(
            code=f"hoi-lhpn-xa-so-{n}",
            name=f"Hội LHPN xã Số {n}",
            short_name=f"Số {n}",
            kind=AgencyKind.WOMENS_UNION,
            level=AgencyLevel.COMMUNE,
            unit=unit,
        )
        for n, unit in enumerate(units)
    )
