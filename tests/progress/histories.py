"""Generated histories of a province: units that merge and split, reports, late approvals, corrections and undone ones.

A history is plain values; `staged` and `approve` write it to the database. Each example runs in a `sandbox`, since the
ledger refuses to be cleaned up in any other way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db import transaction
from hypothesis import strategies as st

from agencies.models import Agency, AgencySuccession, Unit, UnitSuccession, User
from targets.models import (
    CountingOwner,
    Duty,
    Figure,
    Indicator,
    Measure,
    Period,
    Plan,
    Report,
    ReportEvent,
    Target,
)
from targets.reports import ledger

from .recount import Approved, Step

FLOW, PART, BASE = "F", "T", "S"  # a count, and of a ratio the numerator and the denominator
MEASURES = (FLOW, PART, BASE)
RATIO = (PART, BASE)
YEARS = range(2019, 2023)
UNION, DEPARTMENT = "womens_union", "department"
PROVINCE_UNION = "hoi-lhpn-tinh"
NEW_DEPARTMENT_ON = dt.date(2021, 3, 1)
START, SECOND_PHASE = dt.date(2018, 12, 15), dt.date(2020, 12, 15)
PLAN_END = dt.date(2022, 12, 31)
SPANS: dict[str, tuple[dt.date, dt.date]] = {
    f"{year}{part}": (dt.date(*start), dt.date(*end))
    for year in YEARS
    for part, start, end in (
        ("-H1", (year - 1, 12, 15), (year, 6, 14)),
        ("-H2", (year, 6, 15), (year, 12, 14)),
        ("", (year - 1, 12, 15), (year, 12, 14)),
    )
}
HALVES = [code for code in SPANS if "-" in code]


@dataclass(frozen=True)
class Place:
    """A district or commune with its life; an open end is unlimited."""

    code: str
    is_commune: bool = False
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True)
class Edge:
    old: str
    new: str
    on: dt.date
    main: bool = True
    exact: bool = True
    weight: int = 1


@dataclass(frozen=True)
class Body:
    """An agency: of a territory, or of the province."""

    code: str
    kind: str
    place: str | None  # None: of the province
    first: dt.date | None = None
    last: dt.date | None = None

    def is_there_on(self, day: dt.date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def counts(self, measure: str) -> bool:
        """R7: departments enter the ratio only."""
        return self.kind == UNION or measure in RATIO


@dataclass(frozen=True)
class Event:
    """From `at` on the agency's report for the period says `values`; a measure left out is blank."""

    at: dt.datetime
    agency: str
    period: str
    values: Mapping[str, int]

    @property
    def report(self) -> tuple[str, str]:
        return self.agency, self.period


@dataclass(frozen=True)
class History:
    places: Sequence[Place]
    edges: Sequence[Edge]
    bodies: Sequence[Body]
    events: Sequence[Event]  # in the order of their instants
    departments_merge: bool
    has_second_phase: bool

    def __str__(self) -> str:
        """One line a thing, so that a failing history can be read."""
        edges = [f"{e.old} {'=>' if e.main else '->'} {e.new} {e.on} x{e.weight} {e.exact=}" for e in self.edges]
        said = [f"{e.at:%Y-%m-%d %H:%M:%S} {e.agency} {e.period} {dict(e.values)}" for e in self.events]
        return "\n".join([*edges, f"{self.departments_merge=} {self.has_second_phase=}", *said])

    def _repr_pretty_(self, printer, _cycle: bool) -> None:
        """What hypothesis prints of a failing example."""
        printer.text(str(self))

    def until(self, instant: dt.datetime) -> list[Event]:
        return [event for event in self.events if event.at <= instant]

    @property
    def corrections(self) -> list[Event]:
        """Every event after the first of its report."""
        first = {event.report: event for event in reversed(self.events)}
        return [event for event in self.events if event is not first[event.report]]

    def counts_from(self, day: dt.date) -> dt.date:
        """R3: a later phase of the target counts anew."""
        return SECOND_PHASE if self.has_second_phase and day >= SECOND_PHASE else START

    @property
    def steps(self) -> list[Step]:
        """Main successions of territories, and those of the province's own bodies."""
        merged = [Step(old, "so-c", NEW_DEPARTMENT_ON) for old in ("so-a", "so-b") if self.departments_merge]
        return [Step(edge.old, edge.new, edge.on) for edge in self.edges if edge.main] + merged

    def ledger(self, events: Iterable[Event] | None = None) -> list[Approved]:
        """What counts after `events`: the last word of each report, and of it what enters totals (R7, R10)."""
        bodies = {body.code: body for body in self.bodies}
        last = {event.report: event for event in (self.events if events is None else events)}
        return [
            Approved(bodies[event.agency].place or event.agency, event.agency, measure, *SPANS[event.period], value)
            for event in last.values()
            for measure, value in event.values.items()
            if bodies[event.agency].counts(measure)
        ]


