"""The lines of a plan's ledger, and those handed in, as rows of its measures: owners' (R7), and all others'."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from agencies.models import Agency
from targets.models import ApprovedFigure, Figure, Measure, Period, Plan, Report
from targets.models.ledger import ApprovedFigureQuerySet

from .counting import Row
from .definitions import Definitions


@dataclass(frozen=True)
class Lines:
    """As `Book` has them; at least the agencies of the rows."""

    agencies: Mapping[int, Agency]
    rows: dict[str, list[Row]]
    reference: dict[str, list[Row]]
    withdrawn: dict[str, set[tuple[int, dt.date]]]


def read(
    plan: Plan,
    told: Definitions,
    agencies: Mapping[int, Agency] | None = None,
    *,
    as_of: dt.datetime | None = None,
    provisional: bool = False,
    parts: bool = False,
    only: Q | None = None,
    besides: Iterable[Line] = (),
) -> Lines:
    """In two queries, four if `provisional`. `only`: a part of the ledger; of approved figures alone.

    `agencies`: at least those that have lines, if they are at hand. `besides`: lines that stand for others.
    """
    measures, periods = {m.pk: m for m in told.measures.values()}, {p.pk: p for p in told.periods}
    ledger = ApprovedFigure.objects.filter(only or Q(), measure__in=told.keys(parts=parts)).order_by()
    superseded = [Line(*values) for values in ledger.superseded(as_of).values_list(*_LEDGER)]
    approved = list(_approved(ledger, as_of, {one.key for one in superseded}))
    lines = _with_handed_in(approved, plan, parts=parts) if provisional else [*approved, *besides]
    if agencies is None:
        agencies = Agency.objects.in_bulk({one.agency for one in lines})
    rows, reference = _by_owner(lines, measures, periods, agencies)
    return Lines(agencies, rows, reference, _withdrawn(superseded, approved, measures, periods))


def _with_handed_in(approved: Iterable[Line], plan: Plan, *, parts: bool) -> list[Line]:
    """R1, "tạm tính": what waits for review too; a correction that waits replaces all that its report had approved."""
    waiting = set(Report.objects.of_plan(plan).waiting_for_review().values_list("pk", flat=True))
    return [*(one for one in approved if one.report not in waiting), *_submitted(plan, parts=parts)]


def _by_owner(
    lines: Iterable[Line],
    measures: Mapping[int, Measure],
    periods: Mapping[int, Period],
    agencies: Mapping[int, Agency],
) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    """By measure code: rows of counting owners, and those of all others (R7)."""
    rows: dict[str, list[Row]] = {m.code: [] for m in measures.values()}
    reference: dict[str, list[Row]] = {m.code: [] for m in measures.values()}
    for one in lines:
        measure, agency = measures[one.measure], agencies[one.agency]
        is_owner = measure.counts_reports_of(agency)
        side_by_side = agency.level == "province" or not is_owner
        (rows if is_owner else reference)[measure.code].append(
            one.row(measure, periods[one.period], body=agency.pk if side_by_side else None)
        )
    return rows, reference


def _withdrawn(
    superseded: Iterable[Line],
    approved: Iterable[Line],
    measures: Mapping[int, Measure],
    periods: Mapping[int, Period],
) -> dict[str, set[tuple[int, dt.date]]]:
    """By measure code, territory and period's end of figures that a correction took away (R10)."""
    standing = {one.key for one in approved}
    found: dict[str, set[tuple[int, dt.date]]] = {m.code: set() for m in measures.values()}
    for one in superseded:
        if one.key not in standing:
            found[measures[one.measure].code].add((one.unit, periods[one.period].ends_on))
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A figure as the database has it; no object is built for what it refers to."""

    agency: int
    unit: int
    report: int
    measure: int
    period: int
    value: Decimal
    entry: int | None = None
    approved_at: dt.datetime | None = None
    corrected: bool = False

    @property
    def key(self) -> tuple[int, int, int]:
        """What a correction replaces: a report's figure, of the territory that its agency stood for then."""
        return self.unit, self.report, self.measure

    def row(self, measure: Measure, period: Period, body: int | None) -> Row:
        return Row(
            territory=self.unit,
            agency=self.agency,
            report=self.report,
            measure=measure.code,
            period=period.code,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            value=self.value,
            body=body,
            entry=self.entry,
            corrected=self.corrected,
            approved_at=self.approved_at,
        )


_LEDGER = ("agency_id", "unit_id", "report_id", "measure_id", "period_id", "value", "pk", "approved_at")


def _approved(
    ledger: ApprovedFigureQuerySet, as_of: dt.datetime | None, corrected: set[tuple[int, int, int]]
) -> Iterator[Line]:
    """The ledger's rows that count (R9); marked where a correction superseded an earlier value (R10)."""
    counting = ledger.as_known_at(as_of) if as_of else ledger.current()
    for values in counting.values_list(*_LEDGER):
        yield Line(*values, corrected=(values[1], values[2], values[3]) in corrected)


def _submitted(plan: Plan, *, parts: bool) -> Iterator[Line]:
    names = ("report__agency_id", "report__agency__unit_id", "report_id", "measure_id", "report__period_id", "value")
    figures = [Figure.objects.submitted(plan)]
    if parts:
        waiting = Report.objects.of_plan(plan).waiting_for_review()
        wholes = Measure.objects.of_indicators(plan)
        only = Figure.objects.filter(report__in=waiting, measure__part_of__in=wholes, value__isnull=False)
        figures.append(only.exclude(measure__in=wholes))
    for some in figures:
        for values in some.values_list(*names):
            yield Line(*values)
