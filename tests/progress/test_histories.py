"""R3 to R10 on generated histories, written to the ledger as approvals write it, against a count made otherwise."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from targets.progress.figures import IndicatorFigure, Progress, UnitFigure
from targets.progress.progress import VIEWS, progress

from . import recount
from .histories import (
    BASE,
    FLOW,
    HALVES,
    INDICATORS,
    PART,
    RATIO,
    SPANS,
    Edge,
    Event,
    History,
    Stage,
    approve,
    bodies_of,
    histories,
    lives,
    sandbox,
    staged,
)

pytestmark = pytest.mark.django_db


def few(examples: int) -> settings:
    """An example costs a tenth of a second and more; the same ones every time. HISTORIES=10 tries ten times as many.

    Not minimised, which takes minutes: a history prints one line an event. Add Phase.shrink to have a small one.
    """
    return settings(
        max_examples=max(2, examples * int(os.environ.get("HISTORIES", "1")) // 2),
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


PROVINCE = "tỉnh"
Value = tuple[int, ...]


def recounted(history: History, events: list[Event], code: str, day: dt.date) -> dict[str, Value]:
    """By place, an indicator's number, or numerator and denominator."""
    ledger = history.ledger(events)
    if code == "COUNT":
        found = recount.flows(ledger, FLOW, history.counts_from(day), day)
        return {place: (value,) for place, value in found.items()}
    return recount.states(ledger, INDICATORS[code], history.steps, day)


def of_rows(history: History, found: dict[str, Value]) -> dict[str, Value]:
    """As a table shows it: the province's own bodies in one row."""
    places = {place.code for place in history.places}
    shown: dict[str, Value] = {}
    for place, value in found.items():
        row = place if place in places else PROVINCE
        shown[row] = tuple(map(sum, zip(shown[row], value, strict=True))) if row in shown else value
    return shown


def numbers(figure: IndicatorFigure | UnitFigure) -> tuple[Decimal, ...] | None:
    if figure.reached is None:
        return None
    return (figure.reached,) if figure.base is None else (figure.reached, figure.base)


def by_unit(found: Progress, place: int) -> dict[str, UnitFigure]:
    return {PROVINCE if row.is_province else row.unit_code: row.figures[place] for row in found.rows}


def added(values: list[tuple[Decimal, ...]]) -> tuple[Decimal, ...] | None:
    return tuple(map(sum, zip(*values, strict=True))) if values else None


def said(found: Progress, *, corrected: bool = True) -> dict[str, object]:
    """All that is shown, without the ids of rows and the instants of approval."""
    rows = [
        (
            row.unit_code, row.ended, figure.code, figure.reached, figure.base, figure.in_period, figure.from_period,
            figure.carried, figure.approximate, figure.absence, figure.pace, corrected and figure.sources.corrected,
        )
        for row in found.rows
        for figure in row.figures
    ]  # fmt: skip
    totals = [(i.code, i.in_period, i.gap, i.forecast, corrected and i.sources.corrected) for i in found.indicators]
    return found.as_json() | {"as_of": None, "rows": rows, "totals": totals, "reported": found.units_with_figures}


# R3 to R8: the numbers -----------------------------------------------------------------------------------------------


@few(8)
@given(histories())
def test_r3_to_r8_the_province_and_every_territory_are_what_a_recount_gives(history):
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        for code in HALVES:
            found = progress(stage.periods[code])
            for place, indicator in enumerate(found.indicators):
                expected = recounted(history, history.events, indicator.code, SPANS[code][1])
                assert numbers(indicator) == added(list(expected.values())), (code, indicator.code)
                rows = {unit: numbers(figure) for unit, figure in by_unit(found, place).items()}
                shown = {unit: value for unit, value in rows.items() if value is not None}
                assert shown == of_rows(history, expected), (code, indicator.code)


@few(6)
@given(histories())
def test_r6_a_percentage_is_of_the_sums_and_a_year_says_what_its_second_half_says(history):
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        for year in ("2020", "2021", "2022"):
            ratio = progress(stage.periods[year]).indicators[1]
            expected = added(list(recounted(history, history.events, "RATIO", SPANS[year][1]).values()))
            percent = None if not expected or not expected[1] else Fraction(100 * expected[0], expected[1])
            assert (ratio.percent is None) == (percent is None)
            assert percent is None or abs(Fraction(ratio.percent) - percent) < Fraction(1, 10**9)
            assert numbers(ratio) == expected


@few(5)
@given(histories())
def test_r8_every_view_has_the_same_total_and_its_rows_add_up_to_it(history):
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        for code in ("2020-H1", "2020-H2", "2021-H2", "2022-H2"):
            views = {view: progress(stage.periods[code], by=view) for view in VIEWS}
            for place, indicator in enumerate(INDICATORS):
                expected = numbers(views["reported"].indicators[place])
                for view, found in views.items():
                    figures = by_unit(found, place).values()
                    assert numbers(found.indicators[place]) == expected, (code, view, indicator)
                    parts = [value for value in map(numbers, figures) if value is not None]
                    assert added(parts) == expected, (code, view, indicator)
                    assert all(f.reached <= f.base for f in figures if f.base is not None), (code, view, indicator)


