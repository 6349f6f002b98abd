"""A confirmed file taken back: every figure as before, hand-ins too, as long as nothing was built on it since."""

from __future__ import annotations

import datetime as dt

import pytest

from targets.imports import staging, undoing
from targets.models import Figure, FigureChange, Report, ReportEvent
from targets.reports import periods, workflow
from targets.reports.entries import Entry
from targets.reports.workflow import NotAllowed
from tests.conftest import FIGURES

from .staged import communes, confirmed, everything, sent, standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_files(own_district, other_district, period, reviewer):
    """The same figure of Hạ Lang in two files, the second also beginning Bảo Lâm's report."""
    first = confirmed(period, {own_district: {"CT3": 17}}, reviewer)
    second = confirmed(period, {own_district: {"CT3": 18}, other_district: {"CT3": 1}}, reviewer)
    return first, second


def test_undoing_restores_figures_and_takes_out_new_ones(
    draft, own_district, other_district, period, reviewer, entries
):
    noted = entries(CT4=Entry(not_applicable=True, reason="Không giao", note="CV 12"))
    workflow.save(draft, noted, by=reviewer, version=draft.version)
    earlier = confirmed(period, {own_district: {"CT5": 3}}, reviewer)
    before = everything()
    batch = confirmed(
        period, {own_district: {"CT3": 1, "CT4": 2, "CT5": 4, "VON": 5}, other_district: FIGURES}, reviewer
    )
    assert everything() != before
    undoing.undo(batch, by=reviewer)
    batch.refresh_from_db()
    assert everything() == before
    assert draft.figures.get(measure__code="CT5").origin == earlier.cells.get()
    assert (batch.state, batch.undone_by, batch.undone_at > batch.confirmed_at) == ("undone", reviewer, True)
    assert batch.message == "Đã hoàn tác, 2 báo cáo trở lại như trước khi nhập."
    assert set(batch.cells.values_list("figure", flat=True)) == {None}


def test_undoing_is_written_down_report_by_report(draft, own_district, period, reviewer, second_reviewer):
    batch = confirmed(period, {own_district: {"CT3": 18, "VON": 5}}, reviewer)
    undoing.undo(batch, by=second_reviewer)
    event = draft.events.last()
    assert (event.verb, event.by, event.reason) == ("save", second_reviewer, "Hoàn tác nhập tệp a.xlsx")
    changes = FigureChange.objects.filter(event=event).values_list("measure__code", "old_value", "new_value")
    assert list(changes) == [("CT3", 18, 17), ("VON", 5, None)]


def test_a_hand_in_that_the_file_made_is_taken_back(own_district, period, reviewer):
    """The report was never handed in on time: it was never handed in."""
    batch = confirmed(period, {own_district: FIGURES}, reviewer, submit=True)
    undoing.undo(batch, by=reviewer)
    report = Report.objects.get()
    assert standing(report) == ("draft", 0, "", (None, None, None))
    assert [event.verb for event in report.events.all()] == ["start", "save", "submit", "recall", "save"]
    recall = report.events.get(verb="recall")
    assert (recall.from_status, recall.to_status, recall.round, recall.reason) == (
        "submitted",
        "draft",
        0,
        "Hoàn tác nhập tệp a.xlsx",
    )
    assert not report.figures.exists()
    confirmed(period, {own_district: FIGURES}, reviewer, submit=True)
    report.refresh_from_db()
    assert (report.status, report.round) == ("submitted", 1)


def test_a_returned_report_is_returned_again(submitted, own_district, period, reporter, second_reviewer, reviewer):
    report = workflow.return_(submitted, by=second_reviewer, version=submitted.version, reason="Xem lại 3.1")
    before, figures = standing(report), everything()
    batch = confirmed(period, {own_district: {"CT3": 18}}, reviewer, submit=True)
    assert standing(report)[:3] == ("submitted", 2, "")
    undoing.undo(batch, by=reviewer)
    assert (standing(report), everything()) == (before, figures)
    assert before[:3] == ("returned", 1, "Xem lại 3.1")


