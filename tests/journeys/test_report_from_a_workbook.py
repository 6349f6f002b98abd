"""The province sends the workbooks it has: unclear headings are asked about, wrong cells put right, all undone."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from targets.models import Figure, ImportBatch, Report
from targets.reports import workflow
from tests.journeys.conftest import PASSWORD

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


@pytest.fixture
def unclear(tmp_path) -> Path:
    """A plain table with a heading nobody knows (H) and words where a number belongs (F5)."""
    path = tmp_path / "Tong hop 6T2024.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("6T2024")
    sheet.write("A1", "Kỳ báo cáo: 6 tháng đầu năm 2024")
    headings = ["Tổng số CB", "Số CB được TH", "Tổng HV", "HV được TT", "PN được hỗ trợ KN", "Số mô hình"]
    sheet.write_row("A3", ["TT", "Huyện, thành phố", *headings])
    sheet.write_row("A4", [1, "Bảo Lâm", 152, 140, 7310, 3910, 4, 0])
    sheet.write_row("A5", [2, "Hạ Lang", 141, 126, 4651, "hai nghìn", 17, 1])
    book.close()
    return path


def send(page: Page, file: Path) -> None:
    page.goto("/nhap-excel/")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Tải lên và xem trước").click()


def reached(page: Page, code: str) -> str:
    page.goto("/tong-quan/?ky=2023")
    return page.locator(f"[data-indicator={code}] .v").inner_text().strip()


def test_what_a_workbook_says_is_on_the_dashboard_once_approved(sign_in, stage, workbook):
    page = sign_in("hanh")
    send(page, workbook)
    expect(page.get_by_role("rowheader", name="Hạ Lang")).to_be_visible()
    assert Report.objects.count() == 0  # nothing is written before it is confirmed
    page.get_by_role("link", name="Tiếp tục với 3 báo cáo").click()
    page.get_by_role("button", name="Ghi 3 báo cáo").click()
    expect(page.get_by_text("Đã ghi 3 báo cáo: 3 mới.")).to_be_visible()

    cell = Figure.objects.get(report__agency__code="hoi-lhpn-huyen-ha-lang", measure__code="CT3").origin
    assert (cell.sheet, cell.column, cell.row, cell.raw) == ("Biểu 01", "G", 10, "3")
    for report in Report.objects.all():
        report = workflow.submit(report, by=stage["hanh"], version=report.version)
        workflow.approve(report, by=stage["nga"], version=report.version)

    assert reached(page, "CT3") == "25"
    assert reached(page, "CT4") == "8"
    assert reached(page, "CT1") == "89,7\u00a0%"  # 392/437 = 89,70…


@pytest.mark.parametrize("width", [1440, 390])
def test_what_is_unclear_is_asked_and_what_is_wrong_put_right_on_the_way(sign_in, unclear, width):
    page = sign_in("hanh")
    page.set_viewport_size({"width": width, "height": 900})
    send(page, unclear)
    put_right(page)
    undo(page)


def test_all_of_it_works_without_javascript(browser, live_server, stage, unclear):
    context = browser.new_context(base_url=live_server.url, locale="vi-VN", java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Tên đăng nhập").fill("hanh")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    send(page, unclear)
    put_right(page)
    undo(page)
    context.close()


def put_right(page: Page) -> None:
    """From the question about column H to the two reports of the file."""
    expect(page.get_by_text("Đã khớp 6/8 cột, bỏ qua 1. Chọn mục cho cột H.")).to_be_visible()
    page.get_by_label("Mục cho cột H").select_option("CT4")
    page.get_by_role("button", name="Xem trước").click()

    fault = page.locator("td.why", has_text="hai nghìn")
    expect(fault).to_contain_text("Ô F5: “hai nghìn”: Chỉ nhập số nguyên, ví dụ 1.234.")
    fault.get_by_text("Sửa tại đây").click()
    fault.get_by_role("textbox").fill("2.604")
    fault.get_by_role("button", name="Dùng số này").click()

    page.get_by_role("link", name="Tiếp tục với 2 báo cáo").click()
    expect(page.get_by_text("6 tháng đầu năm 2024: Bảo Lâm, Hạ Lang (mới).")).to_be_visible()
    page.get_by_role("button", name="Ghi 2 báo cáo").click()
    expect(page.get_by_text("Đã ghi 2 báo cáo: 2 mới.")).to_be_visible()
    assert Figure.objects.get(report__agency__code="hoi-lhpn-huyen-ha-lang", measure__code="CT2_TT").value == 2604


def undo(page: Page) -> None:
    page.get_by_role("link", name="Hoàn tác lần nhập này").click()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Đã hoàn tác, 2 báo cáo trở lại như trước khi nhập.").first).to_be_visible()
    assert Figure.objects.count() == 0


def test_a_file_is_dropped_and_its_name_and_size_shown(sign_in):
    page = sign_in("hanh")
    page.goto("/nhap-excel/")
    dropped = page.evaluate_handle(
        """() => {
            const dropped = new DataTransfer();
            dropped.items.add(new File(["x".repeat(2048)], "Tổng hợp.xlsx"));
            return dropped;
        }"""
    )
    page.locator("[data-drop]").dispatch_event("drop", {"dataTransfer": dropped})
    expect(page.get_by_text("Tổng hợp.xlsx · 2 KB")).to_be_visible()
    page.get_by_role("button", name="Tải lên và xem trước").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Chỉ nhận .xlsx, .xls, .ods hoặc .csv.")


def test_what_was_chosen_stays_when_the_file_is_refused(sign_in, tmp_path):
    page = sign_in("hanh")
    page.goto("/nhap-excel/")
    page.get_by_label("Kỳ báo cáo").first.select_option(label="Năm 2023")
    page.set_input_files("input[type=file]", {"name": "a.xlsx", "mimeType": "", "buffer": b"MZ"})
    page.get_by_role("button", name="Tải lên và xem trước").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.locator("#id_period option:checked").inner_text() == "Năm 2023"


def test_an_upload_under_way_can_be_stopped(sign_in, unclear):
    page = sign_in("hanh")
    page.goto("/nhap-excel/")
    page.route("**/nhap-excel/", lambda route: None)  # the line hangs
    page.set_input_files("input[type=file]", unclear)
    page.get_by_role("button", name="Tải lên và xem trước").click()
    page.get_by_role("button", name="Hủy").click()
    expect(page.get_by_text("Đã hủy. Tệp chưa được gửi.")).to_be_visible()
    expect(page.get_by_role("button", name="Tải lên và xem trước")).to_be_enabled()
    assert ImportBatch.objects.count() == 0


def test_a_file_too_big_is_stopped_before_it_is_sent(sign_in):
    page = sign_in("hanh")
    page.goto("/nhap-excel/")
    page.set_input_files("input[type=file]", {"name": "a.xlsx", "mimeType": "", "buffer": b"x" * (10 * 1024**2 + 1)})
    said = page.locator("#id_file").evaluate("(input) => input.validationMessage")
    assert said.startswith("Tệp lớn hơn 10 MB.")
