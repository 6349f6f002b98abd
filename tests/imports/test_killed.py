"""kill -9 while a file is being confirmed: all of it or nothing, no lock left, and done again it is as if undisturbed.

PostgreSQL and a real process. Run by `python3 dev.py test --races`.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection, transaction

from agencies.models import User
from targets.imports import staging
from targets.models import Figure, FigureChange, ImportBatch, ImportCell, Period, Report, ReportEvent
from targets.reference import load_plan503
from targets.reports.workflow import NotAllowed
from tests.conftest import FIGURES, make_user

from .staged import communes, sent

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a database in memory dies with its process"),
]
KILLS, SEED = 50, 939
AGENCIES = 300  # of seven figures each
WRITTEN = (FigureChange, ReportEvent, Figure, Report)  # in an order in which they can be deleted


@pytest.fixture
def batch(a_database_to_empty) -> ImportBatch:
    """Begun, filled in and handed in: every verb that confirming knows, on 2 100 cells."""
    load_plan503()
    period = Period.objects.get(plan__number="503/KH-UBND", code="2024-H1")
    by = make_user("hanh", User.Role.REVIEWER)
    return sent(period, dict.fromkeys(communes(AGENCIES), FIGURES), by)


@contextmanager
def confirming(batch: ImportBatch) -> Iterator[subprocess.Popen]:
    """A process that has just been told to confirm; it is gone afterwards."""
    there = connection.settings_dict
    url = f"postgres://{there['USER']}:{there['PASSWORD']}@{there['HOST']}:{there['PORT']}/{there['NAME']}"
    command = (sys.executable, "-m", "tests.imports.confirm_once", str(batch.pk), batch.sent_by.username)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ | {"DATABASE_URL": url}, **pipes) as process:
        process.backend = int(process.stdout.readline())
        process.stdin.write("\n")
        process.stdin.flush()
        yield process
        process.kill()


def wipe(batch: ImportBatch) -> None:
    """As it was before anybody confirmed."""
    ImportCell.objects.update(figure=None, before=None)
    for model in WRITTEN:
        model.objects.all()._raw_delete("default")
    ImportBatch.objects.update(
        state="staged", confirmed_at=None, confirmed_by=None, message=batch.message, outcome=batch.outcome
    )


def written() -> tuple:
    """All that confirming writes, told by names instead of keys, without moments."""
    batch = ImportBatch.objects.get()
    return (
        batch.state,
        batch.message,
        [(one["version"], one["created"], one["submitted"]) for one in batch.outcome.get("written", [])],
        sorted(Report.objects.values_list("agency__code", "status", "version", "round")),
        sorted(Figure.objects.values_list("report__agency__code", "measure__code", "value", "origin")),
        sorted(ReportEvent.objects.values_list("report__agency__code", "verb", "to_status")),
        sorted(FigureChange.objects.values_list("event__report__agency__code", "measure__code", "new_value")),
        sorted(ImportCell.objects.values_list("agency__code", "measure__code", "figure__origin"), key=str),
    )


def seconds_until_free(batch: ImportBatch, backend: int) -> float:
    """How long the database takes to notice that the process is gone and to let go of all it held."""
    began = time.monotonic()
    while time.monotonic() < began + 10:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE pid = %s", [backend])
            if cursor.fetchone() == (0,):
                return time.monotonic() - began
    raise AssertionError("The killed process still holds locks.")


def nothing_is_locked() -> None:
    with transaction.atomic():
        for model in (ImportBatch, Report, Figure, ImportCell):
            list(model.objects.select_for_update(nowait=True, of=("self",)).order_by().values_list("pk", flat=True))


def test_a_confirm_that_is_killed_is_whole_or_has_not_begun(batch, capsys):
    untouched = written()
    took = []
    for _ in range(3):
        wipe(batch)
        with confirming(batch) as process:
            began = time.monotonic()
            assert process.stdout.readline() == "done\n"
            took.append(time.monotonic() - began)
    whole = written()
    assert (whole[0], len(whole[4]), len(whole[5])) == ("confirmed", 7 * AGENCIES, 3 * AGENCIES)

    chance, longest, waits, died = random.Random(SEED), sorted(took)[1] * 1.1, [], {"before": 0, "after": 0}
    for n in range(KILLS):
        wipe(batch)
        assert written() == untouched
        with confirming(batch) as process:
            moment = (n + chance.random()) / KILLS * longest
            try:
                process.wait(timeout=moment)
            except subprocess.TimeoutExpired:
                process.kill()  # SIGKILL
        waits.append(seconds_until_free(batch, process.backend))
        nothing_is_locked()
        now = written()
        assert now in (untouched, whole)
        died["after" if now == whole else "before"] += 1
        if now == whole:
            with pytest.raises(NotAllowed, match="đã nhập"):
                staging.confirm(batch, by=batch.sent_by, submit=True)
        else:
            staging.confirm(batch, by=batch.sent_by, submit=True)
        assert written() == whole
    assert died["before"] > KILLS / 2
    assert max(waits) < 2
    with capsys.disabled():
        print(  # noqa: T201  (the proof is told)
            f"\n{KILLS} confirms of {7 * AGENCIES} cells ({longest / 1.1:.2f} s undisturbed) killed: {died['before']} "
            f"left nothing, {died['after']} were whole; locks gone after at most {max(waits):.2f} s."
        )
