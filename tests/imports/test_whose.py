"""Whose figures a row holds: units by name and time, offices by name, any agency by its code, and only one's own."""

from __future__ import annotations

import pytest

from agencies.models import Agency
from targets.imports.assessment import Assessment, assess
from targets.imports.choices import Choices

from .books import HEADINGS, TWO_ROWS, made, plain

pytestmark = pytest.mark.django_db
HA_LANG, BAO_LAM = "hoi-lhpn-huyen-ha-lang", "hoi-lhpn-huyen-bao-lam"


def agencies(found: Assessment) -> list[str]:
    return list(dict.fromkeys(cell.agency.code for cell in found.cells if cell.agency))


def codes(found: Assessment) -> list[tuple[str, str]]:
    return [(problem.cell, problem.code) for problem in found.errors]


def rows(*names: object, title: str = "Năm 2023") -> bytes:
    return plain([(name, 120, 110, *([None] * 5)) for name in names], title=title)


def test_the_province_and_its_departments_have_rows_of_their_own(plan):
    found = assess(rows("Hội LHPN tỉnh", "Sở Công Thương", "Hạ Lang"), "a.xlsx", plan=plan)
    assert agencies(found) == ["hoi-lhpn-tinh", "so-cong-thuong", HA_LANG]
    assert codes(found) == []


@pytest.mark.parametrize(("year", "code"), [("2023", "so-tai-chinh"), ("2025", "so-tai-chinh-2025")])
def test_an_office_is_the_one_that_existed_at_the_end_of_the_period(plan, year, code):
    assert agencies(assess(rows("Sở Tài chính", title=f"Năm {year}"), "a.xlsx", plan=plan)) == [code]


def test_an_office_that_was_merged_is_sent_to_where_its_work_went(plan):
    found = assess(rows("Sở Kế hoạch và Đầu tư", title="Năm 2025"), "a.xlsx", plan=plan)
    assert codes(found) == [("B4", "unit_not_in_period")]
    assert "Sở Tài chính" in found.errors[0].message


def test_the_row_of_a_committee_counts_for_the_union_of_that_unit(plan):
    assert agencies(assess(rows("UBND huyện Hạ Lang"), "a.xlsx", plan=plan)) == [HA_LANG]


def test_one_agency_under_two_names_is_an_error(plan):
    def fill(_, sheet):
        sheet.write("A1", "Năm 2023")
        sheet.write_row("A3", ["Mã", "Đơn vị", HEADINGS[0]])
        sheet.write_row("A4", [HA_LANG, "Hội LHPN huyện Hạ Lang", 120])
        sheet.write_row("A5", [None, "Hạ Lang", 120])

    found = assess(made(fill, "B1"), "a.xlsx", plan=plan)
    assert codes(found) == [("B5", "duplicate_unit")]


def test_a_code_says_whose_row_it_is_whatever_the_name_beside_it(plan):
    def fill(_, sheet):
        sheet.write("A1", "Năm 2023")
        sheet.write_row("A3", ["Mã cơ quan", "Đơn vị", HEADINGS[0]])
        sheet.write_row("A4", ["ubnd-huyen-ha-lang", "Hạ Lang", 120])
        sheet.write_row("A5", [BAO_LAM, "H. Bảo Lâm", 120])

    assert agencies(assess(made(fill, "B1"), "a.xlsx", plan=plan)) == ["ubnd-huyen-ha-lang", BAO_LAM]


def test_a_reporter_sends_figures_of_the_own_agency_only(plan):
    own = Agency.objects.get(code=HA_LANG)
    found = assess(plain(TWO_ROWS), "a.xlsx", plan=plan, only=own)
    assert codes(found) == [("B4", "other_agency")]
    assert found.errors[0].message == (f"Tệp có số liệu của Huyện Bảo Lâm. Tài khoản của bạn chỉ nhập cho {own}.")
    assert assess(plain(TWO_ROWS[1:]), "a.xlsx", plan=plan, only=own).outcome == "ok"


def test_a_row_may_be_given_to_another_agency_or_passed_over(plan):
    book = plain([("Hạ Lan", *TWO_ROWS[1][1:]), TWO_ROWS[0]])
    given = assess(book, "a.xlsx", plan=plan, choices=Choices(period="2023", rows={"Biểu 1!4": HA_LANG}))
    assert (codes(given), agencies(given)) == ([], [HA_LANG, BAO_LAM])
    passed = assess(book, "a.xlsx", plan=plan, choices=Choices(period="2023", rows={"Biểu 1!4": ""}))
    assert (codes(passed), agencies(passed)) == ([], [BAO_LAM])
    assert [skipped.why for skipped in passed.skipped if skipped.row == 4] == ["Người gửi chọn bỏ qua dòng này."]


def test_a_cell_typed_over_is_read_as_typed_and_keeps_what_the_file_says(plan):
    book = plain([(*TWO_ROWS[0][:5], "hai mươi", *TWO_ROWS[0][6:]), TWO_ROWS[1]])
    assert codes(assess(book, "a.xlsx", plan=plan)) == [("G4", "not_a_number")]
    found = assess(book, "a.xlsx", plan=plan, choices=Choices(period="2023", cells={"Biểu 1!G4": "1.020"}))
    (cell,) = [cell for cell in found.cells if cell.typed]
    assert (codes(found), cell.value, cell.raw) == ([], 1020, "hai mươi")


def test_rows_with_errors_are_left_out_whole_when_the_sender_says_so(plan):
    """A report is never written by halves: one wrong cell leaves the whole row out, its total is not compared."""
    wrong = (*TWO_ROWS[0][:5], "hai mươi", *TWO_ROWS[0][6:])
    book = plain([wrong, ("Phục Hòa", *TWO_ROWS[0][1:]), TWO_ROWS[1]])
    found = assess(book, "a.xlsx", plan=plan, choices=Choices(period="2023", without_errors=True))
    assert (found.outcome, codes(found)) == ("ok", [])
    assert [problem.cell for problem in found.left_out] == ["G4", "B5"]
    assert {cell.agency.code: {c.outcome for c in found.cells if c.agency == cell.agency} for cell in found.cells} == {
        BAO_LAM: {"skipped"},
        HA_LANG: {"new"},
    }


def test_what_no_row_is_to_blame_for_stays_an_error(plan):
    book = plain(headings=[*HEADINGS[:6], "Tổng số cán bộ Hội"])
    found = assess(book, "a.xlsx", plan=plan, choices=Choices(period="2023", without_errors=True))
    assert codes(found) == [("I3", "duplicate_column")]
