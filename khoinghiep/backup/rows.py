r"""Rows as text, the same from every database: PostgreSQL's COPY format (a line each, tabs between, \N for NULL).

PostgreSQL takes such a text as it stands; for SQLite each value is read by its field.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from io import TextIOWrapper
from itertools import islice
from typing import IO

from django.db import connection, models

NULL = r"\N"
ROWS_AT_ONCE = 2000
ESCAPES = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}
_ESCAPE = str.maketrans(ESCAPES)
_PLAIN = {escaped: letter for letter, escaped in ESCAPES.items()}

# By the exact type a field gives; another one is a KeyError, before it can be stored wrongly.
SPELLED: dict[type, Callable[[object], str]] = {
    type(None): lambda _: NULL,
    str: lambda text: text.translate(_ESCAPE),
    int: str,
    float: repr,
    bool: lambda truth: "t" if truth else "f",
    Decimal: lambda number: format(number, "f"),
    dt.datetime: lambda moment: moment.isoformat(" "),
    dt.date: dt.date.isoformat,
    dt.time: dt.time.isoformat,
    uuid.UUID: str,
}


def columns_of(model: type[models.Model]) -> list[str]:
    return [field.column for field in model._meta.concrete_fields]


def write(model: type[models.Model], stream: IO[bytes]) -> int:
    """All rows of a model in the order of their keys, a few thousand in memory at a time; how many there were."""
    fields = model._meta.concrete_fields
    as_json = [place for place, field in enumerate(fields) if isinstance(field, models.JSONField)]
    rows = model._base_manager.order_by("pk").values_list(*(field.attname for field in fields))
    count = 0
    for row in rows.iterator(ROWS_AT_ONCE):
        stream.write(_line(row, as_json))
        count += 1
    return count


def _line(row: tuple, as_json: list[int]) -> bytes:
    """JSON is what its field says, not what type the value has: a text in it is not a text column."""
    if as_json:
        row = list(row)
        for place in as_json:
            if row[place] is not None:
                row[place] = json.dumps(row[place], ensure_ascii=False, sort_keys=True)
    return ("\t".join([SPELLED[type(value)](value) for value in row]) + "\n").encode()


def load(model: type[models.Model], stream: IO[bytes]) -> None:
    """Put rows written by `write` into the empty table of the same model."""
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(map(quote, columns_of(model)))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", stream)
            return
        fields = model._meta.concrete_fields
        insert = f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"
        rows = _stored(fields, TextIOWrapper(stream, "utf-8", newline="\n"))
        while some := list(islice(rows, ROWS_AT_ONCE)):
            cursor.executemany(insert, some)


def _stored(fields: Iterable[models.Field], lines: Iterable[str]) -> Iterator[list[object]]:
    """Values as this database's driver takes them."""
    readers = [_reader(field) for field in fields]
    for line in lines:
        texts = line.removesuffix("\n").split("\t")
        yield [None if text == NULL else read(text) for read, text in zip(readers, texts, strict=True)]


def _reader(field: models.Field) -> Callable[[str], object]:
    """From a text of this field to what the database's driver takes."""

    def read(text: str) -> object:
        text = re.sub(r"\\.", lambda found: _PLAIN[found[0]], text) if "\\" in text else text
        value = json.loads(text) if isinstance(field, models.JSONField) else field.to_python(text)
        return field.get_db_prep_save(value, connection)

    return read
