"""A district officer on an old laptop and a line that drops: nothing typed is lost, nothing is written over unseen."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect

from agencies.models import Agency
from targets.models import Plan, Report, ReportEvent
from targets.reports import workflow
from tests.journeys.conftest import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SAVED = re.compile(r"Đã lưu nháp lúc \d\d:\d\d")
FIGURES = {"CT1_TS": "141", "CT1_TH": "126", "CT2_TS": "4.651", "CT2_TT": "2.604", "CT3": "17", "CT4": "1", "CT5": "0"}


@pytest.fixture
def report(stage) -> Report:
    """Hạ Lang's report of the first half of 2024, begun."""
    plan = Plan.objects.get(number="503/KH-UBND")
    agency = Agency.objects.get(code="hoi-lhpn-huyen-ha-lang")
    return workflow.start(agency, plan.periods.get(code="2024-H1"), by=stage["thanh"])


@pytest.fixture
def form(request, page: Page, sign_in, report) -> Page:
    """The entry form, open in front of the officer; at a laptop, unless the test asks for both."""
    page.set_viewport_size({"width": getattr(request, "param", 1440), "height": 900})
    sign_in("thanh")
    page.goto(f"/bao-cao/{report.pk}/nhap/")
    return page


at_both_widths = pytest.mark.parametrize("form", [1440, 390], ids=["laptop", "phone"], indirect=True)


def field(page: Page, code: str):
    return page.locator(f"[name={code}]")


def line(page: Page):
    return page.locator("#luu")


def stored(report: Report, code: str) -> Decimal | None:
    figure = report.figures.filter(measure__code=code).first()
    return figure and figure.value


@at_both_widths
def test_what_is_typed_is_saved_by_itself_and_totals_follow(form, report):
    field(form, "CT1_TS").fill("141")
    field(form, "CT1_TH").fill("126")
    expect(form.locator("[data-share=CT1_TH]")).to_contain_text("126/141 89,3\u00a0%")
    field(form, "CT3").fill("17")
    field(form, "CT3_KSKD").fill("12")
    field(form, "CT3_KN").fill("5")
    expect(form.get_by_text("✓ 12 + 5 = 17, khớp ô 3.1")).to_be_visible()
    expect(line(form)).to_have_text(SAVED)
    form.reload()
    assert [stored(report, code) for code in ("CT1_TS", "CT1_TH", "CT3")] == [141, 126, 17]
    expect(field(form, "CT3_KN")).to_have_value("5")


def test_a_mistake_is_named_beside_its_figure_while_one_types(form):
    field(form, "CT2_TS").fill("4651")
    field(form, "CT2_TT").fill("4902")
    expect(form.locator("#dong-CT2_TT [data-message]")).to_contain_text("4.902 lớn hơn tổng số hội viên 4.651 (ô 2.1)")
    expect(form.locator("#dem")).to_have_text("1 lỗi")
    field(form, "CT2_TT").fill("2604")
    expect(form.locator("#dong-CT2_TT [data-message]")).to_be_empty()


@at_both_widths
def test_without_a_line_nothing_is_lost_and_it_goes_when_the_line_is_back(form, report):
    field(form, "CT3").fill("17")
    expect(line(form)).to_have_text(SAVED)
    form.context.set_offline(True)
    field(form, "CT4").fill("3")
    field(form, "CT5").fill("12,5")
    form.locator("[name=results]").fill("Ra mắt tổ hợp tác trồng gừng")
    expect(line(form)).to_contain_text("Mất kết nối. Số liệu vẫn lưu trên máy này, sẽ tự gửi khi có mạng.")
    assert stored(report, "CT4") is None
    form.context.set_offline(False)
    form.reload()  # the browser was closed and opened again
    expect(field(form, "CT4")).to_have_value("3")
    expect(field(form, "CT5")).to_have_value("12,5")
    expect(line(form)).to_contain_text("còn 1 ô chưa đọc được")
    assert (stored(report, "CT4"), stored(report, "CT5")) == (3, None)
    report.refresh_from_db()
    assert report.results == "Ra mắt tổ hợp tác trồng gừng"
    form.reload()
    expect(field(form, "CT5")).to_have_value("12,5")  # what could not be read is still here


@pytest.mark.parametrize("text", ["0.500", "012.345", "1 2", "12 34", "1.23", "1.234 567"])
def test_what_the_server_would_refuse_is_never_made_readable_by_the_page(text, form, report):
    field(form, "CT4").fill(text)
    field(form, "CT4").blur()
    expect(form.locator("#dong-CT4 [data-message]")).to_contain_text("Lỗi")
    expect(field(form, "CT4")).to_have_value(text)
    assert stored(report, "CT4") is None


def test_what_could_not_be_read_stays_named_while_one_types_on(form, report):
    field(form, "CT5").fill("12,5")
    form.locator("[name=CT5-ghi-chu]").evaluate("(note) => { note.closest('details').open = true; }")
    form.locator("[name=CT5-ghi-chu]").fill("đang rà soát")
    expect(form.locator("#dong-CT5 [data-message]")).to_contain_text("Lỗi")
    field(form, "CT4").fill("3")
    expect(line(form)).to_contain_text("còn 1 ô chưa đọc được")
    expect(form.locator("#dong-CT5 [data-message]")).to_contain_text("Lỗi")
    field(form, "CT5").fill("12")
    expect(line(form)).to_have_text(SAVED)
    assert (stored(report, "CT4"), stored(report, "CT5")) == (3, 12)
    assert report.figures.get(measure__code="CT5").note == "đang rà soát"