# Strategies ----------------------------------------------------------------------------------------------------------

first_days = st.sampled_from([dt.date(2020, 3, 1), dt.date(2020, 6, 14), dt.date(2020, 6, 15), dt.date(2020, 9, 1)])
second_days = st.sampled_from([dt.date(2021, 7, 1), dt.date(2021, 12, 14), dt.date(2021, 12, 15)])
weights = st.integers(1, 4)


@st.composite
def reorganisations(draw, on: dt.date) -> list[Edge]:
    """Districts d1 to d4 among themselves, and into a new one (e1), as in Cao Bằng in 2020."""
    absorbed = [Edge("d1", "d2", on, exact=draw(st.booleans()))]
    merged = [Edge("d1", "e1", on), Edge("d2", "e1", on)]
    split = [
        Edge("d3", "d4", on, exact=False, weight=draw(weights)),
        Edge("d3", "e1", on, draw(st.booleans()), False, draw(weights)),
    ]
    slice_of_a_living_one = [Edge("d4", "e1", on, False, False)]
    return draw(st.sampled_from([[], absorbed, merged, merged + split, merged + slice_of_a_living_one, split]))


@st.composite
def divisions(draw, on: dt.date, districts: Sequence[str]) -> list[Edge]:
    """Districts into communes; some communes straddle, some districts may live on."""
    edges, communes = [], []
    for district in districts:
        parts = [f"{district}-x{n}" for n in range(draw(st.sampled_from([2, 1, 2, 3, 0])))]
        edges += [Edge(district, part, on, True, draw(st.booleans()), draw(weights)) for part in parts]
        communes += parts
    if communes:
        pairs = st.tuples(st.sampled_from(districts), st.sampled_from(communes), st.sampled_from([False, False, True]))
        ending, known = {edge.old for edge in edges}, {(edge.old, edge.new) for edge in edges}
        for district, commune, main in draw(st.lists(pairs, max_size=3, unique_by=lambda pair: pair[:2])):
            if (district, commune) not in known:
                edges.append(Edge(district, commune, on, main and district in ending, False))
    return edges


def lives(edges: Sequence[Edge]) -> list[Place]:
    """A unit ends the day before its bulk goes elsewhere; a new one begins that day."""
    codes = sorted({"d1", "d2", "d3", "d4"} | {edge.new for edge in edges})
    begin = {edge.new: edge.on for edge in edges if edge.new[0] == "e" or "-x" in edge.new}
    end = {edge.old: edge.on - dt.timedelta(days=1) for edge in edges if edge.main}
    return [Place(code, "-x" in code, begin.get(code), end.get(code)) for code in codes]


def bodies_of(places: Sequence[Place], departments_merge: bool, renewed: bool) -> list[Body]:
    """One Union a territory (d4's may be followed by another one in mid-year), the province's, and departments."""
    day = dt.timedelta(days=1)
    found = [Body(PROVINCE_UNION, UNION, None)]
    ends = NEW_DEPARTMENT_ON - day if departments_merge else None
    found += [Body("so-a", DEPARTMENT, None, last=ends), Body("so-b", DEPARTMENT, None, last=ends)]
    if departments_merge:
        found.append(Body("so-c", DEPARTMENT, None, NEW_DEPARTMENT_ON))
    for place in places:
        body = Body(f"hoi-{place.code}", UNION, place.code, place.first, place.last)
        if renewed and place.code == "d4":
            change = dt.date(2020, 9, 1)
            found.append(replace(body, code="hoi-d4-moi", first=change))
            body = replace(body, last=change - day)
        found.append(body)
    return found


def said(body: Body) -> st.SearchStrategy[tuple[int, dict[str, int]] | None]:
    """How late in half-years, and what; None is no report. A numerator is never above a denominator of any period."""
    flow, part, base = st.integers(0, 40), st.integers(0, 60), st.integers(60, 200)
    whole = st.fixed_dictionaries({FLOW: flow, PART: part, BASE: base})
    halves = st.one_of(
        st.fixed_dictionaries({PART: part, BASE: base}),
        st.fixed_dictionaries({FLOW: st.just(0), PART: st.just(0), BASE: base}),
        st.fixed_dictionaries({FLOW: flow, BASE: base}),
        st.fixed_dictionaries({FLOW: flow, PART: part}),
        st.just({}),
    )
    late = st.sampled_from([0, 0, 0, 1, 3])
    return st.one_of(st.none(), st.tuples(late, st.one_of(whole, whole, whole, halves)), st.tuples(late, whole))


