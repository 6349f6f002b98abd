"""A real server and the system's Chromium: what a person at the keyboard meets."""

from __future__ import annotations

import os
import shutil

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency, User
from targets.reference import load_plan503

from .visiting import invalid

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# What a browser notes although the page deals with it: refused forms, conflicts, a line that is down.
EXPECTED = ("422", "409", "ERR_INTERNET_DISCONNECTED")
PASSWORD = "Mat-khau-dai-2026"

# Playwright's event loop lives in this thread; Django must not mistake our ordinary queries for async ones.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def live_server():
    """The site as it is in use: WhiteNoise serves static files under their hashed names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.contrib.staticfiles.handlers.StaticFilesHandler", lambda application: application)
        server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, live_server, stage) -> Page:
    """A fresh window at the site; a script error on any page fails the test."""
    context = browser.new_context(base_url=live_server.url, locale="vi-VN", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert [e for e in errors if not any(word in e for word in EXPECTED)] == []


@pytest.fixture
def served(tmp_path):
    """Pages by address, as `visit` collects them; one that is no valid HTML fails the test."""
    pages: dict[str, str] = {}
    yield pages
    assert invalid(pages, tmp_path) == []


@pytest.fixture
def stage(a_database_to_empty, settings) -> dict[str, User]:
    """The reference data (an earlier test in the browser emptied the database) and people with passwords."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    load_plan503()
    agencies = {a.code: a for a in Agency.objects.filter(code__in=["hoi-lhpn-huyen-ha-lang", "hoi-lhpn-tinh"])}
    cast = [
        ("thanh", "Lục Thị Thanh", User.Role.REPORTER, "hoi-lhpn-huyen-ha-lang"),
        ("hanh", "Nông Thị Hạnh", User.Role.REVIEWER, "hoi-lhpn-tinh"),
        ("nga", "Bế Thị Nga", User.Role.REVIEWER, "hoi-lhpn-tinh"),
    ]
    return {
        username: User.objects.create_user(username, PASSWORD, full_name=name, role=role, agency=agencies[code])
        for username, name, role, code in cast
    }


@pytest.fixture
def sign_in(page: Page):
    """`sign_in("thanh")`: leave whoever was there and come in as that person, through the sign-in page."""

    def come_in(username: str) -> Page:
        page.context.clear_cookies()
        page.goto("/")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        return page

    return come_in
