"""The content security policy in a real browser: no page needs what it forbids, and it does forbid."""

from __future__ import annotations

import base64

import pytest
from django.urls import reverse
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Page, expect

from agencies.models import Agency, Unit, User
from targets.models import Period
from targets.reports import workflow

from .conftest import PASSWORD
from .visiting import violations, visit

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def code_of_now(key: str) -> str:
    """What the app on a phone shows for the key as it is typed in."""
    return f"{TOTP(base64.b32decode(key.replace(' ', ''))).token():06}"


def listen(page: Page) -> list[str]:
    """What the policy stops on the pages visited from now on, as Chromium words it."""
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if "Content Security Policy" in said.text else None)
    return found


@pytest.fixture
def stopped(page: Page) -> list[str]:
    return listen(page)


@pytest.fixture
def other_page(browser: Browser, live_server, stage) -> Page:
    """A window whose complaints are no failure of the test."""
    context = browser.new_context(base_url=live_server.url)
    yield context.new_page()
    context.close()


@pytest.fixture
def administrator(stage) -> User:
    return User.objects.create_user("quantri", PASSWORD, full_name="Quản trị", role=User.Role.ADMIN)


def test_a_reporter_s_pages_need_nothing_that_is_forbidden(page, stage, stopped, sign_in):
    report = workflow.start(
        Agency.objects.get(code="hoi-lhpn-huyen-ha-lang"), Period.objects.get(code="2024-H1"), by=stage["thanh"]
    )
    sign_in("thanh")
    for address in (
        reverse("progress:dashboard"),
        reverse("reports:edit", args=[report.pk]),
        reverse("imports:upload"),
        reverse("second_factor"),
        reverse("password_change"),
    ):
        assert page.goto(address).status == 200
    assert stopped == []


def test_the_admin_s_pages_need_nothing_that_is_forbidden(page, administrator, stopped, sign_in):
    sign_in("quantri")
    expect(page).to_have_url(reverse("progress:dashboard"))
    unit = Unit.objects.first()
    for address in (
        reverse("admin:index"),
        reverse("admin:agencies_unit_changelist"),
        reverse("admin:agencies_unit_change", args=[unit.pk]),
        reverse("admin:agencies_unit_history", args=[unit.pk]),
        reverse("admin:agencies_unit_import"),
        reverse("admin:targets_indicator_add"),
        reverse("admin:agencies_user_add"),
        reverse("admin:auth_user_password_change", args=[administrator.pk]),
        reverse("admin:agencies_accessevent_changelist"),
    ):
        assert page.goto(address).status == 200, address
    assert stopped == []


def test_a_page_that_is_not_there_needs_nothing_either(other_page):
    stopped = listen(other_page)
    assert other_page.goto("/khong-co/").status == 404
    assert stopped == []


def test_the_policy_stops_an_inline_script_and_an_inline_style(other_page):
    """The check itself must be able to fail."""
    stopped = listen(other_page)
    other_page.goto("/tai-khoan/dang-nhap/")
    other_page.evaluate("""() => {
        const inline = document.createElement("script");
        inline.textContent = "window.ran = true";
        document.body.append(inline);
        document.body.setAttribute("style", "color: red");
    }""")
    assert other_page.evaluate("window.ran") is None
    assert len(stopped) == 2


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_of_the_door_are_for_everyone(width, page, stage, sign_in):
    page.set_viewport_size({"width": width, "height": 800})
    sign_in("hanh")
    assert visit(page, reverse("prove")) == []
    assert visit(page, reverse("second_factor")) == []
    key = page.get_by_text("Khóa:").locator("code").inner_text()
    page.get_by_label("Mã xác thực").fill(code_of_now(key))
    page.get_by_role("button", name="Bật xác thực hai bước").click()
    expect(page.get_by_role("heading", name="Mã dự phòng")).to_be_visible()
    assert violations(page) == []
    assert visit(page, reverse("second_factor")) == []
    sign_in("hanh")
    expect(page.get_by_role("heading", name="Mã xác thực")).to_be_visible()
    assert violations(page) == []


def test_a_phone_is_got_ready_and_asked_for(page, stage, stopped, sign_in):
    """From the secret on the page to the next sign-in with a code on paper."""
    sign_in("hanh")
    page.goto(reverse("second_factor"))
    expect(page.locator("svg.kn-qr")).to_be_visible()
    key = page.get_by_text("Khóa:").locator("code").inner_text()
    page.get_by_label("Mã xác thực").fill(code_of_now(key))
    page.get_by_role("button", name="Bật xác thực hai bước").click()
    codes = page.locator("ol code").all_inner_texts()
    assert len(codes) == 10
    sign_in("hanh")
    page.get_by_label("Mã xác thực").fill(codes[0])
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page).to_have_url(reverse("progress:dashboard"))
    assert stopped == []
