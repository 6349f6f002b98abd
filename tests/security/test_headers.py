"""What every answer says to browsers: the Observatory's A+, cookies that stay here, nothing kept."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from .conftest import LOGIN, come_in
from .observatory import rules

pytestmark = pytest.mark.django_db
BEST = {
    "content-security-policy": 10,
    "cookies": 5,
    "cross-origin-resource-sharing": 0,
    "redirection": 0,
    "referrer-policy": 5,
    "strict-transport-security": 0,
    "subresource-integrity": 0,
    "x-content-type-options": 0,
    "x-frame-options": 5,
    "cross-origin-resource-policy": 10,
}
PAGES = {
    "sign-in": ("anonymous", lambda draft: LOGIN),
    "not found": ("anonymous", lambda draft: "/khong-co/"),
    "form": ("reporter", lambda draft: reverse("reports:edit", args=[draft.pk])),
    "dashboard": ("leader", lambda draft: reverse("progress:dashboard")),
    "download": ("leader", lambda draft: reverse("papers:workbook")),
    "refused": ("reporter", lambda draft: reverse("reports:queue")),
    "admin": ("administrator", lambda draft: reverse("admin:index")),
    "admin list": ("administrator", lambda draft: reverse("admin:agencies_unit_changelist")),
    "admin import": ("administrator", lambda draft: reverse("admin:agencies_unit_import")),
    "admin user": ("administrator", lambda draft: reverse("admin:agencies_user_add")),
    "second factor": ("reviewer", lambda draft: reverse("second_factor")),
}


@pytest.fixture
def answer(behind_https, draft, request):
    """`answer("form")`: that page over HTTPS, and its address over HTTP."""

    def ask(page: str):
        who, address_of = PAGES[page]
        client, address = Client(), address_of(draft)
        if who != "anonymous":
            client.force_login(request.getfixturevalue(who))
        page = client.get(address, secure=True)
        if page.streaming:
            list(page.streaming_content)
        return page, client.get(address)

    return ask


@pytest.mark.parametrize("page", PAGES)
def test_the_observatory_gives_the_best_grade(page, answer):
    found = rules(*answer(page))
    cookies = found.pop("cookies")
    assert found == {rule: points for rule, points in BEST.items() if rule != "cookies"}
    assert cookies in (0, BEST["cookies"])  # 0: none were set
    assert 100 + sum(found.values()) + cookies >= 130


@pytest.mark.parametrize("page", PAGES.keys() - {"dashboard"})
def test_nothing_is_kept_by_browsers_and_proxies(page, answer):
    assert "no-store" in answer(page)[0].headers["Cache-Control"]


def test_pages_of_figures_are_kept_by_the_own_browser_and_asked_for_each_time(answer):
    """They hold what everyone who signs in may see; their ETag is one session's alone (decision 0017)."""
    assert answer("dashboard")[0].headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_may_use_nothing_of_the_machine_and_no_window_holds_another(page, answer):
    headers = answer(page)[0].headers
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


def test_cookies_are_bound_to_this_host_and_out_of_reach_of_scripts(behind_https, account):
    client = Client()
    assert client.get(LOGIN, secure=True).cookies.keys() == {"__Host-kn-csrf"}
    page = client.post(LOGIN, {"username": account.username, "password": "Mat-khau-dai-2026"}, secure=True)
    assert page.cookies.keys() == {"__Host-kn-csrf", "__Host-kn-phien", "__Host-kn-may"}
    for cookie in page.cookies.values():
        kept = (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"])
        assert kept == (True, True, "Lax", "/", "")


def test_the_first_visit_over_http_leads_to_https_and_stays_there(behind_https, client):
    assert client.get(LOGIN).url == f"https://testserver{LOGIN}"
    assert client.get(LOGIN, secure=True)["Strict-Transport-Security"] == (
        "max-age=63072000; includeSubDomains; preload"
    )


def test_an_api_answer_may_be_kept_by_its_client_and_asked_for_again(client):
    assert client.get("/api/v1/plans").headers["Cache-Control"] == "private, no-cache"


def test_without_https_a_first_run_works_with_plain_cookies(client, account):
    page = come_in(client, account.username)
    assert (page.url, client.get("/").status_code) == ("/", 302)
    assert page.cookies.keys() == {"kn-csrf", "kn-phien", "kn-may"}
