"""Letting systems in and shutting them out: a token is made, shown once, recognised by its hash, revoked."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from agencies.models import User
from targets.models import ApiClient
from targets.models.days import spell_day
from targets.participation.rules import NotAllowed

from .problems import Problem

MARK = "kn_"  # so that a token left somewhere it should not be is found by searching for it
NOTED_EVERY = dt.timedelta(minutes=1)  # a system that asks a hundred times a minute must not write as often


def may_issue(user: User) -> bool:
    return user.is_admin


def check_may_issue(user: User) -> None:
    if not may_issue(user):
        raise NotAllowed("Chỉ quản trị hệ thống được cấp và thu hồi mã truy cập.")


def hash_of(token: str) -> str:
    """256 random bits need no slow hash: there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue(client: ApiClient, *, by: User) -> str:
    """Store a client that says its name, what it reads and until when; gives its token, which cannot be had again."""
    check_may_issue(by)
    token = MARK + secrets.token_urlsafe(32)
    client.token_hash, client.created_at, client.created_by = hash_of(token), timezone.now(), by
    client.full_clean()
    client.save(force_insert=True)
    return token


@transaction.atomic
def revoke(client: ApiClient, *, by: User) -> ApiClient:
    """From now on its token opens nothing; whoever revoked it first stays on record."""
    check_may_issue(by)
    held = ApiClient.objects.select_for_update().get(pk=client.pk)
    if not held.is_revoked:
        held.revoked_at, held.revoked_by = timezone.now(), by
        held.save(update_fields=["revoked_at", "revoked_by"])
    return held


def note_use(client: ApiClient) -> None:
    """Remember when it last asked, to the minute; of several at once the first one writes."""
    now = timezone.now()
    if client.last_used_at is None or client.last_used_at < now - NOTED_EVERY:
        ApiClient.objects.unused_since(now - NOTED_EVERY).filter(pk=client.pk).update(last_used_at=now)


def holder_of(authorization: str | None) -> ApiClient:
    """Whose token an `Authorization` header carries. Raises Problem (401); why is told to its holder alone."""
    if not authorization:
        raise _refused("token_missing", "Gửi mã truy cập trong tiêu đề Authorization: Bearer …", "")
    scheme, _, token = authorization.partition(" ")
    client = ApiClient.objects.holding(hash_of(token.strip())) if scheme.lower() == "bearer" else None
    if client is None:
        raise _refused("token_unknown", "Không có hệ thống nào mang mã truy cập này.")
    if client.is_revoked:
        raise _refused("token_revoked", f"Đã thu hồi ngày {spell_day(timezone.localdate(client.revoked_at))}.")
    if client.has_expired:
        raise _refused("token_expired", f"Chỉ dùng đến hết ngày {spell_day(client.expires_on)}.")
    return client


def _refused(code: str, detail: str, error: str = ', error="invalid_token"') -> Problem:
    return Problem(code, detail, headers={"WWW-Authenticate": f'Bearer realm="khoinghiep"{error}'})
