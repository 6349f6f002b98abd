"""WCAG 2.2 A and AA by axe-core, on every page a role works with, at the width of a laptop and of a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from agencies.models import Agency
from targets.models import Plan, Report
from targets.reports import workflow
from targets.reports.workflow import Entry
from tests.conftest import FIGURES

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def submitted(stage) -> Report:
    """Hạ Lang's report of the first half of 2024, handed in."""
    plan = Plan.objects.get(number="503/KH-UBND")
    measures = {m.code: m for m in plan.measures.all()}
    report = workflow.start(
        Agency.objects.get(code="hoi-lhpn-huyen-ha-lang"), plan.periods.get(code="2024-H1"), by=stage["thanh"]
    )
    entries = {measures[code]: Entry(value) for code, value in FIGURES.items()}
    report = workflow.save(report, entries, by=stage["thanh"], version=report.version)
    return workflow.submit(report, by=stage["thanh"], version=report.version)


def violations(page: Page) -> list[str]:
    """What axe finds: rule, and the first element it is about."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("(tags) => axe.run({ runOnly: tags }).then((result) => result.violations)", TAGS)
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_of_a_reporter(width, page, sign_in, submitted, stage):
    workflow.return_(submitted, by=stage["hanh"], version=submitted.version, reason="Đối chiếu danh sách")
    page.set_viewport_size({"width": width, "height": 900})
    assert visit(page, reverse("login")) == []
    sign_in("thanh")
    for address in (
        reverse("mine"),
        reverse("reports:edit", args=[submitted.pk]),
        reverse("reports:submit", args=[submitted.pk]),
        reverse("reports:detail", args=[submitted.pk]),
        reverse("progress:dashboard"),
        reverse("progress:method"),
    ):
        assert (address, visit(page, address)) == (address, [])


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_of_the_province(width, page, sign_in, submitted):
    page.set_viewport_size({"width": width, "height": 900})
    sign_in("hanh")
    for address in (
        reverse("reports:queue"),
        reverse("reports:detail", args=[submitted.pk]),
        reverse("reports:all"),
        reverse("progress:dashboard") + "?ky=2024-H1&theo=huyen&tam_tinh=1",
        reverse("completeness:grid"),
        reverse("agencies:every"),
        reverse("agencies:detail", args=[submitted.agency_id]),
        reverse("periods:list"),
        reverse("imports:upload"),
    ):
        assert (address, visit(page, address)) == (address, [])


@pytest.mark.parametrize("address", ["/tong-quan/?ky=2024-H1", "/tinh-hinh-nop/?den=2024-H1", "/bao-cao/duyet/"])
def test_between_phone_and_laptop_nothing_runs_out_of_its_card(address, page, sign_in, submitted):
    sign_in("hanh")
    page.goto(address)
    for width in (600, 700, 768, 820, 991):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll(".kn-card")]
                .filter((one) => one.scrollWidth > one.clientWidth + 1)
                .map((one) => one.getAttribute("aria-labelledby") ?? one.tagName)"""
        )
        assert (width, wide) == (width, [])


def visit(page: Page, address: str) -> list[str]:
    """What is wrong there: what axe finds, and a page that is wider than its window."""
    assert page.goto(address).status == 200
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return violations(page) + (["wider than the window"] if wide else [])
