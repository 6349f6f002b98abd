"""Many rows of one table in one statement: COPY and a joined UPDATE on PostgreSQL, executemany elsewhere.

Nothing but the database checks them: no signals, no defaults of the model. Columns left out must be nullable.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

from django.db import connection, models

# What COPY's text format would read as the end of a column or a row.
ESCAPED = {ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}
NULL = "\\N"
# Text, whole numbers, keys and yes or no: Django's preparing of each value would be half of the work.
PLAIN = (models.CharField, models.TextField, models.BooleanField, models.IntegerField, models.ForeignKey)

Rows = Sequence[Sequence[object]]


def insert(model: type[models.Model], columns: Sequence[str], rows: Rows) -> None:
    """Add rows; `columns` are attribute names, as in "agency_id"."""
    if not rows:
        return
    fields = _fields(model, columns)
    table, names = _quoted(model._meta.db_table), ", ".join(_quoted(field.column) for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors:  # as Django itself does for what it knows a cursor can do
                cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", io.StringIO(_copied(rows)))
        else:
            places, prepared = ", ".join(["%s"] * len(fields)), _prepared(fields, rows)
            sql = f"INSERT INTO {table} ({names}) VALUES ({places})"
            cursor.executemany(sql, list(zip(*prepared, strict=True)))


def update(model: type[models.Model], columns: Sequence[str], rows: Rows) -> None:
    """Give rows new values: each of `rows` is a primary key and what `columns` say from now on."""
    if not rows:
        return
    fields = _fields(model, (model._meta.pk.attname, *columns))
    table, (key, *names) = _quoted(model._meta.db_table), [_quoted(field.column) for field in fields]
    keys, *values = prepared = _prepared(fields, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            listed = ", ".join([key, *names])
            arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
            given = ", ".join(f"{name} = given.{name}" for name in names)
            source = f"unnest({arrays}) AS given ({listed})"
            sql = f"UPDATE {table} SET {given} FROM {source} WHERE {table}.{key} = given.{key}"
            cursor.execute(sql, prepared)
        else:
            given = ", ".join(f"{name} = %s" for name in names)
            sql = f"UPDATE {table} SET {given} WHERE {key} = %s"
            cursor.executemany(sql, list(zip(*values, keys, strict=True)))


def _fields(model: type[models.Model], columns: Sequence[str]) -> list[models.Field]:
    return [model._meta.get_field(column) for column in columns]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _prepared(fields: Sequence[models.Field], rows: Rows) -> list[list[object]]:
    """Column by column, the values as the database's driver takes them; most it takes as they are."""
    columns = []
    for field, values in zip(fields, zip(*rows, strict=True), strict=True):
        if isinstance(field, PLAIN):
            columns.append(list(values))
        elif isinstance(field, models.JSONField):
            columns.append([field.get_db_prep_save(value, connection) for value in values])
        else:
            columns.append(_each(values, lambda value, field=field: field.get_db_prep_save(value, connection)))
    return columns


def _copied(rows: Rows) -> str:
    columns = [_each(values, _as_text) for values in zip(*rows, strict=True)]
    return "\n".join(map("\t".join, zip(*columns, strict=True))) + "\n"


def _each(values: Sequence[object], made: Callable[[object], object]) -> list[object]:
    """What is made of each value of a column, once for all that are equal: few differ."""
    found = {value: made(value) for value in set(values)}
    return [found[value] for value in values]


def _as_text(value: object) -> str:
    if value is None:
        return NULL
    return value.translate(ESCAPED) if isinstance(value, str) else str(value)
