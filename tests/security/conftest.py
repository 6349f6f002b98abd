"""People with passwords, addresses they come from, phones, and the site as it is behind HTTPS."""

from __future__ import annotations

import datetime as dt
import runpy
import time

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP

from agencies.access import sessions
from agencies.models import User

PASSWORD = "Mat-khau-dai-2026"
LOGIN = "/tai-khoan/dang-nhap/"


@pytest.fixture(autouse=True)
def quick_hashes(settings):
    """Unless a test is about hashing."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def account(reporter) -> User:
    return with_password(reporter)


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def come_in(client: Client, username: str, password: str = PASSWORD, *, address: str = "203.0.113.5", **more):
    return client.post(LOGIN, {"username": username, "password": password, **more}, REMOTE_ADDR=address)


def age(client: Client, name: str, by: dt.timedelta) -> None:
    """Make something of the session lie longer ago."""
    session = client.session
    session[name] -= int(by.total_seconds())
    session.save()


@pytest.fixture
def unproved(client, administrator) -> Client:
    """An administrator who typed the password a quarter of an hour ago."""
    client.force_login(with_password(administrator))
    age(client, sessions.PROVED, sessions.PROOF + dt.timedelta(seconds=5))
    return client


class Phone:
    """What an authenticator app does with the secret that a page shows: a code of now, or of half minutes later."""

    def __init__(self, key: str):
        self.counter, self.first = TOTP(bytes.fromhex(key)), ""

    def code(self, later: int = 0) -> str:
        self.counter.time = time.time() + 30 * later
        return f"{self.counter.token():06}"

    def wrong_code(self) -> str:
        near = {self.code(later) for later in (-2, -1, 0, 1, 2)}
        return next(code for code in map("{:06}".format, range(10)) if code not in near)


def get_phone_ready(client: Client) -> tuple[Phone, list[str]]:
    """Through the page: the phone, and the recovery codes shown."""
    client.get(reverse("second_factor"))
    phone = Phone(client.session["second_factor_key"])
    phone.first = phone.code()
    page = client.post(reverse("second_factor"), {"code": phone.first})
    return phone, page.context["codes"]


@pytest.fixture
def behind_https(settings, monkeypatch) -> None:
    """Every setting that HTTPS=on changes, as settings.py computes it."""
    path = str(project.BASE_DIR / "khoinghiep" / "settings.py")
    plain = runpy.run_path(path)
    monkeypatch.setenv("HTTPS", "on")
    for name, value in runpy.run_path(path).items():
        if name.isupper() and name not in ("DATABASES", "SECRET_KEY") and value != plain.get(name):
            setattr(settings, name, value)
    settings.ALLOWED_HOSTS = ["testserver"]
