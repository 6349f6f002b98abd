"""The database's own refusal to change the ledger (R9): triggers for PostgreSQL and SQLite.

A row may be written, and once be superseded; nothing else, not from a shell and not by SQL. A later migration that
makes SQLite rebuild the table drops its triggers: it must end with `install`, or tests/targets/test_ledger.py fails.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "targets_approvedfigure"
KEPT = ("id", "report_id", "agency_id", "unit_id", "measure_id", "period_id", "value", "approved_at", "approved_by_id")
REFUSAL = "So so lieu da duyet chi ghi them: khong sua, khong xoa"  # without accents: a console may not show them

_UNCHANGED = " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in KEPT)
_SUPERSEDED_ONCE = "OLD.superseded_at IS NULL AND NEW.superseded_at IS NOT NULL AND NEW.superseded_by_id IS NOT NULL"

INSTALL = {
    "postgresql": (
        f"""CREATE OR REPLACE FUNCTION refuse_ledger_change() RETURNS trigger AS $$
            BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END
            $$ LANGUAGE plpgsql""",
        f"""CREATE OR REPLACE TRIGGER ledger_keeps_rows BEFORE UPDATE ON {TABLE} FOR EACH ROW
            WHEN (NOT ({_UNCHANGED} AND {_SUPERSEDED_ONCE})) EXECUTE FUNCTION refuse_ledger_change()""",
        f"""CREATE OR REPLACE TRIGGER ledger_loses_no_row BEFORE DELETE ON {TABLE} FOR EACH ROW
            EXECUTE FUNCTION refuse_ledger_change()""",
        f"""CREATE OR REPLACE TRIGGER ledger_is_not_emptied BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT
            EXECUTE FUNCTION refuse_ledger_change()""",
    ),
    "sqlite": (
        f"""CREATE TRIGGER IF NOT EXISTS ledger_keeps_rows BEFORE UPDATE ON {TABLE} FOR EACH ROW
            WHEN NOT ({_UNCHANGED.replace("IS NOT DISTINCT FROM", "IS")} AND {_SUPERSEDED_ONCE})
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
        f"""CREATE TRIGGER IF NOT EXISTS ledger_loses_no_row BEFORE DELETE ON {TABLE} FOR EACH ROW
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    ),
}
REMOVE = {
    "postgresql": ("DROP FUNCTION IF EXISTS refuse_ledger_change() CASCADE",),
    "sqlite": ("DROP TRIGGER IF EXISTS ledger_keeps_rows", "DROP TRIGGER IF EXISTS ledger_loses_no_row"),
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