@few(6)
@given(histories())
def test_r8_a_view_shares_every_counted_row_out_whole(history):
    """R13 too: what the rows of a view are made of is what the rows as reported are made of, none left out or added."""
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        for code in ("2020-H2", "2021-H2", "2022-H2"):
            views = {view: progress(stage.periods[code], by=view) for view in VIEWS}
            for place in range(len(INDICATORS)):
                reported = Counter(row for f in by_unit(views["reported"], place).values() for row in f.sources.rows)
                assert max(reported.values(), default=1) == 1
                for found in views.values():
                    of_view = {row for f in by_unit(found, place).values() for row in f.sources.rows}
                    assert of_view == set(reported)
                    assert set(found.indicators[place].sources.rows) == set(reported)


def test_r5_r8_a_year_report_that_waits_leaves_its_first_half_counting():
    """d4 took over a part of d3 in September; until e1 speaks for the rest, d4 stands at what it said in June."""
    on = dt.date(2020, 9, 1)
    edges = [Edge("d3", "d4", on), Edge("d3", "e1", on)]
    places = lives(edges)
    said = [("hoi-d3", "2020-H1", 10, 100), ("hoi-d4", "2020-H1", 20, 200), ("hoi-d4", "2020", 25, 260)]
    late = dt.datetime(2021, 1, 5, tzinfo=dt.UTC)
    events = [Event(late, agency, period, {PART: part, BASE: base}) for agency, period, part, base in said]
    history = History(places, edges, bodies_of(places, False, False), events, False, False)
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        found = {
            unit: numbers(figure)
            for unit, figure in by_unit(progress(stage.periods["2020"]), 1).items()
            if figure.reached is not None
        }
        assert found == {"d3": (10, 100), "d4": (20, 200)} == recounted(history, events, "RATIO", SPANS["2020"][1])


# R8: nobody twice, nobody lost ---------------------------------------------------------------------------------------


def counted_places(stage: Stage, found: Progress, place: int) -> dict[str, list[dt.date]]:
    """By unit code, the period ends of what counts, from the rows' own sources."""
    codes = {agency.unit_id: code for code, agency in territories(stage).items()}
    counted: dict[str, list[dt.date]] = {}
    for figure in by_unit(found, place).values():
        for row in figure.sources.rows:
            if row.territory in codes:
                counted.setdefault(codes[row.territory], []).append(row.ends_on)
    return counted


def territories(stage: Stage) -> dict[str, object]:
    return {agency.unit.code: agency for agency in stage.agencies.values() if agency.level != "province"}


@few(6)
@given(histories(), st.data())
def test_r8_at_any_instant_no_territory_counts_twice_and_none_is_lost(history, data):
    assume(history.events)
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        for _ in range(5):
            instant = data.draw(st.sampled_from(history.events)).at
            code = data.draw(st.sampled_from(["2020-H1", "2020-H2", "2021-H2", "2022-H1", "2022-H2"]))
            found = progress(stage.periods[code], as_of=instant)
            for place, measures in ((1, RATIO), (2, INDICATORS["HELD"])):
                counted = counted_places(stage, found, place)
                check_nobody_twice(history, counted)
                check_nobody_lost(history, history.until(instant), counted, measures, SPANS[code][1])


def descents(history: History, unit: str) -> list[tuple[str, dt.date]]:
    """Every unit that the bulk of `unit` went to, at once or later, and since when."""
    steps = [step for step in history.steps if step.old == unit]
    return [(s.new, s.on) for s in steps] + [later for s in steps for later in descents(history, s.new)]


def check_nobody_twice(history: History, counted: dict[str, list[dt.date]]) -> None:
    """Beside an old unit's number no number counts that contains its people."""
    for unit in counted:
        for heir, on in descents(history, unit):
            assert all(end < on for end in counted.get(heir, ())), (unit, heir)


def check_nobody_lost(
    history: History, events: list[Event], counted: dict[str, list[dt.date]], measures: tuple[str, ...], day: dt.date
) -> None:
    """What said all of it counts; or its heirs do, for it; or it waits, since its people count in an older unit."""
    steps = [step for step in history.steps if step.on <= day]

    def has_heirs_counting(unit: str) -> bool:
        heirs = [step for step in steps if step.old == unit]
        return bool(heirs) and all(
            any(end >= step.on for end in counted.get(step.new, ())) or has_heirs_counting(step.new) for step in heirs
        )

    known = [one for one in history.ledger(events) if one.measure in measures and one.ends <= day]
    for place in history.places:
        complete = {one.measure for one in known if one.place == place.code} == set(measures)
        older = [unit for unit in counted if place.code in [heir for heir, _ in descents(history, unit)]]
        if complete and place.code not in counted:
            assert has_heirs_counting(place.code) or older, place.code


