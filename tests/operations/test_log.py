"""The log: JSON, a number for each request, and nobody's data in it."""

from __future__ import annotations

import json
import logging
import re
import sys

import pytest
from django.db import IntegrityError, OperationalError

from khoinghiep import requests
from khoinghiep.logging_json import JsonFormatter

GIVEN = "4f2a9d0c-0123-4567-89ab-cdef01234567"


def formatted(record: logging.LogRecord) -> dict:
    return json.loads(JsonFormatter().format(record))


def line(caplog, logger: str = "khoinghiep.requests") -> dict:
    """The last of a logger's lines, as the journal gets it."""
    return formatted([record for record in caplog.records if record.name == logger][-1])


@pytest.fixture
def every_line(caplog):
    caplog.set_level(logging.INFO, "khoinghiep.requests")
    return caplog


@pytest.mark.django_db
def test_a_request_is_told_by_route_status_and_key_of_the_user(client, reporter, submitted, every_line):
    client.force_login(reporter)
    client.get(f"/bao-cao/{submitted.pk}/?tim=Hoa")
    told = line(every_line)
    assert told.pop("ms") >= 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", told.pop("time"))
    assert told == {
        "level": "INFO", "logger": "khoinghiep.requests", "message": "request", "method": "GET",
        "route": "bao-cao/<int:pk>/", "status": 200, "user": reporter.pk,
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "kept"),
    [(GIVEN, True), ("a" * 16, True), ("a" * 15, False), ("a" * 65, False), ('x"} {"level":"CRITICAL', False)],
)
def test_the_number_of_a_request_is_the_proxy_s_if_it_is_well_formed(client, sent, kept):
    answered = client.get("/healthz", headers={"X-Request-ID": sent})["X-Request-ID"]
    assert (answered == sent) is kept
    assert re.fullmatch(r"[A-Za-z0-9-]{16,64}", answered)


@pytest.mark.django_db
def test_two_requests_have_two_numbers(client):
    assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]


@pytest.mark.django_db
def test_what_is_logged_within_a_request_carries_its_number(rf):
    said = []

    def view(request):
        said.append(formatted(logging.makeLogRecord({"msg": "within"})))
        return requests.HttpResponse()

    requests.numbered(view)(rf.get("/", headers={"X-Request-ID": GIVEN}))
    assert said[0]["request"] == GIVEN
    assert "request" not in formatted(logging.makeLogRecord({"msg": "outside"}))


@pytest.mark.django_db
def test_nobody_s_data_gets_into_the_log(client, reporter, every_line):
    """Wrong sign-ins, links with secrets, searches, addresses of nothing: none of it, from any logger."""
    every_line.set_level(logging.DEBUG)
    secret = "bi-mat-khong-duoc-ghi"
    client.post("/tai-khoan/dang-nhap/", {"username": secret, "password": secret})
    client.get(f"/tai-khoan/dat-mat-khau/{secret}/{secret}/")
    client.get(f"/{secret}/?tim={secret}")
    client.force_login(reporter)
    client.get(f"/co-quan/?tim={secret}", headers={"User-Agent": secret, "Referer": secret})
    client.post("/bao-cao/999999/tu-luu/", {"x": secret})
    logged = [r for r in every_line.records if r.name.split(".")[0] not in ("django.db", "django.template")]
    written = [r for r in logged if logging.getLogger(r.name).isEnabledFor(r.levelno) and r.levelno >= logging.INFO]
    lines = [JsonFormatter().format(record) for record in written if not record.name.startswith("axes")]
    assert len(lines) >= 5
    assert [one for one in lines if secret in one or reporter.username in one or "Lục" in one] == []


def test_what_axes_says_below_an_error_is_not_written():
    """It names whoever tried to sign in."""
    from django.conf import settings

    assert settings.LOGGING["loggers"]["axes"] == {"level": "ERROR"}


def raised(error: Exception) -> dict:
    try:
        raise error
    except type(error):
        return formatted(logging.makeLogRecord({"msg": "x", "exc_info": sys.exc_info()}))


def test_an_error_is_told_by_its_class_and_the_way_it_took():
    said = raised(IntegrityError("Key (username)=(thanh) already exists"))
    assert said["error"] == "django.db.utils.IntegrityError"
    assert "why" not in said
    assert said["where"][-1].endswith(" raised")
    assert raised(OperationalError("connection refused"))["why"] == "connection refused"


def test_queries_are_cut_from_what_others_say():
    said = formatted(logging.makeLogRecord({"msg": "Error handling request %s", "args": ("/bao-cao/?tim=Hoa a",)}))
    assert said["message"] == "Error handling request /bao-cao/? a"


@pytest.mark.django_db
def test_an_installation_logs_json_and_nothing_else(new_site):
    site = new_site()
    with site.serve() as server:
        server.visitor().sign_in("tinh").get("/tong-quan/")
        server.visitor().get("/khong-co/")
    lines = server.lines()
    shown = [one for one in lines if one.get("route") == "tong-quan/"]
    assert [one["status"] for one in shown] == [200, 200]  # the second: where signing in leads
    tinh = site.python("from agencies.models import User; print(User.objects.get(username='tinh').pk)")
    assert {one["user"] for one in shown} == {int(tinh)}
    assert {one["logger"] for one in lines} >= {"gunicorn.error", "khoinghiep.requests", "django.request"}
