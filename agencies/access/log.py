"""Writing the log of the door."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from agencies.models import AccessEvent, User

from .address import client_address

Kind = AccessEvent.Kind
# What anyone can cause as often as they like: the same within this time is one row, or the log could be flooded.
REPEATED = {Kind.LOCKED, Kind.REFUSED, Kind.FORGED, Kind.OUT_OF_SCOPE}
TOGETHER = dt.timedelta(minutes=1)


def record(
    kind: AccessEvent.Kind, request: HttpRequest, user: User | None, *, by: User | None = None, detail: str = ""
) -> None:
    """Add what happened to `user` (None: nobody known), from where, and who did it if someone else."""
    event = AccessEvent(kind=kind, user=user, by=by, address=client_address(request), detail=detail[:200])
    if kind in REPEATED and _is_known(event):
        return
    event.save(force_insert=True)


def mark(name: str) -> str:
    """A typed name that is nobody's, so that repetitions can be seen but not what it was."""
    return salted_hmac("agencies.access.log", name, algorithm="sha256").hexdigest()[:12]


def _is_known(event: AccessEvent) -> bool:
    same = {"kind": event.kind, "user": event.user, "address": event.address, "detail": event.detail}
    return AccessEvent.objects.since(timezone.now() - TOGETHER).filter(**same).exists()