def test_not_applicable_and_its_reason_go_together(form, report):
    form.locator("#dong-CT4 summary").click()
    form.get_by_label("Không áp dụng").and_(form.locator("[name=CT4-khong-ap-dung]")).check()
    expect(form.locator("#dong-CT4 [data-message]")).to_contain_text("Ghi lý do không áp dụng.")
    form.locator("[name=CT4-ly-do]").fill("Không giao")
    expect(line(form)).to_have_text(SAVED)
    kept = report.figures.get(measure__code="CT4")
    assert (kept.not_applicable, kept.reason) == (True, "Không giao")
    field(form, "CT4").fill("5")
    form.locator("[name=CT4-khong-ap-dung]").uncheck()
    expect(line(form)).to_have_text(SAVED)
    expect(form.locator("#dong-CT4 [data-message]")).to_be_empty()
    form.wait_for_function("() => localStorage.length === 0")
    assert stored(report, "CT4") == 5


def test_the_line_comes_back_while_the_page_is_open(form, report):
    form.context.set_offline(True)
    field(form, "CT4").fill("3")
    expect(line(form)).to_contain_text("Mất kết nối")
    form.context.set_offline(False)
    expect(line(form)).to_have_text(SAVED)
    assert stored(report, "CT4") == 3


@at_both_widths
def test_two_browsers_at_one_report_lose_neither_number(form, report, browser: Browser, live_server):
    context = browser.new_context(base_url=live_server.url, locale="vi-VN")
    other = context.new_page()
    other.goto("/")
    other.get_by_label("Tên đăng nhập").fill("thanh")
    other.get_by_label("Mật khẩu").fill(PASSWORD)
    other.get_by_role("button", name="Đăng nhập").click()
    other.goto(f"/bao-cao/{report.pk}/nhap/")
    field(other, "CT3").fill("15")
    field(other, "CT4").fill("2")
    expect(line(other)).to_have_text(SAVED)
    context.close()

    field(form, "CT3").fill("17")
    field(form, "CT5").fill("4")
    box = form.locator("#xung-dot-CT3")
    expect(box).to_contain_text("Ô 3.1 đã được sửa ở máy khác. Trên máy này: 17 · Trên máy chủ: 15")
    expect(field(form, "CT4")).to_have_value("2")  # only the other changed it
    assert stored(report, "CT3") == 15  # exactly one was saved
    expect(line(form)).to_contain_text("còn 1 ô chờ chọn số")  # the rest is saved, and nobody is told that all is
    box.get_by_role("button", name="Giữ 17").click()
    expect(box).to_have_count(0)
    expect(line(form)).to_have_text(SAVED)
    assert {code: stored(report, code) for code in ("CT3", "CT4", "CT5")} == {"CT3": 17, "CT4": 2, "CT5": 4}


def test_a_block_from_excel_fills_downwards_and_can_be_undone(form, report):
    form.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text", "141\\n126\\n4 651\\n2.604\\n");
            const input = document.querySelector("[name=CT1_TS]");
            input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    assert [field(form, code).input_value() for code in ("CT1_TS", "CT1_TH", "CT2_TS", "CT2_TT")] == [
        "141",
        "126",
        "4.651",
        "2.604",
    ]
    expect(form.locator("#da-dan")).to_contain_text("Đã dán 4 ô.")
    form.locator("#da-dan").get_by_role("button", name="Hoàn tác").click()
    assert field(form, "CT2_TS").input_value() == ""


def test_the_keyboard_moves_between_figures_and_esc_takes_one_back(form):
    field(form, "CT1_TS").focus()
    form.keyboard.type("1234")
    form.keyboard.press("Enter")
    expect(field(form, "CT1_TH")).to_be_focused()
    expect(field(form, "CT1_TS")).to_have_value("1.234")
    form.keyboard.press("ArrowUp")
    form.keyboard.type("99")
    form.keyboard.press("Escape")
    expect(field(form, "CT1_TS")).to_have_value("1.234")


@at_both_widths
def test_a_double_click_hands_in_once(form, report):
    for code, text in FIGURES.items():
        field(form, code).fill(text)
    form.get_by_role("button", name="Kiểm tra và nộp").click()
    form.get_by_role("button", name="Nộp báo cáo").dblclick()
    expect(form.get_by_text("Đã nộp báo cáo.")).to_be_visible()
    assert ReportEvent.objects.filter(report=report, verb="submit").count() == 1


def test_signing_out_clears_what_waits_on_this_machine_after_asking(form, report):
    form.context.set_offline(True)
    field(form, "CT4").fill("3")
    expect(line(form)).to_contain_text("Mất kết nối")
    form.evaluate("() => { window.fetch = () => new Promise(() => {}); }")  # the line is back, but nothing goes
    form.context.set_offline(False)
    asked = []
    form.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    form.evaluate("document.querySelector('form[data-sign-out]').requestSubmit()")
    form.wait_for_url("**/dang-nhap/**")
    assert asked == ["Trên máy này còn số liệu chưa gửi. Đăng xuất sẽ xóa các số liệu đó. Vẫn đăng xuất?"]
    assert form.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kn:'))") == []
