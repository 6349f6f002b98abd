"""The counting rules on bare rows; each test names its rule. A re-count written apart checks generated histories."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.progress.counting import Row, Succession, flows, hand_over, ratios, states, together, total

SPANS = {
    f"{year}{part}": (dt.date(*start), dt.date(*end))
    for year in range(2018, 2026)
    for part, start, end in (
        ("-H1", (year - 1, 12, 15), (year, 6, 14)),
        ("-H2", (year, 6, 15), (year, 12, 14)),
        ("", (year - 1, 12, 15), (year, 12, 14)),
    )
}
START = dt.date(2017, 12, 15)
A, B, C, D = 1, 2, 3, 4


def row(territory: int, period: str, value: int, *, agency: int | None = None, measure: str = "CT3") -> Row:
    agency = agency or territory * 10
    return Row(territory, agency, agency * 1000, measure, period, *SPANS[period], Decimal(value))


def numbers(values) -> dict[int, Decimal]:
    return {key: value.number for key, value in values.items()}


def end(period: str) -> dt.date:
    return SPANS[period][1]


def test_r3_a_flow_is_the_sum_of_the_periods_that_ended_by_the_day():
    rows = [row(A, "2023-H1", 4), row(A, "2023-H2", 5), row(A, "2024-H1", 7), row(B, "2023-H2", 1)]
    assert numbers(flows(rows, end("2023-H2"), START)) == {A: 9, B: 1}
    assert numbers(flows(rows, end("2024-H1"), START)) == {A: 16, B: 1}


def test_r3_a_flow_is_counted_from_the_targets_start():
    rows = [row(A, "2018-H1", 4), row(A, "2018-H2", 5)]
    assert numbers(flows(rows, end("2019"), dt.date(2018, 6, 15))) == {A: 5}


def test_r2_a_reported_zero_counts_as_zero_and_is_there():
    assert numbers(flows([row(A, "2024-H1", 0)], end("2024-H1"), START)) == {A: 0}
    assert flows([], end("2024-H1"), START) == {}


def test_r4_a_state_is_each_agencys_latest_not_the_sum():
    rows = [row(A, "2023-H1", 100), row(A, "2023-H2", 150), row(B, "2023-H1", 40)]
    assert {agency: one.value for agency, one in states(rows, end("2023-H2")).items()} == {10: 150, 20: 40}


def test_r4_the_latest_is_by_period_whatever_the_order_the_rows_come_in():
    rows = [row(A, "2023-H2", 150), row(A, "2023-H1", 100)]
    assert states(rows, end("2023-H2"))[10].value == 150
    assert states(rows, end("2023-H1"))[10].value == 100


def test_r5_a_year_report_replaces_the_halves_of_the_same_agency_inside_it():
    rows = [row(A, "2023-H1", 4), row(A, "2023-H2", 5), row(A, "2023", 12), row(B, "2023-H1", 3)]
    assert numbers(flows(rows, end("2023"), START)) == {A: 12, B: 3}


def test_r5_is_measure_by_measure():
    rows = [row(A, "2023-H1", 4, measure="CT4"), row(A, "2023", 12, measure="CT3")]
    assert numbers(flows([r for r in rows if r.measure == "CT4"], end("2023"), START)) == {A: 4}


def test_r5_a_year_that_has_not_ended_yet_replaces_nothing():
    rows = [row(A, "2023-H1", 4), row(A, "2023", 12)]
    assert numbers(flows(rows, end("2023-H1"), START)) == {A: 4}


def test_r6_a_ratio_is_of_the_sums_and_only_where_both_are_known():
    part = {10: [row(A, "2024-H1", 90)], 20: [row(B, "2024-H1", 10)], 30: [row(C, "2024-H1", 5)]}
    base = {10: [row(A, "2024-H1", 100)], 20: [row(B, "2024-H1", 100)], 40: [row(D, "2024-H1", 1000)]}
    found = ratios(part, base)
    assert set(found) == {A, B}
    whole = together(r.part for r in found.values()).number / together(r.base for r in found.values()).number
    assert whole == Decimal("0.5")  # not (90 % + 10 %) / 2 by luck only: see the next test


def test_r6_percentages_are_never_averaged():
    part = {10: [row(A, "2024-H1", 90)], 20: [row(B, "2024-H1", 10)]}
    base = {10: [row(A, "2024-H1", 100)], 20: [row(B, "2024-H1", 900)]}
    found = ratios(part, base)
    assert found[A].percent == 90
    assert together(r.part for r in found.values()).number * 100 / together(
        r.base for r in found.values()
    ).number == Decimal(10)


def test_r6_nothing_to_divide_by_has_no_percentage():
    found = ratios({10: [row(A, "2024-H1", 0)]}, {10: [row(A, "2024-H1", 0)]})
    assert found[A].percent is None


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


def test_r13_every_number_names_the_rows_it_is_made_of():
    rows = [row(A, "2023-H1", 4), row(A, "2023-H2", 5)]
    value = flows(rows, end("2023"), START)[A]
    assert (value.number, {r.period for r in value.rows}) == (9, {"2023-H1", "2023-H2"})


period_names = st.sampled_from(sorted(SPANS))
histories = st.dictionaries(
    st.tuples(st.integers(1, 5), period_names, st.sampled_from([1, 2])), st.integers(0, 500), max_size=40
).map(
    lambda said: [
        row(territory, period, value, agency=territory * 10 + n) for (territory, period, n), value in said.items()
    ]
)


def recount_flow(rows: list[Row], day: dt.date) -> dict[int, Decimal]:
    """R3 and R5 again, the plain way: per agency and year, the year's figure if it is known, else the halves'."""
    sums: dict[int, Decimal] = defaultdict(Decimal)
    seen = set()
    by_key = {(r.agency, r.period): r for r in rows if r.ends_on <= day}
    for (agency, period), one in by_key.items():
        is_half = "-H" in period
        if is_half and (agency, period[:4]) in by_key:
            continue
        sums[one.territory] += one.value
        seen.add(one.territory)
    return {territory: sums[territory] for territory in seen}


@given(histories, period_names)
def test_r3_r5_flows_equal_a_plain_recount_in_any_order(rows, period):
    expected = recount_flow(rows, end(period))
    assert numbers(flows(rows, end(period), START)) == expected
    assert numbers(flows(rows[::-1], end(period), START)) == expected


@given(histories, period_names)
def test_r4_a_state_is_some_row_of_its_agency_and_no_later_known_row_exists(rows, period):
    known = [r for r in rows if r.ends_on <= end(period)]
    found = states(rows, end(period))
    assert set(found) == {r.agency for r in known}
    for agency, one in found.items():
        assert one in rows
        assert all(r.ends_on <= one.ends_on for r in known if r.agency == agency)


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


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)), min_size=1, max_size=8))
def test_r6_the_province_ratio_is_exactly_the_ratio_of_sums(pairs):
    parts = {n: [row(n + 1, "2024-H1", part, agency=n)] for n, (part, _) in enumerate(pairs, 1)}
    bases = {n: [row(n + 1, "2024-H1", base, agency=n)] for n, (_, base) in enumerate(pairs, 1)}
    found = ratios(parts, bases)
    part, base = together(r.part for r in found.values()), together(r.base for r in found.values())
    assert Fraction(part.number) / Fraction(base.number) == Fraction(sum(p for p, _ in pairs), sum(b for _, b in pairs))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_total_is_the_sum_of_its_rows(count):
    assert total([row(n + 1, "2024-H1", 5) for n in range(count)]).number == 5 * count
