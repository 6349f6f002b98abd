"""How often a password may be guessed, decided before it is hashed (docs/decisions/0015).

A browser that signed in to an account before is known for it and counted by itself, so that nobody else's guesses
reach the account's owner. All others are counted by account and address, by account, and by address.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

FEW, MANY = 10, 100  # failures within AXES_COOLOFF_TIME
KNOWN_FOR = 180 * 24 * 3600  # seconds
REMEMBERED = 8  # accounts on one machine
SALT = "agencies.access.throttle"


class Throttle(AxesDatabaseHandler):
    """Axes has one limit; here each counter has its own: the answer is 1 (one is full) or 0, against a limit of 1."""

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        counters = self.get_user_attempts(request, credentials)
        return int(
            any(
                sum(counter.values_list("failures_since_start", flat=True)) >= limit
                for counter, (_, limit) in zip(counters, limits(request, credentials), strict=True)
            )
        )

    def user_logged_in(self, sender, request: HttpRequest, user, **kwargs) -> None:
        """Coming in forgives the failures of this account from here, and no others."""
        name = counted_name(request, {"username": user.get_username()})
        AccessAttempt.objects.filter(username=name, ip_address=request.axes_ip_address).delete()

    def user_logged_out(self, sender, request: HttpRequest, user, **kwargs) -> None:
        """Nothing to count."""


def limits(request: HttpRequest, credentials: dict | None) -> list[tuple[list[str], int]]:
    """(what failures are counted by, how many are too many)."""
    if Device.of(request).knows(credentials):
        return [(["username"], FEW)]
    return [(["username", "ip_address"], FEW), (["username"], MANY), (["ip_address"], MANY)]


def counters(request: HttpRequest, credentials: dict | None) -> list[list[str]]:
    """AXES_LOCKOUT_PARAMETERS."""
    return [counted_by for counted_by, _ in limits(request, credentials)]


def counted_name(request: HttpRequest, credentials: dict | None) -> str:
    """AXES_USERNAME_CALLABLE: names are kept unreadable, and those from a known device apart."""
    device = Device.of(request)
    return _mark(_name(credentials), device.key if device.knows(credentials) else "")


@dataclass(frozen=True, slots=True)
class Device:
    """What a browser's signed cookie says: a number of its own, and the accounts that came in with it."""

    key: str = ""
    accounts: tuple[str, ...] = ()

    @classmethod
    def of(cls, request: HttpRequest) -> Device:
        try:
            key, *accounts = signing.loads(
                request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=KNOWN_FOR
            )
        except (signing.BadSignature, ValueError, TypeError):
            return cls()
        return cls(key, tuple(accounts))

    def knows(self, credentials: dict | None) -> bool:
        return _mark(_name(credentials)) in self.accounts

    def remember(self, username: str, response: HttpResponse) -> None:
        """From now on this browser is known for the account."""
        account = _mark(username)
        accounts = [account, *(one for one in self.accounts if one != account)][:REMEMBERED]
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            signing.dumps([self.key or secrets.token_hex(8), *accounts], salt=SALT),
            max_age=KNOWN_FOR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _name(credentials: dict | None) -> str:
    return str((credentials or {}).get("username") or "")


def _mark(username: str, device: str = "") -> str:
    return salted_hmac(SALT, f"{device}/{username.casefold()}", algorithm="sha256").hexdigest()[:32]
