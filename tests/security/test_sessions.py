"""How long one stays signed in, and what ends it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from agencies.access import sessions
from agencies.models import AccessEvent, User
from targets.participation import accounts
from tests.admin.conftest import address

from .conftest import LOGIN, PASSWORD, age, come_in

pytestmark = pytest.mark.django_db
MOMENT = dt.timedelta(seconds=5)


@pytest.fixture
def inside(client, account) -> Client:
    come_in(client, account.username)
    return client


def is_inside(client: Client) -> bool:
    return client.get(reverse("mine")).status_code == 200


def test_half_an_hour_without_use_ends_it(inside):
    age(inside, sessions.SEEN, sessions.IDLE - MOMENT)
    assert is_inside(inside)
    age(inside, sessions.SEEN, sessions.IDLE + MOMENT)
    assert inside.get(reverse("mine")).url == f"{LOGIN}?next={reverse('mine')}"
    assert AccessEvent.objects.first().kind == AccessEvent.Kind.EXPIRED


def test_using_it_keeps_it(inside):
    for _ in range(3):
        age(inside, sessions.SEEN, sessions.IDLE - MOMENT)
        assert is_inside(inside)


def test_twelve_hours_end_it_however_busy(inside):
    age(inside, sessions.BEGAN, sessions.WHOLE + MOMENT)
    assert not is_inside(inside)


def test_a_page_of_many_requests_writes_the_session_once_a_minute(inside):
    age(inside, sessions.SEEN, sessions.NOTED_EVERY + MOMENT)
    is_inside(inside)
    seen = inside.session[sessions.SEEN]
    age(inside, sessions.SEEN, dt.timedelta(seconds=20))
    is_inside(inside)
    assert inside.session[sessions.SEEN] == seen - 20


def test_one_comes_back_to_the_page_where_it_ended(inside, account):
    age(inside, sessions.SEEN, sessions.IDLE + MOMENT)
    asked = inside.get(reverse("reports:all")).url
    assert "Phiên đã hết hạn" in inside.get(asked).content.decode()
    assert come_in(inside, account.username, next=reverse("reports:all")).url == reverse("reports:all")


def test_an_autosave_after_the_end_is_told_apart_from_a_refusal(inside, draft):
    """autosave.js takes a redirect for "sign in again, the draft is still here"."""
    age(inside, sessions.SEEN, sessions.IDLE + MOMENT)
    assert inside.post(reverse("reports:autosave", args=[draft.pk]), {}).status_code == 302


def test_a_new_password_ends_the_sessions_elsewhere_and_not_this_one(inside, account):
    elsewhere = Client()
    come_in(elsewhere, account.username)
    new = "Mat-khau-khac-2027"
    inside.post(reverse("password_change"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert (is_inside(inside), is_inside(elsewhere)) == (True, False)


@pytest.mark.parametrize("change", [{"role": "leader"}, {"is_active": False}, {"agency": None, "role": "leader"}])
def test_another_role_or_being_switched_off_ends_it(change, inside, account):
    User.objects.filter(pk=account.pk).update(**change)
    assert inside.get(reverse("home")).url.startswith(LOGIN)


def test_being_switched_on_again_does_not_bring_it_back(inside, account, administrator):
    for active in (False, True):
        accounts.switch(account, active=active, by=administrator)
    assert not is_inside(inside)
    assert come_in(inside, account.username).status_code == 302


def test_neither_does_an_administrator_s_form(inside, account, administrator):
    admin = Client()
    admin.force_login(administrator)
    for active in ("", "on"):
        typed = {"username": account.username, "full_name": account.full_name, "role": "reporter",
                 "agency": account.agency_id, "is_active": active}  # fmt: skip
        assert admin.post(address(User, "change", account.pk), typed).status_code == 302
    account.refresh_from_db()
    assert (account.is_active, is_inside(inside)) == (True, False)


def test_an_administrator_s_other_changes_leave_it(inside, account, administrator):
    admin = Client()
    admin.force_login(administrator)
    typed = {"username": account.username, "full_name": "Lục Thanh", "role": "reporter", "agency": account.agency_id,
             "is_active": "on"}  # fmt: skip
    assert admin.post(address(User, "change", account.pk), typed).status_code == 302
    assert is_inside(inside)


@pytest.mark.parametrize("remembered", [True, False])
def test_a_new_secret_key_keeps_sessions_while_the_old_one_is_remembered(remembered, inside, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY] if remembered else []
    settings.SECRET_KEY = "another-key-" * 5
    assert is_inside(inside) == remembered


def test_nobody_comes_in_with_the_session_they_had_before(client, account):
    client.get(LOGIN)
    client.cookies["kn-phien"] = "gia-mao-phien-dang-nhap-000000000"
    come_in(client, account.username)
    assert client.cookies["kn-phien"].value != "gia-mao-phien-dang-nhap-000000000"


def test_the_admin_has_no_door_of_its_own(client, administrator, account):
    asked = client.get("/quan-tri/login/?next=/quan-tri/")
    assert asked.url == f"{LOGIN}?next=%2Fquan-tri%2F"
    come_in(client, account.username)
    assert client.get("/quan-tri/login/").status_code == 403
    assert client.get("/quan-tri/password_change/").url == reverse("password_change")


def test_the_demo_s_short_password_goes_on_working(client, leader):
    leader.set_password("demo")
    leader.save()
    assert come_in(client, leader.username, "demo").status_code == 302
