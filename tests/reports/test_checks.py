"""The one validator of figures, for the browser form and for spreadsheets."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agencies.models import Agency
from targets.reports.checks import MISSING, Rulebook, problems
from targets.reports.entries import Entry
from tests.conftest import FIGURES

pytestmark = pytest.mark.django_db


@pytest.fixture
def rulebook(plan, own_district):
    return Rulebook.of(plan, own_district)


def found(rulebook, **changes):
    said = {code: Entry(Decimal(value)) for code, value in FIGURES.items()}
    said |= {
        code: v if isinstance(v, Entry) else Entry(None if v is None else Decimal(v)) for code, v in changes.items()
    }
    return [(p.measure.code, p.code, p.message) for p in problems(rulebook, said)]


def test_a_sound_report_has_no_problems(rulebook):
    assert found(rulebook) == []


def test_a_numerator_above_its_denominator_is_named_with_both_numbers(rulebook):
    assert found(rulebook, CT2_TT=4902) == [
        (
            "CT2_TT",
            "over_base",
            "4.902 lớn hơn tổng số hội viên 4.651 (ô 2.1). Kiểm tra lại một trong hai số.",
        )
    ]


def test_a_numerator_equal_to_its_denominator_passes(rulebook):
    assert found(rulebook, CT2_TT=4651) == []


def test_parts_must_add_up_to_the_whole(rulebook):
    assert found(rulebook, CT3_KSKD=12, CT3_KN=4) == [
        ("CT3", "parts_differ", "Chia theo loại hình cộng được 16, ô 3.1 là 17.")
    ]
    assert found(rulebook, CT3_KSKD=12, CT3_KN=5) == []


def test_some_parts_alone_may_be_less_than_the_whole_but_not_more(rulebook):
    assert found(rulebook, CT3_KSKD=12) == []
    assert [code for _, code, _ in found(rulebook, CT3_KSKD=18)] == ["parts_differ"]


def test_subsets_overlap_freely_but_none_exceeds_the_whole(rulebook):
    assert found(rulebook, CT3_DTTS=17, CT3_HN=17) == []
    assert [(m, code) for m, code, _ in found(rulebook, CT3_HN=18)] == [("CT3_HN", "over_whole")]


def test_people_are_whole_and_money_need_not_be(rulebook):
    assert [(m, code) for m, code, _ in found(rulebook, CT3="12.5")] == [("CT3", "not_integer")]
    assert found(rulebook, VON="12.5") == []


def test_a_negative_figure_is_refused(rulebook):
    assert [(m, code) for m, code, _ in found(rulebook, CT4=-3)] == [("CT4", "negative")]


def test_a_required_blank_is_missing_and_zero_is_not(rulebook):
    assert found(rulebook, CT5=None) == [("CT5", "required", "Chưa nhập. Ghi 0 nếu không phát sinh.")]
    assert found(rulebook, CT5=0) == []


def test_not_applicable_answers_a_required_question(rulebook):
    assert found(rulebook, CT5=Entry(not_applicable=True, reason="Chưa có")) == []


def test_spreadsheets_may_leave_required_figures_blank(plan, rulebook):
    assert problems(Rulebook.of(plan), {}) == []
    assert {p.kind for p in problems(rulebook, {})} == {MISSING}


@pytest.mark.parametrize(
    ("code", "required"),
    [
        ("hoi-lhpn-huyen-ha-lang", {"CT1_TS", "CT1_TH", "CT2_TS", "CT2_TT", "CT3", "CT4", "CT5"}),
        ("hoi-lhpn-tinh", {"CT1_TS", "CT1_TH", "CT3", "CT4", "CT5"}),
        ("so-cong-thuong", {"CT1_TS", "CT1_TH"}),
        ("ubnd-huyen-ha-lang", set()),
    ],
)
def test_r7_figures_are_required_of_those_whose_reports_count(plan, code, required):
    agency = Agency.objects.get(code=code)
    assert {p.measure.code for p in problems(Rulebook.of(plan, agency), {})} == required


def test_the_rulebook_is_read_in_five_queries_whatever_the_number_of_indicators(
    plan, own_district, django_assert_num_queries
):
    with django_assert_num_queries(5):
        Rulebook.of(plan, own_district)
