"""Ten thousand workbooks gone wrong, each sent through all that an upload goes through. Run by dev.py test --fuzz.

Whatever is in a file, it ends as "ok", "error" or "refused", in time, and writes no figure.
"""

from __future__ import annotations

import resource
import time
from collections import Counter

import pytest
from django.db import transaction

from targets.imports import staging
from targets.imports.assessment import ERROR, OK, REFUSED, assess
from targets.models import ApprovedFigure, Figure, ImportBatch, ImportCell, Report

from .mutants import Mutant, mutant, samples

MUTANTS, BLOCK = 10_000, 500
MOST_SECONDS = 10
AMONG = samples()
pytestmark = [pytest.mark.slow, pytest.mark.fuzz, pytest.mark.django_db]


@pytest.mark.parametrize(
    "block", range(MUTANTS // BLOCK), ids=lambda block: f"{block:02}-{'odd' if block % 2 else 'even'}"
)
def test_no_workbook_breaks_an_upload_or_writes_a_figure(block, plan, reviewer, capsys):
    outcomes, slowest, before = Counter(), (0.0, ""), stored()
    for number in range(block * BLOCK, (block + 1) * BLOCK):
        one = mutant(number, AMONG)
        seconds, outcome = uploaded(one, plan, reviewer)
        assert outcome in (OK, ERROR, REFUSED), one
        assert seconds < MOST_SECONDS, (seconds, one.number, one.name, one.changes)
        outcomes[outcome] += 1
        slowest = max(slowest, (seconds, f"{one.number} from {one.name}"))
    assert stored() == before
    with capsys.disabled():
        # At most: Linux counts a child as large as its parent until it runs a program of its own.
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(f"\n{block:02}: {dict(sorted(outcomes.items()))}, slowest {slowest[0]:.2f} s ({slowest[1]}), child at most {peak} MB", end="")  # noqa: T201, E501  # fmt: skip


def uploaded(one: Mutant, plan, by) -> tuple[float, str]:
    """(how long it took, how it ended). What staging writes is taken back; nothing but that may be written."""
    start = time.perf_counter()
    try:
        with transaction.atomic():
            found = assess(one.content, one.name, plan=plan)
            staging.stage(found, one.content, by=by)
            transaction.set_rollback(True)
    except Exception as broken:
        raise AssertionError(f"mutant {one.number} of {one.name} by {one.changes}") from broken
    return time.perf_counter() - start, found.outcome


def stored() -> list[int]:
    return [model.objects.count() for model in (Report, Figure, ApprovedFigure, ImportBatch, ImportCell)]
