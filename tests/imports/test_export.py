"""Every report of a period in one workbook: exact cells, fixed queries, and that reading it back changes nothing."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from agencies.models import Agency
from targets.imports.assessment import assess
from targets.imports.books.export import export
from targets.models import Report
from targets.models.days import spell_day
from targets.reports import workflow
from targets.reports.workflow import Entry
from tests.conftest import FIGURES

pytestmark = pytest.mark.django_db


def opened(period, reports=None):
    reports = Report.objects.filter(period=period).order_by("agency__unit__code") if reports is None else reports
    return load_workbook(BytesIO(export(period, reports)))


def figures(book) -> dict[str, dict[str, object]]:
    """By agency code, its row under the codes of measures."""
    headings, *lines = [[cell.value for cell in line] for line in book["Số liệu"].iter_rows(min_row=7)]
    return {line[1]: dict(zip(headings[3:-1], line[3:-1], strict=True)) for line in lines}


@pytest.fixture
def two(approved, other_district, period, reviewer, entries) -> list[Report]:
    """Bảo Lâm's draft with all that may stand in a cell, and Hạ Lang's approved report."""
    report = workflow.start(other_district, period, by=reviewer)
    not_asked = Entry(None, not_applicable=True, reason="Không thuộc nhiệm vụ")
    said = entries(CT3=Entry(Decimal(1250), note="=HYPERLINK(1)"), CT4=0, CT5_DN=not_asked, VON="12.5")
    return [approved, workflow.save(report, said, by=reviewer, version=report.version)]


def test_it_says_of_what_plan_and_period_and_until_when(two, period):
    earliest = timezone.localtime()
    sheet = opened(period)["Số liệu"]
    latest = timezone.localtime()
    assert [sheet.cell(row, 1).value for row in (1, 2)] == [
        "SỐ LIỆU BÁO CÁO KẾ HOẠCH 503/KH-UBND",
        "Kỳ báo cáo: 6 tháng đầu năm 2024",
    ]
    possible = {f"Số liệu đến {at:%H:%M}, {spell_day(at.date())}" for at in (earliest, latest)}
    assert sheet["A3"].value in possible


def test_indicators_names_and_codes_head_the_measures_in_the_order_of_the_form(two, period, plan):
    sheet = opened(period)["Số liệu"]
    measures = list(plan.measures.order_by("order"))
    assert [cell.value for cell in sheet[7]][3:-1] == [measure.code for measure in measures]
    assert [sheet.cell(5, 4).value, sheet.cell(6, 4).value, sheet.cell(6, 26).value] == [
        "CT1. Cán bộ được tập huấn",
        "1.1 Tổng số cán bộ thuộc diện tập huấn",
        "6.3 Vốn vay kết nối (triệu đồng)",
    ]
    merged = {str(block) for block in sheet.merged_cells.ranges}
    assert {"A5:A7", "C5:C7", "D5:E5", "H5:N5", "X5:AB5", "AC5:AC7"} <= merged
    assert [letter for letter, column in sheet.column_dimensions.items() if column.hidden] == ["B"]


def test_r2_blank_zero_and_not_applicable_are_three_things(two, period):
    said = figures(opened(period))["hoi-lhpn-huyen-bao-lam"]
    assert {code: said[code] for code in ("CT2_TS", "CT3", "CT4", "CT5_DN", "VON")} == {
        "CT2_TS": None, "CT3": 1250, "CT4": 0, "CT5_DN": "Không áp dụng", "VON": 12.5,
    }  # fmt: skip


def test_every_report_has_one_row_and_there_is_no_total(two, period):
    sheet = opened(period)["Số liệu"]
    assert [[*(cell.value for cell in line[:3]), line[-1].value] for line in sheet.iter_rows(min_row=8)] == [
        [1, "hoi-lhpn-huyen-bao-lam", "Hội LHPN huyện Bảo Lâm", "Nháp"],
        [2, "hoi-lhpn-huyen-ha-lang", "Hội LHPN huyện Hạ Lang", "Đã duyệt"],
    ]


def test_only_the_reports_asked_for_are_in_it(two, period):
    book = opened(period, two[:1])
    assert list(figures(book)) == ["hoi-lhpn-huyen-ha-lang"]
    assert "Bảo Lâm" not in str([[cell.value for cell in line] for sheet in book for line in sheet])


def test_numbers_are_grouped_by_the_readers_own_excel_and_names_stay_in_sight(two, period):
    sheet = opened(period)["Số liệu"]
    assert [sheet["H8"].number_format, sheet["Z8"].number_format] == ["#,##0", "#,##0.0#"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("D8", "A7:AC9")


def test_a_second_sheet_says_who_handed_in_and_who_approved(two, period):
    sheet = opened(period)["Trạng thái"]
    handed_in, approved = (timezone.localtime(at) for at in (two[0].submitted_at, two[0].approved_at))
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert lines[:2] == [
        ["Đơn vị", "Trạng thái", "Nộp lúc", "Người nộp", "Duyệt lúc", "Người duyệt"],
        ["Hội LHPN huyện Bảo Lâm", "Nháp", None, None, None, None],
    ]
    assert [lines[2][1], lines[2][3], lines[2][5]] == ["Đã duyệt", "Lục Thị Thanh", "Nông Thị Hạnh"]
    assert [f"{lines[2][n]:%d/%m/%Y %H:%M}" for n in (2, 4)] == [f"{at:%d/%m/%Y %H:%M}" for at in (handed_in, approved)]


def test_a_third_sheet_has_the_notes_as_text(two, period):
    sheet = opened(period)["Ghi chú"]
    assert [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2)] == [
        ["Hội LHPN huyện Bảo Lâm", "3.1 Số phụ nữ được hỗ trợ trong kỳ", "=HYPERLINK(1)"],
        ["Hội LHPN huyện Bảo Lâm", "5.2 Doanh nghiệp", "Không áp dụng: Không thuộc nhiệm vụ"],
    ]
    assert sheet["C2"].data_type == "s"


def test_a_period_without_reports_gives_a_workbook_without_rows(period):
    book = opened(period)
    assert (figures(book), book["Số liệu"].max_row) == ({}, 7)


def with_drafts(agencies, period, by, entries) -> list[Report]:
    made = []
    for agency in agencies:
        report = workflow.start(agency, period, by=by)
        made.append(workflow.save(report, entries(**FIGURES), by=by, version=report.version))
    return made


@pytest.mark.parametrize("reports", [2, 20])
def test_it_takes_as_many_queries_for_twenty_reports_as_for_two(
    reports, period, reviewer, entries, django_assert_num_queries
):
    with_drafts(Agency.objects.in_force_on(period.ends_on)[:reports], period, reviewer, entries)
    with django_assert_num_queries(8):  # reports twice, figures, five for the order of the form
        export(period, Report.objects.filter(period=period))


def test_reading_it_back_changes_nothing(two, period, plan):
    content = export(period, Report.objects.filter(period=period))
    found = assess(content, "a.xlsx", plan=plan)
    assert (found.outcome, found.errors, found.warnings, found.period) == ("ok", [], [], period)
    outcomes = {(cell.agency.code, cell.measure.code): cell.outcome for cell in found.cells}
    assert set(outcomes.values()) == {"same", "empty"}
    same = {measure for (agency, measure), outcome in outcomes.items() if outcome == "same" and "bao-lam" in agency}
    assert (len(outcomes), same) == (50, {"CT3", "CT4", "CT5_DN", "VON"})


@pytest.mark.parametrize("kinds", [{"womens_union", "department"}, {"department", "bank"}, {"mass_organisation"}])
def test_reading_agencies_of_all_kinds_back_changes_nothing(kinds, period, plan, reviewer, entries):
    agencies = Agency.objects.in_force_on(period.ends_on).filter(kind__in=kinds).exclude(level="commune")
    reports = with_drafts(agencies, period, reviewer, entries)
    found = assess(export(period, reports), "a.xlsx", plan=plan)
    assert (found.outcome, found.errors, found.warnings) == ("ok", [], [])
    assert {cell.outcome for cell in found.cells} == {"same", "empty"}
    assert {cell.agency for cell in found.cells} == set(agencies)
    assert len(found.cells) == len(reports) * 25
