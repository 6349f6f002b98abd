"""The database's own refusal to change the log of the door: triggers for PostgreSQL and SQLite.

A migration that makes SQLite rebuild the table drops its triggers: it must end with `install`, or
tests/security/test_log.py fails.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "agencies_accessevent"
REFUSAL = "Nhat ky truy cap chi ghi them: khong sua, khong xoa"  # without accents: a console may not show them

INSTALL = {
    "postgresql": (
        f"""CREATE OR REPLACE FUNCTION refuse_log_change() RETURNS trigger AS $$
            BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END
            $$ LANGUAGE plpgsql""",
        f"""CREATE OR REPLACE TRIGGER log_keeps_rows BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} FOR EACH STATEMENT
            EXECUTE FUNCTION refuse_log_change()""",
    ),
    "sqlite": tuple(
        f"""CREATE TRIGGER IF NOT EXISTS log_refuses_{act} BEFORE {act} ON {TABLE} FOR EACH ROW
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""
        for act in ("UPDATE", "DELETE")
    ),
}
REMOVE = {
    "postgresql": ("DROP FUNCTION IF EXISTS refuse_log_change() CASCADE",),
    "sqlite": ("DROP TRIGGER IF EXISTS log_refuses_UPDATE", "DROP TRIGGER IF EXISTS log_refuses_DELETE"),
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place; they may be there already."""
    _run(connection, INSTALL)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take them away, for a database that is to be emptied."""
    _run(connection, REMOVE)


def _run(connection: BaseDatabaseWrapper, statements: dict[str, tuple[str, ...]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
