"""Who may read what over the API, and how a refusal is said."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from khoinghiep import unavailable
from targets.api import clients
from targets.api.problems import TITLES
from targets.models import ApiClient

from .conftest import ALL, PLAN, URL

pytestmark = pytest.mark.django_db

# What each endpoint is asked for, and the scope that opens it.
ENDPOINTS = {
    "/plans": ({}, "plans"),
    f"/plans/{PLAN}/indicators": ({}, "plans"),
    f"/plans/{PLAN}/periods": ({}, "plans"),
    "/progress": ({"plan": PLAN, "period": "2024-H1"}, "progress"),
    "/figures": ({"plan": PLAN}, "figures"),
    "/completeness": ({"plan": PLAN, "period": "2024-H1"}, "completeness"),
}


def said(answer) -> tuple[int, str]:
    """Status and code of a refusal; it is always problem+json with the words that belong to its code."""
    body = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert (body["status"], body["title"]) == TITLES[body["code"]]
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]


@pytest.mark.parametrize("scope", ALL)
def test_a_scope_opens_its_own_endpoints_and_no_other(scope, issued, ask, plan):
    only = issued(scope)
    found = {path: ask(path, using=only, **params).status_code for path, (params, _) in ENDPOINTS.items()}
    assert found == {path: 200 if needed == scope else 403 for path, (_, needed) in ENDPOINTS.items()}
    assert ask("/openapi.json", using=only).status_code == 200


def test_a_refusal_names_the_scope_that_is_missing(issued, ask):
    answer = ask("/figures", using=issued("plans", name="Trục liên thông"), plan=PLAN)
    assert said(answer) == (403, "out_of_scope")
    assert answer["WWW-Authenticate"] == 'Bearer realm="khoinghiep", error="insufficient_scope", scope="figures"'
    assert answer.json()["detail"] == "Mã của Trục liên thông không gồm “Số liệu đã duyệt” (figures)."


@pytest.mark.parametrize("path", [*ENDPOINTS, "/openapi.json"])
@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "token_missing"),
        ("Bearer kn_khong-co", "token_unknown"),
        ("Bearer", "token_unknown"),
        ("Basic dXNlcjpwYXNz", "token_unknown"),
    ],
)
def test_it_refuses_who_has_no_token_instead_of_sending_them_to_sign_in(path, header, code, db):
    answer = Client().get(f"{URL}{path}", headers={"Authorization": header} if header else {})
    assert said(answer) == (401, code)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_opens_nothing(client, administrator):
    client.force_login(administrator)
    assert said(client.get(f"{URL}/plans")) == (401, "token_missing")


def test_a_token_that_was_revoked_opens_nothing_any_more(token, ask, administrator):
    assert ask("/plans").status_code == 200
    clients.revoke(ApiClient.objects.get(), by=administrator)
    answer = ask("/plans")
    assert said(answer) == (401, "token_revoked")
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


def test_a_token_is_good_to_the_end_of_its_last_day(issued, ask):
    today = timezone.localdate()
    last, gone = issued("plans", name="a", until=today), issued("plans", name="b", until=today - dt.timedelta(days=1))
    assert ask("/plans", using=last).status_code == 200
    assert said(ask("/plans", using=gone)) == (401, "token_expired")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("path", [*ENDPOINTS, "/openapi.json"])
def test_it_refuses_to_be_written_to(method, path, token):
    strict = Client(enforce_csrf_checks=True)
    answer = getattr(strict, method)(f"{URL}{path}", headers={"Authorization": f"Bearer {token}"})
    assert said(answer) == (405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD"


def test_head_is_get_without_its_body(token, ask):
    answer = Client().head(f"{URL}/plans", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.content, answer["ETag"]) == (200, b"", ask("/plans")["ETag"])


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/plans/", "/api/v1/khong-co", "/api/v2/plans"])
def test_another_address_is_not_found_in_the_same_words(path, db):
    answer = Client().get(path)
    assert said(answer) == (404, "not_found")
    assert answer.json()["detail"] == f"Không có địa chỉ {path}."


@pytest.mark.parametrize("number", ["1/KH-UBND", "x\x00y", "%F0%28%8C%28"])
@pytest.mark.parametrize("part", ["indicators", "periods"])
def test_a_plan_that_is_not_there_is_not_found(number, part, ask):
    assert said(ask(f"/plans/{number}/{part}")) == (404, "not_found")


@pytest.mark.parametrize(
    ("path", "params", "code", "parameter"),
    [
        ("/progress", {}, "parameter_missing", "plan"),
        ("/progress", {"plan": PLAN}, "parameter_missing", "period"),
        ("/progress", {"plan": "1/KH", "period": "2024-H1"}, "parameter_invalid", "plan"),
        ("/progress", {"plan": "\x00", "period": "2024-H1"}, "parameter_invalid", "plan"),
        ("/progress", {"plan": PLAN, "period": "1999"}, "parameter_invalid", "period"),
        ("/progress", {"plan": PLAN, "period": "2024-H1", "by": "xa"}, "parameter_invalid", "by"),
        ("/progress", {"plan": PLAN, "period": "2024-H1", "provisional": "1"}, "parameter_invalid", "provisional"),
        ("/progress", {"plan": PLAN, "period": "2024-H1", "asof": "2024"}, "parameter_unknown", "asof"),
        ("/progress", {"plan": PLAN, "period": ["2024-H1", "2024"]}, "parameter_repeated", "period"),
        ("/figures", {"plan": PLAN, "period": ""}, "parameter_invalid", "period"),
        *(
            ("/figures", {"plan": PLAN, "page": page}, "parameter_invalid", "page")
            for page in ("0", "-1", "x", "２", "2")
        ),
        ("/figures", {"plan": PLAN, "page": "9" * 400}, "parameter_invalid", "page"),
        ("/completeness", {"plan": PLAN}, "parameter_missing", "period"),
        ("/plans", {"q": "x"}, "parameter_unknown", "q"),
        ("/openapi.json", {"q": "x"}, "parameter_unknown", "q"),
    ],
)
def test_it_names_the_parameter_at_fault(path, params, code, parameter, ask):
    answer = ask(path, **params)
    assert said(answer) == (422, code)
    assert answer.json()["parameter"] == parameter


@pytest.mark.parametrize(
    "text", ["", "hôm qua", "2025-12-14", "2025-12-14T17:00", "2025-12-14T17:00:00 07:00", "2025-13-45T00:00Z",
             "0001-01-01T00:00:00+07:00", "9999-12-31T23:59:59-07:00"],
)  # fmt: skip
def test_an_instant_without_its_offset_or_off_the_calendar_is_refused(text, ask):
    answer = ask("/progress", plan=PLAN, period="2024-H1", as_of=text)
    assert said(answer) == (422, "parameter_invalid")
    assert answer.json()["parameter"] == "as_of"


def test_provisional_figures_of_the_past_are_refused(ask):
    answer = ask("/progress", plan=PLAN, period="2024-H1", as_of="2024-07-01T00:00:00Z", provisional="true")
    assert said(answer) == (422, "parameter_invalid")
    assert answer.json()["parameter"] == "provisional"


@pytest.mark.parametrize("path", ["/plans", "/khong-co"])
def test_nobody_in_between_may_keep_an_answer(path, ask):
    answer = ask(path)
    assert set(answer["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert ("Authorization" in answer["Vary"], answer.cookies) == (True, {})


@pytest.mark.parametrize(
    ("path", "kind", "says"),
    [
        ("/api/v1/plans", "application/problem+json", '"code": "fault"'),
        ("/tong-quan/", "text/html", "<h1>Hệ thống gặp lỗi"),
    ],
)
def test_a_fault_is_told_to_people_as_a_page_and_to_programs_as_a_problem(path, kind, says, rf):
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        answer = unavailable.broken_off(rf.get(path))
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (500, kind)
    assert (says in answer.content.decode(), "Retry-After" in answer) == (True, False)
