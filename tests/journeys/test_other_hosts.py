"""The site needs no other host: an office whose line reaches nothing but the server has everything."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route

from agencies.models import Agency, User
from targets.imports import sending
from targets.models import Period, Plan
from targets.reports import workflow
from tests.conftest import FIGURES
from tests.imports import books

from .conftest import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def elsewhere() -> list[str]:
    """Addresses at other hosts that a page asked for."""
    return []


@pytest.fixture
def failed() -> list[str]:
    """What a page asked for and did not get."""
    return []


@pytest.fixture
def page(browser: Browser, live_server, stage, elsewhere, failed) -> Page:
    """A window that reaches the site alone, without the policy, so that it is not what keeps a page from asking."""
    context = browser.new_context(base_url=live_server.url, locale="vi-VN", bypass_csp=True)

    def at_our_host_only(route: Route) -> None:
        if urlsplit(route.request.url).netloc == urlsplit(live_server.url).netloc:
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    context.route(lambda url: not url.startswith("data:"), at_our_host_only)
    page = context.new_page()
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    yield page
    context.close()


@pytest.fixture
def addresses(stage, entries) -> dict[str, list[str]]:
    """Each role's main pages, with a report that counts and a file that waits behind them."""
    User.objects.create_user("son", PASSWORD, full_name="Triệu Văn Sơn", role=User.Role.LEADER)
    User.objects.create_user("quan", PASSWORD, full_name="Hoàng Văn Quân", role=User.Role.ADMIN)
    plan, agency = Plan.objects.get(number="503/KH-UBND"), Agency.objects.get(code="hoi-lhpn-huyen-ha-lang")
    report = workflow.start(agency, Period.objects.get(plan=plan, code="2024-H1"), by=stage["thanh"])
    report = workflow.save(report, entries(**FIGURES), by=stage["thanh"], version=report.version)
    report = workflow.submit(report, by=stage["thanh"], version=report.version)
    workflow.approve(report, by=stage["hanh"], version=report.version)
    draft = workflow.start(agency, Period.objects.get(plan=plan, code="2024-H2"), by=stage["thanh"])
    batch = sending.receive(
        books.plain([("Huyện Hạ Lang", "", 141)]), "a.xlsx", plan=plan, period=None, by=stage["hanh"]
    )
    detail = reverse("reports:detail", args=[report.pk])
    return {
        "thanh": [reverse("mine"), reverse("reports:edit", args=[draft.pk]), detail, reverse("imports:upload")],
        "hanh": [
            reverse("reports:queue"), detail, reverse("completeness:grid"), reverse("periods:list"),
            reverse("imports:preview", args=[batch.pk]), reverse("imports:columns", args=[batch.pk]),
        ],
        "son": [
            f"{reverse('progress:dashboard')}?ky=2024-H1", f"{reverse('progress:indicator', args=['CT3'])}?ky=2024-H1",
            reverse("progress:unit", args=[agency.unit_id]), reverse("progress:changes"), reverse("guide"),
        ],
        "quan": [
            reverse("agencies:detail", args=[agency.pk]), reverse("admin:agencies_agency_change", args=[agency.pk]),
            reverse("admin:index"), reverse("admin:targets_plan_changelist"), reverse("admin:agencies_user_add"),
        ],
    }  # fmt: skip


@pytest.mark.parametrize("who", ["thanh", "hanh", "son", "quan"])
def test_the_main_pages_ask_no_other_host_and_lack_nothing(who, page, sign_in, addresses, elsewhere, failed):
    sign_in(who)
    page.wait_for_url(lambda url: "dang-nhap" not in url)
    for address in addresses[who]:
        answer = page.goto(address, wait_until="networkidle")
        assert (address, answer.status) == (address, 200)
        assert page.evaluate("document.fonts.check('16px \"Be Vietnam Pro\"') && document.styleSheets.length > 0")
    assert (elsewhere, failed) == ([], [])


def test_the_chart_is_drawn_from_here(page, sign_in, addresses, elsewhere):
    sign_in("son")
    page.wait_for_url(lambda url: "dang-nhap" not in url)
    page.goto(f"{reverse('progress:indicator', args=['CT3'])}?ky=2024-H1", wait_until="networkidle")
    assert page.locator("canvas").first.is_visible()
    assert page.evaluate("Boolean(Chart.getChart(document.querySelector('canvas')))")
    assert elsewhere == []


def test_a_request_to_another_host_is_seen(page, elsewhere):
    """The check itself must be able to fail."""
    page.goto("/tai-khoan/dang-nhap/")
    with page.expect_event("requestfailed"):
        page.evaluate("document.body.append(Object.assign(new Image(), { src: 'https://xau.example/a.png' }))")
    assert elsewhere == ["https://xau.example/a.png"]
