"""R8: what ended units and agencies reported counts until those that replaced them have spoken."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from targets.totals.counting import Succession, flows, hand_over, states, states_together
from tests.progress.ledgers import START, A, B, C, D, end, histories, numbers, period_names, row

MERGER = [Succession(A, C, dt.date(2020, 3, 1)), Succession(B, C, dt.date(2020, 3, 1))]
SPLIT = [Succession(A, B, dt.date(2025, 7, 1)), Succession(A, C, dt.date(2025, 7, 1))]


def held(rows, day, successions) -> dict[int, Decimal]:
    return {one.territory: one.value for one in states(rows, day, successions).values()}


def test_r8_the_state_of_merged_units_counts_until_the_new_unit_reports():
    rows = [row(A, "2019-H2", 60), row(B, "2019-H2", 40)]
    assert held(rows, end("2020-H1"), MERGER) == {A: 60, B: 40}
    assert held([*rows, row(C, "2020-H1", 101)], end("2020-H1"), MERGER) == {C: 101}


def test_r8_the_flow_stays_with_the_unit_of_its_time():
    rows = [row(A, "2019-H2", 6), row(B, "2019-H2", 4), row(C, "2020-H1", 1)]
    assert numbers(flows(rows, end("2020-H1"), START)) == {A: 6, B: 4, C: 1}


def test_r8_a_split_unit_counts_until_all_its_successors_have_reported_and_none_counts_twice():
    rows = [row(A, "2025-H1", 100), row(B, "2025-H2", 55)]
    assert held(rows, end("2025-H2"), SPLIT) == {A: 100}
    assert held([*rows, row(C, "2025-H2", 47)], end("2025-H2"), SPLIT) == {B: 55, C: 47}


def test_r8_a_unit_that_grew_keeps_its_old_state_beside_the_absorbed_one_until_it_reports_anew():
    grew = [Succession(A, B, dt.date(2020, 2, 1))]
    rows = [row(A, "2019-H2", 24), row(B, "2019-H2", 35)]
    assert held(rows, end("2020-H1"), grew) == {A: 24, B: 35}
    assert held([*rows, row(B, "2020-H1", 60)], end("2020-H1"), grew) == {B: 60}


def test_r8_successors_of_successors_release_a_unit_too():
    chain = [Succession(A, B, dt.date(2020, 3, 1)), Succession(B, C, dt.date(2025, 7, 1))]
    rows = [row(A, "2019-H2", 60), row(C, "2025-H2", 70)]
    assert held(rows, end("2025-H2"), chain) == {C: 70}


def test_r8_a_successor_that_waits_for_one_predecessor_releases_no_other():
    """C took over A whole and half of B; until D speaks for the rest of B, both old values count and C waits."""
    shared = [*MERGER, Succession(B, D, dt.date(2020, 3, 1))]
    rows = [row(A, "2019-H2", 60), row(B, "2019-H2", 40), row(C, "2020-H1", 85)]
    assert held(rows, end("2020-H1"), shared) == {A: 60, B: 40}
    assert held([*rows, row(D, "2020-H1", 15)], end("2020-H1"), shared) == {C: 85, D: 15}


def test_r8_a_unit_that_never_reported_still_keeps_its_successors_waiting_for_those_before_it():
    chain = [
        Succession(A, B, dt.date(2020, 3, 1)),
        Succession(B, C, dt.date(2025, 7, 1)),
        Succession(B, D, dt.date(2025, 7, 1)),
    ]
    rows = [row(A, "2019-H2", 60), row(C, "2025-H2", 30)]
    assert held(rows, end("2025-H2"), chain) == {A: 60}
    assert held([*rows, row(D, "2025-H2", 31)], end("2025-H2"), chain) == {C: 30, D: 31}


def test_r8_what_waits_makes_its_own_successors_wait():
    split_then_merged = [
        Succession(A, B, dt.date(2020, 3, 1)),
        Succession(A, D, dt.date(2020, 3, 1)),
        Succession(B, C, dt.date(2025, 7, 1)),
    ]
    rows = [row(A, "2019-H2", 60), row(B, "2019-H2", 5), row(C, "2025-H2", 30)]
    assert held(rows, end("2025-H2"), split_then_merged) == {A: 60, B: 5}


def test_r8_successions_entered_in_a_circle_still_give_an_answer():
    circle = [Succession(A, B, dt.date(2020, 3, 1)), Succession(B, A, dt.date(2021, 1, 1))]
    assert held([row(A, "2019-H2", 60)], end("2020-H1"), circle) == {A: 60}


def test_r8_a_ratio_is_handed_over_whole_never_one_half_of_it():
    """C left the numerator out: A goes on counting with both numbers, and B's pair waits."""
    rows = [
        row(A, "2025-H1", 100, measure="CT2_TS"), row(A, "2025-H1", 70, measure="CT2_TT"),
        row(B, "2025-H2", 55, measure="CT2_TS"), row(B, "2025-H2", 40, measure="CT2_TT"),
        row(C, "2025-H2", 47, measure="CT2_TS"),
    ]  # fmt: skip
    standing = states_together(rows, end("2025-H2"), SPLIT)
    assert {key: one.value for key, one in standing.items()} == {((A, None), "CT2_TS"): 100, ((A, None), "CT2_TT"): 70}
    standing = states_together([*rows, row(C, "2025-H2", 30, measure="CT2_TT")], end("2025-H2"), SPLIT)
    assert {territory for (territory, _), _ in standing} == {B, C}


