"""Questions and answers: who sees what and when, who may write and take back."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from targets.models import Comment
from targets.reports import comments, workflow
from targets.reports.comments import WHOLE_REPORT
from targets.reports.rules import NotAllowed

pytestmark = pytest.mark.django_db

QUESTION = "17 gấp 3 kỳ trước. Đối chiếu danh sách."


def said(report, user) -> dict[str, list[tuple[str, list[str]]]]:
    """By measure: (question, answers under it), as that person sees them."""
    return {
        place: [(t.question.comment.text, [a.comment.text for a in t.answers]) for t in threads]
        for place, threads in comments.by_measure(report, user).items()
    }


def test_a_question_waits_for_the_decision_and_only_the_province_sees_it(
    asked, submitted, reporter, reviewer, second_reviewer
):
    assert asked.sent_at is None
    assert said(submitted, reporter) == {}
    assert said(submitted, reviewer) == said(submitted, second_reviewer) == {"CT3": [(QUESTION, [])]}


def test_returning_sends_what_was_asked_in_the_same_moment(returned, asked, reporter):
    asked.refresh_from_db()
    assert asked.sent_at == returned.events.get(verb="return").at
    assert said(returned, reporter) == {"CT3": [(QUESTION, [])]}


def test_a_question_is_reason_enough_to_return(returned):
    assert (returned.return_comment, returned.events.get(verb="return").reason) == ("Xem 1 ý kiến.", "Xem 1 ý kiến.")


def test_a_reason_given_stands_beside_the_questions(submitted, asked, reviewer):
    report = workflow.return_(submitted, by=reviewer, version=submitted.version, reason="Trùng số")
    assert (report.return_comment, report.comments.unsent().count()) == ("Trùng số", 0)


def test_returning_with_neither_reason_nor_question_is_refused(submitted, reviewer):
    with pytest.raises(NotAllowed, match="Ghi lý do trả lại"):
        workflow.return_(submitted, by=reviewer, version=submitted.version, reason=" ")


def test_approving_sends_what_was_asked_too(submitted, asked, reviewer):
    report = workflow.approve(submitted, by=reviewer, version=submitted.version)
    asked.refresh_from_db()
    assert asked.sent_at == report.approved_at


def test_a_refused_decision_sends_nothing(submitted, asked, reviewer):
    with pytest.raises(workflow.Stale):
        workflow.return_(submitted, by=reviewer, version=submitted.version - 1)
    asked.refresh_from_db()
    assert asked.sent_at is None


def test_the_agency_answers_at_once_and_under_the_question(returned, asked, reporter, measure):
    answer = comments.add(returned, measure("CT4"), "Đã rà soát, số đúng là 12.", by=reporter, parent=asked)
    assert (answer.sent_at, answer.measure, answer.round) == (answer.at, measure("CT3"), 1)
    assert said(returned, reporter) == {"CT3": [(QUESTION, ["Đã rà soát, số đúng là 12."])]}


def test_an_answer_to_an_answer_stays_in_the_thread(second_round, asked, reporter, reviewer):
    asked.refresh_from_db()
    answer = comments.add(second_round, None, "Đã rà soát.", by=reporter, parent=asked)
    more = comments.add(second_round, None, "Gửi danh sách.", by=reviewer, parent=answer)
    assert (more.parent, more.sent_at) == (asked, None)
    assert said(second_round, reviewer) == {"CT3": [(QUESTION, ["Đã rà soát.", "Gửi danh sách."])]}
    assert said(second_round, reporter) == {"CT3": [(QUESTION, ["Đã rà soát."])]}


def test_another_district_sees_no_comment(returned, stranger):
    """The questions were sent, so they could leak."""
    assert comments.by_measure(returned, stranger) == {}


@pytest.mark.parametrize("who", ["stranger", "leader", "administrator", "reviewer"])
def test_only_the_agency_answers(who, returned, asked, request):
    with pytest.raises(NotAllowed):
        comments.add(returned, None, "Đã sửa", by=request.getfixturevalue(who), parent=asked)


@pytest.mark.parametrize("who", ["reporter", "stranger", "leader", "administrator"])
def test_only_reviewers_ask(who, submitted, measure, request):
    with pytest.raises(NotAllowed, match="Chỉ cán bộ Hội LHPN tỉnh"):
        comments.add(submitted, measure("CT3"), "Vì sao?", by=request.getfixturevalue(who))


def test_whoever_handed_in_does_not_ask_themselves(draft, reviewer):
    report = workflow.submit(draft, by=reviewer, version=draft.version)
    with pytest.raises(NotAllowed, match="Bạn đã nộp báo cáo này"):
        comments.add(report, None, "Vì sao?", by=reviewer)


def test_an_unsent_question_cannot_be_answered(submitted, asked, reporter):
    with pytest.raises(NotAllowed, match="chưa gửi"):
        comments.add(submitted, None, "Đã sửa", by=reporter, parent=asked)


def test_after_approval_nothing_is_added(approved, reviewer, reporter):
    with pytest.raises(NotAllowed, match="đang chờ duyệt"):
        comments.add(approved, None, "Vì sao?", by=reviewer)


def test_a_question_of_another_report_is_not_answered_here(returned, asked, reporter, own_district, plan):
    other = workflow.start(own_district, plan.periods.get(code="2024-H2"), by=reporter)
    asked.refresh_from_db()
    with pytest.raises(NotAllowed, match="không còn"):
        comments.add(other, None, "Đã sửa", by=reporter, parent=asked)


@pytest.mark.parametrize(("text", "why"), [("  ", "Ghi ý kiến"), ("x" * 2001, "2.000")])
def test_a_comment_says_something_and_not_too_much(text, why, submitted, reviewer):
    with pytest.raises(NotAllowed, match=why):
        comments.add(submitted, None, text, by=reviewer)


def test_one_takes_back_ones_own_words_until_they_are_sent(submitted, asked, reviewer):
    comments.withdraw(asked, by=reviewer)
    comments.withdraw(asked, by=reviewer)  # the button clicked twice
    assert submitted.comments.count() == 0


def test_nobody_takes_back_a_colleagues_words(asked, second_reviewer):
    with pytest.raises(NotAllowed, match="Chỉ người viết"):
        comments.withdraw(asked, by=second_reviewer)


def test_what_was_sent_stays(returned, asked, reviewer):
    with pytest.raises(NotAllowed, match="đã gửi"):
        comments.withdraw(asked, by=reviewer)


def test_a_question_a_colleague_built_on_is_not_taken_away_under_them(submitted, asked, second_reviewer, reviewer):
    comments.add(submitted, None, "Cả ô 3.2.", by=second_reviewer, parent=asked)
    with pytest.raises(NotAllowed, match="Đồng nghiệp"):
        comments.withdraw(asked, by=reviewer)
    assert submitted.comments.count() == 2


def test_threads_take_two_queries_however_many_there_are(submitted, asked, reviewer, django_assert_num_queries):
    with django_assert_num_queries(1):
        comments.by_measure(submitted, reviewer)
    for n in range(5):
        comments.add(submitted, None, f"Ý kiến {n}", by=reviewer)
    with django_assert_num_queries(1):
        assert len(comments.by_measure(submitted, reviewer)[WHOLE_REPORT]) == 5


@pytest.mark.parametrize(
    ("who", "answers", "asks_on"),
    [
        ("reporter", True, False),
        ("reviewer", False, True),
        ("leader", False, False),
        ("administrator", False, False),
    ],
)
def test_a_thread_offers_each_reader_what_the_verb_would_take(who, answers, asks_on, second_round, request):
    (thread,) = comments.by_measure(second_round, request.getfixturevalue(who))["CT3"]
    assert (thread.may_answer, thread.may_ask_on) == (answers, asks_on)


def test_asking_on_the_page_brings_one_back_to_the_figure(signed_in, reviewer, submitted):
    address = f"{reverse('reports:comment', args=[submitted.pk])}?so_sanh=ky-truoc"
    response = signed_in(reviewer).post(address, {"measure": "CT3", "text": QUESTION})
    assert response.url == f"{submitted.get_absolute_url()}?so_sanh=ky-truoc#dong-CT3"
    assert [(c.measure.code, c.text, c.by) for c in submitted.comments.all()] == [("CT3", QUESTION, reviewer)]


def test_a_refused_comment_stays_in_its_box(signed_in, reviewer, submitted):
    """The report is decided while somebody writes: the words are not lost."""
    address = reverse("reports:comment", args=[submitted.pk])
    workflow.approve(submitted, by=reviewer, version=submitted.version)
    page = signed_in(reviewer).post(address, {"measure": "CT3", "text": QUESTION})
    assert (page.status_code, page.context["refused"]["text"]) == (422, QUESTION)
    assert "Chỉ ghi ý kiến cho báo cáo đang chờ duyệt." in page.content.decode()


def test_the_reporter_answers_on_the_report_page(signed_in, reporter, returned, asked):
    client = signed_in(reporter)
    assert QUESTION in client.get(returned.get_absolute_url()).content.decode()
    client.post(reverse("reports:comment", args=[returned.pk]), {"parent": asked.pk, "text": "Số đúng là 12."})
    assert Comment.objects.get(parent=asked).text == "Số đúng là 12."


def test_the_reporters_page_shows_nothing_unsent(signed_in, reporter, reviewer, returned, second_round):
    comments.add(second_round, None, "Chưa gửi đâu", by=reviewer)
    page = signed_in(reporter).get(second_round.get_absolute_url()).content.decode()
    assert (QUESTION in page, "Chưa gửi đâu" in page, "ý kiến chưa gửi" in page) == (True, False, False)


def test_a_reporter_cannot_reach_an_unsent_question_by_its_number(signed_in, reporter, submitted, asked):
    client = signed_in(reporter)
    said = client.post(reverse("reports:comment", args=[submitted.pk]), {"parent": asked.pk, "text": "?"})
    gone = client.post(reverse("reports:withdraw", args=[submitted.pk, asked.pk]))
    assert (said.status_code, gone.status_code, submitted.comments.count()) == (422, 404, 1)


def test_in_the_entry_form_a_thread_leads_to_the_page_where_it_is_answered(returned, asked, reporter):
    """A form within the form would be no HTML, and leaving it would lose what was typed."""
    threads = comments.by_measure(returned, reporter)["CT3"]
    shown = {"threads": threads, "report": returned, "answer_elsewhere": True}
    said = render_to_string("reports/comments_of_figure.html", shown)
    assert (QUESTION in said, "<form" in said, f'href="/bao-cao/{returned.pk}/#y-{asked.pk}"' in said) == (
        True, False, True
    )  # fmt: skip
