"""The province sends the workbook it has; drafts are made, handed in, approved; the dashboard shows its sums."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from targets.models import Figure, Report
from targets.reports import workflow

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

# (as officials write it, total officials, trained, members, reached, women, groups, advised)
ROWS = [
    ("TP Cao Bằng", 193, 163, 9947, 8161, 13, 4, 9),
    ("Huyện Hoà An", 130, 121, 7378, 6335, 9, 4, 2),
    ("H. Hạ Lang", 114, 108, 8605, 6343, 3, 0, 9),
]
MEASURES = ["CT1_TS", "CT1_TH", "CT2_TS", "CT2_TT", "CT3", "CT4", "CT5"]


@pytest.fixture
def workbook(tmp_path) -> Path:
    """In the style of a "biểu tổng hợp": national heading, title, two merged heading rows, STT, total, signatures."""
    path = tmp_path / "Bieu tong hop 2023.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Biểu 01")
    sheet.write("A1", "HỘI LHPN TỈNH CAO BẰNG")
    sheet.merge_range("E1:I1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    sheet.merge_range("A3:I3", "BIỂU TỔNG HỢP KẾT QUẢ THỰC HIỆN ĐỀ ÁN 939 NĂM 2023")
    sheet.merge_range("A5:A6", "STT")
    sheet.merge_range("B5:B6", "Đơn vị")
    sheet.merge_range("C5:D5", "Cán bộ Hội")
    sheet.merge_range("E5:F5", "Hội viên")
    for column, text in zip("CDEF", ("Tổng số", "Được tập huấn", "Tổng số", "Được tuyên truyền"), strict=True):
        sheet.write(f"{column}6", text)
    for column, text in (
        ("G", "Phụ nữ được hỗ trợ khởi nghiệp"),
        ("H", "Tổ hợp tác, HTX, tổ liên kết thành lập mới"),
        ("I", "DN, THT, HTX mới thành lập được tư vấn"),
    ):
        sheet.merge_range(f"{column}5:{column}6", text)
    sheet.write_row("A7", [f"({n})" for n in range(1, 10)])
    for n, row in enumerate(ROWS):
        sheet.write_row(7 + n, 0, [n + 1, *row])
    last = 8 + len(ROWS)
    sheet.write(f"B{last}", "Tổng cộng")
    for k, column in enumerate("CDEFGHI"):
        sheet.write_formula(f"{column}{last}", f"=SUM({column}8:{column}{last - 1})", None, sum(r[k + 1] for r in ROWS))
    sheet.write(f"H{last + 2}", "TM. BAN THƯỜNG VỤ")
    book.close()
    return path


def reached(page: Page, code: str) -> str:
    page.goto("/tong-quan/?ky=2023")
    return page.locator(f"[data-indicator={code}] .v").inner_text().strip()


def test_what_a_workbook_says_is_on_the_dashboard_once_approved(sign_in, stage, workbook):
    page = sign_in("hanh")
    page.goto("/nhap-excel/")
    page.set_input_files("input[type=file]", workbook)
    page.get_by_role("button", name=re.compile("Đọc tệp|Tải lên|Xem trước")).click()
    expect(page.get_by_text("Hạ Lang").first).to_be_visible()
    assert Report.objects.count() == 0  # nothing is written before it is confirmed
    page.get_by_role("button", name=re.compile("Ghi|Xác nhận|Tiếp tục")).click()
    expect(page.get_by_text(re.compile("Đã ghi 3 báo cáo"))).to_be_visible()

    cell = Figure.objects.get(report__agency__code="hoi-lhpn-huyen-ha-lang", measure__code="CT3").origin
    assert (cell.sheet, cell.column, cell.row, cell.raw) == ("Biểu 01", "G", 10, "3")
    for report in Report.objects.all():
        report = workflow.submit(report, by=stage["hanh"], version=report.version)
        workflow.approve(report, by=stage["nga"], version=report.version)

    assert reached(page, "CT3") == "25"
    assert reached(page, "CT4") == "8"
    assert reached(page, "CT1") == "89,7\u00a0%"  # 392/437 = 89,70…
