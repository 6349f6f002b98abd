"""Batches as a whole: held in the state a verb needs, purged when nobody confirmed them, their moments told."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.db import transaction
from django.utils import timezone

from targets.models import ImportBatch, ImportCell
from targets.models.days import spell_day
from targets.reports.workflow import NotAllowed

State = ImportBatch.State
REFUSALS = {
    State.STAGED: "Tệp này chưa nhập.",
    State.FAILED: "Tệp này không đọc được.",
    State.CONFIRMED: "Tệp này đã nhập.",
    State.UNDONE: "Tệp này đã nhập rồi hoàn tác. Tải lại tệp để nhập lại.",
}


def held(batch: ImportBatch, *states: str) -> ImportBatch:
    """The batch as it stands, its row held until the transaction ends. Raises NotAllowed when in none of `states`."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("plan", "period").get(pk=batch.pk)
    if batch.state not in states:
        raise NotAllowed(REFUSALS[State(batch.state)])
    return batch


def spell_moment(moment: dt.datetime) -> str:
    """In Cao Bằng: "16:40, 22/7/2024"."""
    local = timezone.localtime(moment)
    return f"{local:%H:%M}, {spell_day(local.date())}"


@transaction.atomic
def purge(before: dt.datetime, *, dry_run: bool = False) -> list[ImportBatch]:
    """Delete uploads sent before that moment which were never confirmed, with cells and files; gives what they were.

    One that somebody is just confirming, or another run is purging, is left alone.
    """
    waiting = ImportBatch.objects.filter(state__in=(State.STAGED, State.FAILED), sent_at__lt=before)
    found = list(
        waiting.select_for_update(of=("self",), skip_locked=True).select_related("sent_by").order_by("sent_at", "pk")
    )
    if not dry_run:
        pks = [batch.pk for batch in found]
        ImportCell.objects.filter(batch__in=pks).forget()
        ImportBatch.objects.filter(pk__in=pks).delete()
        for batch in found:
            transaction.on_commit(partial(batch.file.storage.delete, batch.file.name))
    return found
