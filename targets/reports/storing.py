"""Figures of reports, stored by sets: the entries that differ are written, and each difference is written down.

Call inside the transaction that holds the reports' rows. The number of queries does not depend on the number of rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from targets.models import Figure, FigureChange, ImportCell, Report, ReportEvent, bulk

from .entries import Entry

SAID = ("value", "not_applicable", "reason", "note", "origin_id")

# By primary key of the report, then of the measure.
Figures = Mapping[int, Mapping[int, Figure]]
Entries = Mapping[int, Mapping[int, Entry | None]]


def figures_of(reports: Iterable[Report]) -> dict[int, dict[int, Figure]]:
    """What each report says now; every report has its place, be it empty."""
    found: dict[int, dict[int, Figure]] = {report.pk: {} for report in reports}
    for figure in Figure.objects.filter(report__in=list(found)).order_by():
        found[figure.report_id][figure.measure_id] = figure
    return found


@dataclass(slots=True)  # not frozen: that takes three times as long to make, and a file has ten thousand
class Change:
    """What was said about a measure, and what is said from now on. None: there is no such figure."""

    report_pk: int
    measure_pk: int
    before: Figure | None
    after: Entry | None


def differences(figures: Figures, entries: Entries) -> list[Change]:
    """The entries that a reader would not find there already; where a figure came from is no difference."""
    given = ((report, measure, entry) for report, said in entries.items() for measure, entry in said.items())
    changes = [Change(report, measure, figures[report].get(measure), entry) for report, measure, entry in given]
    return [change for change in changes if _reads(change.before) != _reads(change.after)]


def _reads(said: Figure | Entry | None) -> tuple[object, ...]:
    """Nothing reads as a blank."""
    return (said.value, said.not_applicable, said.reason, said.note) if said else (None, False, "", "")


def write(changes: Iterable[Change]) -> None:
    """Make the reports say it."""
    new, told, gone = [], [], []
    for change in changes:
        if change.after is None:
            gone += [change.before.pk] if change.before else []
        elif change.before is None:
            new.append((change.report_pk, change.measure_pk, *_columns(change.after)))
        else:
            told.append((change.before.pk, *_columns(change.after)))
    bulk.insert(Figure, ("report_id", "measure_id", *SAID), new)
    bulk.update(Figure, SAID, told)
    _remove(gone)


def _remove(figures: Collection[int]) -> None:
    """In two statements, where the ORM would look at each for what depends on it: cells of files are all there is."""
    if figures:
        ImportCell.objects.filter(figure__in=figures).unlink()
        gone = Figure.objects.filter(pk__in=figures)
        gone._raw_delete(gone.db)


def _columns(entry: Entry) -> tuple[object, ...]:
    return entry.value, entry.not_applicable, entry.reason, entry.note, entry.origin


def write_down(changes: Iterable[Change], events: Iterable[ReportEvent]) -> None:
    """One row for each change, under the event of its report."""
    by_report = {event.report_id: event.pk for event in events}
    columns = ("event_id", "measure_id", "old_value", "new_value", "old_not_applicable", "new_not_applicable")
    bulk.insert(FigureChange, columns, list(_told(changes, by_report)))


def _told(changes: Iterable[Change], events: Mapping[int, int]) -> Iterator[tuple[object, ...]]:
    for change in changes:
        (old, was, *_), (new, now, *_) = _reads(change.before), _reads(change.after)
        yield events[change.report_pk], change.measure_pk, old, new, was, now
