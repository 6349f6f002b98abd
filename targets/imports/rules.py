"""Who may send workbooks, and whose figures they may hold."""

from __future__ import annotations

from agencies.models import Agency, User
from targets.models import ImportBatch


def may_import(user: User) -> bool:
    """Reporters for their own agency, the province's officers and administrators for all; leaders only read."""
    return user.is_reporter or user.is_reviewer or user.is_admin


def only_agency(user: User) -> Agency | None:
    """The one agency whose figures this person's files may hold; None: any."""
    return user.agency if user.is_reporter else None


def may_answer(user: User, batch: ImportBatch) -> bool:
    """A file that waits is its sender's: nobody else corrects, confirms or throws it away."""
    return batch.sent_by_id == user.pk


def learns_for(user: User) -> tuple[bool, Agency | None]:
    """(whether this person's word on a heading is kept, for whom): an administrator of no agency speaks for all."""
    return (user.agency is not None or user.is_admin), user.agency
