"""Approval writes the ledger and keeps what it comes to; a correction supersedes what it changes."""

from __future__ import annotations

import datetime as dt

from agencies.models import User
from targets.models import ApprovedFigure, Report
from targets.totals import keeping


def enter(report: Report, *, by: User, at: dt.datetime) -> None:
    """Make the ledger say what the report says, from `at` on; unchanged figures keep their first approval.

    Blank and not-applicable figures have no row: no number counts. Call inside the approval's transaction.
    """
    reported = dict(report.figures.exclude(value=None).values_list("measure_id", "value"))
    current = {row.measure_id: row for row in report.approved_figures.current()}
    outdated = [row.pk for measure, row in current.items() if reported.get(measure) != row.value]
    ApprovedFigure.objects.filter(pk__in=outdated).supersede(by=by, at=at)
    ApprovedFigure.objects.bulk_create(
        ApprovedFigure(
            report=report,
            agency=report.agency,
            unit_id=report.agency.unit_id,
            measure_id=measure,
            period=report.period,
            value=value,
            approved_at=at,
            approved_by=by,
        )
        for measure, value in reported.items()
        if measure not in current or current[measure].value != value
    )
    keeping.keep(report)
