"""A file and what its sender answered -> a batch: read, checked, kept. Each answer reads the same file anew."""

from __future__ import annotations

from django.db import transaction

from agencies.models import User
from targets.models import ImportBatch, Period, Plan

from . import rules, staging
from .assessment import REFUSED, Assessment, assess
from .choices import Choices
from .questions import asks
from .reader import Refused


def receive(content: bytes, name: str, *, plan: Plan, period: Period | None, by: User) -> ImportBatch:
    """Keep a file just sent. Raises Refused for what is no workbook: nothing of it is kept."""
    choices, only = Choices(period=period.code if period else ""), rules.only_agency(by)
    found = assess(content, name, plan=plan, choices=choices, only=only, sender=by.agency)
    if found.outcome == REFUSED:
        raise Refused(found.message, "refused")
    with transaction.atomic():
        batch = staging.stage(found, content, by=by, agency=only, choices=choices.as_json())
        return _with_tables(batch, found)


def reread(batch: ImportBatch, choices: Choices | None = None) -> Assessment:
    """Read the file again under these choices, else under those it has; the batch says what came of it."""
    choices = choices or choices_of(batch)
    found = assessed(batch, choices)
    with transaction.atomic():
        _with_tables(staging.restage(batch, found, choices.as_json()), found)
    return found


def assessed(batch: ImportBatch, choices: Choices) -> Assessment:
    """What the file would do under these choices; nothing is stored."""
    content, sender = content_of(batch), batch.sent_by.agency
    return assess(content, batch.name, plan=batch.plan, choices=choices, only=batch.agency, sender=sender)


def content_of(batch: ImportBatch) -> bytes:
    with batch.file.open() as file:
        return file.read()


def choices_of(batch: ImportBatch) -> Choices:
    return Choices.read(batch.choices)


def _with_tables(batch: ImportBatch, found: Assessment) -> ImportBatch:
    """Keep what the pages after this need of the recognised tables, which themselves are not kept."""
    batch.outcome["asks"] = asks(found)
    batch.outcome["tables"] = [
        {
            "sheet": one.sheet.name,
            "kind": str(one.kind),
            "header": one.first_row - 1,
            "subjects": [subject.where for subject in one.subjects],
        }
        for one in found.layouts
    ]
    batch.save(update_fields=["outcome"])
    return batch
