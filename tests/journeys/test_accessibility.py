"""WCAG 2.2 A and AA by axe-core and valid HTML, on every page a role works with, on a laptop and on a phone."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agencies.models import Agency
from targets.imports import sending, staging
from targets.imports.books.template import template
from targets.models import ImportBatch, Plan, Report
from targets.reports import workflow
from targets.reports.workflow import Entry
from tests.conftest import FIGURES
from tests.imports import books

from .visiting import visit

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


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


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_of_a_reporter(width, page, sign_in, served, submitted, stage):
    workflow.return_(submitted, by=stage["hanh"], version=submitted.version, reason="Đối chiếu danh sách")
    page.set_viewport_size({"width": width, "height": 900})
    assert visit(page, reverse("login"), served) == []
    sign_in("thanh")
    for address in (
        reverse("mine"),
        reverse("reports:edit", args=[submitted.pk]),
        reverse("reports:submit", args=[submitted.pk]),
        reverse("reports:detail", args=[submitted.pk]),
        reverse("progress:dashboard"),
        reverse("progress:method"),
    ):
        assert (address, visit(page, address, served)) == (address, [])


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_of_the_province(width, page, sign_in, served, submitted):
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
        assert (address, visit(page, address, served)) == (address, [])


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


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_of_an_import(width, page, sign_in, served, submitted, stage):
    """A file with all there is to mark, one that asks, one that is ready, one that was confirmed."""
    page.set_viewport_size({"width": width, "height": 900})
    waiting, confirmed = sent(stage["hanh"], *IMPORTED), sent(stage["hanh"], IMPORTED[0])
    staging.confirm(confirmed, by=stage["hanh"])
    asking = sent(stage["hanh"], IMPORTED[0], headings=[*books.HEADINGS[:6], "Số mô hình"])
    ready = sent(stage["hanh"], ("Huyện Hòa An", 181, 132, 9388, 5708, 23, 2, 8))
    sign_in("hanh")
    for name, batch in (
        ("columns", asking), ("preview", waiting), ("preview", confirmed), ("undo", confirmed), ("confirm", ready),
        ("history", None), ("export", None), ("upload", None),
    ):  # fmt: skip
        address = reverse(f"imports:{name}", args=[batch.pk] if batch else [])
        assert (address, visit(page, address, served), page.url.endswith(address)) == (address, [], True)


IMPORTED = [
    ("Huyện Bảo Lâm", 181, 132, 9388, 5708, 23, 2, 8),
    ("Huyện Phục Hòa", 61, 40, 4120, 2600, 2, 0, 1),
    ("Huyện Hạ Lang", 141, 126, 4651, 2700, 17, 1, 0),
    ("Huyện Thạch An", 141, "hai nghìn", 4651, 2700, 17, 1, 0),
]


def sent(by, *rows, **look) -> ImportBatch:
    content = books.plain(rows, title="Kỳ báo cáo: 6 tháng đầu năm 2024", **look)
    plan = Plan.objects.get(number="503/KH-UBND")
    return sending.receive(content, "Tổng hợp.xlsx", plan=plan, period=None, by=by)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_form_of_one_agency_on_its_way_in(width, page, sign_in, served, stage):
    page.set_viewport_size({"width": width, "height": 900})
    agency, period = stage["thanh"].agency, Plan.objects.get(number="503/KH-UBND").periods.get(code="2024-H1")
    batch = sending.receive(template(agency, period), "Mẫu.xlsx", plan=period.plan, period=None, by=stage["thanh"])
    sign_in("thanh")
    for name in ("preview", "columns"):
        address = reverse(f"imports:{name}", args=[batch.pk])
        assert (address, visit(page, address, served)) == (address, [])
