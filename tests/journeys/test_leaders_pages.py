"""What a leader reads: every page of the figures at three widths and on paper, the drawer, the drawing, long tables."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from agencies.models import Agency, User
from targets.models import Plan, Report
from targets.reports import workflow
from targets.reports.workflow import Entry
from tests.conftest import FIGURES

from .conftest import PASSWORD
from .visiting import visit

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
WIDTHS = [1440, 768, 390]


@pytest.fixture
def counted(stage) -> dict[str, Report]:
    """Two halves of Hạ Lang approved, by period; what they say is FIGURES, the second with more women supported."""
    plan, agency = Plan.objects.get(number="503/KH-UBND"), Agency.objects.get(code="hoi-lhpn-huyen-ha-lang")
    measures = {m.code: m for m in plan.measures.all()}
    User.objects.create_user("son", PASSWORD, full_name="Triệu Văn Sơn", role=User.Role.LEADER)
    found = {}
    for code, more in (("2023-H2", {}), ("2024-H1", {"CT3": 20, "CT3_KSKD": 18, "CT3_KN": 2})):
        report = workflow.start(agency, plan.periods.get(code=code), by=stage["thanh"])
        entries = {measures[name]: Entry(value) for name, value in {**FIGURES, **more}.items() if name in measures}
        report = workflow.save(report, entries, by=stage["thanh"], version=report.version)
        report = workflow.submit(report, by=stage["thanh"], version=report.version)
        found[code] = workflow.approve(report, by=stage["hanh"], version=report.version)
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible_valid_and_inside_its_window(width, page, sign_in, served, counted):
    page.set_viewport_size({"width": width, "height": 900})
    sign_in("son")
    unit = counted["2024-H1"].agency.unit_id
    for address in (
        "/tong-quan/?ky=2024-H1",
        "/tong-quan/?ky=2024-H1&cach=trong_ky&theo=xa",
        "/tong-quan/?ky=2024-H1&tinh_den=2020-01-01",
        "/tong-quan/?ke_hoach=2415/QĐ-TTg",
        "/chi-tieu/?ky=2024-H1",
        "/chi-tieu/CT1/?ky=2024-H1",
        "/chi-tieu/CT3/?ky=2024-H1&cach=trong_ky",
        f"/don-vi/{unit}/?ky=2024-H1",
        f"/tong-quan/nguon/?ky=2024-H1&chi_tieu=CT3&don_vi={unit}",
        "/tong-quan/thay-doi/?ky=2024-H1&ky_truoc=2023-H2",
        "/tong-quan/thay-doi/?ky=2024-H1&tu=2020-01-01",
        "/tong-quan/cach-tinh/",
    ):
        assert (address, visit(page, address, served)) == (address, [])


@pytest.mark.parametrize("width", WIDTHS)
def test_a_number_opens_its_sources_beside_the_table_and_gives_the_place_back(width, page, sign_in, counted):
    page.set_viewport_size({"width": width, "height": 900})
    sign_in("son")
    page.goto("/tong-quan/?ky=2024-H1")
    cell = page.locator("tr[data-unit] a.cell").nth(2)
    cell.click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("heading", level=2, name=re.compile("^CT3"))).to_be_focused()
    expect(drawer).to_contain_text("Hội LHPN huyện Hạ Lang, 6 tháng đầu năm 2024")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(cell).to_be_focused()


def test_without_a_script_a_number_leads_to_the_same_sources(page, sign_in, browser, live_server, counted):
    sign_in("son")
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto("/tong-quan/?ky=2024-H1")
    plain.locator("tr[data-unit] a.cell").nth(2).click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("CT3")
    expect(plain.locator("main")).to_contain_text("Hội LHPN huyện Hạ Lang, 6 tháng đầu năm 2024")
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_trend_is_drawn_and_its_table_says_the_same(width, page, sign_in, counted):
    page.set_viewport_size({"width": width, "height": 900})
    sign_in("son")
    page.goto("/chi-tieu/CT3/?ky=2024-H1")
    canvas = page.locator("canvas[data-trend]")
    expect(canvas).to_be_visible()
    assert page.evaluate(INK, canvas.element_handle()) > 500  # dots of ink: an empty drawing has none
    drawn = {name: value for _, value, name in json.loads(page.locator("#xu-the-so").text_content())["reached"]}
    rows = page.locator("details tbody tr").all()
    table = {row.locator("th").inner_text(): row.locator("td").nth(1).inner_text() for row in rows[:2]}
    assert table == {"6 tháng đầu năm 2024": "37", "6 tháng cuối năm 2023": "17"}
    assert {name: str(drawn[name]) for name in table} == table


INK = """(canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((part, at) => at % 4 === 3 && part > 0).length;
}"""


def test_a_long_table_shows_its_first_rows_until_asked(page, sign_in, counted):
    sign_in("son")
    page.goto("/tong-quan/?ky=2025-H2&theo=xa")
    rows = page.locator("tbody[data-fold] tr:visible")
    expect(rows).to_have_count(15)
    page.get_by_role("button", name=re.compile("^Xem thêm")).click()
    expect(page.locator("tbody[data-fold] tr:visible")).to_have_count(page.locator("tbody[data-fold] tr").count())
    expect(page.get_by_role("button", name="Thu gọn")).to_be_visible()


def test_a_phone_asks_for_the_period_first(page, sign_in, counted):
    page.set_viewport_size({"width": 390, "height": 900})
    sign_in("son")
    page.goto("/tong-quan/?ky=2024-H1")
    expect(page.get_by_label("Kỳ báo cáo")).to_be_visible()
    expect(page.get_by_label("Tính đến ngày")).to_be_hidden()
    page.get_by_role("link", name="Bộ lọc khác").click()
    page.get_by_label("Tính đến ngày").fill("14/12/2023")
    page.get_by_role("button", name="Áp dụng").click()
    expect(page.locator("main")).to_contain_text("Số liệu tính đến hết 14/12/2023")


def test_the_first_visit_brings_little_and_later_ones_only_the_page(page, sign_in, browser, live_server, counted):
    sign_in("son")
    context = browser.new_context(base_url=live_server.url, storage_state=page.context.storage_state())
    fresh = context.new_page()
    fresh.goto("/tong-quan/?ky=2024-H1", wait_until="networkidle")
    first = fresh.evaluate(BROUGHT)
    fresh.goto("/tong-quan/?ky=2024-H1&theo=huyen", wait_until="networkidle")
    page_alone, rest = fresh.evaluate(BROUGHT)
    context.close()
    assert 100_000 < sum(first) <= 200_000  # bytes over the wire, fonts included
    assert (page_alone <= 20_000, rest) == (True, 0)


BROUGHT = """() => ["navigation", "resource"].map((kind) =>
    performance.getEntriesByType(kind).reduce((sum, one) => sum + one.transferSize, 0))"""


@pytest.mark.parametrize("address", ["/tong-quan/?ky=2024-H1", "/tong-quan/?ky=2025-H1&theo=huyen"])
def test_the_dashboard_is_two_pages_on_paper(address, page, sign_in, counted):
    sign_in("son")
    page.goto(address)
    assert pages_on_paper(page) == 2


def pages_on_paper(page: Page) -> int:
    """As Chromium prints it by the style sheet's own page."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
