"""Mail that may fail: what the server did not take is told, never raised, since what it says is recorded elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

TIMEOUT = 10  # seconds, where settings name none: a page must not hang on a mail server


@dataclass(frozen=True, slots=True)
class Letter:
    addresses: tuple[str, ...]
    subject: str
    body: str


def send(letters: Iterable[Letter]) -> list[str]:
    """Send over one connection; gives the addresses of the letters that failed. Those without address are passed over.

    smtplib's errors are OSErrors, as are those of the network.
    """
    addressed = [letter for letter in letters if letter.addresses]
    if not addressed:
        return []
    connection = get_connection(timeout=settings.EMAIL_TIMEOUT or TIMEOUT)
    try:
        connection.open()
        unsent = [letter for letter in addressed if not _sent(letter, connection)]
    except OSError:
        unsent = addressed
    finally:
        with suppress(OSError):
            connection.close()
    return [address for letter in unsent for address in letter.addresses]


def _sent(letter: Letter, connection) -> bool:
    subject = " ".join(letter.subject.split())  # a name may hold a line break, a header must not
    message = EmailMessage(subject, letter.body, to=letter.addresses, connection=connection)
    try:
        message.send()
    except OSError:
        return False
    return True