@st.composite
def events_of(draw, bodies: Sequence[Body], most_corrections: int) -> list[Event]:
    first: list[Event] = []
    for code, (_, ends) in SPANS.items():
        for number, body in enumerate(body for body in bodies if body.is_there_on(ends)):
            # Departments report by the year; of the others few do beside their halves.
            is_likely = (body.kind == DEPARTMENT) == ("-" not in code)
            report = draw(said(body)) if is_likely or draw(st.sampled_from([False] * 4 + [True])) else None
            if report is not None:
                late, values = report
                at = dt.datetime(ends.year, ends.month, ends.day, 10, tzinfo=dt.UTC)
                at += dt.timedelta(days=5 + 182 * late, minutes=number)
                first.append(Event(at, body.code, code, values))
    later = []
    if first and most_corrections:
        whole = st.fixed_dictionaries({FLOW: st.integers(0, 40), PART: st.integers(0, 60), BASE: st.integers(60, 200)})
        wrong = st.tuples(st.sampled_from(first), st.one_of(whole, st.none()), st.integers(1, 400), st.booleans())
        for event, values, days, is_undone in draw(
            st.lists(wrong, max_size=most_corrections, unique_by=lambda one: one[0].report)
        ):
            if values is None:
                values = dict(list(event.values.items())[1:])
            at = event.at + dt.timedelta(days=days, seconds=7)
            later.append(replace(event, at=at, values=values))
            if is_undone:
                later.append(replace(event, at=at + dt.timedelta(days=60)))
    return sorted(first + later, key=lambda event: event.at)


@st.composite
def histories(draw, most_corrections: int = 3) -> History:
    edges = draw(draw(first_days.map(reorganisations)))
    living = sorted(place.code for place in lives(edges) if place.last is None)
    edges = edges + draw(draw(second_days.map(lambda on: divisions(on, living))))
    places = lives(edges)
    departments_merge = draw(st.booleans())
    bodies = bodies_of(places, departments_merge, draw(st.booleans()))
    events = draw(events_of(bodies, most_corrections))
    return History(places, edges, bodies, events, departments_merge, draw(st.booleans()))


# The database --------------------------------------------------------------------------------------------------------


@contextmanager
def sandbox() -> Iterator[None]:
    """What happens inside is taken back at the end, the ledger too."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Stage:
    """A history's plan, units and agencies in the database, not yet a report."""

    plan: Plan
    periods: dict[str, Period]
    agencies: dict[str, Agency]
    measures: dict[str, Measure]
    submitter: User
    approver: User
    reports: dict[tuple[str, str], Report] = field(default_factory=dict)


def staged(history: History) -> Stage:
    """Write everything but the reports."""
    province = Unit.objects.get(kind=Unit.Kind.PROVINCE)
    units = _units(history, province)
    agencies = _agencies(history, units | {None: province})
    plan = Plan.objects.create(
        number="1/KH-THU", title="Thử", short_title="Thử", starts_on=START, ends_on=PLAN_END,
        calendar=Plan.Calendar.HALF,
    )  # fmt: skip
    periods = Period.objects.bulk_create(
        Period(
            plan=plan, code=code, name=code, kind="half" if "-" in code else "year", starts_on=starts, ends_on=ends,
            due_on=ends + dt.timedelta(days=5),
        )
        for code, (starts, ends) in SPANS.items()
    )  # fmt: skip
    measures = _measures(plan)
    Duty.objects.bulk_create(
        Duty(plan=plan, agency=agency, text="Báo cáo", reports_every="half" if agency.kind == UNION else "year")
        for agency in agencies.values()
    )
    _promises(plan, measures, history, units)
    submitter, approver = User.objects.bulk_create(
        User(username=name, full_name=name, role=User.Role.REVIEWER) for name in ("nguoi-nop", "nguoi-duyet")
    )
    return Stage(plan, {p.code: p for p in periods}, agencies, measures, submitter, approver)


def _units(history: History, province: Unit) -> dict[str, Unit]:
    kinds = {True: Unit.Kind.COMMUNE, False: Unit.Kind.DISTRICT}
    made = Unit.objects.bulk_create(
        Unit(
            slug=f"thu-{place.code}", code=place.code, name=place.code, kind=kinds[place.is_commune], parent=province,
            valid_from=place.first, valid_to=place.last,
        )
        for place in history.places
    )  # fmt: skip
    units = {unit.code: unit for unit in made}
    UnitSuccession.objects.bulk_create(
        UnitSuccession(
            predecessor=units[edge.old], successor=units[edge.new], on=edge.on, main=edge.main, exact=edge.exact,
            weight=edge.weight,
        )
        for edge in history.edges
    )  # fmt: skip
    return units


