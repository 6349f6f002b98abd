"""What Django says of signing in and out, whichever door was used: begin the session's clock, and log it."""

from __future__ import annotations

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from agencies.models import User

from . import log, sessions


@receiver(user_logged_in)
def came_in(request: HttpRequest, user: User, **_signal) -> None:
    sessions.begin(request.session)
    log.record(log.Kind.SIGNED_IN, request, user)


@receiver(user_logged_out)
def went_out(request: HttpRequest, user: User | None, **_signal) -> None:
    if user is not None:
        over = sessions.is_over(request.session)
        log.record(log.Kind.EXPIRED if over else log.Kind.SIGNED_OUT, request, user)


@receiver(user_login_failed)
def was_refused(credentials: dict[str, str], request: HttpRequest | None = None, **_signal) -> None:
    """Axes was asked first: where it refused, no password was looked at."""
    if request is None:
        return
    name = str(credentials.get("username") or "")
    user = User.objects.filter(username=name).first()
    kind = log.Kind.LOCKED if getattr(request, "axes_locked_out", False) else log.Kind.FAILED
    log.record(kind, request, user, detail="" if user else f"tên không có: {log.mark(name)}")
