"""The queue, the decisions on one and on several reports, the checks, the history and what was corrected."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from targets.models import Report
from targets.reports import comments, queueing, reading, workflow
from targets.reports.entries import Entry
from tests.conftest import FIGURES

pytestmark = pytest.mark.django_db


@pytest.fixture
def hand_in(plan, entries):
    """`hand_in(agency, by, "2024-H1", days=3, CT3=9)` -> a report handed in that many days ago."""

    def make(agency, by, code, days=0, **figures) -> Report:
        report = workflow.start(agency, plan.periods.get(code=code), by=by)
        report = workflow.save(report, entries(**FIGURES | figures), by=by, version=report.version)
        at = timezone.now() - dt.timedelta(days=days)
        return workflow.submit(report, by=by, version=report.version, at=at)

    return make


def tick(*reports: Report, **more: str) -> dict[str, object]:
    return {"chosen": [f"{report.pk}:{report.version}" for report in reports], **more}


def statuses(*reports: Report) -> list[str]:
    return [Report.objects.get(pk=report.pk).status for report in reports]


def told(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_the_queue_begins_with_what_waits_longest(hand_in, own_district, other_district, reporter, stranger, reviewer):
    newer = hand_in(own_district, reporter, "2024-H1", days=2)
    older = hand_in(other_district, stranger, "2024-H1", days=7)
    waiting = queueing.queue(reviewer)["waiting"]
    assert [(w.report, w.days, w.from_file) for w in waiting] == [(older, 7, False), (newer, 2, False)]


def test_what_one_handed_in_oneself_cannot_be_ticked(signed_in, draft, reviewer, second_reviewer):
    workflow.submit(draft, by=reviewer, version=draft.version)
    assert [w.may_decide for w in queueing.queue(reviewer)["waiting"]] == [False]
    assert [w.may_decide for w in queueing.queue(second_reviewer)["waiting"]] == [True]
    page = signed_in(reviewer).get(reverse("reports:queue")).content.decode()
    assert ('name="chosen"' in page, "bạn đã nộp, người khác duyệt" in page) == (False, True)


def test_several_are_approved_at_once(signed_in, hand_in, own_district, other_district, reporter, stranger, reviewer):
    first, second = hand_in(own_district, reporter, "2024-H1"), hand_in(other_district, stranger, "2024-H1")
    response = signed_in(reviewer).post(reverse("reports:approve_many"), tick(first, second), follow=True)
    assert statuses(first, second) == ["approved", "approved"]
    assert told(response) == ["Đã duyệt 2 báo cáo: Hạ Lang, 6 tháng đầu năm 2024, Bảo Lâm, 6 tháng đầu năm 2024."]


def test_one_that_changed_meanwhile_keeps_no_other_back(
    signed_in, hand_in, own_district, other_district, reporter, stranger, reviewer, second_reviewer, entries
):
    """Approving is for the version that was on the screen."""
    seen, sound = hand_in(own_district, reporter, "2024-H1"), hand_in(other_district, stranger, "2024-H1")
    now = workflow.return_(seen, by=second_reviewer, version=seen.version, reason="Xem lại")
    now = workflow.save(now, entries(CT3=18), by=reporter, version=now.version)
    workflow.submit(now, by=reporter, version=now.version)
    response = signed_in(reviewer).post(reverse("reports:approve_many"), tick(seen, sound), follow=True)
    assert statuses(seen, sound) == ["submitted", "approved"]
    assert told(response)[1] == f"Chưa duyệt {seen}: Báo cáo vừa được người khác thay đổi. Xem lại rồi thực hiện lại."


def test_ones_own_and_one_decided_meanwhile_are_named(
    signed_in, hand_in, own_district, other_district, reporter, reviewer, second_reviewer
):
    own, gone = hand_in(own_district, reviewer, "2024-H1"), hand_in(other_district, second_reviewer, "2024-H1")
    workflow.return_(gone, by=reviewer, version=gone.version, reason="Xem lại")
    response = signed_in(reviewer).post(reverse("reports:approve_many"), tick(own, gone), follow=True)
    assert statuses(own, gone) == ["submitted", "returned"]
    assert told(response) == [
        f"Chưa duyệt {own}: Bạn đã nộp báo cáo này. Người khác phải duyệt.",
        "Chưa duyệt 1 báo cáo: không còn chờ duyệt.",
    ]


@pytest.mark.parametrize("chosen", [[], ["x"], ["1:"], ["1:2:3"], ["²:²"]])
def test_ticks_that_mean_nothing_approve_nothing(chosen, signed_in, submitted, reviewer):
    response = signed_in(reviewer).post(reverse("reports:approve_many"), {"chosen": chosen}, follow=True)
    assert (response.status_code, statuses(submitted)) == (200, ["submitted"])


def test_several_with_a_doubt_are_shown_once_more(
    signed_in, hand_in, submitted, asked, other_district, stranger, reviewer
):
    other = hand_in(other_district, stranger, "2024-H1")
    client = signed_in(reviewer)
    page = client.post(reverse("reports:approve_many"), tick(submitted, other))
    assert ([d.report for d in page.context["doubts"]], statuses(submitted, other)) == ([submitted], ["submitted"] * 2)
    client.post(reverse("reports:approve_many"), tick(submitted, other, confirmed="1"))
    assert statuses(submitted, other) == ["approved", "approved"]
    asked.refresh_from_db()
    assert asked.sent_at is not None


def test_approving_with_unsent_questions_asks_once_more(signed_in, submitted, asked, reviewer):
    client, address = signed_in(reviewer), reverse("reports:approve", args=[submitted.pk])
    page = client.post(address, {"version": submitted.version, "reason": "Tốt"})
    assert ("1 ý kiến chưa gửi" in page.content.decode(), statuses(submitted)) == (True, ["submitted"])
    client.post(address, {"version": submitted.version, "reason": "Tốt", "confirmed": "1"})
    assert statuses(submitted) == ["approved"]
    assert submitted.events.get(verb="approve").reason == "Tốt"


def test_approving_against_a_warning_asks_once_more(
    signed_in, approved, hand_in, own_district, reporter, reviewer, entries
):
    """17 women last period, 60 now: odd, but it may be true."""
    odd = hand_in(own_district, reporter, "2024-H2", CT3=60)
    client, address = signed_in(reviewer), reverse("reports:approve", args=[odd.pk])
    page = client.post(address, {"version": odd.version})
    assert ("Gấp 3,5 lần kỳ trước" in page.content.decode(), statuses(odd)) == (True, ["submitted"])
    client.post(address, {"version": odd.version, "confirmed": "1"})
    assert statuses(odd) == ["approved"]


def test_the_question_before_approving_tells_a_reporter_nothing(signed_in, submitted, asked, reporter):
    page = signed_in(reporter).post(reverse("reports:approve", args=[submitted.pk]), {"version": submitted.version})
    assert (page.status_code, asked.text in page.content.decode(), statuses(submitted)) == (422, False, ["submitted"])


def test_a_confirmation_of_an_old_version_is_refused(signed_in, submitted, asked, reviewer):
    typed = {"version": submitted.version - 1, "confirmed": "1"}
    page = signed_in(reviewer).post(reverse("reports:approve", args=[submitted.pk]), typed)
    assert (page.status_code, statuses(submitted)) == (422, ["submitted"])


def check_named(page, name):
    return next(check for check in page["inspected"] if check.name == name)


def test_the_checks_name_the_cells_they_looked_at(submitted, reviewer):
    page = reading.page(reviewer, submitted)
    ratios = check_named(page, "Tử số không vượt mẫu số")
    assert (ratios.state, ratios.cells) == ("ok", "ô 1.1, 1.2, 2.1, 2.2")
    parts = check_named(page, "Số trong đó không vượt tổng")
    assert (parts.state, parts.cells) == ("ok", "ô 3.1")
    assert check_named(page, "Lũy kế không giảm").state == "none"


def test_a_check_says_what_it_found_and_what_the_agency_says_to_it(approved, hand_in, own_district, reporter, reviewer):
    entry = Entry(60, note="Thêm 40 chị vay vốn")
    odd = hand_in(own_district, reporter, "2024-H2", CT1_TH=120, CT3=entry)
    page = reading.page(reviewer, odd)
    fell = check_named(page, "Lũy kế không giảm")
    jumped = check_named(page, "Không tăng, giảm đột biến so với kỳ trước")
    assert (fell.state, [p.message for p in fell.found]) == (
        "warn", ["Giảm so với kỳ trước (126 → 120). Đơn vị chưa ghi lý do."]
    )  # fmt: skip
    assert [p.message for p in jumped.found] == ["Gấp 3,5 lần kỳ trước (17 → 60). Đơn vị ghi: Thêm 40 chị vay vốn"]
    assert "1.2" not in jumped.cells


def test_a_figure_that_breaks_a_check_is_an_error_even_in_a_draft(draft, reporter, entries):
    report = workflow.save(draft, entries(CT2_TT=9999), by=reporter, version=draft.version)
    found = check_named(reading.page(reporter, report), "Tử số không vượt mẫu số")
    assert (found.state, [p.measure.code for p in found.found]) == ("err", ["CT2_TT"])


def test_the_history_tells_steps_not_saves(returned, asked, reporter, colleague, entries, reviewer):
    report = workflow.save(returned, entries(CT3=13), by=reporter, version=returned.version)
    report = workflow.save(report, entries(CT3=12, CT4=2), by=colleague, version=report.version)
    report = workflow.save(report, entries(CT4=1), by=reporter, version=report.version)
    report = workflow.submit(report, by=reporter, version=report.version)
    steps = reading.page(reviewer, report)["steps"]
    assert [(step.name, step.details) for step in steps] == [
        ("Nộp lần 2", "Sửa 1 số, cùng nhập: Đàm Thị Liên"),
        ("Trả lại", "1 ý kiến"),
        ("Nộp lần 1", "Nhập 7 số"),
        ("Mở báo cáo", ""),
    ]


def test_work_that_was_not_handed_in_yet_is_one_line(returned, reporter, entries):
    report = workflow.save(returned, entries(CT3=13), by=reporter, version=returned.version)
    report = workflow.save(report, entries(CT3=12, CT4=2), by=reporter, version=report.version)
    steps = reading.page(reporter, report)["steps"]
    assert [(step.name, step.details) for step in steps[:2]] == [("Sửa số liệu", "Sửa 2 số"), ("Trả lại", "1 ý kiến")]


@pytest.fixture
def corrected(approved, reporter, reviewer, second_reviewer, entries):
    report = workflow.reopen(approved, by=reviewer, version=approved.version, reason="Trùng 3 người")
    report = workflow.save(report, entries(CT3=14, LOP=2), by=reporter, version=report.version)
    report = workflow.submit(report, by=reporter, version=report.version)
    return workflow.approve(report, by=second_reviewer, version=report.version)


def test_a_correction_says_old_new_who_when_and_why(corrected, second_reviewer, leader):
    """R10, from the ledger."""
    (correction,) = reading.page(leader, corrected)["corrections"]
    assert [(f.measure.code, f.old, f.new) for f in correction.figures] == [("CT3", 17, 14), ("LOP", None, 2)]
    assert (correction.by, correction.at) == (second_reviewer, corrected.approved_at)
    assert correction.reason == "Trùng 3 người"


def test_a_corrected_report_says_so_to_everyone(signed_in, corrected, leader):
    page = signed_in(leader).get(corrected.get_absolute_url())
    assert page.content.decode().count("Đã đính chính") == 2
    assert page.context["steps"][0].name == "Duyệt đính chính"


def test_a_figure_withdrawn_by_a_correction_counts_no_more(corrected, reporter, reviewer, entries):
    report = workflow.reopen(corrected, by=reviewer, version=corrected.version, reason="Lớp của huyện khác")
    report = workflow.save(report, entries(LOP=None), by=reporter, version=report.version)
    report = workflow.submit(report, by=reporter, version=report.version)
    report = workflow.approve(report, by=reviewer, version=report.version)
    newest, first = reading.page(reviewer, report)["corrections"]
    assert [(f.measure.code, f.old, f.new) for f in newest.figures] == [("LOP", 2, None)]
    assert (newest.reason, len(first.figures)) == ("Lớp của huyện khác", 2)


def test_an_approval_that_changes_nothing_is_no_correction(approved, reporter, reviewer):
    report = workflow.reopen(approved, by=reviewer, version=approved.version, reason="Xem lại")
    report = workflow.submit(report, by=reporter, version=report.version)
    report = workflow.approve(report, by=reviewer, version=report.version)
    assert reading.page(reviewer, report)["corrections"] == []


def test_a_report_not_approved_yet_was_not_corrected(submitted, reviewer):
    assert reading.page(reviewer, submitted)["corrections"] == []


def test_the_page_takes_as_many_queries_with_many_comments_and_rounds(
    signed_in, submitted, reviewer, second_round, measure, reporter, django_assert_num_queries
):
    client = signed_in(reviewer)
    client.get(second_round.get_absolute_url())
    with django_assert_num_queries(QUERIES):
        client.get(second_round.get_absolute_url())
    for code in ("CT3", "CT4", "CT5"):
        comments.add(second_round, measure(code), "Vì sao?", by=reviewer)
    report = workflow.return_(second_round, by=reviewer, version=second_round.version)
    workflow.submit(report, by=reporter, version=report.version)
    with django_assert_num_queries(QUERIES):
        client.get(second_round.get_absolute_url())


QUERIES = 29