def _agencies(history: History, units: Mapping[str | None, Unit]) -> dict[str, Agency]:
    Agency.objects.bulk_create(
        Agency(
            code=body.code, name=body.code, short_name=body.code, kind=body.kind,
            level=units[body.place].level, unit=units[body.place], valid_from=body.first, valid_to=body.last,
        )
        for body in history.bodies
        if body.code != PROVINCE_UNION
    )  # fmt: skip
    found = Agency.objects.in_bulk([body.code for body in history.bodies], field_name="code")
    if history.departments_merge:
        AgencySuccession.objects.bulk_create(
            AgencySuccession(predecessor=found[old], successor=found["so-c"], on=NEW_DEPARTMENT_ON)
            for old in ("so-a", "so-b")
        )
    return found


def _measures(plan: Plan) -> dict[str, Measure]:
    made = Measure.objects.bulk_create(
        Measure(
            plan=plan, code=code, name=code, short_name=code, unit_of_measure="người", kind=Measure.Kind.PEOPLE,
            accumulation=Measure.Accumulation.FLOW if code == FLOW else Measure.Accumulation.STATE,
        )
        for code in MEASURES
    )  # fmt: skip
    CountingOwner.objects.bulk_create(
        CountingOwner(measure=measure, agency_kind=kind, agency_level=level)
        for measure in made
        for kind, level in ((UNION, "district"), (UNION, "commune"), (UNION, "province"), (DEPARTMENT, "province"))
        if kind == UNION or measure.code in RATIO
    )
    return {measure.code: measure for measure in made}


# Indicator -> numerator and denominator.
INDICATORS: dict[str, tuple[str, ...]] = {"COUNT": (FLOW,), "RATIO": RATIO, "HELD": (BASE,)}


def _promises(plan: Plan, measures: Mapping[str, Measure], history: History, units: Mapping[str, Unit]) -> None:
    """A count of what happened, a ratio, and a count of what stands; targets in one phase or two, some allocated."""
    made = Indicator.objects.bulk_create(
        Indicator(plan=plan, code=code, name=code, short_name=code, unit_of_measure="người", order=order)
        for order, code in enumerate(INDICATORS)
    )
    above, below = Indicator.numerator.through, Indicator.denominator.through
    above.objects.bulk_create(above(indicator=i, measure=measures[INDICATORS[i.code][0]]) for i in made)
    below.objects.bulk_create(below(indicator=i, measure=measures[BASE]) for i in made if i.code == "RATIO")
    phases = [(START, SPANS["2020"][1]), (START, SPANS["2022"][1])]
    if history.has_second_phase:
        phases[1] = (SECOND_PHASE, SPANS["2022"][1])
    Target.objects.bulk_create(
        Target(indicator=indicator, unit=unit, counts_from=since, due_on=due, value=Decimal(value))
        for indicator in made
        for unit, values in ((None, (60, 90)), (units["d1"], (20, 30)), (units["d4"], (25, 40)))
        for (since, due), value in zip(phases, values, strict=True)
    )


def approve(stage: Stage, events: Iterable[Event]) -> None:
    """Write the events in their order; the first of each report makes it."""
    events = list(events)
    new: dict[tuple[str, str], Event] = {}
    for event in events:
        if event.report not in stage.reports:
            new.setdefault(event.report, event)
    made = Report.objects.bulk_create(_report(stage, event) for event in new.values())
    stage.reports |= dict(zip(new, made, strict=True))
    _write(stage, new.values())
    for event in events:
        report = stage.reports[event.report]
        if new.get(event.report) is not event:
            report.figures.all().delete()
            _write(stage, [event])
        ledger.enter(report, by=stage.approver, at=event.at)
    ReportEvent.objects.bulk_create(
        ReportEvent(
            report=stage.reports[event.report], verb=ReportEvent.Verb.APPROVE, at=event.at, by=stage.approver,
            from_status=Report.Status.SUBMITTED, to_status=Report.Status.APPROVED, round=1,
        )
        for event in events
    )  # fmt: skip


def _report(stage: Stage, event: Event) -> Report:
    return Report(
        agency=stage.agencies[event.agency],
        period=stage.periods[event.period],
        status=Report.Status.APPROVED,
        round=1,
        created_at=event.at,
        created_by=stage.submitter,
        first_submitted_at=event.at,
        submitted_at=event.at,
        submitted_by=stage.submitter,
        approved_at=event.at,
        approved_by=stage.approver,
    )


def _write(stage: Stage, events: Iterable[Event]) -> None:
    Figure.objects.bulk_create(
        Figure(report=stage.reports[event.report], measure=measure, value=event.values.get(code))
        for event in events
        for code, measure in stage.measures.items()
    )
