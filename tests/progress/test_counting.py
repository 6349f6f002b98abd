"""The counting rules on bare rows; each test names its rule. A re-count written apart checks generated histories."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.totals.counting import Row, flows, ratios, states, together, total
from tests.progress.ledgers import START, A, B, C, D, by_voice, end, histories, numbers, period_names, row


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
    assert {voice: one.value for voice, one in states(rows, end("2023-H2")).items()} == {(A, None): 150, (B, None): 40}


def test_r4_the_latest_is_by_period_whatever_the_order_the_rows_come_in():
    rows = [row(A, "2023-H2", 150), row(A, "2023-H1", 100)]
    assert states(rows, end("2023-H2"))[A, None].value == 150
    assert states(rows, end("2023-H1"))[A, None].value == 100


def test_r4_a_territory_has_one_state_whatever_agency_of_it_reports():
    """The second agency replaced the first, or both filed: never 100 + 150."""
    rows = [row(A, "2023-H1", 100, agency=11), row(A, "2023-H2", 150, agency=12)]
    assert states(rows, end("2023-H2"))[A, None].value == 150
    both = [row(A, "2023-H1", 100, agency=11), row(A, "2023-H1", 150, agency=12)]
    assert states(both, end("2023-H1")) == states(both[::-1], end("2023-H1")) == {(A, None): both[1]}


def test_r4_bodies_of_the_province_each_have_their_own_state():
    rows = [row(A, "2023", 4, agency=11, body=11), row(A, "2023", 5, agency=12, body=12)]
    assert {voice: one.value for voice, one in states(rows, end("2023")).items()} == {(A, 11): 4, (A, 12): 5}


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
    part = by_voice(row(A, "2024-H1", 90), row(B, "2024-H1", 10), row(C, "2024-H1", 5))
    base = by_voice(row(A, "2024-H1", 100), row(B, "2024-H1", 100), row(D, "2024-H1", 1000))
    found = ratios(part, base)
    assert set(found) == {A, B}
    whole = together(r.part for r in found.values()).number / together(r.base for r in found.values()).number
    assert whole == Decimal("0.5")  # not (90 % + 10 %) / 2 by luck only: see the next test


def test_r6_percentages_are_never_averaged():
    part = by_voice(row(A, "2024-H1", 90), row(B, "2024-H1", 10))
    base = by_voice(row(A, "2024-H1", 100), row(B, "2024-H1", 900))
    found = ratios(part, base)
    assert found[A].percent == 90
    assert together(r.part for r in found.values()).number * 100 / together(
        r.base for r in found.values()
    ).number == Decimal(10)


def test_r6_nothing_to_divide_by_has_no_percentage():
    found = ratios(by_voice(row(A, "2024-H1", 0)), by_voice(row(A, "2024-H1", 0)))
    assert found[A].percent is None


def test_r13_every_number_names_the_rows_it_is_made_of():
    rows = [row(A, "2023-H1", 4), row(A, "2023-H2", 5)]
    value = flows(rows, end("2023"), START)[A]
    assert (value.number, {r.period for r in value.rows}) == (9, {"2023-H1", "2023-H2"})


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
def test_r4_a_state_is_some_row_of_its_territory_and_no_later_known_row_exists(rows, period):
    known = [r for r in rows if r.ends_on <= end(period)]
    found = states(rows, end(period))
    assert set(found) == {r.voice for r in known}
    for voice, one in found.items():
        assert one in rows
        assert all(r.ends_on <= one.ends_on for r in known if r.voice == voice)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)), min_size=1, max_size=8))
def test_r6_the_province_ratio_is_exactly_the_ratio_of_sums(pairs):
    parts = by_voice(*(row(n, "2024-H1", part) for n, (part, _) in enumerate(pairs)))
    bases = by_voice(*(row(n, "2024-H1", base) for n, (_, base) in enumerate(pairs)))
    found = ratios(parts, bases)
    part, base = together(r.part for r in found.values()), together(r.base for r in found.values())
    assert Fraction(part.number) / Fraction(base.number) == Fraction(sum(p for p, _ in pairs), sum(b for _, b in pairs))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_total_is_the_sum_of_its_rows(count):
    assert total([row(n + 1, "2024-H1", 5) for n in range(count)]).number == 5 * count
