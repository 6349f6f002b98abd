"""What a report said before: worked back from the changes, laid beside what it says now."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from targets.reports import attachments, comments, differences, reading, workflow
from targets.reports.differences import APPROVED, LAST_ROUND, PREVIOUS_PERIOD, Said
from targets.reports.entries import Entry
from tests.conftest import FIGURES

pytestmark = pytest.mark.django_db

CODES = ("CT3", "CT4", "CT5", "LOP")
CELLS = st.one_of(
    st.integers(0, 3).map(Entry),
    st.just(Entry()),
    st.just(Entry(not_applicable=True, reason="Không có")),
    st.builds(lambda note: Entry(1, note=note), st.sampled_from(["", "Ước"])),
)
SAVES = st.dictionaries(st.sampled_from(CODES), CELLS, max_size=len(CODES))
# What happens after each save: handed in and sent back, or handed in, approved and reopened, or nothing.
HISTORIES = st.lists(st.tuples(SAVES, st.sampled_from(["", "return", "reopen"])), min_size=1, max_size=7)


@given(history=HISTORIES)
@settings(
    max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)  # fmt: skip
def test_taking_the_changes_back_gives_what_each_event_left(history, own_district, period, reporter, reviewer, plan):
    measures = {m.code: m for m in plan.measures.all()}
    with transaction.atomic():
        report = workflow.start(own_district, period, by=reporter)
        seen = {report.events.get().pk: {}}

        def note():
            event = report.events.order_by("-pk").first()
            seen[event.pk] = differences.said_now(report)

        for cells, then in [({code: Entry(value) for code, value in FIGURES.items()}, ""), *history]:
            asked = {measures[code]: cell for code, cell in cells.items()}
            report = workflow.save(report, asked, by=reporter, version=report.version)
            note()
            if then:
                complete = {measures[code]: Entry(value) for code, value in FIGURES.items()}
                report = workflow.save(report, complete, by=reporter, version=report.version)
                note()
                report = workflow.submit(report, by=reporter, version=report.version)
                note()
                if then == "return":
                    report = workflow.return_(report, by=reviewer, version=report.version, reason="Xem lại")
                else:
                    report = workflow.approve(report, by=reviewer, version=report.version)
                    note()
                    report = workflow.reopen(report, by=reviewer, version=report.version, reason="Sai số")
                note()
        events = {event.pk: event for event in report.events.all()}
        assert {pk: differences.said_at(report, events[pk]) for pk in seen} == seen
        transaction.set_rollback(True)


def line_of(page, code):
    return next(line for section in page["sections"] for line in section.lines if line.measure.code == code)


def test_a_second_hand_in_is_laid_beside_the_first(second_round, reviewer):
    page = reading.page(reviewer, second_round)
    assert [(c.key, c.name) for c in page["comparisons"]] == [(PREVIOUS_PERIOD, "Kỳ trước"), (LAST_ROUND, "Lần 1")]
    changed = line_of(page, "CT3")
    column = changed.columns[1]
    assert (page["chosen"].key, column.said, column.differs, changed.value) == (LAST_ROUND, Said(17), True, 12)
    assert not any(line.differs for s in page["sections"] for line in s.lines if line.measure.code != "CT3")


def test_the_line_above_counts_figures_files_and_answers(returned, asked, reporter, reviewer, entries):
    attachments.attach(returned, BytesIO(b"%PDF-1.7"), "danh-sach.pdf", by=reporter)
    comments.add(returned, None, "Số đúng là 12.", by=reporter, parent=asked)
    report = workflow.save(returned, entries(CT3=12, CT4=2), by=reporter, version=returned.version)
    report = workflow.submit(report, by=reporter, version=report.version)
    summary = reading.page(reviewer, report)["summary"]
    assert (summary.figures, summary.files_added, summary.files_removed) == (2, 1, 0)
    assert (summary.answered, summary.asked) == (1, 1)


def test_a_file_taken_out_again_counts_as_neither_new_nor_removed(returned, reporter, reviewer):
    file = attachments.attach(returned, BytesIO(b"%PDF-1.7"), "danh-sach.pdf", by=reporter)
    attachments.remove(file, by=reporter)
    report = workflow.submit(returned, by=reporter, version=returned.version)
    summary = reading.page(reviewer, report)["summary"]
    assert (summary.figures, summary.files_added, summary.files_removed) == (0, 0, 0)


def test_the_choice_is_in_the_address_and_marked_for_those_who_do_not_see_colour(signed_in, reviewer, second_round):
    client = signed_in(reviewer)
    page = client.get(second_round.get_absolute_url()).content.decode().replace("\n<", "<")
    assert '<del class="d"><span class="visually-hidden">cũ: </span>17</del>' in page
    assert '<ins class="d"><span class="visually-hidden">mới: </span>12</ins>' in page
    assert "So với lần 1:" in page
    other = client.get(second_round.get_absolute_url(), {"so_sanh": PREVIOUS_PERIOD}).content.decode()
    assert ('<del class="d">' in other, "So với lần 1" in other) == (False, False)


def test_a_first_hand_in_has_only_last_period_beside_it(submitted, reviewer):
    page = reading.page(reviewer, submitted, compare=LAST_ROUND)
    assert [c.key for c in page["comparisons"]] == [PREVIOUS_PERIOD]
    assert page["chosen"].key == PREVIOUS_PERIOD


def test_last_periods_figures_are_no_changes(approved, own_district, plan, reporter, reviewer, entries):
    later = workflow.start(own_district, plan.periods.get(code="2024-H2"), by=reporter)
    later = workflow.save(later, entries(**FIGURES | {"CT3": 4}), by=reporter, version=later.version)
    later = workflow.submit(later, by=reporter, version=later.version)
    line = line_of(reading.page(reviewer, later), "CT3")
    assert (line.columns[0].said, line.columns[0].differs, line.total) == (Said(17), False, 21)


def test_a_correction_is_laid_beside_what_is_approved_now(approved, reporter, reviewer, entries):
    """R10: 17 goes on counting while 14 waits."""
    report = workflow.reopen(approved, by=reviewer, version=approved.version, reason="Trùng 3 người")
    report = workflow.save(report, entries(CT3=15), by=reporter, version=report.version)
    report = workflow.submit(report, by=reporter, version=report.version)
    report = workflow.return_(report, by=reviewer, version=report.version, reason="Vẫn trùng")
    report = workflow.save(report, entries(CT3=14), by=reporter, version=report.version)
    report = workflow.submit(report, by=reporter, version=report.version)
    by_key = {c.key: c.said(line_of(reading.page(reviewer, report), "CT3").measure.pk) for c in
              reading.page(reviewer, report)["comparisons"]}  # fmt: skip
    assert (by_key[LAST_ROUND], by_key[APPROVED]) == (Said(15), Said(17))
    assert reading.page(reviewer, report, APPROVED)["summary"].figures == 1


def test_what_was_blank_or_not_applicable_is_told_apart(submitted, reporter, reviewer, entries):
    """R2"""
    report = workflow.return_(submitted, by=reviewer, version=submitted.version, reason="Xem lại")
    report = workflow.save(
        report,
        entries(LOP=0, VON=Entry(not_applicable=True, reason="Không vay")),
        by=reporter,
        version=report.version,
    )
    page = reading.page(reviewer, report)
    lop, von = line_of(page, "LOP"), line_of(page, "VON")
    assert (lop.columns[1].said, lop.value, lop.differs) == (Said(), 0, True)
    assert (von.columns[1].said, von.not_applicable, von.differs) == (Said(), True, True)
