"""The accounts of an agency, managed by administrators: invite, send a link to set the password, switch off and on.

Nobody but its owner ever knows a password: an account begins without a usable one and a link lets the person set it
once. Every change is in the account's history, with who made it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from agencies.models import Agency, User

from . import mailing, rules

HOURS = settings.PASSWORD_RESET_TIMEOUT // 3600  # for how long a link can be used


@dataclass
class Link:
    """A way to set the password, once. `failed`: addresses the mail server did not take."""

    user: User
    address: str
    failed: list[str] = field(default_factory=list)

    @property
    def was_mailed(self) -> bool:
        return bool(self.user.email) and not self.failed


@transaction.atomic
def invite(agency: Agency, *, username: str, full_name: str, email: str = "", site: str, by: User) -> Link:
    """Make an account for a reporter of the agency, and the link by which the person sets the password.

    Raises ValidationError for a username that is taken; `site` is the address the link begins with.
    """
    rules.check_may_manage_accounts(by)
    name = User.normalize_username(username)
    user = User(username=name, full_name=full_name, email=email, role=User.Role.REPORTER, agency=agency)
    user.set_unusable_password()
    user.full_clean()
    _note(user, by, "Mời")
    return _link(user, site)


@transaction.atomic
def send_link(user: User, *, site: str, by: User) -> Link:
    """A new link for someone who forgot the password; the old password works until another is set."""
    rules.check_may_manage_accounts(by)
    if not user.is_active:
        raise rules.NotAllowed("Tài khoản đang tắt. Bật lại trước khi gửi liên kết.")
    _note(user, by, "Gửi liên kết đặt mật khẩu")
    return _link(user, site)


@transaction.atomic
def switch(user: User, *, active: bool, by: User) -> User:
    """Switch an account off, or on again; one that is off is signed out at once. Nobody switches off oneself."""
    rules.check_may_manage_accounts(by)
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.pk == by.pk:
        raise rules.NotAllowed("Không tự tắt tài khoản của mình.")
    if user.is_active != active:
        user.is_active = active
        user.end_sessions()  # being switched on again must not bring an old one back
        _note(user, by, "Bật tài khoản" if active else "Tắt tài khoản")
    return user


def _note(user: User, by: User, reason: str) -> None:
    """Save with who and why in the account's history."""
    user._history_user, user._change_reason = by, reason
    user.save()


def _link(user: User, site: str) -> Link:
    """Used once: the token dies with the next password, and after a few days."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("password_reset_confirm", args=[uid, default_token_generator.make_token(user)])
    link = Link(user, f"{site.rstrip('/')}{path}")
    transaction.on_commit(partial(_mail, link))
    return link


def _mail(link: Link) -> None:
    if not link.user.email:
        return
    body = render_to_string("emails/set_password.txt", {"link": link, "hours": HOURS})
    subject = "Đặt mật khẩu hệ thống Phụ nữ khởi nghiệp"
    link.failed = mailing.send([mailing.Letter((link.user.email,), subject, body)])
