"""The cell of a file, or the form, that an approved number came from (R13), also after its report moved on.

A figure knows the cell it came from, but only of what it says now. Of what it said when it was approved, the record of
changes tells who wrote it when; a file that was confirmed, or undone, just then was what wrote it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from targets.models import ApprovedFigure, Figure, FigureChange, ImportBatch, ImportCell

from .trail import Trail

Key = tuple[int, int]  # report, measure
State = ImportBatch.State


@dataclass(frozen=True, slots=True)
class Origin:
    """A cell of a file as it was sent. `typed`: what its sender put in the place of what it said."""

    batch_pk: int
    cell_pk: int
    file: str
    sheet: str
    cell: str
    raw: str
    typed: str
    sent_by: str
    sent_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Written:
    """Where a number came from. No origin: it was entered on the form; or, if not `is_known`, nothing tells."""

    origin: Origin | None = None
    is_known: bool = True


UNKNOWN = Written(is_known=False)


class Origins:
    """What wrote the figures of some reports on some measures, in three queries beside those of `trail`.

    `reports`: by primary key, the agency and the period.
    """

    def __init__(self, reports: Mapping[int, tuple[int, int]], measures: Collection[int], trail: Trail) -> None:
        self.trail = trail
        figures = Figure.objects.filter(report__in=list(reports), measure__in=measures)
        self.figures: dict[Key, Figure] = {(one.report_id, one.measure_id): one for one in figures}
        self.changes: dict[Key, list[FigureChange]] = defaultdict(list)
        for change in FigureChange.objects.of_figures(list(reports), measures):
            self.changes[change.event.report_id, change.measure_id].append(change)
        self._cells: dict[int, ImportCell] = {}
        self._by_figure: dict[Key, list[ImportCell]] = defaultdict(list)
        by_agency = {place: report for report, place in reports.items()}
        for cell in _cells({period for _, period in by_agency}, measures):
            report = by_agency.get((cell.agency_id, cell.batch.period_id))
            self._cells[cell.pk] = cell
            self._by_figure[report, cell.measure_id].append(cell)

    def of_figure(self, report: int, measure: int) -> Written:
        """Of what the report says now."""
        figure = self.figures.get((report, measure))
        return self._of_cell(figure.origin_id) if figure else UNKNOWN

    def of_entry(self, entry: ApprovedFigure) -> Written:
        """Of what was approved."""
        key = entry.report_id, entry.measure_id
        approval = self.trail.approval(entry.report_id, entry.approved_at)
        later = [c for c in self.changes[key] if approval is None or c.event_id > approval.pk]
        if not later and self.now(key) == entry.value:
            return self.of_figure(*key)
        written = [c for c in self.changes[key] if approval is not None and c.event_id < approval.pk]
        if not written or written[-1].new_value != entry.value:
            return self.of_figure(*key) if approval is None and self.now(key) == entry.value else UNKNOWN
        return self._of_changes(written)

    def now(self, key: Key) -> Decimal | None:
        """What the report says now."""
        return self.figures[key].value if key in self.figures else None

    def after(self, cell: ImportCell, report: int) -> FigureChange | None:
        """The next change of the figure after a cell wrote it."""
        changes = self.changes[report, cell.measure_id]
        wrote = [n for n, change in enumerate(changes) if self._wrote(change) == cell]
        return next(iter(changes[wrote[-1] + 1 :]), None) if wrote else None

    def _of_changes(self, changes: Iterable[FigureChange]) -> Written:
        """Of what stood after the last of these: a note added on the form leaves where the number came from."""
        for change in reversed(list(changes)):
            if cell := self._wrote(change):
                return self._of_cell(cell.pk)
            if cell := self._took_back(change):
                return self._of_cell(cell.before["origin"] if cell.before else None)
            if change.old_value != change.new_value:
                break
        return Written()

    def _wrote(self, change: FigureChange) -> ImportCell | None:
        """The cell that was confirmed with this change: it says what the change says, before and after."""
        said = change.old_value, change.new_value
        for cell in self._by_figure[change.event.report_id, change.measure_id]:
            batch = cell.batch
            if (cell.old_value, cell.value) == said and self._is_at(change, batch.confirmed_by_id, batch.confirmed_at):
                return cell
        return None

    def _took_back(self, change: FigureChange) -> ImportCell | None:
        """The cell that was undone with this change."""
        said = change.new_value, change.old_value
        for cell in self._by_figure[change.event.report_id, change.measure_id]:
            batch = cell.batch
            if (cell.old_value, cell.value) == said and self._is_at(change, batch.undone_by_id, batch.undone_at):
                return cell
        return None

    def _is_at(self, change: FigureChange, by: int | None, at: dt.datetime | None) -> bool:
        """Whether the change was written by that person in the act that ended then: nothing was between the two."""
        if at is None or change.event.by_id != by:
            return False
        return self.trail.last_save(change.event.report_id, at) == change.event

    def _of_cell(self, pk: int | None) -> Written:
        if pk is None:
            return Written()
        cell = self._cells.get(pk)
        return Written(_origin(cell)) if cell else UNKNOWN


def _cells(periods: Collection[int], measures: Collection[int]) -> QuerySet[ImportCell]:
    """Those that became figures, with their files; not what else was read in those."""
    batches = ImportBatch.objects.filter(period__in=periods, state__in=(State.CONFIRMED, State.UNDONE))
    found = ImportCell.objects.to_write().filter(batch__in=batches, measure__in=measures).order_by("pk")
    return found.select_related("batch__sent_by").defer("batch__outcome", "batch__choices", "message")


def _origin(cell: ImportCell) -> Origin:
    batch = cell.batch
    return Origin(
        batch_pk=batch.pk,
        cell_pk=cell.pk,
        file=batch.name,
        sheet=cell.sheet,
        cell=f"{cell.column}{cell.row}",
        raw=cell.raw,
        typed=cell.typed,
        sent_by=str(batch.sent_by),
        sent_at=batch.sent_at,
    )
