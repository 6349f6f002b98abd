"""Tokens: issued by administrators, shown once, stored as a hash, used, revoked."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from targets.api import clients
from targets.models import ApiClient
from targets.participation.rules import NotAllowed

pytestmark = pytest.mark.django_db

ADD = "admin:targets_apiclient_add"
LIST = "admin:targets_apiclient_changelist"


@pytest.fixture
def typed() -> dict[str, str]:
    """What an administrator fills in."""
    day = timezone.localdate() + dt.timedelta(days=30)
    return {"name": "LGSP tỉnh", "reads_plans": "on", "reads_figures": "on", "expires_on": f"{day:%d/%m/%Y}"}


@pytest.fixture
def as_admin(client, administrator):
    client.force_login(administrator)
    return client


def test_an_administrator_issues_a_token_that_is_shown_once_and_opens_what_was_ticked(as_admin, typed, ask, plan):
    page = as_admin.post(reverse(ADD), typed)
    (token,) = re.findall(r"kn_[\w-]{43}", page.content.decode())
    assert "no-store" in page["Cache-Control"]
    held = ApiClient.objects.get(name="LGSP tỉnh")
    assert (held.token_hash, held.created_by.username) == (hashlib.sha256(token.encode()).hexdigest(), "quantri")
    again = [as_admin.get(reverse(LIST)), as_admin.get(reverse("admin:targets_apiclient_change", args=[held.pk]))]
    assert [token in one.content.decode() for one in again] == [False, False]
    assert '<td class="field-scopes">plans, figures</td>' in again[0].content.decode()
    found = [ask(path, using=token).status_code for path in ("/plans", "/figures?plan=503/KH-UBND")]
    assert found == [200, 200]
    assert ask("/completeness", using=token).status_code == 403


def test_the_token_is_nowhere_in_the_database(issued, administrator):
    token = issued("plans")
    row = ApiClient.objects.values_list().get()
    assert [one for one in row if isinstance(one, str) and (token in one or one in token)] == []


def test_the_page_sent_twice_issues_no_second_token(as_admin, typed):
    as_admin.post(reverse(ADD), typed)
    page = as_admin.post(reverse(ADD), typed)
    assert "Thu hồi mã cũ trước." in page.content.decode()
    assert ApiClient.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"expires_on": "01/01/2024"}, "Ngày này đã qua."),
        ({"reads_plans": "", "reads_figures": ""}, "Chọn ít nhất một phần được đọc."),
        ({"expires_on": ""}, "bắt buộc"),
    ],
)
def test_it_refuses_a_token_that_opens_nothing_or_ended_before_it_began(wrong, message, as_admin, typed):
    sent = {name: value for name, value in (typed | wrong).items() if value}
    assert message in as_admin.post(reverse(ADD), sent).content.decode()
    assert not ApiClient.objects.exists()


def test_an_administrator_revokes_in_the_list_and_the_first_to_do_so_stays_on_record(as_admin, issued, administrator):
    issued("plans")
    act = {"action": "revoke", "_selected_action": [ApiClient.objects.get().pk]}
    assert as_admin.post(reverse(LIST), act).status_code == 302
    revoked = ApiClient.objects.get()
    assert (revoked.revoked_by, revoked.is_revoked) == (administrator, True)
    as_admin.post(reverse(LIST), act)
    assert ApiClient.objects.get().revoked_at == revoked.revoked_at
    assert "Đã thu hồi" in as_admin.get(reverse(LIST)).content.decode()


def test_the_name_is_free_again_when_its_token_was_revoked(as_admin, typed, administrator):
    as_admin.post(reverse(ADD), typed)
    clients.revoke(ApiClient.objects.get(), by=administrator)
    as_admin.post(reverse(ADD), typed)
    assert [one.is_revoked for one in ApiClient.objects.order_by("pk")] == [True, False]


@pytest.mark.parametrize("who", ["reporter", "reviewer", "leader"])
def test_nobody_else_issues_or_revokes(who, request, issued):
    user = request.getfixturevalue(who)
    client = ApiClient(name="x", reads_plans=True, expires_on=timezone.localdate())
    with pytest.raises(NotAllowed, match="Chỉ quản trị hệ thống"):
        clients.issue(client, by=user)
    issued("plans")
    with pytest.raises(NotAllowed, match="Chỉ quản trị hệ thống"):
        clients.revoke(ApiClient.objects.get(), by=user)
    assert not ApiClient.objects.get().is_revoked


def test_what_a_client_reads_cannot_be_changed_afterwards(as_admin, issued):
    issued("plans")
    held = ApiClient.objects.get()
    page = reverse("admin:targets_apiclient_change", args=[held.pk])
    assert as_admin.post(page, {"name": "x", "reads_figures": "on", "expires_on": "01/01/2099"}).status_code == 403
    assert as_admin.post(reverse("admin:targets_apiclient_delete", args=[held.pk]), {"post": "yes"}).status_code == 403
    assert ApiClient.objects.get().may_read("figures") is False


def test_the_list_asks_the_database_as_often_for_three_as_for_one(as_admin, issued):
    asked = []
    for name in ("a", "b", "c"):
        issued("plans", name=name)
        as_admin.get(reverse(LIST))
        with CaptureQueriesContext(connection) as queries:
            as_admin.get(reverse(LIST))
        asked.append(len(queries))
    assert asked[0] == asked[1] == asked[2]


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"reads_plans": False}, "client_reads_something"),
        ({"revoked_at": timezone.now()}, "client_revoked_by_someone"),
    ],
)
def test_the_database_refuses_what_makes_no_sense(wrong, constraint, issued):
    issued("plans")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ApiClient.objects.update(**wrong)


def test_a_system_has_one_token_in_use(issued):
    issued("plans", name="LGSP")
    with pytest.raises(ValidationError, match="chưa thu hồi"):
        issued("figures", name="LGSP")


def test_its_use_is_noted_at_most_once_a_minute(ask):
    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            ask("/plans")
        return [one["sql"] for one in queries if one["sql"].startswith("UPDATE")]

    assert len(asked()) == 1
    noted = ApiClient.objects.get().last_used_at
    assert (len(asked()), ApiClient.objects.get().last_used_at) == (0, noted)
    ApiClient.objects.update(last_used_at=noted - dt.timedelta(seconds=61))
    assert len(asked()) == 1
    assert ApiClient.objects.get().last_used_at >= noted


def test_a_refused_request_outside_the_scope_is_a_use_too_and_one_without_a_token_is_none(ask, issued):
    token = issued("plans", name="LGSP")
    ask("/plans", using="kn_khong")
    assert ApiClient.objects.get(name="LGSP").last_used_at is None
    ask("/figures", using=token)
    assert ApiClient.objects.get(name="LGSP").last_used_at is not None
