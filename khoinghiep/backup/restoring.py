"""A site out of a file, in one transaction of the database: until all of it is there, the old one is all there is."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from . import archive, files, rows, schema
from .manifest import Manifest
from .saving import TABLES


class NotEmpty(Exception):
    """The database holds rows that a restore would replace."""


def restore(path: Path, *, replace: bool = False) -> Manifest:
    """Put back what `saving.save` wrote, by this version of the software or an earlier one, from either database.

    The tables are made as they were then, filled, and brought to today by the migrations since. Raises archive.Damaged,
    schema.Newer, NotEmpty (unless `replace`), OSError; the database is then as before.
    """
    with archive.reading(path) as found:
        manifest = Manifest.read(found)
        schema.check_known(manifest.migrations)
        with schema.alterable(), transaction.atomic():
            if not replace and schema.holds_rows():
                raise NotEmpty
            schema.drop()
            kept = schema.migrate_to(manifest.migrations)
            _fill(kept, manifest, found)
            files.load(found)
            call_command("migrate", verbosity=0, interactive=False)
    return manifest


def _fill(kept: schema.Models, manifest: Manifest, found: ZipFile) -> None:
    """Every table from its part of the archive, then the counters that give out the next keys."""
    if {m._meta.db_table: rows.columns_of(m) for m in kept} != {t: d["columns"] for t, d in manifest.tables.items()}:
        raise archive.Damaged("Bản sao lưu có bảng không khớp với phiên bản phần mềm đã ghi trong đó.")
    with schema.foreign_keys_aside():
        for model in kept:
            with found.open(f"{TABLES}{model._meta.db_table}") as stream:
                rows.load(model, stream)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept):
            cursor.execute(statement)