def test_a_correction_taken_back_is_a_draft_whose_first_hand_in_stays(approved, own_district, period, reviewer):
    report = workflow.reopen(approved, by=reviewer, version=approved.version, reason="Sai số")
    before = standing(report)
    undoing.undo(confirmed(period, {own_district: {"CT3": 18}}, reviewer, submit=True), by=reviewer)
    assert standing(report) == before
    assert (before[0], before[1], before[3][2]) == ("draft", 1, approved.first_submitted_at)


def test_a_hand_in_taken_back_twice_remembers_the_one_that_stands(submitted, own_district, period, reviewer, reporter):
    report = workflow.return_(submitted, by=reviewer, version=submitted.version, reason="Xem lại 3.1")
    before = standing(report)
    for value in (18, 19):
        undoing.undo(confirmed(period, {own_district: {"CT3": value}}, reviewer, submit=True), by=reviewer)
        assert standing(report) == before


def test_a_round_taken_back_and_begun_again_is_remembered_as_it_was_begun_again(
    draft, own_district, period, reviewer, second_reviewer, reporter
):
    undoing.undo(confirmed(period, {own_district: FIGURES}, second_reviewer, submit=True), by=reviewer)
    draft.refresh_from_db()
    report = workflow.submit(draft, by=reporter, version=draft.version)
    report = workflow.return_(report, by=reviewer, version=report.version, reason="Xem lại 3.1")
    before = standing(report)
    undoing.undo(confirmed(period, {own_district: {"CT3": 18}}, reviewer, submit=True), by=reviewer)
    assert standing(report) == before
    assert (before[1], before[3][1]) == (1, reporter)


def test_a_report_handed_in_unchanged_is_taken_back_too(draft, own_district, period, reviewer):
    batch = confirmed(period, {own_district: FIGURES}, reviewer, submit=True)
    assert batch.message == "Không có thay đổi. Đã nộp 1 báo cáo."
    undoing.undo(batch, by=reviewer)
    assert (standing(draft)[0], draft.figures.count()) == ("draft", len(FIGURES))


def test_what_was_built_on_the_file_is_listed_and_nothing_is_undone(
    own_district, other_district, province_union, period, reviewer, second_reviewer, entries
):
    said = dict.fromkeys((own_district, other_district, province_union), FIGURES)
    batch = confirmed(period, said, reviewer)
    own, other = (Report.objects.get(agency=agency) for agency in (own_district, other_district))
    workflow.submit(own, by=reviewer, version=own.version)
    own = Report.objects.get(pk=own.pk)
    workflow.approve(own, by=second_reviewer, version=own.version)
    workflow.save(other, entries(CT3=99), by=reviewer, version=other.version)
    ReportEvent.objects.update(at=dt.datetime(2024, 7, 22, 9, 40, tzinfo=dt.UTC))
    assert [(one.report, one.why) for one in undoing.dependents(batch)] == [
        (other, "sửa tiếp lúc 16:40, 22/7/2024"),
        (own, "đã duyệt lúc 16:40, 22/7/2024"),
    ]
    figures, events = everything(), ReportEvent.objects.count()
    with pytest.raises(NotAllowed) as refusal:
        undoing.undo(batch, by=reviewer)
    assert str(refusal.value) == (
        "Không hoàn tác được. Hội LHPN huyện Bảo Lâm: sửa tiếp lúc 16:40, 22/7/2024; "
        "Hội LHPN huyện Hạ Lang: đã duyệt lúc 16:40, 22/7/2024."
    )
    batch.refresh_from_db()
    assert (batch.state, everything(), ReportEvent.objects.count()) == ("confirmed", figures, events)


