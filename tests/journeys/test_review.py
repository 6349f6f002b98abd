"""A report goes back with a question, comes back with an answer, and is approved: at a laptop and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from agencies.models import Agency
from targets.models import ApprovedFigure, Plan, Report, ReportEvent
from targets.reports import workflow
from targets.reports.workflow import Entry
from tests.conftest import FIGURES

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def submitted(stage) -> Report:
    """Hạ Lang's report of the first half of 2024, handed in."""
    plan = Plan.objects.get(number="503/KH-UBND")
    measures = {m.code: m for m in plan.measures.all()}
    agency = Agency.objects.get(code="hoi-lhpn-huyen-ha-lang")
    report = workflow.start(agency, plan.periods.get(code="2024-H1"), by=stage["thanh"])
    entries = {measures[code]: Entry(value) for code, value in (FIGURES | {"CT3": 26}).items()}
    report = workflow.save(report, entries, by=stage["thanh"], version=report.version)
    return workflow.submit(report, by=stage["thanh"], version=report.version)


@pytest.mark.parametrize("width", [1440, 390], ids=["laptop", "phone"])
def test_a_question_is_asked_answered_and_the_report_approved(width, page: Page, sign_in, submitted):
    page.set_viewport_size({"width": width, "height": 900})
    address = f"/bao-cao/{submitted.pk}/"

    sign_in("hanh")
    page.goto(address)
    page.get_by_role("link", name="Ghi ý kiến cho ô 3.1").click()
    page.get_by_label("Ý kiến cho mục 3.1").fill("26 gấp nhiều lần kỳ trước. Đối chiếu danh sách, không tính lượt.")
    page.locator("#y-kien-CT3").get_by_role("button", name="Thêm ý kiến").click()
    expect(page.get_by_role("button", name="Trả lại (1 ý kiến)")).to_be_visible()
    page.get_by_role("button", name="Trả lại (1 ý kiến)").click()
    expect(page.get_by_text("Đã trả lại báo cáo của")).to_be_visible()

    sign_in("thanh")
    page.goto(f"/bao-cao/{submitted.pk}/nhap/")
    expect(page.get_by_text("26 gấp nhiều lần kỳ trước.").first).to_be_visible()
    page.locator("[name=CT3]").fill("12")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.get_by_text("Đã lưu nháp.")).to_be_visible()
    page.goto(address)
    page.get_by_text("Trả lời", exact=True).click()
    page.get_by_label("Trả lời ý kiến của Nông Thị Hạnh").fill("14 chị trùng kỳ trước. Số đúng là 12.")
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_text("14 chị trùng kỳ trước. Số đúng là 12.").first).to_be_visible()
    page.goto(f"/bao-cao/{submitted.pk}/nop/")
    page.get_by_role("button", name="Nộp báo cáo").click()
    expect(page.get_by_text("Đã nộp báo cáo.")).to_be_visible()

    sign_in("hanh")
    page.goto(address)
    expect(page.get_by_text("So với lần 1:")).to_be_visible()
    page.get_by_role("link", name="Lần 1").click()
    expect(page.locator("#dong-CT3 ins")).to_contain_text("12")
    page.get_by_role("button", name="Duyệt", exact=True).click()
    expect(page.get_by_text("Đã duyệt báo cáo của")).to_be_visible()
    assert ApprovedFigure.objects.get(measure__code="CT3").value == 12
    events = ReportEvent.objects.filter(report=submitted).exclude(verb="save").order_by("pk")
    assert list(events.values_list("verb", flat=True)) == ["start", "submit", "return", "submit", "approve"]


def test_the_keyboard_goes_through_the_queue(page: Page, sign_in, submitted):
    sign_in("hanh")
    page.goto(f"/bao-cao/{submitted.pk}/")
    page.keyboard.press("c")
    expect(page.locator("textarea:focus")).to_have_count(1)
