"""What was changed after approval (R10): read from the ledger, where a correction supersedes and adds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from agencies.models import User
from targets.models import ApprovedFigure, Measure, Report, ReportEvent


@dataclass(frozen=True, slots=True)
class CorrectedFigure:
    """None: no number counted."""

    measure: Measure
    old: Decimal | None
    new: Decimal | None


@dataclass(frozen=True, slots=True)
class Correction:
    """One approval after the first: what it changed, who approved it, and why the report had been opened again."""

    at: dt.datetime
    by: User
    reason: str
    figures: list[CorrectedFigure] = field(default_factory=list)


def corrections(report: Report, events: list[ReportEvent]) -> list[Correction]:
    """Newest first; `events` of the report, newest first. Approving again without any change is no correction."""
    rows = list(report.approved_figures.select_related("measure", "superseded_by", "approved_by"))
    if not rows:
        return []
    first = min(row.approved_at for row in rows)
    came = {(row.measure_id, row.approved_at): row for row in rows}
    found: dict[dt.datetime, Correction] = {}
    for row in rows:
        if row.superseded_at:
            successor = came.pop((row.measure_id, row.superseded_at), None)
            _note(found, events, row.superseded_at, row.superseded_by, row, successor)
    for row in came.values():
        if row.approved_at > first:
            _note(found, events, row.approved_at, row.approved_by, None, row)
    for correction in found.values():
        correction.figures.sort(key=lambda figure: figure.measure.order)
    return [found[at] for at in sorted(found, reverse=True)]


def _note(
    found: dict[dt.datetime, Correction],
    events: list[ReportEvent],
    at: dt.datetime,
    by: User,
    old: ApprovedFigure | None,
    new: ApprovedFigure | None,
) -> None:
    if at not in found:
        reopened = (e for e in events if e.verb == ReportEvent.Verb.REOPEN and e.at <= at)
        found[at] = Correction(at, by, next((e.reason for e in reopened), ""))
    measure = (old or new).measure
    found[at].figures.append(CorrectedFigure(measure, old and old.value, new and new.value))
