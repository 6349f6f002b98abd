"""Which state of the data, and which code, a page or an answer was made from: marks that any change of it changes."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.db import connections
from django.db.models import Count, Max, Model, Subquery, Value
from django.db.models.functions import Coalesce

from agencies.models import Agency, AgencySuccession, Unit, UnitSuccession

from .duty import Duty
from .measure import CountingOwner, Measure
from .period import Period
from .plan import Indicator, Plan, Target

# Every change of these is kept in their history, so its end stands for all of it.
REFERENCE: tuple[type[Model], ...] = (
    Plan, Indicator, Target, Measure, Period, Duty, Unit, UnitSuccession, Agency, AgencySuccession,
)  # fmt: skip


def revisions() -> tuple[tuple[object, ...], ...]:
    """For each plan its primary key and marks: others whenever a report of it was begun, handed in, returned, approved
    or opened, or a reference table changed; drafts change nothing. One query, however many figures there are.
    """
    connection = connections[Plan.objects.all().db]
    with connection.cursor() as cursor:
        cursor.execute(*_asked(connection.alias))
        return tuple(cursor.fetchall())


@cache
def _asked(alias: str) -> tuple[str, tuple[object, ...]]:
    """The query, put together once: that takes longer than its answer."""
    owners = CountingOwner.objects.order_by().values(of=Value(1))
    ends = [_end_of(model) for model in REFERENCE]
    ends += [Subquery(owners.values(n=Count("pk"))), Subquery(owners.values(n=Max("pk")))]
    found = Plan.objects.order_by("pk").values_list("pk", "revision", *ends)
    return found.query.get_compiler(alias).as_sql()


def _end_of(model: type[Model]) -> Coalesce:
    newest = model.history.order_by("-history_id").values("history_id")[:1]
    return Coalesce(Subquery(newest), 0)


def digest(*parts: object) -> str:
    """A key for what was made from these."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


ROOT = Path(__file__).resolve().parents[2]
FOLDERS = {"agencies": "*.py", "targets": "*.py", "templates": "*.html"}


@cache
def release() -> str:
    """The code that counts and shows, by its content."""
    found = hashlib.sha256()
    for folder, pattern in FOLDERS.items():
        for source in sorted((ROOT / folder).rglob(pattern)):
            found.update(source.read_bytes())
    return found.hexdigest()
