"""A district types its report; the province approves; the dashboard rises by exactly that."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from targets.models import ApprovedFigure, Figure
from tests.journeys.conftest import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PERIOD = "6 tháng đầu năm 2024"
FIGURES = {"CT1_TS": "141", "CT1_TH": "126", "CT2_TS": "4.651", "CT2_TT": "2604", "CT3": "17", "CT4": "1", "CT5": "0"}


def reached(page: Page, code: str) -> str:
    """What the scorecard of the period says was reached."""
    page.goto("/tong-quan/?ky=2024-H1")
    return page.locator(f"[data-indicator={code}] .v").inner_text().strip()


def test_what_a_district_types_is_on_the_dashboard_once_approved(sign_in):
    page = sign_in("hanh")
    assert reached(page, "CT3") == "Chưa có số liệu"

    page = sign_in("thanh")
    card = page.locator(".kn-owed", has=page.get_by_role("heading", name=PERIOD, exact=True))
    card.get_by_role("button", name="Bắt đầu nhập").click()
    for code, text in FIGURES.items():
        page.locator(f"[name={code}]").fill(text)
    page.get_by_role("button", name="Kiểm tra và nộp").click()
    expect(page.get_by_role("heading", name=f"Nộp báo cáo {PERIOD}?")).to_be_visible()
    page.get_by_role("button", name="Nộp báo cáo").click()
    expect(page.get_by_text("Đã nộp báo cáo.")).to_be_visible()

    page = sign_in("hanh")
    assert reached(page, "CT3") == "Chưa có số liệu"  # handed in is not yet counted (R1)
    page.goto("/bao-cao/duyet/")
    page.get_by_role("link", name=re.compile("Hạ Lang")).first.click()
    page.get_by_role("button", name="Duyệt", exact=True).click()
    expect(page.get_by_text("Đã duyệt báo cáo của")).to_be_visible()

    assert reached(page, "CT3") == "17"
    assert reached(page, "CT2") == "55,9\u00a0%"  # 2604/4651 = 55,98…: never rounded up
    assert ApprovedFigure.objects.get(measure__code="CT2_TS").value == Decimal(4651)


def test_a_mistake_is_named_at_its_place_and_nothing_typed_is_lost(sign_in):
    page = sign_in("thanh")
    card = page.locator(".kn-owed", has=page.get_by_role("heading", name=PERIOD, exact=True))
    card.get_by_role("button", name="Bắt đầu nhập").click()
    for code, text in {**FIGURES, "CT2_TT": "4.902", "CT3": "12,5"}.items():
        page.locator(f"[name={code}]").fill(text)
    page.get_by_role("button", name="Kiểm tra và nộp").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("4.902 lớn hơn tổng số hội viên 4.651 (ô 2.1)")
    expect(page.locator("[name=CT3]")).to_have_value("12,5")
    expect(page.locator("[name=CT4]")).to_have_value("1")
    summary.get_by_role("link", name=re.compile(r"^2\.2")).click()
    expect(page.locator("[name=CT2_TT]")).to_be_focused()


def test_a_report_is_entered_and_handed_in_without_any_script(browser, live_server, stage):
    context = browser.new_context(base_url=live_server.url, locale="vi-VN", java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Tên đăng nhập").fill("thanh")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    card = page.locator(".kn-owed", has=page.get_by_role("heading", name=PERIOD, exact=True))
    card.get_by_role("button", name="Bắt đầu nhập").click()
    for code, text in {**FIGURES, "CT4": "", "CT5": ""}.items():
        page.locator(f"[name={code}]").fill(text)
    page.locator("#dong-CT4 summary").click()
    page.locator("[name=CT4-khong-phat-sinh]").check()
    page.locator("#dong-CT5 summary").click()
    page.locator("[name=CT5-khong-ap-dung]").check()
    page.locator("[name=CT5-ly-do]").fill("Không giao")
    page.get_by_role("button", name="Kiểm tra và nộp").click()
    page.get_by_role("button", name="Nộp báo cáo").click()
    expect(page.get_by_text("Đã nộp báo cáo.")).to_be_visible()
    context.close()
    figures = {f.measure.code: (f.value, f.reason) for f in Figure.objects.filter(measure__code__in=["CT4", "CT5"])}
    assert figures == {"CT4": (0, ""), "CT5": (None, "Không giao")}