# R9, R10: instants, corrections --------------------------------------------------------------------------------------


@few(4)
@given(histories(), st.data())
def test_r9_as_known_at_an_instant_is_what_a_ledger_of_then_says(history, data):
    """Right at a correction and a moment before it, in the corrected period; and at any approval, in the last one."""
    assume(history.corrections)
    other, view = data.draw(st.sampled_from(history.events)), data.draw(st.sampled_from(VIEWS))
    seen = [(event.at, event.period) for event in history.corrections] + [(other.at, "2022")]
    seen.append((seen[0][0] - dt.timedelta(microseconds=1), seen[0][1]))
    with sandbox():
        stage = staged(history)
        then = {}
        for instant, code in seen:
            with sandbox():
                approve(stage, history.until(instant))
                then[instant, code] = said(progress(stage.periods[code], by=view))
                stage.reports.clear()
        approve(stage, history.events)
        for instant, code in seen:
            assert said(progress(stage.periods[code], as_of=instant, by=view)) == then[instant, code]


@few(4)
@given(histories(most_corrections=0), st.data())
def test_r4_the_order_of_approval_does_not_matter(history, data):
    other = data.draw(st.permutations(history.events))
    instants = [event.at for event in history.events]
    shuffled = [Event(at, event.agency, event.period, event.values) for at, event in zip(instants, other, strict=True)]
    with sandbox():
        stage, outcomes = staged(history), []
        for events in (history.events, shuffled):
            with sandbox():
                approve(stage, events)
                outcomes.append([said(progress(stage.periods[code], by=view)) for code, view in SEEN])
                stage.reports.clear()
        assert outcomes[0] == outcomes[1]


SEEN = [("2020-H1", "reported"), ("2020", "districts"), ("2021-H2", "communes"), ("2022-H2", "reported")]


@few(6)
@given(histories(most_corrections=0), st.data())
def test_r10_an_undone_correction_restores_the_number_and_says_that_it_was_corrected(history, data):
    assume(history.events)
    right = data.draw(st.sampled_from(history.events))
    end = SPANS["2022-H2"][1]
    late = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    wrong = Event(late, right.agency, right.period, {code: value + 7 for code, value in right.values.items()})
    undone = Event(late + dt.timedelta(days=1), right.agency, right.period, right.values)
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        before = {view: progress(stage.periods["2022-H2"], by=view) for view in VIEWS}
        approve(stage, [wrong, undone])
        for view in VIEWS:
            after = progress(stage.periods["2022-H2"], by=view)
            assert said(after, corrected=False) == said(before[view], corrected=False)
            assert not before[view].is_corrected
            for was, now in zip(before[view].indicators, after.indicators, strict=True):
                touched = {(row.agency, row.period) for row in was.sources.rows if row.measure in right.values}
                report = (stage.agencies[right.agency].pk, right.period)
                assert now.sources.corrected == (report in touched)
        expected = {code: recounted(history, [*history.events, wrong], code, end) for code in INDICATORS}
        known = progress(stage.periods["2022-H2"], as_of=late)
        assert {i.code: numbers(i) for i in known.indicators} == {
            code: added(list(found.values())) for code, found in expected.items()
        }


# R3: in the period ---------------------------------------------------------------------------------------------------


@few(6)
@given(histories())
def test_r3_what_happened_in_each_half_adds_up_to_what_each_unit_reached(history):
    """Also where a year report replaced its halves, and where a phase of the target begins anew."""
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        check_adds_up(history, [(code, by_unit(progress(stage.periods[code]), 0)) for code in HALVES])


@few(6)
@given(histories())
def test_r3_what_happened_in_each_half_adds_up_to_what_the_province_reached(history):
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        check_adds_up(history, [(code, {PROVINCE: progress(stage.periods[code]).indicators[0]}) for code in HALVES])


def check_adds_up(history: History, halves: list[tuple[str, Mapping[str, IndicatorFigure | UnitFigure]]]) -> None:
    running: Counter[str] = Counter()
    since = None
    for code, figures in halves:
        if since != history.counts_from(SPANS[code][1]):
            running, since = Counter(), history.counts_from(SPANS[code][1])
        for unit, figure in figures.items():
            running[unit] += figure.in_period or 0
            assert running[unit] == (figure.reached or 0), (code, unit)


@few(6)
@given(histories(), st.sampled_from(["2020-H1", "2020-H2", "2021", "2021-H2", "2022-H2"]))
def test_r8_what_happened_in_the_period_adds_up_to_the_provinces_in_every_view(history, code):
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        for view in VIEWS:
            found = progress(stage.periods[code], by=view)
            parts = [figure.in_period for figure in by_unit(found, 0).values() if figure.in_period is not None]
            assert found.indicators[0].in_period == recount.total(parts), view
