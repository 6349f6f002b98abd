"""A workbook of 10 080 figures into reports: ours, django-import-export as it comes, and what reading and COPY cost.

All three in one run on the same figures, each from an empty state, the best of so many runs; in a database of its own.
"""

from __future__ import annotations

import cProfile
import gc
import pstats
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from .results import Line, seconds
from .stage import Stage

AGENCIES, MEASURES = 480, 21
PARTS = ("preview", "confirm", "again", "undo")


def measure(runs: int) -> list[Line]:
    with _stage() as stage:
        ours = best(runs, stage.empty, stage.preview, stage.confirm, stage.again, stage.undo)
        theirs = best(runs, stage.empty_but_for_reports, stage.their_preview, stage.their_import)
        limit = best(runs, stage.empty, stage.limit) + best(runs, stage.keep_rows, stage.limit_with_keys)
    return list(_lines(stage.figures, ours, theirs, limit))


def best(runs: int, prepare: Callable[[], object], *parts: Callable[[], object]) -> list[float]:
    """Milliseconds that each part takes, one after the other, in the run whose parts together took the least."""
    took = []
    for _ in range(runs):
        prepare()
        gc.collect()
        took.append([seconds(part) * 1000 for part in parts])
    return min(took, key=sum)


def _lines(figures: int, ours: list[float], theirs: list[float], limit: list[float]) -> Iterator[Line]:
    """A ratio to the plain resource, or to the limit, says how many times as fast as that we are."""
    head, (preview, confirm, again, undo) = f"import of {figures:,} cells", ours
    plain, keyed, both = *limit, preview + confirm
    yield Line(f"{head}: preview", preview, theirs[0] / preview, f"a ModelResource's, {theirs[0]:,.0f} ms", ">= 50")
    yield Line(f"{head}: confirm", confirm, theirs[1] / confirm, f"a ModelResource's, {theirs[1]:,.0f} ms", ">= 30")
    yield Line(f"{head}: both", both, sum(theirs) / both, f"a ModelResource's, {sum(theirs):,.0f} ms")
    yield Line(f"{head}: both", both, keyed / both, f"calamine and COPY of all our rows, {keyed:,.0f} ms", ">= 0.33")
    yield Line(f"{head}: both", both, plain / both, f"calamine and COPY into a plain table, {plain:,.0f} ms")
    yield Line(f"{head}: the same file again", again, again / preview, "the first preview")
    yield Line(f"{head}: undo", undo)


def profile(part: str) -> None:
    """Where the time of one part of ours goes, the dearest functions first."""
    with _stage() as stage:
        stage.empty()
        for name in PARTS[: PARTS.index(part)]:
            getattr(stage, name)()
        with cProfile.Profile() as profiler:
            getattr(stage, part)()
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)


@contextmanager
def _stage() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory() as folder:
        own = str(Path(folder) / "bench") if connection.vendor == "sqlite" else "khoinghiep_bench_import"
        connection.settings_dict["TEST"]["NAME"] = own
        before = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            stage = Stage.set(AGENCIES, MEASURES)
            gc.collect()
            gc.freeze()  # as the site's processes do (khoinghiep.gunicorn)
            yield stage
        finally:
            connection.creation.destroy_test_db(before, verbosity=0)
