"""The workbook: real numbers, words where there are none, text that stays text, and a print that fits its paper."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from agencies.models import Agency
from targets.models import Report
from targets.papers.workbook import dashboard_book
from targets.reports import workflow

from . import reading

pytestmark = pytest.mark.django_db

SHEETS = ["Tổng quan", "Đơn vị", "Diễn biến", "Số liệu gốc", "Chưa có báo cáo", "Tham khảo"]


@pytest.fixture
def book(period, report):
    """Of the first half of 2024, when of the districts Hạ Lang alone has reported."""
    report("hoi-lhpn-tinh", "2024-H1", CT4=0)
    report("huyen-ha-lang", "2023-H2", CT1_TS=140, CT1_TH=70, CT3=3)
    report("huyen-ha-lang", "2024-H1", CT2_TS=10_000, CT2_TT=6_999, CT3=17, CT4=0)
    return reading.opened(dashboard_book(period))


def test_every_sheet_says_what_it_is_of_and_as_of_when(book, plan):
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert "Kế hoạch 503/KH-UBND, 6 tháng đầu năm 2024" in sheet["A1"].value
        assert "Số liệu đến hết 14/6/2024, 1/10 đơn vị có số kỳ này" in sheet["A2"].value
        assert sheet["A3"].value.startswith("Chỉ đã duyệt, theo đơn vị báo cáo. Số liệu tính đến ")
        assert sheet["A4"].value is None


def test_what_nobody_may_overlook_stands_above_every_table(period, report):
    made = report("huyen-ha-lang", "2024-H1", approve=False, CT3=17)
    Report.objects.filter(pk=made.pk).update(is_illustrative=True)
    at = dt.datetime(2024, 7, 1, 3, 30, tzinfo=dt.UTC)
    book = reading.opened(dashboard_book(period, provisional=True, by="districts"))
    assert {sheet["A4"].value for sheet in book} == {"DỮ LIỆU MINH HỌA · TẠM TÍNH: CÓ CẢ SỐ CHƯA DUYỆT"}
    assert book["Tham khảo"]["A3"].value.startswith("Đã nộp và đã duyệt, theo 10 huyện, TP.")
    (waiting,) = [row for row in reading.rows(book["Số liệu gốc"]) if row["Mã số liệu"] == "CT3"]
    assert (waiting["Duyệt lúc"], waiting["Giá trị"], waiting["Tính vào"]) == ("Chờ duyệt", 17, "CT3")
    earlier = reading.opened(dashboard_book(period, as_of=at, by="communes"))
    assert earlier["Tham khảo"]["A3"].value == "Chỉ đã duyệt, theo 56 xã, phường. Số liệu tính đến 10:30, 01/7/2024"


def test_r2_absences_keep_their_own_words_and_zero_is_a_number(book):
    ct1, _, ct3, ct4, ct5 = reading.rows(book["Tổng quan"])
    assert (ct3["Lũy kế"], ct4["Lũy kế"], ct5["Lũy kế"]) == (20, 0, "Chưa có số liệu")
    assert (ct1["Lũy kế"], ct1["Mẫu số"], ct1["Tỷ lệ"]) == (70, 140, 50)
    units = dict(reading.of_units(book["Đơn vị"]))
    assert units["Huyện Bảo Lâm"]["CT3"]["Lũy kế"] == "Chưa có số liệu"
    assert units["Cấp tỉnh, sở ngành"]["CT2"]["Đạt"] == "Không giao chỉ tiêu"
    assert units["Huyện Hạ Lang"]["CT4"]["Lũy kế"] == 0


def test_a_number_carried_from_an_earlier_period_says_so(book):
    ct1 = dict(reading.of_units(book["Đơn vị"]))["Huyện Hạ Lang"]["CT1"]
    assert (ct1["Đạt"], ct1["Số của kỳ"], ct1["Ghi chú"]) == (70, "2023-H2", "số kỳ trước")


def test_r11_a_percentage_is_cut_so_that_excel_cannot_round_it_up(book):
    (ct2,) = [row for row in reading.rows(book["Tổng quan"]) if row["Mã"] == "CT2"]
    assert (ct2["Tỷ lệ"], ct2["Mục tiêu"], ct2["Lũy kế"], ct2["Mẫu số"]) == (69.9, 70, 6999, 10_000)


def test_numbers_percentages_and_days_have_formats_of_their_own(book):
    sheet = book["Tổng quan"]
    headings = {cell.value: cell.column for cell in sheet[reading.FIRST]}
    ct2, ct3 = reading.FIRST + 2, reading.FIRST + 3
    look = {name: sheet.cell(ct2, headings[name]).number_format for name in ("Tỷ lệ", "Mục tiêu", "Lũy kế", "Đến ngày")}
    assert look == {
        "Tỷ lệ": '#,##0.0" %"', "Mục tiêu": '#,##0.0" %"', "Lũy kế": "#,##0", "Đến ngày": "dd/mm/yyyy",
    }  # fmt: skip
    assert sheet.cell(ct3, headings["Mục tiêu"]).number_format == "#,##0"
    assert sheet.cell(ct2, headings["Đến ngày"]).value == dt.datetime(2025, 12, 14)  # noqa: DTZ001


def test_headings_stay_in_sight_can_be_filtered_and_print_on_a4_sideways(book):
    frozen = {sheet.title: sheet.freeze_panes for sheet in book}
    assert frozen == {
        "Tổng quan": "C6", "Đơn vị": "C7", "Diễn biến": "A5", "Số liệu gốc": "C6", "Chưa có báo cáo": "A6",
        "Tham khảo": "A6",
    }  # fmt: skip
    for sheet in book:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.print_area
        assert (sheet.auto_filter.ref is None) == (sheet.title == "Diễn biến")
    assert book["Số liệu gốc"].print_title_rows == "$5:$5"
    assert book["Đơn vị"].print_title_rows == "$5:$6"
    assert book["Đơn vị"].print_title_cols == "$A:$B"


def test_the_course_has_its_milestones_and_a_chart_that_excel_draws_for_each_indicator(period, report):
    report("huyen-ha-lang", "2023-H2", CT3=3)
    report("huyen-ha-lang", "2024-H1", CT3=17)
    content = dashboard_book(period)
    sheet = reading.opened(content)["Diễn biến"]
    ct3 = reading.course(sheet, "CT3")
    assert [(row["Kỳ"], row["Trong kỳ"], row["Lũy kế"]) for row in ct3[-2:]] == [
        ("6 tháng cuối năm 2023", 3, 3), ("6 tháng đầu năm 2024", 17, 20),
    ]  # fmt: skip
    start = next(cell.row for cell in sheet["A"] if str(cell.value).startswith("CT3. "))
    assert sheet.cell(start + 1, 1).value == "Mốc mục tiêu: 14/12/2025: 800"
    charts = zipfile.ZipFile(io.BytesIO(content))
    drawn = [charts.read(name).decode() for name in charts.namelist() if name.startswith("xl/charts/chart")]
    assert len(drawn) == 5
    for one in drawn:
        assert one.count("<c:ser>") == 2
        assert "<c:lineChart>" in one
    assert any(f"'Diễn biến'!$D${start + 3}:$D${start + 15}" in one for one in drawn)


def test_r2_a_chart_has_a_gap_where_nothing_is_known_and_no_word_that_excel_would_draw_as_zero(period, report):
    report("huyen-ha-lang", "2024-H1", CT1_TS=0, CT1_TH=0, CT3=17)
    content = dashboard_book(period)
    sheet = reading.opened(content)["Diễn biến"]
    first, last = reading.course(sheet, "CT3")[0], reading.course(sheet, "CT1")[-1]
    assert (first["Lũy kế"], first["Ghi chú"]) == (None, "Chưa có số liệu")
    assert (last["Lũy kế"], last["Tỷ lệ"], last["Ghi chú"]) == (0, None, "Chưa có mẫu số")
    parts = zipfile.ZipFile(io.BytesIO(content))
    assert [name for name in parts.namelist() if "charts/" in name and b'"zero"' in parts.read(name)] == []


def test_r10_the_ledger_keeps_what_a_correction_replaced_and_counts_it_nowhere(
    period, report, reviewer, second_reviewer, entries
):
    made = report("huyen-ha-lang", "2024-H1", CT3=17)
    made = workflow.reopen(made, by=second_reviewer, version=made.version, reason="Nhầm số")
    made = workflow.save(made, entries(CT3=19), by=reviewer, version=made.version)
    made = workflow.submit(made, by=reviewer, version=made.version)
    workflow.approve(made, by=second_reviewer, version=made.version)
    book = reading.opened(dashboard_book(period))
    found = [row for row in reading.rows(book["Số liệu gốc"]) if row["Mã số liệu"] == "CT3"]
    assert [(row["Giá trị"], row["Tính vào"], row["Người thay thế"]) for row in found] == [
        (17, None, "Bế Thị Nga"), (19, "CT3", None),
    ]  # fmt: skip
    assert found[0]["Thay thế lúc"] is not None
    assert found[1]["Thay thế lúc"] is None
    assert reading.rows(book["Tổng quan"])[2]["Ghi chú"] == "Có số đã đính chính"


def test_text_that_looks_like_a_formula_or_a_link_stays_text(period, report):
    Agency.objects.filter(code="hoi-lhpn-huyen-ha-lang").update(name='=HYPERLINK("http://x","y")')
    Agency.objects.filter(code="hoi-lhpn-huyen-bao-lam").update(name="http://x/")
    report("huyen-ha-lang", "2024-H1", CT3=17)
    book = reading.opened(dashboard_book(period))
    named = [row for row in book["Số liệu gốc"].iter_rows(min_row=6) if row[1].value]
    assert {(row[1].value, row[1].data_type) for row in named} == {('=HYPERLINK("http://x","y")', "s")}
    (link,) = [row[1] for row in book["Chưa có báo cáo"].iter_rows(min_row=6) if row[1].value == "http://x/"]
    assert (link.data_type, link.hyperlink) == ("s", None)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []


def test_a_workbook_asks_the_database_as_often_for_many_reports_as_for_one(period, report, django_assert_num_queries):
    report("huyen-ha-lang", "2024-H1", CT3=17)
    with django_assert_num_queries(21):
        dashboard_book(period)
    report("huyen-bao-lam", "2024-H1", CT3=17)
    report("so-cong-thuong", "2024-H1", CT3=4)
    report("huyen-bao-lam", "2023-H2", CT1_TS=10, CT1_TH=9)
    with django_assert_num_queries(21):
        dashboard_book(period)
