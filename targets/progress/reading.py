"""Reads the ledger and the reference tables once, in a fixed number of queries, into what counting takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from agencies.models import Agency, AgencySuccession, Unit, UnitSuccession
from targets.models import (
    ApprovedFigure,
    CountingOwner,
    Figure,
    Indicator,
    Measure,
    Period,
    Plan,
    Report,
    ReportEvent,
    Target,
)

from .counting import Row, Succession
from .pace import Milestone


@dataclass(frozen=True)
class Book:
    """A plan's counted and reference rows, with everything needed to read them; what `open_book` was asked for."""

    period: Period
    as_of: dt.datetime | None
    provisional: bool
    parts: bool  # whether `rows` hold, besides what indicators are made of, the parts of it
    indicators: list[Indicator]
    measures: dict[str, Measure]
    periods: list[Period]  # all of the plan's, in order
    rows: dict[str, list[Row]]  # by measure code: of counting owners (R7)
    reference: dict[str, list[Row]]  # by measure code: of all others
    milestones: dict[tuple[int, int | None], list[Milestone]]  # by (indicator, unit or None for the province)
    national: dict[int, list[Milestone]]  # by indicator: the country's own targets
    unit_successions: list[Succession]
    agency_successions: list[Succession]
    units: dict[int, Unit]
    agencies: dict[int, Agency]
    counting_agencies: list[Agency]
    withdrawn: dict[str, set[tuple[int, dt.date]]]  # by measure code: (territory, period's end) of figures taken away
    reported: set[int]  # agencies with a report for the period that counts, be it one that has no number in it
    last_approved_at: dt.datetime | None  # of the figures of periods that ended by then
    remembered: dict[object, object] = field(init=False, default_factory=dict)  # what was counted from it already

    @property
    def calendar(self) -> list[Period]:
        """The plan's usual periods, in order."""
        return [period for period in self.periods if period.kind == self.period.plan.calendar]

    def counted(self) -> Iterator[Row]:
        """Every row that indicators are made of, parts left aside."""
        codes = {measure.code for indicator in self.indicators for measure in measures_of(indicator)}
        return (row for code in codes for row in self.rows[code])


def measures_of(indicator: Indicator) -> list[Measure]:
    return [*indicator.numerator.all(), *indicator.denominator.all()]


def the_book(period: Period, as_of: dt.datetime | None, *, provisional: bool, book: Book | None = None) -> Book:
    """The book given, or else one opened now. Raises ValueError for one that was opened for something else."""
    if book is None:
        return open_book(period, as_of=as_of, provisional=provisional)
    if (book.period, book.as_of, book.provisional) != (period, as_of, provisional):
        raise ValueError("this book was opened for another period, instant or kind of figures")
    return book


def open_book(
    period: Period, *, as_of: dt.datetime | None = None, provisional: bool = False, parts: bool = False
) -> Book:
    """What was approved of the period's plan (by `as_of`, if given), with submitted figures if `provisional` (R1).

    A page that shows several readings of one state opens it once and hands it to each. `parts`: for breakdowns too.
    """
    if as_of and provisional:
        raise ValueError("provisional figures are known only now")
    plan = period.plan
    measures = {m.pk: m for m in plan.measures.prefetch_related("counted_by")}
    periods = {p.pk: p for p in plan.periods.all()}
    agencies = {a.pk: a for a in Agency.objects.all()}
    indicators = list(plan.indicators.prefetch_related("numerator", "denominator"))
    superseded = list(_superseded(plan, as_of, parts=parts))
    approved = list(_approved(plan, as_of, {(one.report, one.measure) for one in superseded}, parts=parts))
    lines = _with_handed_in(approved, plan, parts=parts) if provisional else approved
    rows, reference = _by_owner(lines, measures, periods, agencies)
    return Book(
        period=period,
        as_of=as_of,
        provisional=provisional,
        parts=parts,
        indicators=indicators,
        measures={m.code: m for m in measures.values()},
        periods=list(periods.values()),
        rows=rows,
        reference=reference,
        milestones=_milestones(plan),
        national=_national(plan),
        unit_successions=_successions(UnitSuccession.objects.all()),
        agency_successions=_agency_successions(plan),
        units={unit.pk: unit for unit in Unit.objects.all()},
        agencies=agencies,
        counting_agencies=list(CountingOwner.objects.agencies(plan, period.ends_on)),
        withdrawn=_withdrawn(superseded, approved, measures, periods),
        reported=_agencies_that_reported(period, as_of, provisional=provisional),
        last_approved_at=_last_approved_at(approved, indicators, periods.values(), period.ends_on),
    )


def _last_approved_at(
    approved: Iterable[_Line], indicators: Iterable[Indicator], periods: Iterable[Period], day: dt.date
) -> dt.datetime | None:
    """Of the figures shown at `day`, when the newest came to count."""
    ended = {period.pk for period in periods if period.ends_on <= day}
    measures = {measure.pk for indicator in indicators for measure in measures_of(indicator)}
    days = (one.approved_at for one in approved if one.period in ended and one.measure in measures)
    return max(days, default=None)


