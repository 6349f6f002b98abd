"""The password again before accounts, tokens and the second factor are managed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from agencies.access import sessions
from agencies.access.throttle import FEW
from agencies.models import RecoveryCodes, User
from targets.models import ApiClient
from tests.admin.conftest import address

from .conftest import PASSWORD, age, get_phone_ready

pytestmark = pytest.mark.django_db
PROVE = "/tai-khoan/xac-nhan-mat-khau/"


def pages(agency, user) -> list[str]:
    return [
        address(User, "changelist"),
        address(User, "add"),
        address(User, "change", user.pk),
        address(User, "history", user.pk),
        reverse("admin:auth_user_password_change", args=[user.pk]),
        address(ApiClient, "changelist"),
        address(ApiClient, "add"),
        reverse("second_factor"),
    ]


def test_pages_that_manage_access_ask_for_it_and_lead_back(unproved, own_district, reporter):
    for page in pages(own_district, reporter):
        asked = unproved.get(page).url
        assert asked == f"{PROVE}?next={page}"
    assert unproved.post(PROVE, {"password": PASSWORD, "next": page}).url == page
    for page in pages(own_district, reporter):
        assert unproved.get(page).status_code == 200


def test_the_filters_of_a_list_come_back_too(unproved):
    page = f"{address(User, 'changelist')}?role=reporter"
    asked = unproved.get(page).url
    assert 'name="next" value="/quan-tri/agencies/user/?role=reporter"' in unproved.get(asked).content.decode()


def test_other_pages_do_not_ask(unproved, own_district):
    for page in (reverse("progress:dashboard"), reverse("admin:index"), reverse("admin:targets_period_changelist"),
                 reverse("agencies:detail", args=[own_district.pk])):  # fmt: skip
        assert unproved.get(page).status_code == 200


@pytest.mark.parametrize("action", ["invite", "send_link", "switch"])
def test_a_form_that_was_open_too_long_does_nothing_says_so_and_comes_back(action, unproved, own_district, reporter):
    arguments = [own_district.pk] if action == "invite" else [own_district.pk, reporter.pk]
    page = reverse("agencies:detail", args=[own_district.pk])
    typed = {"username": "moi", "full_name": "Lý Thị Mới", "bat": "0"}
    answer = unproved.post(
        reverse(f"agencies:{action}", args=arguments), typed, HTTP_REFERER=f"http://testserver{page}"
    )
    assert answer.url.endswith(f"next=http%3A//testserver{page}")
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [
        "Chưa thực hiện. Nhập lại mật khẩu, rồi làm lại."
    ]
    reporter.refresh_from_db()
    assert (reporter.is_active, User.objects.filter(username="moi").exists()) == (True, False)
    assert unproved.post(PROVE, {"password": PASSWORD, "next": f"http://testserver{page}"}).url.endswith(page)


@pytest.mark.parametrize("name", ["renew_codes", "second_factor_off"])
def test_an_unattended_screen_makes_no_new_codes_and_turns_nothing_off(name, client, leader):
    client.force_login(leader)
    get_phone_ready(client)
    codes = RecoveryCodes.objects.get(user=leader).hashes
    age(client, sessions.PROVED, sessions.PROOF + dt.timedelta(seconds=5))
    assert client.post(reverse(name)).url.startswith(PROVE)
    leader.refresh_from_db()
    assert (leader.has_second_factor, RecoveryCodes.objects.get(user=leader).hashes) == (True, codes)


def test_the_page_of_an_agency_offers_its_forms_only_after_the_password(unproved, own_district, reporter):
    page = reverse("agencies:detail", args=[own_district.pk])
    assert "Nhập lại mật khẩu để quản lý tài khoản" in unproved.get(page).content.decode()
    assert "Tạo tài khoản" not in unproved.get(page).content.decode()
    unproved.post(PROVE, {"password": PASSWORD})
    assert "Tạo tài khoản" in unproved.get(page).content.decode()


def test_a_wrong_password_is_told_and_guessed_no_more_often_than_at_the_door(unproved):
    page = unproved.post(PROVE, {"password": "sai"})
    assert "Mật khẩu không đúng." in page.content.decode()
    for _ in range(FEW - 1):
        page = unproved.post(PROVE, {"password": "sai"})
    assert page.status_code == 429
    assert unproved.post(PROVE, {"password": PASSWORD}).status_code == 429
    assert unproved.get(address(User, "changelist")).url.startswith(PROVE)


def test_another_s_password_proves_nothing(unproved, reporter):
    reporter.set_password("Mat-khau-khac-2027")
    reporter.save()
    unproved.post(PROVE, {"password": "Mat-khau-khac-2027", "username": reporter.username})
    assert unproved.get(address(User, "changelist")).url.startswith(PROVE)


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(elsewhere, unproved):
    assert unproved.post(PROVE, {"password": PASSWORD, "next": elsewhere}).url == reverse("home")
    unproved.session.flush()


def test_a_form_sent_from_another_site_leads_home(unproved, own_district):
    answer = unproved.post(reverse("agencies:invite", args=[own_district.pk]), HTTP_REFERER="https://example.com/x")
    assert answer.url == f"{PROVE}?next=/"
