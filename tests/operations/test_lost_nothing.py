"""What the site said it saved is there after a worker was killed and after PostgreSQL lost its power, under load.

A cluster of our own. Run by `python3 dev.py test --races`.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from threading import Event, Thread

import pytest

from .cluster import own_cluster, programs
from .conftest import open_report
from .site import PASSWORD, Server, Site, eventually

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not programs(), reason="no PostgreSQL server programs on this machine"),
]
FIRST = 700_000  # no figure of the demo is as large
TIMES = 10
BACK_WITHIN = 5  # seconds


class Typist(Thread):
    """Cô Ba's official: types a number, waits for "saved", types the next, whatever happens in between."""

    def __init__(self, server: Server, report: int):
        super().__init__()
        self.visitor, self.report = server.visitor().sign_in("xa-co-ba"), report
        self.tried, self.saved, self.failed, self.enough = 0, [], 0, Event()

    def run(self) -> None:
        self.visitor.get(f"/bao-cao/{self.report}/nhap/")
        version = 0
        while not self.enough.is_set():
            self.tried += 1
            number = FIRST + self.tried
            try:
                answer = self.visitor.autosave(self.report, version, CT3=str(number))
                said = json.loads(answer.text)
            except (OSError, ValueError):  # cut off, or the page of a database that is away
                self.failed += 1
                continue
            version = said["version"]  # 409 gives it, too
            if answer.status == 200:
                self.saved.append(number)


@contextmanager
def reading(server: Server) -> Iterator[None]:
    """Three reviewers who load the dashboard over and over."""
    enough, visitors = Event(), [server.visitor().sign_in("tinh") for _ in range(3)]

    def read(visitor) -> None:
        while not enough.is_set():
            try:
                visitor.get("/tong-quan/")
            except OSError:  # its worker was killed
                continue

    readers = [Thread(target=read, args=[visitor]) for visitor in visitors]
    for reader in readers:
        reader.start()
    try:
        yield
    finally:
        enough.set()
        for reader in readers:
            reader.join()


def stored(site: Site, report: int) -> set[Decimal]:
    """Every number of CT3 that the history of changes knows."""
    code = (
        "from targets.models import FigureChange as F; "
        f"print(*F.objects.filter(event__report={report}, measure__code='CT3').values_list('new_value', flat=True))"
    )
    return set(map(Decimal, site.python(code).replace("None", "0").split()))


def test_nothing_that_was_acknowledged_is_lost(tmp_path, capsys):
    waits = {"worker": [], "database": []}
    with own_cluster() as cluster:
        site = Site(tmp_path, cluster.url)
        site.manage("migrate", "--noinput")
        site.manage("load_plan", "plan503", "plan2415")
        site.manage("load_demo", "--password", PASSWORD)
        report = open_report(site)
        with site.serve(workers=2) as server, reading(server):
            typist = Typist(server, report)
            typist.start()

            def goes_on(after: int):
                return lambda: len(typist.saved) > after

            for _ in range(TIMES):
                eventually(goes_on(len(typist.saved) + 2))
                os.kill(server.workers()[0], signal.SIGKILL)
                waits["worker"].append(eventually(goes_on(len(typist.saved))))
                eventually(goes_on(len(typist.saved) + 2))
                cluster.crash()
                cluster.start()
                waits["database"].append(eventually(goes_on(len(typist.saved))))
            typist.enough.set()
            typist.join()
        assert set(typist.saved) <= stored(site, report)
    assert len(typist.saved) > 5 * TIMES
    assert typist.failed
    assert max(waits["worker"] + waits["database"]) < BACK_WITHIN
    with capsys.disabled():
        print(  # noqa: T201  (the proof is told)
            f"\n{len(typist.saved)} savings acknowledged and all there; {typist.failed} broken off by {TIMES} killed "
            f"workers (saving again after {max(waits['worker']):.2f} s at most) and {TIMES} crashes of PostgreSQL "
            f"({max(waits['database']):.2f} s at most once it was started)."
        )
