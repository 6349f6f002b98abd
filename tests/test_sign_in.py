"""Coming in and going out."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agencies.access.throttle import FEW
from agencies.models import User

PASSWORD = "Mat-khau-dai-2026"
LOGIN = "/tai-khoan/dang-nhap/"


@pytest.fixture
def account(own_district, settings) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return User.objects.create_user(
        "ha.lang", PASSWORD, full_name="Lục Thị Thanh", role="reporter", agency=own_district
    )


def typed(client, password: str, **more):
    return client.post(LOGIN, {"username": "ha.lang", "password": password, **more})


def test_the_right_password_leads_home_and_home_is_ones_own(account, client):
    response = typed(client, PASSWORD)
    assert response.url == reverse("home")
    assert client.get(reverse("home")).url == reverse("mine")


def test_the_province_lands_on_the_dashboard(client, leader):
    client.force_login(leader)
    assert client.get(reverse("home")).url == reverse("progress:dashboard")


def test_one_comes_back_to_the_page_that_was_asked_for(account, client):
    asked = client.get(reverse("reports:all"))
    assert asked.url == f"{LOGIN}?next={reverse('reports:all')}"
    assert typed(client, PASSWORD, next=reverse("reports:all")).url == reverse("reports:all")


def test_nobody_is_led_to_another_site(account, client):
    assert typed(client, PASSWORD, next="https://example.com/").url == reverse("home")


def test_a_wrong_password_is_told_without_saying_which_was_wrong(account, client):
    page = typed(client, "sai")
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in page.content.decode()
    assert 'value="ha.lang"' in page.content.decode()


def test_after_ten_wrong_passwords_the_account_rests_even_for_the_right_one(account, client):
    for _ in range(FEW):
        page = typed(client, "sai")
    assert (page.status_code, "Thử lại sau 15 phút" in page.content.decode()) == (429, True)
    assert typed(client, PASSWORD).status_code == 429


def test_a_switched_off_account_does_not_come_in(account, client):
    User.objects.filter(pk=account.pk).update(is_active=False)
    assert typed(client, PASSWORD).status_code == 200


def test_signing_out_takes_a_press_of_the_button(account, client):
    client.force_login(account)
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).url == reverse("login")
    assert client.get(reverse("home")).url.startswith(LOGIN)


def test_a_password_can_be_changed(account, client):
    client.force_login(account)
    new = "Mat-khau-khac-2027"
    client.post(reverse("password_change"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    account.refresh_from_db()
    assert account.check_password(new)