@given(histories, period_names)
def test_r8_hand_over_never_counts_a_unit_beside_what_replaced_it(rows, period):
    """A unit and its successor never both count after the succession; and something known never vanishes whole."""
    known = [r for r in rows if r.ends_on <= end(period)]
    left = hand_over(known, SPLIT, lambda r: r.territory)
    after = {r.territory for r in left if r.ends_on >= SPLIT[0].on}
    assert not (A in {r.territory for r in left} and after & {B, C})
    family = {A, B, C}
    if any(r.territory in family for r in known):
        assert any(r.territory in family for r in left)


# Units 1 to 6; each begins in a year of its own, out of units that are older.
families = st.sets(
    st.tuples(st.integers(1, 6), st.integers(1, 6)).filter(lambda pair: pair[0] < pair[1]), max_size=8
).map(lambda pairs: [Succession(old, new, dt.date(2018 + new, 3, 1)) for old, new in sorted(pairs)])
lives = st.dictionaries(st.tuples(st.integers(1, 6), period_names), st.integers(0, 500), max_size=30).map(
    lambda said: [row(territory, period, value) for (territory, period), value in said.items()]
)


@given(lives, families)
def test_r8_over_generations_no_person_counts_twice_and_none_is_lost(rows, family):
    kept = hand_over(rows, family, lambda r: r.territory)
    counting_on = {r.territory for r in kept}

    def heirs(unit):
        return [(edge.successor, edge.on) for edge in family if edge.predecessor == unit]

    def descendants(unit):
        for heir, on in heirs(unit):
            yield heir, on
            yield from descendants(heir)

    def counts_since(unit, on):
        return any(r.territory == unit and r.ends_on >= on for r in kept)

    def is_covered(unit, on):
        later = heirs(unit)
        return counts_since(unit, on) or (bool(later) and all(is_covered(*heir) for heir in later))

    for unit in counting_on:
        assert not any(counts_since(heir, on) for heir, on in descendants(unit))
    for unit in {r.territory for r in rows} - counting_on:
        is_replaced = bool(heirs(unit)) and all(is_covered(*heir) for heir in heirs(unit))
        waits_for_an_older_one = any(unit in {heir for heir, _ in descendants(old)} for old in counting_on)
        assert is_replaced or waits_for_an_older_one
