"""Totals kept with each approval, on generated histories: always what the ledger, counted at once, says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.progress.progress import VIEWS, progress
from targets.progress.trend import trends
from targets.totals import keeping
from targets.totals.reading import open_book
from tests.progress.histories import HALVES, Event, History, Stage, approve, histories, sandbox, staged
from tests.progress.test_histories import few

pytestmark = pytest.mark.django_db
YEARS = ("2020", "2021", "2022")


def begun(history: History) -> Stage:
    """The stage of a history, with totals kept from its first approval on."""
    stage = staged(history)
    keeping.rebuild(stage.plan)
    return stage


@few(6)
@given(histories(), st.data())
def test_r3_to_r10_they_agree_after_every_approval_whatever_its_order(history, data):
    """Early periods late, corrections, mergers and phases among them."""
    events = data.draw(st.permutations(history.events))
    with sandbox():
        stage = begun(history)
        for event in in_order_of_reports(events):
            approve(stage, [event])
        stage.plan.refresh_from_db()
        assert keeping.differences(stage.plan) == []
        assert open_book(stage.periods[HALVES[0]]).kept is not None


@few(3)
@given(histories())
def test_r3_to_r10_made_anew_they_are_what_approvals_kept(history):
    with sandbox():
        stage = begun(history)
        approve(stage, history.events)
        keeping.rebuild(stage.plan)
        assert keeping.differences(stage.plan) == []


@few(3)
@given(histories())
def test_a_page_made_from_them_is_the_page_made_from_the_ledger(history):
    """Every number, mark and reason, in every view, and every line of every trend."""
    with sandbox():
        stage = begun(history)
        approve(stage, history.events)
        stage.plan.refresh_from_db()
        for code in (*HALVES, *YEARS):
            period = stage.periods[code]
            kept, counted = open_book(period), open_book(period, rows=True)
            assert kept.kept is not None
            for by in VIEWS:
                page = progress(period, by=by, book=kept)
                assert page == progress(period, by=by, book=counted)
                assert trends(period, by=by, book=kept) == trends(period, by=by, book=counted)
                for row in page.rows[:3]:
                    lines = [trends(period, by=by, unit_pk=row.unit_pk, book=book) for book in (kept, counted)]
                    assert lines[0] == lines[1]


def in_order_of_reports(events: list[Event]) -> list[Event]:
    """Any order of reports, but a report's own approvals one after another as they were."""
    waiting: dict[tuple[str, str], list[Event]] = {}
    for event in sorted(events, key=lambda event: event.at):
        waiting.setdefault(event.report, []).append(event)
    return [waiting[event.report].pop(0) for event in events]
