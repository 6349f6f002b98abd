"""A test per threat: forged forms, links that write, fields nobody asked for, foreign hosts and addresses."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import User
from targets.models import Report
from tests import test_access
from tests.test_access import ASKED, MATRIX, ROLES

# The rows of test_access: every address, and what each is asked for.
arguments, attachment, batch, cast, question = (
    test_access.arguments, test_access.attachment, test_access.batch, test_access.cast, test_access.question,
)  # fmt: skip

pytestmark = pytest.mark.django_db
OF_THE_DOOR = ("django_session", "agencies_accessevent", "axes_", "django_content_type")  # kept about who comes in


def address_of(name: str, arguments: dict[str, list], request) -> str:
    asked = [request.getfixturevalue("question").pk if one == "question" else one for one in arguments.get(name, [])]
    return reverse(name, args=asked)


@pytest.mark.parametrize("name", [name for name, method in MATRIX if method == "post" and not name.startswith("api:")])
def test_no_form_is_taken_from_another_site(name, arguments, submitted, administrator, request):
    """Without the token that our own pages carry every POST is refused, whoever's browser it comes from."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    answer = client.post(address_of(name, arguments, request), {"version": submitted.version, "reason": "x"})
    assert answer.status_code == 403
    assert "csrftoken" not in answer.content.decode()


@pytest.mark.parametrize("name", [name for name, method in MATRIX if method == "get"])
def test_no_link_writes(name, cast, arguments, request):
    """A GET of any address by any role changes no table but those of the door."""
    address = address_of(name, arguments, request)
    for role in ROLES:
        client = Client()
        if cast[role]:
            client.force_login(cast[role])
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address, ASKED.get(name, {}))
            if answer.streaming:
                list(answer.streaming_content)
        written = [sql for sql in map(written_table, queries) if sql and not sql.startswith(OF_THE_DOOR)]
        assert (role, written) == (role, [])


def written_table(query: dict[str, str]) -> str | None:
    found = re.match(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"', query["sql"])
    return found and found[1]


FORGED = {
    "status": "approved", "approved_by": "1", "approved_at": "2024-06-20", "agency": "1", "agency_id": "1",
    "period": "1", "submitted_by": "1", "round": "9", "is_illustrative": "on", "role": "admin", "is_superuser": "on",
    "is_staff": "on", "created_by": "1",
}  # fmt: skip
KEPT = ("status", "approved_by_id", "approved_at", "agency_id", "period_id", "submitted_by_id", "round",
        "is_illustrative", "created_by_id")  # fmt: skip


def test_fields_that_a_form_does_not_have_change_nothing(client, draft, reporter, own_district):
    client.force_login(reporter)
    before = Report.objects.values(*KEPT).get(pk=draft.pk)
    page = client.get(reverse("reports:edit", args=[draft.pk]))
    version = page.context["form"].initial.get("version", draft.version)
    client.post(reverse("reports:edit", args=[draft.pk]), FORGED | {"version": version, "CT3": "7"})
    sent = {"version": Report.objects.get(pk=draft.pk).version, "fields": {"CT4": "1"} | FORGED, **FORGED}
    client.post(reverse("reports:autosave", args=[draft.pk]), json.dumps(sent), content_type="application/json")
    assert Report.objects.values(*KEPT).get(pk=draft.pk) == before
    reporter.refresh_from_db()
    assert (reporter.role, reporter.agency_id) == (User.Role.REPORTER, own_district.pk)


def test_an_invitation_makes_a_reporter_of_that_agency_whatever_else_is_sent(client, administrator, own_district):
    client.force_login(administrator)
    said = {"full_name": "Hoàng Thị Sen", "username": "sen", "email": "sen@example.vn"}
    client.post(reverse("agencies:invite", args=[own_district.pk]), said | FORGED)
    made = User.objects.get(username="sen")
    assert (made.role, made.agency_id, made.has_usable_password()) == (User.Role.REPORTER, own_district.pk, False)


@pytest.mark.parametrize(
    "elsewhere",
    ["https://xau.example/", "//xau.example/", "///xau.example", "/\\xau.example", "https:xau.example",
     "javascript:alert(1)", "\thttps://xau.example/"],
)  # fmt: skip
def test_signing_in_leads_to_no_other_site(elsewhere, client, leader):
    leader.set_password("mat-khau-dai-2026")
    leader.save()
    answer = client.post(
        f"{reverse('login')}?next={elsewhere}",
        {"username": leader.username, "password": "mat-khau-dai-2026", "next": elsewhere},
    )
    assert (answer.status_code, answer["Location"]) == (302, reverse("home"))


def test_a_foreign_host_is_not_answered(client):
    assert client.get(reverse("login"), headers={"Host": "xau.example"}).status_code == 400


def test_a_link_for_a_password_names_the_site_it_was_asked_at(client, administrator, colleague, own_district, settings):
    settings.ALLOWED_HOSTS = ["hoi.example.vn"]
    client.force_login(administrator)
    address = reverse("agencies:send_link", args=[own_district.pk, colleague.pk])
    forged = client.post(address, headers={"Host": "hoi.example.vn", "X-Forwarded-Host": "xau.example"})
    page = client.get(forged["Location"], headers={"Host": "hoi.example.vn"}).content.decode()
    assert ("http://hoi.example.vn/tai-khoan/dat-mat-khau/" in page, "xau.example" in page) == (True, False)


def test_a_session_that_was_left_is_worth_nothing(client, leader):
    client.force_login(leader)
    cookie = client.cookies["kn-session"].value if "kn-session" in client.cookies else client.session.session_key
    client.post(reverse("logout"))
    thief = Client()
    for name in {"kn-session", "sessionid", *client.cookies}:
        thief.cookies[name] = cookie
    answer = thief.get(reverse("progress:dashboard"))
    assert answer["Location"].startswith(reverse("login"))


def test_what_one_person_sees_is_no_answer_for_another(client, leader, reviewer):
    """Not kept by a shared cache, and the names around the figures are one's own."""
    pages = {}
    for person in (leader, reviewer):
        client.force_login(person)
        answer = client.get(reverse("progress:dashboard"))
        assert "private" in answer["Cache-Control"]
        assert "Cookie" in answer["Vary"]
        pages[person.pk] = answer.content.decode()
    assert leader.full_name in pages[leader.pk]
    assert leader.full_name not in pages[reviewer.pk]