def _with_handed_in(approved: Iterable[_Line], plan: Plan, *, parts: bool) -> list[_Line]:
    """R1, "tạm tính": what waits for review too; a correction that waits replaces all that its report had approved."""
    waiting = set(Report.objects.of_plan(plan).waiting_for_review().values_list("pk", flat=True))
    return [*(one for one in approved if one.report not in waiting), *_submitted(plan, parts=parts)]


def _by_owner(
    lines: Iterable[_Line],
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
    superseded: Iterable[_Line],
    approved: Iterable[_Line],
    measures: Mapping[int, Measure],
    periods: Mapping[int, Period],
) -> dict[str, set[tuple[int, dt.date]]]:
    """By measure code, territory and period's end of figures that a correction took away (R10)."""
    standing = {(one.report, one.measure) for one in approved}
    found: dict[str, set[tuple[int, dt.date]]] = {m.code: set() for m in measures.values()}
    for one in superseded:
        if (one.report, one.measure) not in standing:
            found[measures[one.measure].code].add((one.unit, periods[one.period].ends_on))
    return found


@dataclass(frozen=True, slots=True)
class _Line:
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
        )


_LEDGER = ("agency_id", "unit_id", "report_id", "measure_id", "period_id", "value", "pk", "approved_at")


def _approved(
    plan: Plan, as_of: dt.datetime | None, corrected: set[tuple[int, int]], *, parts: bool
) -> Iterator[_Line]:
    """The ledger's rows that count (R9); marked where a correction superseded an earlier value (R10)."""
    ledger = ApprovedFigure.objects.of_indicators(plan, parts=parts)
    counting = ledger.as_known_at(as_of) if as_of else ledger.current()
    for values in counting.values_list(*_LEDGER):
        yield _Line(*values, corrected=(values[2], values[3]) in corrected)


def _superseded(plan: Plan, as_of: dt.datetime | None, *, parts: bool) -> Iterator[_Line]:
    """What corrections replaced, or took away (R10)."""
    for values in ApprovedFigure.objects.of_indicators(plan, parts=parts).superseded(as_of).values_list(*_LEDGER):
        yield _Line(*values)


def _submitted(plan: Plan, *, parts: bool) -> Iterator[_Line]:
    names = ("report__agency_id", "report__agency__unit_id", "report_id", "measure_id", "report__period_id", "value")
    figures = [Figure.objects.submitted(plan)]
    if parts:
        waiting = Report.objects.of_plan(plan).waiting_for_review()
        wholes = Measure.objects.of_indicators(plan)
        only = Figure.objects.filter(report__in=waiting, measure__part_of__in=wholes, value__isnull=False)
        figures.append(only.exclude(measure__in=wholes))
    for some in figures:
        for values in some.values_list(*names):
            yield _Line(*values)


def _agencies_that_reported(period: Period, as_of: dt.datetime | None, *, provisional: bool) -> set[int]:
    """By their approvals: a report in which nothing applies leaves no figure behind, and is one all the same (R2).

    One that was reopened goes on counting until its correction is approved.
    """
    reports = Report.objects.answering_for(period)
    found = set(ReportEvent.objects.approvals(reports, by=as_of).values_list("report__agency_id", flat=True))
    if provisional:
        found.update(reports.waiting_for_review().values_list("agency_id", flat=True))
    return found


def _milestones(plan: Plan) -> dict[tuple[int, int | None], list[Milestone]]:
    found: dict[tuple[int, int | None], list[Milestone]] = {}
    for target in Target.objects.of_territories(plan):
        found.setdefault((target.indicator_id, target.unit_id), []).append(_milestone(target))
    return found


def _national(plan: Plan) -> dict[int, list[Milestone]]:
    found: dict[int, list[Milestone]] = {}
    for target in Target.objects.national(plan):
        found.setdefault(target.indicator_id, []).append(_milestone(target))
    return found


def _milestone(target: Target) -> Milestone:
    return Milestone(target.counts_from, target.due_on, target.value, target.baseline or Decimal(0))


def _agency_successions(plan: Plan) -> list[Succession]:
    """Only to successors that report: a function handed to an agency outside the plan leaves nobody to wait for."""
    reporting = set(plan.duties.reporting().values_list("agency_id", flat=True))
    return [
        Succession(edge.predecessor_id, edge.successor_id, edge.on)
        for edge in AgencySuccession.objects.all()
        if edge.successor_id in reporting
    ]


def _successions(edges: Iterable[UnitSuccession]) -> list[Succession]:
    return [
        Succession(edge.predecessor_id, edge.successor_id, edge.on, edge.main, edge.exact, edge.weight)
        for edge in edges
    ]
