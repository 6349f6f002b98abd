"""From a file to where its numbers went (R13): counted, corrected since, overwritten, or still in a draft."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from targets.models import ApprovedFigure, ImportBatch, ImportCell, Report
from targets.totals.counting import Row, is_inside
from targets.totals.definitions import counts_from
from targets.totals.reading import Book, open_book
from targets.totals.standing import rows_of, standing

from .origins import Origins
from .trail import Trail

State, Status = ImportBatch.State, Report.Status


class Whereabouts(StrEnum):
    """What became of a figure that a file wrote, in the words a list shows."""

    COUNTED = "Đã duyệt, đang tính"
    BESIDE = "Đã duyệt, để tham khảo"  # R7
    REPLACED = "Đã duyệt, báo cáo năm thay"  # R5
    UNCOUNTED = "Đã duyệt, chưa tính"  # half a ratio (R6), or people who count in another unit (R8)
    APPROVED = "Đã duyệt"  # of no indicator, or no number
    CORRECTED = "Đã đính chính"
    OVERWRITTEN = "Đã sửa trước khi duyệt"
    SUBMITTED = "Chờ duyệt"
    DRAFT = "Còn trong bản nháp"
    UNDONE = "Đã hoàn tác"


@dataclass(frozen=True, slots=True)
class Successor:
    """What stands in the place of a figure since; None is a blank."""

    value: Decimal | None
    at: dt.datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Use:
    """One figure that a file wrote. `indicators` are the codes of those in which it counts, at the end of its period.

    `replaced_by` names the wider report that stands for it from its own end on.
    """

    sheet: str
    cell: str
    report_pk: int
    agency: str
    period: str
    period_name: str
    measure_code: str
    measure: str
    value: Decimal | None
    state: Whereabouts
    indicators: tuple[str, ...] = ()
    replaced_by: str = ""
    successor: Successor | None = None

    @property
    def is_counted(self) -> bool:
        return self.state == Whereabouts.COUNTED


def counted_from(batch: ImportBatch) -> list[Use]:
    """What became of every figure that the file wrote, in the order of its cells; nothing before it is confirmed."""
    if batch.state not in (State.CONFIRMED, State.UNDONE):
        return []
    cells = list(batch.cells.to_write().select_related("agency", "measure").order_by("row", "pk"))
    agencies = {cell.agency_id for cell in cells}
    reports = {report.agency_id: report for report in Report.objects.filter(period=batch.period, agency__in=agencies)}
    reading = _Reading(batch, reports, cells)
    return [reading.use(cell) for cell in cells if cell.agency_id in reports]


class _Reading:
    """Everything about a batch's figures, in a fixed number of queries."""

    def __init__(self, batch: ImportBatch, reports: Mapping[int, Report], cells: Iterable[ImportCell]) -> None:
        self.batch, self.reports = batch, reports
        pks = [report.pk for report in reports.values()]
        measures = {cell.measure_id for cell in cells}
        self.trail = Trail(pks)
        self.origins = Origins({r.pk: (r.agency_id, r.period_id) for r in reports.values()}, measures, self.trail)
        self.entries = list(ApprovedFigure.objects.of_figures(pks, measures))
        self.of_cell: dict[int, ApprovedFigure] = {}
        for entry in self.entries:  # oldest first, so that the last that came from a cell stays
            if origin := self.origins.of_entry(entry).origin:
                self.of_cell[origin.cell_pk] = entry
        self.book = open_book(batch.period, rows=True)
        self.counts = _counts(self.book)
        self.beside = {row.entry for rows in self.book.reference.values() for row in rows}
        self.rows = {row.entry: row for row in self.book.counted()}

    def use(self, cell: ImportCell) -> Use:
        entry, report = self.of_cell.get(cell.pk), self.reports[cell.agency_id]
        row = self.rows.get(entry.pk) if entry else None
        return Use(
            sheet=cell.sheet,
            cell=f"{cell.column}{cell.row}",
            report_pk=report.pk,
            agency=cell.agency.name,
            period=self.batch.period.code,
            period_name=self.batch.period.name,
            measure_code=cell.measure.code,
            measure=cell.measure.name,
            value=cell.value,
            state=self._approved(entry) if entry else self._in_hand(cell, report),
            indicators=tuple(self.counts.get(entry.pk, ())) if entry else (),
            replaced_by=_replaced_by(row, self.book) if row else "",
            successor=self._after_approval(entry) if entry else self._before_approval(cell, report),
        )

    def _approved(self, entry: ApprovedFigure) -> Whereabouts:
        if entry.superseded_at:
            return Whereabouts.CORRECTED
        if entry.pk in self.counts:
            return Whereabouts.COUNTED
        if entry.pk in self.beside:
            return Whereabouts.BESIDE
        if entry.pk not in self.rows:
            return Whereabouts.APPROVED
        wider = _replaced_by(self.rows[entry.pk], self.book, by=self.batch.period.ends_on)
        return Whereabouts.REPLACED if wider else Whereabouts.UNCOUNTED

    def _in_hand(self, cell: ImportCell, report: Report) -> Whereabouts:
        """Of a figure that no approval has taken over."""
        if self.batch.state == State.UNDONE:
            return Whereabouts.UNDONE
        figure = self.origins.figures.get((report.pk, cell.measure_id))
        if figure is None or figure.origin_id != cell.pk:
            return Whereabouts.OVERWRITTEN
        if report.status == Status.APPROVED:
            return Whereabouts.APPROVED  # not applicable
        return Whereabouts.SUBMITTED if report.status == Status.SUBMITTED else Whereabouts.DRAFT

    def _after_approval(self, entry: ApprovedFigure) -> Successor | None:
        if entry.superseded_at is None:
            return None
        key, at = (entry.report_id, entry.measure_id), entry.superseded_at
        next_ = (e for e in self.entries if (e.report_id, e.measure_id) == key and e.approved_at == at)
        value = next((one.value for one in next_), None)
        return Successor(value, at, str(entry.superseded_by), self.trail.reason(entry.report_id, at))

    def _before_approval(self, cell: ImportCell, report: Report) -> Successor | None:
        change = self.origins.after(cell, report.pk)
        if change is None:
            return None
        return Successor(change.new_value, change.event.at, str(change.event.by), change.event.reason)


def _counts(book: Book) -> dict[int, list[str]]:
    """By ledger entry, the indicators whose number at the period's end it is a part of."""
    found: dict[int, list[str]] = defaultdict(list)
    for indicator in book.indicators:
        now = standing(indicator, book, book.period.ends_on, counts_from(indicator, book, book.period.ends_on))
        for entry in {row.entry for value in now.values() for row in rows_of(value)}:
            found[entry].append(indicator.code)
    return found


def _replaced_by(row: Row, book: Book, by: dt.date = dt.date.max) -> str:
    """The name of the wider period of which the same agency reported (R5), if that ended by then."""
    for wider in book.rows[row.measure]:
        if wider.agency == row.agency and wider.ends_on <= by and is_inside(row, (wider.starts_on, wider.ends_on)):
            return next(period.name for period in book.periods if period.code == wider.period)
    return ""