@pytest.mark.parametrize(
    ("verb", "word"), [("submit", "đã nộp"), ("return", "đã trả lại"), ("approve", "đã duyệt"), ("reopen", "đã mở lại")]
)
def test_each_turn_since_is_told(verb, word, own_district, period, reviewer, second_reviewer):
    batch = confirmed(period, {own_district: FIGURES}, reviewer)
    turns = {
        "submit": lambda report: workflow.submit(report, by=reviewer, version=report.version),
        "return": lambda report: workflow.return_(report, by=second_reviewer, version=report.version, reason="Xem lại"),
        "approve": lambda report: workflow.approve(report, by=second_reviewer, version=report.version),
        "reopen": lambda report: workflow.reopen(report, by=second_reviewer, version=report.version, reason="Sai"),
    }
    report = Report.objects.get()
    for turn in {"return": ("submit", "return"), "reopen": ("submit", "approve", "reopen")}.get(verb, ("submit", verb)):
        report = turns[turn](report) if report.events.last().verb != turn else report
    (one,) = undoing.dependents(batch)
    assert one.why.startswith(f"{word} lúc ")


def test_a_later_file_stands_in_the_way_until_it_is_undone_itself(two_files, reviewer, own_district):
    first, second = two_files
    assert [(str(one.report.agency), one.why.split(" lúc ")[0]) for one in undoing.dependents(first)] == [
        ("Hội LHPN huyện Hạ Lang", "sửa tiếp")
    ]
    undoing.undo(second, by=reviewer)
    assert undoing.dependents(first) == []
    undoing.undo(first, by=reviewer)
    assert everything() == []


def test_several_later_files_that_were_all_undone_stand_in_nobodys_way(two_files, own_district, period, reviewer):
    first, second = two_files
    third = confirmed(period, {own_district: {"CT3": 19}}, reviewer)
    for batch in (third, second):
        undoing.undo(batch, by=reviewer)
    undoing.undo(confirmed(period, {own_district: {"CT3": 20}}, reviewer), by=reviewer)
    assert undoing.dependents(first) == []


def test_it_refuses_to_undo_twice_or_what_was_never_confirmed(own_district, period, reviewer):
    staged = sent(period, {own_district: {"CT3": 17}}, reviewer)
    with pytest.raises(NotAllowed, match="chưa nhập"):
        undoing.undo(staged, by=reviewer)
    staging.confirm(staged, by=reviewer)
    undoing.undo(staged, by=reviewer)
    with pytest.raises(NotAllowed, match="rồi hoàn tác"):
        undoing.undo(staged, by=reviewer)


def test_a_closed_period_refuses_it(own_district, period, reviewer, administrator):
    batch = confirmed(period, {own_district: {"CT3": 17}}, reviewer)
    periods.close(period, by=administrator)
    with pytest.raises(NotAllowed, match=r"Hội LHPN huyện Hạ Lang: kỳ .* đã khóa"):
        undoing.undo(batch, by=reviewer)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("reporter", True),  # who sent it
        ("colleague", False),
        ("stranger", False),
        ("reviewer", True),
        ("second_reviewer", True),
        ("administrator", True),
        ("leader", False),
    ],
)
def test_the_sender_and_the_province_may_undo(who, may, request, own_district, period, reporter):
    batch, user = confirmed(period, {own_district: {"CT3": 17}}, reporter), request.getfixturevalue(who)
    assert undoing.may_undo(user, batch) == may
    if may:
        undoing.undo(batch, by=user)
    else:
        with pytest.raises(NotAllowed, match="Chỉ người gửi tệp"):
            undoing.undo(batch, by=user)
    batch.refresh_from_db()
    assert (batch.state, undoing.may_undo(user, batch)) == ("undone" if may else "confirmed", False)


@pytest.mark.parametrize("count", [2, 40])
def test_undoing_takes_as_many_queries_for_forty_agencies_as_for_two(
    count, period, reviewer, django_assert_num_queries
):
    agencies = communes(count)
    confirmed(period, dict.fromkeys(agencies[::2], FIGURES), reviewer)
    batch = confirmed(
        period, {agency: FIGURES | {"CT3": 99, "CT3_KN": 1} for agency in agencies}, reviewer, submit=True
    )
    with django_assert_num_queries(20):
        undoing.undo(batch, by=reviewer)
    assert Figure.objects.count() == count // 2 * len(FIGURES)
