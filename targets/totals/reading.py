"""Reads a plan as it is known at an instant, in a fixed number of queries, into what counting takes.

As of now, what was approved comes from the totals that approvals keep; anything else is counted from the ledger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace

from django.db.models import Exists, OuterRef, Q

from agencies.models import Agency, Unit
from targets.models import CountingOwner, Period, Plan, Report, ReportEvent

from .brief import read_briefly
from .counting import Row
from .definitions import Definitions, definitions
from .kept import Kept, kept_totals
from .lines import read


@dataclass(frozen=True, kw_only=True)
class Rows(Definitions):
    """What `standing` counts from: a plan's definitions and rows, or in their stead the totals that were `kept`."""

    rows: dict[str, list[Row]]  # by measure code: of counting owners (R7)
    withdrawn: dict[str, set[tuple[int, dt.date]]]  # by measure code: (territory, period's end) of figures taken away
    kept: Kept | None = None
    remembered: dict[object, object] = field(init=False, default_factory=dict)  # what was counted from it already

    def counted(self) -> Iterator[Row]:
        """Every row that indicators are made of, parts left aside."""
        codes = {code for one in self.indicators for code in (*one.above, *one.below)}
        return (row for code in codes for row in self.rows[code])


@dataclass(frozen=True, kw_only=True)
class Book(Rows):
    """Also what a page shows beside; what `open_book` was asked for."""

    period: Period
    as_of: dt.datetime | None
    provisional: bool
    parts: bool  # whether `rows` hold, besides what indicators are made of, the parts of it
    brief: bool  # whether they are what `briefly` gives, and of no use for any other day
    reference: dict[str, list[Row]]  # by measure code: of all others
    units: dict[int, Unit]
    agencies: dict[int, Agency]
    counting_agencies: list[Agency]
    reported: set[int]  # agencies with a report for the period that counts, be it one that has no number in it

    @property
    def calendar(self) -> list[Period]:
        """The plan's usual periods, in order."""
        return [period for period in self.periods if period.kind == self.period.plan.calendar]


def the_book(
    period: Period, as_of: dt.datetime | None, *, provisional: bool, book: Book | None = None, rows: bool = False
) -> Book:
    """The book given, or else one opened now. Raises ValueError for one that was opened for something else."""
    if book is None:
        return open_book(period, as_of=as_of, provisional=provisional, rows=rows)
    asked = (period, as_of, provisional, False)
    if (book.period, book.as_of, book.provisional, book.brief) != asked or (rows and book.kept):
        raise ValueError("this book was opened for another period, instant or kind of figures")
    return book


def open_book(
    period: Period,
    *,
    as_of: dt.datetime | None = None,
    provisional: bool = False,
    parts: bool = False,
    rows: bool = False,
    code: str | None = None,
) -> Book:
    """What was approved of the period's plan (by `as_of`, if given), with submitted figures if `provisional` (R1).

    A page that shows several readings of one state opens it once and hands it to each. `parts`: for breakdowns too.
    `rows`: with the figures themselves, for whoever asks where a number is from (R13). `code`: one indicator's alone.
    """
    if as_of and provisional:
        raise ValueError("provisional figures are known only now")
    plan, told = period.plan, Definitions(**definitions(period.plan))
    if code is not None:
        told = replace(told, indicators=[one for one in told.indicators if one.code == code])
    kept = None
    if not (as_of or provisional or parts or rows or code):
        kept = kept_totals(plan, told, (period.ends_on, period.starts_on - dt.timedelta(days=1)))
    agencies = {one.pk: one for one in (Agency.objects.all() if kept is None else _never_counted(told))}
    only = None if kept is None else Q(agency__in=agencies)
    lines = read(plan, told, agencies, as_of=as_of, provisional=provisional, parts=parts, only=only)
    return Book(
        **vars(told),
        period=period,
        as_of=as_of,
        provisional=provisional,
        parts=parts,
        brief=False,
        kept=kept,
        rows=lines.rows if kept is None else {},
        reference=lines.reference,
        units=_units(plan),
        agencies=agencies,
        counting_agencies=list(CountingOwner.objects.agencies(plan, period.ends_on)),
        withdrawn=lines.withdrawn,
        reported=_agencies_that_reported(period, as_of, provisional=provisional),
    )


def briefly(book: Book, code: str) -> Book:
    """One indicator of the same state with its parts, and of all that was before the period only what it came to.

    For its breakdowns and what is news of the period. Raises LookupError for no indicator. As it was known earlier, or
    with what was handed in, it is read whole.
    """
    if code not in {one.code for one in book.indicators}:
        raise LookupError(code)
    if book.as_of or book.provisional:
        return open_book(book.period, as_of=book.as_of, provisional=book.provisional, parts=True, code=code)
    told = Definitions(**{one.name: getattr(book, one.name) for one in fields(Definitions)})
    told = replace(told, indicators=[one for one in told.indicators if one.code == code])
    found = vars(read_briefly(book.period, told))
    return replace(book, indicators=told.indicators, parts=True, brief=True, kept=None, **found)


def _never_counted(told: Definitions) -> list[Agency]:
    """Those whose figures on a numerator stand beside the totals (R7): what they reported is read from the ledger."""
    above = [measure for indicator in told.indicators for measure in indicator.numerator.all()]
    owners = [{(o.agency_kind, o.agency_level) for o in told.measures[one.code].counted_by.all()} for one in above]
    counted = set.intersection(*owners) if owners else set()
    reported = Report.objects.filter(agency=OuterRef("pk"), period__in=told.periods)
    return list(Agency.objects.beyond(counted).filter(Exists(reported)))


def _units(plan: Plan) -> dict[int, Unit]:
    """All there are and were in the province, or provinces, of those who carry the plan out."""
    chains = plan.duties.order_by().values_list("agency__unit", "agency__unit__parent", "agency__unit__parent__parent")
    provinces = {next(pk for pk in reversed(chain) if pk) for chain in chains.distinct()}
    return {unit.pk: unit for unit in Unit.objects.of_provinces(provinces)}


def _agencies_that_reported(period: Period, as_of: dt.datetime | None, *, provisional: bool) -> set[int]:
    """By their approvals: a report in which nothing applies leaves no figure behind, and is one all the same (R2).

    One that was reopened goes on counting until its correction is approved.
    """
    reports = Report.objects.answering_for(period)
    found = set(ReportEvent.objects.approvals(reports, by=as_of).values_list("report__agency_id", flat=True))
    if provisional:
        found.update(reports.waiting_for_review().values_list("agency_id", flat=True))
    return found
