"""R8, the views on bare numbers: nothing is lost, nothing is counted twice, and every estimate is known as one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from targets.progress.attribution import Portion, View, portions, regroup
from targets.totals.counting import Ratio, Succession, Value
from tests.progress.ledgers import row

QUANG_UYEN, PHUC_HOA, TRA_LINH, TRUNG_KHANH, QUANG_HOA = 1, 2, 3, 4, 5
COMMUNE_1, COMMUNE_2, COMMUNE_3 = 11, 12, 13
MARCH, JULY = dt.date(2020, 3, 1), dt.date(2025, 7, 1)
SUCCESSIONS = [
    Succession(QUANG_UYEN, QUANG_HOA, MARCH),
    Succession(PHUC_HOA, QUANG_HOA, MARCH),
    Succession(TRA_LINH, TRUNG_KHANH, MARCH, exact=False),
    Succession(TRA_LINH, QUANG_HOA, MARCH, main=False, exact=False),
    Succession(QUANG_HOA, COMMUNE_1, JULY, weight=3),
    Succession(QUANG_HOA, COMMUNE_2, JULY, weight=1),
    Succession(TRUNG_KHANH, COMMUNE_3, JULY, exact=False, weight=5),
    Succession(QUANG_HOA, COMMUNE_3, JULY, main=False, exact=False, weight=1),
]
DISTRICTS = View({TRUNG_KHANH, QUANG_HOA}, SUCCESSIONS)
COMMUNES = View({COMMUNE_1, COMMUNE_2, COMMUNE_3}, SUCCESSIONS)


def count(number: int) -> Value:
    return Value(Decimal(number), (row(1, "2024-H1", number),))


def ratio(part: int, base: int) -> Ratio:
    return Ratio(count(part), count(base))


def reached(shown) -> dict[int, Decimal]:
    return {unit: one.value.number for unit, one in shown.items()}


def estimated(shown) -> set[int]:
    return {unit for unit, one in shown.items() if one.approximate}


def test_without_a_view_everyone_keeps_the_own_number():
    shown = regroup({QUANG_UYEN: count(10), COMMUNE_1: count(3)}, None)
    assert reached(shown) == {QUANG_UYEN: 10, COMMUNE_1: 3}
    assert estimated(shown) == set()


def test_merged_units_are_added_up_under_what_came_of_them():
    shown = regroup({QUANG_UYEN: count(10), PHUC_HOA: count(11)}, DISTRICTS)
    assert reached(shown) == {QUANG_HOA: 21}
    assert estimated(shown) == set()
    assert shown[QUANG_HOA].portions == (Portion(QUANG_UYEN, Fraction(1), True), Portion(PHUC_HOA, Fraction(1), True))


def test_a_split_unit_goes_to_its_main_successor_and_both_successors_are_estimates():
    shown = regroup({TRA_LINH: count(8), QUANG_UYEN: count(10), TRUNG_KHANH: count(20)}, DISTRICTS)
    assert reached(shown) == {TRUNG_KHANH: 28, QUANG_HOA: 10}
    assert estimated(shown) == {TRUNG_KHANH, QUANG_HOA}  # the one has too much, the other too little


def test_communes_go_back_to_their_main_former_district():
    shown = regroup({COMMUNE_1: count(4), COMMUNE_2: count(5)}, DISTRICTS)
    assert reached(shown) == {QUANG_HOA: 9}
    assert estimated(shown) == set()
    shown = regroup({COMMUNE_1: count(4), COMMUNE_3: count(7)}, DISTRICTS)
    assert reached(shown) == {QUANG_HOA: 4, TRUNG_KHANH: 7}
    assert estimated(shown) == {QUANG_HOA, TRUNG_KHANH}


def test_a_former_district_is_divided_among_its_communes_by_weight_in_whole_people():
    shown = regroup({QUANG_HOA: count(10), PHUC_HOA: count(1)}, COMMUNES)
    assert reached(shown) == {COMMUNE_1: 9, COMMUNE_2: 2}  # 7.5 + 2.5 to the first, then 0.75 + 0.25
    assert estimated(shown) == {COMMUNE_1, COMMUNE_2, COMMUNE_3} & set(shown)


def test_a_unit_with_no_way_into_the_view_stands_for_itself():
    assert reached(regroup({99: count(5)}, DISTRICTS)) == {99: 5}


def test_successions_entered_in_a_circle_still_give_an_answer():
    circle = View({9}, [Succession(1, 2, MARCH), Succession(2, 1, JULY)])
    assert reached(regroup({1: count(5)}, circle)) == {1: 5}


def test_portions_are_of_the_largest_remainders_and_money_keeps_its_decimals():
    thirds = {1: Fraction(1, 3), 2: Fraction(1, 3), 3: Fraction(1, 3)}
    assert portions(Decimal(10), thirds) == {1: 4, 2: 3, 3: 3}
    assert portions(Decimal("0.50"), thirds) == {1: Decimal("0.17"), 2: Decimal("0.17"), 3: Decimal("0.16")}
    assert portions(Decimal("7.00"), {1: Fraction(1)}) == {1: 7}


shares = st.lists(st.integers(1, 12), min_size=1, max_size=8).map(
    lambda weights: {n: Fraction(weight, sum(weights)) for n, weight in enumerate(weights)}
)


@given(st.integers(0, 10**6), shares)
def test_r8_portions_add_up_and_stray_by_less_than_one_person(number, parts):
    found = portions(Decimal(number), parts)
    assert sum(found.values()) == number
    assert all(abs(Fraction(found[unit]) - number * share) < 1 for unit, share in parts.items())


units = st.sampled_from([QUANG_UYEN, PHUC_HOA, TRA_LINH, TRUNG_KHANH, QUANG_HOA, COMMUNE_1, COMMUNE_2, COMMUNE_3, 99])
pairs = st.tuples(st.integers(0, 3000), st.integers(0, 3000)).map(lambda pair: ratio(min(pair), max(pair)))


@given(st.dictionaries(units, pairs))
def test_r8_a_view_neither_loses_nor_adds_anyone_and_no_numerator_exceeds_its_denominator(values):
    for view in (None, DISTRICTS, COMMUNES):
        shown = regroup(values, view).values()
        assert sum(one.value.part.number for one in shown) == sum(value.part.number for value in values.values())
        assert sum(one.value.base.number for one in shown) == sum(value.base.number for value in values.values())
        assert all(0 <= one.value.part.number <= one.value.base.number for one in shown)


@given(st.dictionaries(units, st.integers(0, 3000).map(count)))
def test_r13_the_portions_under_which_a_territory_is_shown_make_up_the_whole(values):
    for view in (None, DISTRICTS, COMMUNES):
        whole: dict[int, Fraction] = {}
        for one in regroup(values, view).values():
            for portion in one.portions:
                whole[portion.territory] = whole.get(portion.territory, Fraction(0)) + portion.share
        assert whole == dict.fromkeys(values, Fraction(1))
