"""An upload thrown away by its sender before it was confirmed: no trace of it, nor of its file, is kept."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from targets.models import ImportBatch

from .batches import State, held


@transaction.atomic
def discard(batch: ImportBatch) -> None:
    """Raises NotAllowed once it was confirmed."""
    batch = held(batch, State.STAGED, State.FAILED)
    storage, name = batch.file.storage, batch.file.name
    batch.cells.forget()
    batch.delete()
    transaction.on_commit(partial(storage.delete, name))
