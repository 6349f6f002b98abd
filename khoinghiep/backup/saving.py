"""The site into a file, as it was at one moment, while people go on working."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from . import archive, files, rows, schema
from .manifest import Manifest

TABLES = "tables/"


def save(path: Path) -> Manifest:
    """Write a backup and read it back before it takes its name.

    Raises OSError (no room, no right), archive.Damaged (it reads back wrong); `path` is then as before.
    """
    with archive.writing(path) as into, one_moment():
        done = schema.applied()
        kept = schema.models_at(done)
        manifest = Manifest(timezone.now().isoformat(timespec="seconds"), done)
        for model in kept:
            with archive.member(into, f"{TABLES}{model._meta.db_table}") as stream:
                count = rows.write(model, stream)
            manifest.tables[model._meta.db_table] = {"columns": rows.columns_of(model), "rows": count}
        manifest.files, manifest.missing = files.write(files.named_in(kept), into)
        manifest.write(into)
    return manifest


@contextmanager
def one_moment() -> Iterator[None]:
    """Reads that all see the same moment and make nobody wait."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        usual, connection.transaction_mode = connection.transaction_mode, "DEFERRED"  # takes no lock for writing
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = usual
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
