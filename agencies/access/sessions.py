"""How long one stays signed in, and when the password was last proved. Seconds since 1970 in the session."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

IDLE = dt.timedelta(minutes=30)  # a draft saves itself while somebody types, and that is being active
WHOLE = dt.timedelta(hours=12)
PROOF = dt.timedelta(minutes=15)  # for managing accounts
NOTED_EVERY = dt.timedelta(minutes=1)  # a page of many requests must not write a session for each
BEGAN, SEEN, PROVED, SECOND_FACTOR = "began", "seen", "proved", "second_factor"


def begin(session: SessionBase) -> None:
    """Somebody just signed in with the password; a code, where one is needed, is still to come."""
    session[BEGAN] = session[SEEN] = session[PROVED] = _now()
    session.pop(SECOND_FACTOR, None)


def is_over(session: SessionBase) -> bool:
    """Too long ago that it began, or that anything was asked for."""
    return _age(session, BEGAN) > WHOLE or _age(session, SEEN) > IDLE


def note_use(session: SessionBase) -> None:
    if _age(session, SEEN) > NOTED_EVERY:
        session[SEEN] = _now()


def prove(session: SessionBase) -> None:
    """The password was typed again."""
    session[PROVED] = _now()


def is_proved(session: SessionBase) -> bool:
    """Whether the password was typed within the last quarter of an hour."""
    return _age(session, PROVED) <= PROOF


def pass_second_factor(session: SessionBase) -> None:
    session.cycle_key()
    session[SECOND_FACTOR] = _now()


def passed_second_factor(session: SessionBase) -> bool:
    return SECOND_FACTOR in session


def _age(session: SessionBase, name: str) -> dt.timedelta:
    """How long ago that was; what was never noted is past every limit."""
    return dt.timedelta(seconds=_now() - session.get(name, 0))


def _now() -> int:
    return int(timezone.now().timestamp())
