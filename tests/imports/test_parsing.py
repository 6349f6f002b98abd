"""Numbers and names as officials write them: read by rule, refused when they can be read two ways."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.imports.parsing import (
    ENGLISH,
    CellError,
    fold,
    is_legacy_font,
    is_no_data,
    parse_cell,
    parse_text,
    says_not_applicable,
    split_name,
)
from targets.imports.periods import find_periods
from targets.imports.reader import Cell, column_letter
from targets.models.numbers import NotANumber, parse_amount, parse_count, parse_number, spell


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("1234", 1234),
        ("1.234", 1234),
        (" 7 402 ", 7402),
        ("7\u00a0402", 7402),
        ("7\u202f402", 7402),
        ("1.234.567", 1234567),
        ("1.234,0", 1234),
        ("", None),
        ("   ", None),
    ],
)
def test_counts(text, number):
    assert parse_count(text) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12,5", "not_whole"),
        ("1.23", "ambiguous"),
        ("1,234.5", "ambiguous"),
        ("−3", "negative"),
        ("-3", "negative"),
        ("85%", "percent"),
        ("hai mươi", "not_a_number"),
        ("25 PN", "not_a_number"),
        ("≥20", "not_a_number"),
        ("25/40", "not_a_number"),
        ("1e3", "not_a_number"),
        ("1 23", "not_a_number"),
        ("1.234 567", "not_a_number"),
        ("٣", "not_a_number"),
        ("9" * 13, "too_large"),
    ],
)
def test_what_is_no_count_is_refused_with_a_reason(text, code):
    with pytest.raises(NotANumber) as refused:
        parse_count(text)
    assert refused.value.code == code
    assert refused.value.message


def test_amounts_may_have_two_decimals_and_no_more():
    assert parse_amount("1.234,56") == Decimal("1234.56")
    with pytest.raises(NotANumber) as refused:
        parse_amount("1,234")
    assert refused.value.code == "too_precise"


counts = st.integers(0, 10**12 - 1)
amounts = st.decimals(0, 10**9, places=2, allow_nan=False, allow_infinity=False)


@given(counts)
def test_a_count_spelt_is_read_back(count):
    assert parse_count(spell(Decimal(count))) == count


@given(amounts)
def test_an_amount_spelt_is_read_back(amount):
    assert parse_amount(spell(amount)) == amount


@given(counts, st.sampled_from([".", " ", "\u00a0", "\u202f"]))
def test_any_usual_separator_of_thousands_reads_the_same(count, separator):
    assert parse_count(spell(Decimal(count)).replace(".", separator)) == count


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_refused_and_never_crashes(text):
    try:
        number = parse_number(text)
    except NotANumber:
        return
    assert number is None or number == number.normalize()


def meant(text: str) -> Decimal | None:
    """The grammar a second time, letter by letter: digits, or groups of three behind one mark, then decimals."""
    plain = "".join(" " if c.isspace() or c in "\u00a0\u2009\u202f\u2007" else c for c in text)
    plain = " ".join(plain.split()).replace("−", "-").replace("–", "-")
    sign, plain = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    whole, comma, decimals = plain.partition(",")
    digits = set("0123456789")
    if comma and (not decimals or not set(decimals) <= digits):
        return None
    for mark in (".", " "):
        groups = whole.split(mark)
        grouped = len(groups) > 1 and all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0]) <= 3
        if grouped and groups[0][0] != "0" and set("".join(groups)) <= digits:
            return Decimal(f"{sign}{''.join(groups)}.{decimals or 0}")
    return Decimal(f"{sign}{whole}.{decimals or 0}") if whole and set(whole) <= digits else None


NEAR_NUMBERS = st.text(alphabet="0123456789.,-− \u00a0%/xe", max_size=14)


@given(NEAR_NUMBERS)
def test_no_text_outside_the_grammar_is_ever_a_number(text):
    try:
        number = parse_number(text)
    except NotANumber:
        number = None
    assert number == meant(text)


@given(st.one_of(NEAR_NUMBERS, st.text(max_size=10)))
def test_what_a_cell_is_read_as_is_spelt_and_read_the_same(text):
    for whole in (True, False):
        try:
            value = parse_cell(Cell(1, 1, text), whole=whole)
        except CellError:
            continue
        assert value is None or parse_text(spell(value), whole=whole) == value


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,234", 1234), ("1,234,567", 1234567), ("7 402", 7402), ("12.5", Decimal("12.5")), ("-", None)],
)
def test_english_numbers_are_read_when_the_sender_says_so(text, number):
    assert parse_text(text, whole=False, numbers=ENGLISH) == number


@given(amounts)
def test_an_english_number_and_its_vietnamese_spelling_are_one(amount):
    assert parse_text(f"{amount:,.2f}", whole=False, numbers=ENGLISH) == amount
    assert parse_text(spell(amount), whole=False) == amount


@pytest.mark.parametrize(
    ("text", "offer"),
    [("25 PN", "25"), ("khoảng 30", "30"), ("≥20 người", "20"), ("25/40 người", None), ("85%", None), ("hai", None)],
)
def test_one_number_among_words_is_offered_and_never_taken(text, offer):
    with pytest.raises(CellError) as refused:
        parse_cell(Cell(4, 5, text), whole=True)
    assert ("Có phải" in refused.value.message) == (offer is not None)
    assert offer is None or f"Có phải {offer}?" in refused.value.message


@pytest.mark.parametrize("text", ["Không áp dụng", "KHÔNG ÁP DỤNG", "KAD", "Kho\u0302ng a\u0301p du\u0323ng."])
def test_r2_not_applicable_is_neither_a_number_nor_no_data(text):
    assert says_not_applicable(text)
    assert not is_no_data(text)


@pytest.mark.parametrize("text", ["-", "x", "X", "…", "...", "\\", "/", "", "Chưa có số liệu"])
def test_r2_marks_of_no_data_are_none_and_never_zero(text):
    assert parse_cell(Cell(1, 1, text), whole=True) is None


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (5.321, "not_whole"),
        (True, "not_a_number"),
        (dt.date(2023, 12, 3), "date"),
        (dt.datetime(2023, 12, 3), "date"),  # noqa: DTZ001
        (dt.time(3, 12), "date"),
        (-1, "negative"),
        ("12,5", "not_whole"),
    ],
)
def test_cells_that_are_no_count_are_refused(value, code):
    with pytest.raises(CellError) as refused:
        parse_cell(Cell(4, 5, value), whole=True)
    assert refused.value.code == code


def test_a_thousand_cut_by_an_english_excel_is_offered_and_not_taken():
    with pytest.raises(CellError, match="Có phải 5321"):
        parse_cell(Cell(4, 5, 5.321), whole=True)


def test_a_fraction_turned_into_a_date_is_recalled():
    with pytest.raises(CellError, match="Có phải đã gõ 3/12"):
        parse_cell(Cell(4, 5, dt.date(2023, 12, 3)), whole=True)


@pytest.mark.parametrize(("value", "number"), [(193.0, 193), (193, 193), ("193", 193), (0.0, 0), (0.1 + 0.2, None)])
def test_number_cells_are_what_excel_shows(value, number):
    if number is None:
        assert parse_cell(Cell(1, 1, value), whole=False) == Decimal("0.3")
    else:
        assert parse_cell(Cell(1, 1, value), whole=True) == number


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Huyện Hạ Lang", "district"),
        ("HUYỆN HẠ LANG", "district"),
        ("H.Hạ Lang", "district"),
        ("H. Hạ  Lang", "district"),
        ("UBND huyện Hạ Lang", "district"),
        ("Hội LHPN huyện Hạ Lang", "district"),
        ("Hạ Lang", ""),
        ("Xã Hạ Lang", "commune"),
        ("Ha\u0323 Lang", ""),
    ],
)
def test_the_same_name_however_it_is_written(text, kind):
    assert split_name(text) == (kind, fold("Hạ Lang"))


@pytest.mark.parametrize(("one", "other"), [("Hoà An", "Hòa An"), ("Thuỷ", "Thủy"), ("Phục Hoà", "PHỤC HÒA")])
def test_old_and_new_places_of_the_tone_mark_meet(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Hà Quảng", "Hạ Quảng"), ("Bảo Lâm", "Bảo Lạc"), ("Thạch An", "Thach An")])
def test_different_names_stay_different(one, other):
    assert split_name(one) != split_name(other)


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạ ", min_size=1, max_size=20))
def test_folding_twice_is_folding_once_for_case_and_spaces(text):
    assert fold(f"  {text.upper()}  ") == fold(text)


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("Kỳ báo cáo: Năm 2023", {"2023"}),
        ("BIỂU TỔNG HỢP KẾT QUẢ NĂM 2023", {"2023"}),
        ("Báo cáo 6 tháng đầu năm 2024", {"2024-H1"}),
        ("6 THÁNG CUỐI NĂM 2024", {"2024-H2"}),
        ("Quý I/2024", {"2024-Q1"}),
        ("giai đoạn 2017-2025", set()),
        ("(Kèm theo Báo cáo ngày  tháng  năm 2023)", set()),
        ("đến năm 2025", set()),
    ],
)
def test_the_period_a_title_names(title, codes):
    assert find_periods([title]) == codes


@pytest.mark.parametrize(("text", "legacy"), [("HuyÖn H¹ Lang", True), ("Huyện Hạ Lang", False), ("Hà Quảng", False)])
def test_text_of_old_fonts_is_told_from_unicode(text, legacy):
    assert is_legacy_font(text) is legacy


@pytest.mark.parametrize(("index", "letter"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_columns_are_named_as_excel_does(index, letter):
    assert column_letter(index) == letter


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e308, -1e308])
def test_numbers_that_cannot_be_stored_are_refused(value):
    with pytest.raises(CellError):
        parse_cell(Cell(4, 5, value), whole=True)


def test_a_thousand_is_offered_without_decimals():
    with pytest.raises(CellError) as refused:
        parse_cell(Cell(5, 5, 5.321), whole=True)
    assert refused.value.message == "Ô ghi 5,321. Chỉ nhập số nguyên, ví dụ 1.234. Có phải 5321?"
