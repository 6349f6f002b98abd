"""A database of each size: built once, kept under var/ or as a PostgreSQL template, copied for each run.

What it was made from is noted beside it. A changed builder, or a migration that is another one now, builds it anew; a
new migration is only run, and totals are made anew where what they were kept by has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from targets.models import ApprovedFigure, Figure, FigureChange, Report, ReportEvent
from targets.totals import keeping

from . import world

FOLDER = settings.VAR_DIR / "bench"
BUILDER = ("tests/benchmarks/world.py", "targets/data/plan503/*.csv")
MIGRATIONS = ("agencies/migrations/[0-9]*.py", "targets/migrations/[0-9]*.py")
LARGE = (ApprovedFigure, Figure, FigureChange, Report, ReportEvent)


def on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def sizes() -> tuple[int, ...]:
    """Ledger rows, by and large, that this kind of database is measured at."""
    return tuple(world.SHAPES) if on_postgresql() else tuple(world.SHAPES)[:2]


def prepare(size: int) -> None:
    """Have the database of that size ready to be copied."""
    wanted, there = _made_from(), _noted(size)
    if there != wanted:
        _make(size, anew=not _may_be_kept(there, wanted))
        _note(size, wanted)
    use(_kept(size))
    keeping.refresh()
    connection.close()


def _make(size: int, *, anew: bool) -> None:
    if anew:
        _create(_kept(size))
        _note(size, {})
    use(_kept(size))
    call_command("migrate", verbosity=0)
    if anew:
        with _bare_tables():
            world.build(world.SHAPES[size])
        keeping.refresh()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if on_postgresql() else "ANALYZE")
    connection.close()


def copy(size: int) -> str:
    """A copy that may be written to, and its name for `use`."""
    name = _name(f"{size}_run")
    _create(name, template=_kept(size))
    return name


def settle() -> None:
    """Wait until what was copied is on the disk: the first to be measured must not pay for it."""
    if on_postgresql():
        _administer("CHECKPOINT")
    os.sync()


def use(name: str) -> None:
    """From now on this process is at work there; what was kept from another database is forgotten."""
    connection.close()
    connection.settings_dict["NAME"] = name
    cache.clear()


def drop(name: str) -> None:
    connection.close()
    if on_postgresql():
        _administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    else:
        Path(name).unlink(missing_ok=True)


def _name(of: object) -> str:
    return f"khoinghiep_bench_{of}" if on_postgresql() else str(FOLDER / f"{of}.sqlite3")


def _kept(size: int) -> str:
    return _name(size)


def _create(name: str, template: str = "") -> None:
    drop(name)
    if on_postgresql():
        # Files copied as they are: through the log, the usual way, the largest would be written twice.
        copied = f" TEMPLATE {template} STRATEGY file_copy" if template else ""
        _administer(f"CREATE DATABASE {name}{copied}")
    else:
        FOLDER.mkdir(parents=True, exist_ok=True)
        if template:
            shutil.copyfile(template, name)


def _administer(statement: str) -> list[tuple]:
    """Outside of the database at hand, which cannot be made, copied or dropped while it is open."""
    server = psycopg2.connect(**connection.get_connection_params() | {"dbname": "postgres"})
    server.autocommit = True
    try:
        with server.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        server.close()


def _made_from() -> dict[str, object]:
    """Digests: of the builder, and of each migration by its name."""
    migrations = {str(file.relative_to(settings.BASE_DIR)): _digest(file) for file in _files(*MIGRATIONS)}
    return {"world": _digest(*_files(*BUILDER)), "migrations": migrations}


def _may_be_kept(there: dict, wanted: dict) -> bool:
    """Whether it was built by the same builder and by no migration that is another one now."""
    return there.get("world") == wanted["world"] and there["migrations"].items() <= wanted["migrations"].items()


def _files(*patterns: str) -> list[Path]:
    return sorted(file for pattern in patterns for file in settings.BASE_DIR.glob(pattern))


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _noted(size: int) -> dict[str, object]:
    """What the database of that size was made from; nothing where there is none, or its making broke off."""
    if on_postgresql():
        said = f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{_kept(size)}'"
        notes = [note for (note,) in _administer(said) if note]
    else:
        notes = [note.read_text() for note in [_beside(size)] if note.exists() and Path(_kept(size)).exists()]
    return json.loads(notes[0]) if notes else {}


def _note(size: int, made_from: dict[str, object]) -> None:
    if on_postgresql():
        _administer(f"COMMENT ON DATABASE {_kept(size)} IS '{json.dumps(made_from)}'")
    else:
        _beside(size).write_text(json.dumps(made_from))


def _beside(size: int) -> Path:
    return FOLDER / f"{size}.json"


@contextmanager
def _bare_tables() -> Iterator[None]:
    """Without foreign keys and indexes while ten million rows come in; on SQLite they are no great part of the work."""
    if not on_postgresql():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'")
        again = [statement for model in LARGE for statement in _undress(cursor, model._meta.db_table)]
        yield
        for statement in again:
            cursor.execute(statement)


def _undress(cursor, table: str) -> list[str]:
    """Drop what slows writing down; gives the statements that bring it back."""
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
        [table],
    )
    keys = cursor.fetchall()
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND NOT EXISTS "
        "(SELECT FROM pg_constraint WHERE conindid = indexname::regclass)",
        [table],
    )
    indexes = cursor.fetchall()
    for name, _ in keys:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    return [
        *(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {said}' for name, said in keys),
        *(said for _, said in indexes),
    ]
