"""Codes from a phone beside the password (TOTP), and codes on paper for when the phone is lost."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import segno
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django_otp import verify_token
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from agencies.models import RecoveryCodes, User

from . import log, sessions

NEW_KEY = "second_factor_key"  # in the session until a first code shows that the phone has it
PHONE_CODE = 6  # digits


@dataclass(frozen=True, slots=True)
class Invitation:
    """A secret on its way to a phone: as a QR code, and as text for who cannot scan it."""

    device: TOTPDevice

    @property
    def secret(self) -> str:
        """In groups of four letters."""
        text = base64.b32encode(self.device.bin_key).decode()
        return " ".join(text[at : at + 4] for at in range(0, len(text), 4))

    @property
    def picture(self) -> SafeString:
        """SVG without a style of its own, which the content security policy would stop."""
        code = segno.make(self.device.config_url, error="l")
        return mark_safe(code.svg_inline(scale=5, border=4, light="#fff", svgclass="kn-qr", title="Mã QR"))  # nosec B308  # segno's


def invitation(request: HttpRequest) -> Invitation:
    """The same one until it is taken, however often the page is loaded."""
    return Invitation(TOTPDevice(user=request.user, key=request.session.setdefault(NEW_KEY, default_key())))


@transaction.atomic
def turn_on(request: HttpRequest, code: str) -> list[str] | None:
    """The first code from the phone: from now on one is asked for. Gives the codes for paper; None if it is wrong."""
    device = TOTPDevice(user=request.user, name="Điện thoại", key=request.session.get(NEW_KEY, ""))
    counter = TOTP(device.bin_key)
    if not device.key or not code.isdecimal() or not counter.verify(int(code), tolerance=1):
        return None
    _forget(request.user)
    device.last_t = counter.t()
    device.save()
    request.user.second_factor_since = timezone.now()
    _save(request.user, by=request.user, reason="Bật xác thực hai bước")
    del request.session[NEW_KEY]
    sessions.pass_second_factor(request.session)
    log.record(log.Kind.FACTOR_ON, request, request.user)
    return _renewed(request.user)


def renew_codes(request: HttpRequest) -> list[str]:
    """New codes for paper; those of before are void."""
    log.record(log.Kind.CODES_MADE, request, request.user)
    return _renewed(request.user)


@transaction.atomic
def turn_off(user: User, *, request: HttpRequest, by: User) -> None:
    """Forget phone and codes: by the user, or by an administrator for someone who lost both."""
    _forget(user)
    user.second_factor_since = None
    if user != by:
        user.end_sessions()
    _save(user, by=by, reason="Tắt xác thực hai bước")
    log.record(log.Kind.FACTOR_OFF, request, user, by=None if user == by else by)


def enter(request: HttpRequest, typed: str) -> str:
    """A code at the sign-in: "" when it is right and the session may go on, else why not."""
    code = "".join(typed.split())
    on_phone = len(code) == PHONE_CODE and code.isdecimal()
    device = (TOTPDevice if on_phone else RecoveryCodes).objects.devices_for_user(request.user, confirmed=True).first()
    if device is None:
        return "Mã không đúng."
    if waiting := _waiting(device):
        return waiting
    if verify_token(request.user, device.persistent_id, code) is None:
        log.record(log.Kind.CODE_REFUSED, request, request.user)
        return "Mã không đúng. Nhập mã đang hiện trên điện thoại, hoặc một mã dự phòng chưa dùng."
    sessions.pass_second_factor(request.session)
    log.record(log.Kind.CODE_TAKEN if on_phone else log.Kind.RECOVERED, request, request.user)
    return ""


def codes_left(user: User) -> int:
    return sum(len(codes.hashes) for codes in RecoveryCodes.objects.devices_for_user(user))


def _waiting(device: Device) -> str:
    """After wrong codes the next one has to wait: 1, 2, 4, 8 … seconds. It is not even looked at before."""
    allowed, why = device.verify_is_allowed()
    if allowed:
        return ""
    until = timezone.localtime(why["locked_until"])
    return f"Nhập sai nhiều lần. Thử lại sau {until:%H:%M:%S, %d/%m/%Y}."


def _renewed(user: User) -> list[str]:
    codes, _ = RecoveryCodes.objects.get_or_create(user=user, defaults={"name": "Mã dự phòng"})
    return codes.renew()


def _forget(user: User) -> None:
    for model in (TOTPDevice, RecoveryCodes):
        model.objects.devices_for_user(user).delete()


def _save(user: User, *, by: User, reason: str) -> None:
    """With who and why in the account's history."""
    user._history_user, user._change_reason = by, reason
    user.save()
