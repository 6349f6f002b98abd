# ruff: noqa: T201  (a command line: it talks to the person at the keyboard)
"""A workbook of 10 080 figures into reports: ours, django-import-export as it comes, and what reading and COPY cost.

All three in one run on the same figures, each from an empty state, the best of three. One database, from DATABASE_URL:
`python3 dev.py bench` runs this on each there is. `--runs 1` is quicker, `--profile preview` says where our time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import os
import pstats
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from .stage import Stage

AGENCIES, MEASURES = 480, 21


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--profile", choices=["preview", "confirm", "undo"], help="only this part of ours, by function")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "khoinghiep.settings", "MEDIA_ROOT": folder}
        django.setup()
        from django.db import connection

        own = str(Path(folder) / "bench") if connection.vendor == "sqlite" else "khoinghiep_bench"
        connection.settings_dict["TEST"]["NAME"] = own
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            bench(options)
        finally:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def bench(options: argparse.Namespace) -> None:
    from .stage import Stage  # models can be imported only now

    stage = Stage.set(AGENCIES, MEASURES)
    if options.profile:
        profile(stage, options.profile)
        return
    ours = best(options.runs, stage.empty, stage.preview, stage.confirm, stage.undo)
    theirs = best(options.runs, stage.empty_but_for_reports, stage.their_preview, stage.their_import)
    limit = best(options.runs, stage.empty, stage.limit) + best(options.runs, stage.keep_rows, stage.limit_with_keys)
    print(table(stage.figures, ours, theirs, limit))


def best(runs: int, prepare: Callable[[], object], *parts: Callable[[], object]) -> list[float]:
    """Seconds that each part takes, one after the other, in the run whose parts together took the least."""
    took = []
    for _ in range(runs):
        prepare()
        gc.collect()
        took.append([seconds(part) for part in parts])
    return min(took, key=sum)


def seconds(part: Callable[[], object]) -> float:
    began = time.perf_counter()
    part()
    return time.perf_counter() - began


def table(figures: int, ours: list[float], theirs: list[float], limit: list[float]) -> str:
    preview, confirm, undo = ours
    rows = [
        ("ours: preview (read, assess, stage)", preview),
        ("ours: confirm", confirm),
        ("ours: preview and confirm", preview + confirm),
        ("ours: undo", undo),
        ("ModelResource: preview (dry run)", theirs[0]),
        ("ModelResource: import", theirs[1]),
        ("ModelResource: both", sum(theirs)),
        ("limit: calamine, COPY into a plain table", limit[0]),
        ("limit: calamine, COPY of all our rows into our tables", limit[1]),
    ]
    lines = [f"{figures} figures, {AGENCIES} reports", *(f"{name:<56}{took:9.3f} s" for name, took in rows)]
    whole = preview + confirm
    ratios = [
        ("ModelResource / ours, preview and confirm", sum(theirs) / whole),
        ("ModelResource / ours, preview", theirs[0] / preview),
        ("ModelResource / ours, confirm", theirs[1] / confirm),
        ("ours / limit, plain table", whole / limit[0]),
        ("ours / limit, all our rows into our tables", whole / limit[1]),
    ]
    return "\n".join([*lines, *(f"{name:<56}{ratio:9.1f} x" for name, ratio in ratios)])


def profile(stage: Stage, part: str) -> None:
    """Where the time of one part goes, the dearest functions first."""
    stage.empty()
    parts = {"preview": stage.preview, "confirm": stage.confirm, "undo": stage.undo}
    for name, action in parts.items():
        if name == part:
            with cProfile.Profile() as profiler:
                action()
            pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)
            return
        action()


if __name__ == "__main__":
    main(sys.argv[1:])
