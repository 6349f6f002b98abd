"""The tables of the database as its migrations made them: which models they hold now, held then, and without any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Migration = tuple[str, str]  # app, name
Models = list[type[models.Model]]

# Who is signed in is nobody's record: a restored site asks everyone for the password again.
NOT_KEPT = {"django_session"}
# Filled by every migration, also in a database that nobody has used yet.
ALWAYS_FILLED = {"django_content_type", "auth_permission"}


class Newer(Exception):
    """The backup comes from a later version of the software than this one."""


def applied() -> list[Migration]:
    """The migrations this database has seen, of the apps that are installed."""
    loader = MigrationLoader(connection)
    return sorted(node for node in loader.applied_migrations if node in loader.graph.nodes)


def models_at(done: Iterable[Migration]) -> Models:
    """Models as they were after these migrations, those of many-to-many tables included, ordered by table."""
    loader = MigrationLoader(connection)
    apps = loader.project_state(_heads(loader, done)).apps
    kept = (one for one in apps.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy)
    return sorted((one for one in kept if one._meta.db_table not in NOT_KEPT), key=lambda one: one._meta.db_table)


def check_known(done: Iterable[Migration]) -> None:
    """Raises Newer for migrations that this version of the software does not have."""
    unknown = sorted(set(done) - set(MigrationLoader(connection).graph.nodes))
    if unknown:
        raise Newer(f"Bản sao lưu của phiên bản mới hơn (có {'.'.join(unknown[0])}). Cập nhật phần mềm trước.")


def migrate_to(done: Iterable[Migration]) -> Models:
    """From an empty database to the tables that these migrations make, without a row: some migrations write a few."""
    executor = MigrationExecutor(connection)
    executor.migrate(_heads(executor.loader, done))
    made = models_at(done)
    for model in made:
        if model._base_manager.exists():  # the logs' guards refuse even to delete nothing
            model._base_manager.all()._raw_delete(connection.alias)
    return made


def drop() -> None:
    """Take away every table that migrations made; what others keep in this database stays."""
    apps = MigrationLoader(connection).project_state(_heads(MigrationLoader(connection), applied())).apps
    with connection.schema_editor() as editor:
        for model in apps.get_models():  # with a model go its many-to-many tables
            if model._meta.managed and not model._meta.proxy:
                editor.delete_model(model)
        if MigrationRecorder(connection).has_table():
            editor.delete_model(MigrationRecorder.Migration)


@contextmanager
def alterable() -> Iterator[None]:
    """Within, a transaction may hold migrations: SQLite must be told before it begins."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.constraint_checks_disabled():
        yield


@contextmanager
def foreign_keys_aside() -> Iterator[None]:
    """Rows may come in any order; at the end all keys are checked at once. Raises IntegrityError.

    PostgreSQL would remember every key of every row until then, and check one by one: 10 million rows need gigabytes.
    """
    if connection.vendor == "sqlite":
        yield
        connection.check_constraints()
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conname"
        )
        keys = cursor.fetchall()
        for table, name, _ in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        yield
        for table, name, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come could not be altered


def holds_rows() -> bool:
    """Whether anybody put anything in, were it only the reference data."""
    mine = (one for one in models_at(applied()) if one._meta.db_table not in ALWAYS_FILLED)
    return any(one._base_manager.exists() for one in mine)


def _heads(loader: MigrationLoader, done: Iterable[Migration]) -> list[Migration]:
    """The last of them in each app."""
    done = set(done)
    return sorted(
        node
        for node in done
        if not any(child.key in done and child.key[0] == node[0] for child in loader.graph.node_map[node].children)
    )
