# ruff: noqa: T201  (a command line: it talks to the person at the keyboard)
"""The benchmarks of one database, the one of DATABASE_URL; `run.py` starts this for each there is."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import django

from .options import Options, read
from .results import Line, keep


def main(arguments: list[str]) -> None:
    options = read(arguments)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "khoinghiep.settings", "MEDIA_ROOT": folder}
        django.setup()
        if options.profile:
            _profile(options)
            return
        lines: list[Line] = []
        try:
            for line in _measured(options):
                lines.append(line)
        finally:  # what was measured before something failed
            keep(lines, Path(options.lines))


def _measured(options: Options) -> Iterator[Line]:
    """Whatever was asked for and this database can have; pages and approvals before what writes more."""
    from django.db import connection  # models, and what uses them, can be imported only now

    from . import approvals, exports, imports, pages, serving

    name = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}[connection.vendor]
    if options.of("import"):
        yield from _named(name, "import", lambda: imports.measure(options.runs))
    parts: dict[str, Callable[[Mapping[int, str]], list[Line]]] = {
        "dashboard": lambda copies: pages.measure(options.runs, copies),
        "approve": lambda copies: approvals.measure(options.runs, copies),
        "export": lambda copies: exports.measure(copies[max(copies)]),
    }
    if connection.vendor == "postgresql":  # SQLite is for one office
        parts |= {
            "pages": lambda copies: serving.measure_rate(copies[max(copies)]),
            "staff": lambda copies: serving.measure_staff(copies[max(copies)], options.minutes, options.cache),
        }
    wanted = {part: take for part, take in parts.items() if options.of(part)}
    if wanted:
        with _copies(options) as copies:
            for part, take in wanted.items():
                yield from _named(name, part, partial(take, copies))


def _named(database: str, part: str, take: Callable[[], list[Line]]) -> list[Line]:
    print(f"{database}: {part} …", file=sys.stderr, flush=True)
    return [replace(line, database=database) for line in take()]


@contextmanager
def _copies(options: Options) -> Iterator[dict[int, str]]:
    """By size, the name of a database to work on; gone afterwards."""
    from . import databases

    sizes = sorted(set(options.sizes or databases.sizes()) & set(databases.sizes()))
    copies: dict[int, str] = {}
    try:
        for size in sizes:
            print(f"{size:,} figures: built, or taken from the last time …", file=sys.stderr, flush=True)
            databases.prepare(size)
            copies[size] = databases.copy(size)
        databases.settle()
        yield copies
    finally:
        for name in copies.values():
            databases.drop(name)


def _profile(options: Options) -> None:
    """At the largest size; of an import, its parts."""
    from . import databases, imports, profiling

    if options.profile in imports.PARTS:
        imports.profile(options.profile)
        return
    with _copies(options) as copies:
        databases.use(copies[max(copies)])
        profiling.profile(options.profile)


if __name__ == "__main__":
    main(sys.argv[1:])
