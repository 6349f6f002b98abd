"""Two people at one report at the same moment: real threads, real transactions, so PostgreSQL and no test database in
memory. Run by `python3 dev.py test --races`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import close_old_connections, connection

from agencies.models import Agency, User
from targets.models import Period, Report
from targets.reference import load_plan503
from targets.reports import workflow
from targets.reports.entries import Entry
from tests.conftest import FIGURES, make_user

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]
TIMES = 200
TOGETHER = 20


@pytest.fixture
def cast(a_database_to_empty) -> dict[str, User]:
    """The reference data, which an earlier test of this kind emptied, and three people."""
    load_plan503()
    agency = Agency.objects.get(code="hoi-lhpn-huyen-ha-lang")
    return {
        "reporter": make_user("thanh", User.Role.REPORTER, agency),
        "colleague": make_user("lien", User.Role.REPORTER, agency),
        "reviewer": make_user("hanh", User.Role.REVIEWER),
    }


@pytest.fixture
def draft(cast) -> Report:
    period = Period.objects.get(plan__number="503/KH-UBND", code="2024-H1")
    report = workflow.start(cast["reporter"].agency, period, by=cast["reporter"])
    return workflow.save(report, typed(report, **FIGURES), by=cast["reporter"], version=report.version)


def typed(report: Report, **values: int) -> dict:
    return {m: Entry(Decimal(values[m.code])) for m in report.period.plan.measures.filter(code__in=values)}


def at_once(*actions: Callable[[], Report]) -> list[Report | workflow.NotAllowed]:
    """Each action in a thread of its own, all let go at one signal; gives what came of each, in order."""
    signal = Barrier(len(actions))

    def run(action: Callable[[], Report]) -> Report | workflow.NotAllowed:
        close_old_connections()
        try:
            signal.wait(timeout=30)
            return action()
        except workflow.NotAllowed as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return [done.result(timeout=60) for done in [pool.submit(run, action) for action in actions]]


def women(report: Report) -> Decimal:
    return report.figures.get(measure__code="CT3").value


def test_what_is_approved_is_what_the_reviewer_saw(draft, cast):
    """While she approves, the report is sent back by a colleague, changed and handed in again."""
    reporter, reviewer = cast["reporter"], cast["reviewer"]
    colleague = make_user("nga", User.Role.REVIEWER)
    report = workflow.submit(draft, by=reporter, version=draft.version)
    won = Counter()
    for n in range(TIMES):
        seen, version = women(report), report.version
        changed = typed(report, CT3=100 + n)

        def correct(report=report, changed=changed) -> Report:
            now = workflow.return_(report, by=colleague, version=report.version, reason="Xem lại")
            now = workflow.save(now, changed, by=reporter, version=now.version)
            return workflow.submit(now, by=reporter, version=now.version)

        approved, corrected = at_once(
            lambda report=report, version=version: workflow.approve(report, by=reviewer, version=version), correct
        )
        approvals = isinstance(approved, Report), isinstance(corrected, Report)
        won[approvals] += 1
        report = Report.objects.get(pk=report.pk)
        counted = report.approved_figures.current().filter(measure__code="CT3").values_list("value", flat=True)
        if approvals == (True, False):
            assert (report.status, list(counted)) == (Report.Status.APPROVED, [seen])
            report = workflow.reopen(report, by=reviewer, version=report.version, reason="Lần sau")
            report = workflow.submit(report, by=reporter, version=report.version)
        else:
            assert (report.status, women(report)) == (Report.Status.SUBMITTED, 100 + n)
            assert 100 + n not in counted
    assert sum(won.values()) == TIMES
    assert set(won) <= {(True, False), (False, True)}


def test_of_two_saves_at_once_one_is_told(draft, cast):
    """Both built on the same version: one is kept whole, the other is refused; nothing is written over unseen."""
    reporter, colleague = cast["reporter"], cast["colleague"]
    report = draft
    for n in range(TIMES):
        one, other = typed(report, CT3=200 + n, CT4=1), typed(report, CT3=700 + n, CT4=2)
        results = at_once(
            lambda report=report, one=one: workflow.save(report, one, by=reporter, version=report.version),
            lambda report=report, other=other: workflow.save(report, other, by=colleague, version=report.version),
        )
        kept = [place for place, result in enumerate(results) if isinstance(result, Report)]
        refused = [result for result in results if isinstance(result, workflow.NotAllowed)]
        assert (len(kept), [type(refusal) for refusal in refused]) == (1, [workflow.Stale])
        before, report = report.version, Report.objects.get(pk=report.pk)
        told = dict(report.figures.filter(measure__code__in=("CT3", "CT4")).values_list("measure__code", "value"))
        assert told == ({"CT3": 200 + n, "CT4": 1}, {"CT3": 700 + n, "CT4": 2})[kept[0]]
        assert (report.version, report.events.filter(verb="save").count()) == (before + 1, 2 + n)


def test_handing_in_many_times_at_once_is_one_hand_in(draft, cast):
    """An impatient finger on a slow line."""
    results = at_once(
        *[lambda: workflow.submit(draft, by=cast["reporter"], version=draft.version) for _ in range(TOGETHER)]
    )
    assert sum(isinstance(result, Report) for result in results) == 1
    draft.refresh_from_db()
    assert (draft.status, draft.round, draft.events.filter(verb="submit").count()) == (Report.Status.SUBMITTED, 1, 1)


def test_starting_many_times_at_once_is_one_report(cast):
    agency = cast["reporter"].agency
    period = Period.objects.get(plan__number="503/KH-UBND", code="2024-H2")
    results = at_once(*[lambda: workflow.start(agency, period, by=cast["reporter"]) for _ in range(TOGETHER)])
    assert len({result.pk for result in results}) == 1
    assert [event.verb for event in results[0].events.all()] == ["start"]
