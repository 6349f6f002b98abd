"""From a number to what it is made of (R13): formula, territories, reports, approvals, form or cell of a file."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from targets.models import ApprovedFigure, Indicator, Period
from targets.totals.counting import Counted, Ratio, Row, Value
from targets.totals.definitions import counts_from
from targets.totals.reading import Book, the_book
from targets.totals.standing import is_of, rows_of, standing

from .attribution import Place, View, divide
from .explanation import Explanation, Term, explain
from .figures import IndicatorFigure, Progress, UnitFigure
from .origins import Origin, Origins
from .progress import progress
from .territories import REPORTED, row_name, view_of
from .trail import Trail
from .uses import Use, counted_from

__all__ = ["Contribution", "Earlier", "Provenance", "Source", "Use", "counted_from", "provenance"]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What had been approved of a figure before a correction (R10), when it ceased to count, and why."""

    value: Decimal
    approved_at: dt.datetime
    approved_by: str
    superseded_at: dt.datetime
    superseded_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """One figure of one report in a number. Only handed in: not approved at any time, by anybody.

    No `origin`: entered on the form, or if not `is_origin_known` nothing tells. `draft` is what the report says now,
    if it `moved_on` since.
    """

    report_pk: int
    agency: str
    period: str
    period_name: str
    measure_code: str
    measure: str
    is_base: bool  # below the line
    value: Decimal
    approved_at: dt.datetime | None
    approved_by: str
    submitted_by: str
    earlier: tuple[Earlier, ...]
    origin: Origin | None
    is_origin_known: bool
    moved_on: bool
    draft: Decimal | None

    @property
    def corrected(self) -> bool:
        return bool(self.earlier)

    @property
    def first_value(self) -> Decimal | None:
        """What was approved at first, if a correction replaced it."""
        return self.earlier[0].value if self.earlier else None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one territory brings: its `sources` add up to `whole`, of which the number has `reached`.

    `share` is 1 but where a view divides the territory; then `reached` is an estimate unless `exact`.
    """

    unit_pk: int
    unit: str
    share: Fraction
    exact: bool
    reached: Decimal
    base: Decimal | None
    whole: Decimal
    whole_base: Decimal | None
    sources: tuple[Source, ...]

    @property
    def is_shared(self) -> bool:
        return self.share != 1


@dataclass(frozen=True, slots=True)
class Provenance:
    """A number as the dashboard shows it, `figure`, and everything it is made of."""

    period: Period
    as_of: dt.datetime | None
    provisional: bool
    by: str
    code: str
    unit: str  # empty for the whole province
    figure: IndicatorFigure | UnitFigure
    explanation: Explanation
    contributions: tuple[Contribution, ...]

    @property
    def formula(self) -> str:
        """In words: "1.2 Cán bộ đã được tập huấn ÷ 1.1 Tổng số cán bộ × 100 %"."""
        above, below = _sum(self.explanation.numerator), _sum(self.explanation.denominator)
        if below:
            return f"{above} ÷ {below} × 100\u00a0%"
        flows = ", lũy kế" if self.explanation.has_flows else ""
        return f"{above} ({self.explanation.indicator.unit_of_measure}{flows})"

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(source for one in self.contributions for source in one.sources)


def _sum(terms: Iterable[Term]) -> str:
    labels = [term.label for term in terms]
    return f"({' + '.join(labels)})" if len(labels) > 1 else "".join(labels)


def provenance(
    period: Period,
    code: str,
    *,
    unit_pk: int | None = None,
    by: str = REPORTED,
    as_of: dt.datetime | None = None,
    provisional: bool = False,
    book: Book | None = None,
) -> Provenance:
    """Of an indicator's number for the province or for one row of the view `by`. LookupError for neither.

    The territories' `reached` (and `base`) add up to the number, in every view.
    """
    book = the_book(period, as_of, provisional=provisional, book=book, rows=True)
    found = progress(period, as_of=as_of, provisional=provisional, by=by, book=book)
    indicator = next((one for one in book.indicators if one.code == code), None)
    if indicator is None:
        raise LookupError(code)
    figure, unit = _figure(found, code, unit_pk)
    now = standing(indicator, book, period.ends_on, counts_from(indicator, book, period.ends_on))
    here = _here(now, view_of(book, by), unit_pk)
    sources = _Sources(book, indicator, [row for territory in here for row in rows_of(now[territory])])
    return Provenance(
        period=period,
        as_of=as_of,
        provisional=provisional,
        by=by,
        code=code,
        unit=unit,
        figure=figure,
        explanation=next(one for one in explain(period.plan) if one.indicator.code == code),
        contributions=tuple(
            _contribution(book, territory, now[territory], part, place, unit_pk, sources)
            for territory, (part, place) in sorted(here.items(), key=lambda one: book.units[one[0]].code)
        ),
    )


def sources_of_the_period(period: Period, code: str, book: Book) -> list[Source]:
    """Those of the province's number that are news of the period: no other report is looked up.

    `book`: one opened with rows. Raises LookupError for no indicator.
    """
    indicator = next((one for one in book.indicators if one.code == code), None)
    if indicator is None:
        raise LookupError(code)
    now = standing(indicator, book, period.ends_on, counts_from(indicator, book, period.ends_on))
    by_unit = sorted(now, key=lambda territory: book.units[territory].code)
    news = [[row for row in rows_of(now[territory]) if is_of(row, period)] for territory in by_unit]
    sources = _Sources(book, indicator, [row for rows in news for row in rows])
    return [source for rows in news for source in sources.of(rows)]


def _figure(found: Progress, code: str, unit_pk: int | None) -> tuple[IndicatorFigure | UnitFigure, str]:
    """The very object that the dashboard shows, and the name of its row."""
    place = [one.code for one in found.indicators].index(code)
    if unit_pk is None:
        return found.indicators[place], ""
    for row in found.rows:
        if row.unit_pk == unit_pk:
            return row.figures[place], row.unit
    raise LookupError(unit_pk)


def _here(now: Mapping[int, Counted], view: View | None, unit: int | None) -> dict[int, tuple[Counted, Place]]:
    """By territory that the number has something of: what it has, and how the territory is shown."""
    found = {}
    for territory, value in now.items():
        alone = Place({territory: Fraction(1)}, exact=True)
        place = alone if view is None or unit is None else view.place(territory)
        if unit is None:
            found[territory] = value, place
        elif unit in place.shares:
            found[territory] = divide(value, place.shares)[unit], place
    return found


def _contribution(
    book: Book, territory: int, whole: Counted, part: Counted, place: Place, unit: int | None, sources: _Sources
) -> Contribution:
    return Contribution(
        unit_pk=territory,
        unit=row_name(book.units[territory]),
        share=place.shares[territory if unit is None else unit],
        exact=place.exact,
        reached=_above(part).number,
        base=part.base.number if isinstance(part, Ratio) else None,
        whole=_above(whole).number,
        whole_base=whole.base.number if isinstance(whole, Ratio) else None,
        sources=tuple(sources.of(rows_of(whole))),
    )


def _above(value: Counted) -> Value:
    return value.part if isinstance(value, Ratio) else value


class _Sources:
    """Ledger, events and files behind some rows, read at once."""

    def __init__(self, book: Book, indicator: Indicator, rows: Iterable[Row]) -> None:
        self.book = book
        self.periods = {period.code: period for period in book.periods}
        reports = {row.report: (row.agency, self.periods[row.period].pk) for row in rows}
        self.measures = {code: book.measures[code] for code in (*indicator.above, *indicator.below)}
        self.below = set(indicator.below)
        pks = [measure.pk for measure in self.measures.values()]
        self.trail = Trail(list(reports))
        self.origins = Origins(reports, pks, self.trail)
        self.entries: dict[tuple[int, int], list[ApprovedFigure]] = defaultdict(list)
        for entry in ApprovedFigure.objects.of_figures(list(reports), pks):
            self.entries[entry.report_id, entry.measure_id].append(entry)

    def of(self, rows: Iterable[Row]) -> Iterable[Source]:
        """Newest period first; what is above the line before what is below."""
        rows = sorted(rows, key=lambda row: (row.measure in self.below, row.agency, row.measure))
        rows.sort(key=lambda row: row.ends_on, reverse=True)
        return [self._source(row) for row in rows]

    def _source(self, row: Row) -> Source:
        measure, key = self.measures[row.measure], (row.report, self.measures[row.measure].pk)
        entry = next((one for one in self.entries[key] if one.pk == row.entry), None)
        written = self.origins.of_entry(entry) if entry else self.origins.of_figure(*key)
        at = entry.approved_at if entry else None
        return Source(
            report_pk=row.report,
            agency=self.book.agencies[row.agency].name,
            period=row.period,
            period_name=self.periods[row.period].name,
            measure_code=measure.code,
            measure=measure.name,
            is_base=row.measure in self.below,
            value=row.value,
            approved_at=at,
            approved_by=str(entry.approved_by) if entry else "",
            submitted_by=self.trail.handed_in_by(row.report, at),
            earlier=tuple(self._earlier(key, entry)),
            origin=written.origin,
            is_origin_known=written.is_known,
            moved_on=self.origins.now(key) != row.value,
            draft=self.origins.now(key),
        )

    def _earlier(self, key: tuple[int, int], entry: ApprovedFigure | None) -> Iterable[Earlier]:
        """What counted before this entry; before what is only handed in, all that was approved."""
        for one in self.entries[key]:
            if one.superseded_at and (entry is None or one.superseded_at <= entry.approved_at):
                yield Earlier(
                    value=one.value,
                    approved_at=one.approved_at,
                    approved_by=str(one.approved_by),
                    superseded_at=one.superseded_at,
                    superseded_by=str(one.superseded_by),
                    reason=self.trail.reason(one.report_id, one.superseded_at),
                )
