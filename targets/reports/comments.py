"""What reviewers ask about a report or one of its figures and what the agency answers: verbs, and threads to show.

A question waits, seen by the province alone, until a decision sends it (workflow.return_, workflow.approve); an answer
of the agency is sent at once.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from agencies.models import User
from targets.models import Comment, Measure, Report

from . import rules
from .rules import NotAllowed

MOST_LETTERS = 2000
WHOLE_REPORT = ""  # where a report's threads keep those about no single figure


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment as a reader meets it."""

    comment: Comment
    may_withdraw: bool

    @property
    def key(self) -> str:
        return str(self.comment.pk)

    @property
    def is_unsent(self) -> bool:
        return self.comment.sent_at is None


@dataclass(frozen=True, slots=True)
class Thread:
    """A question with what was said under it, oldest first."""

    question: Remark
    answers: tuple[Remark, ...]
    may_answer: bool  # the agency, at once
    may_ask_on: bool  # the province, with its decision

    @property
    def is_answered(self) -> bool:
        """Whether the agency has said anything to it."""
        return any(answer.comment.by.is_reporter for answer in self.answers)


@transaction.atomic
def add(
    report: Report,
    measure: Measure | None,
    text: str,
    *,
    by: User,
    parent: Comment | None = None,
    at: dt.datetime | None = None,
) -> Comment:
    """Ask about a figure, or without `measure` about the whole report; under `parent`, answer or ask on.

    Everything under a question is about the question's figure, and threads are one level deep. Raises NotAllowed.
    """
    report = _held(report)
    rules.check_period_is_open(report.period, report.agency)
    question = parent and _question_of(report, parent)
    sent_at = None
    at = at or timezone.now()
    if question and by.is_reporter:
        rules.check_may_answer(by, question)
        sent_at = at
    else:
        rules.check_may_ask(by, report)
    text = _readable(text)
    measure = question.measure if question else measure
    if measure and measure.plan_id != report.period.plan_id:
        raise NotAllowed("Số liệu này không có trong báo cáo.")
    return Comment.objects.create(
        report=report, measure=measure, parent=question, text=text, round=report.round, by=by, at=at, sent_at=sent_at
    )


@transaction.atomic
def withdraw(comment: Comment, *, by: User) -> None:
    """Take back what was not sent yet, and what the same person wrote under it. Raises NotAllowed.

    The report's row is held, so that no decision sends it meanwhile.
    """
    _held(comment.report)
    comment = Comment.objects.filter(pk=comment.pk).first()
    if comment is None:
        return  # a second click
    rules.check_may_withdraw(by, comment)
    if comment.answers.exclude(by=by).exists():
        raise NotAllowed("Đồng nghiệp đã viết tiếp dưới ý kiến này, không xóa được.")
    comment.answers.all().delete()
    comment.delete()


def _held(report: Report) -> Report:
    return Report.objects.select_for_update(of=("self",)).select_related("agency", "period__plan").get(pk=report.pk)


def _question_of(report: Report, comment: Comment) -> Comment:
    """The head of its thread, as it is now, with the report that was locked."""
    question = Comment.objects.select_related("measure").filter(pk=comment.parent_id or comment.pk).first()
    if question is None or question.report_id != report.pk:
        raise NotAllowed("Ý kiến này không còn.")
    question.report = report
    return question


def _readable(text: str) -> str:
    text = text.strip()
    if not text:
        raise NotAllowed("Ghi ý kiến trước khi gửi.")
    if len(text) > MOST_LETTERS:
        raise NotAllowed("Ý kiến dài quá 2.000 ký tự. Viết gọn lại.")
    return text


def by_measure(report: Report, user: User) -> dict[str, list[Thread]]:
    """Threads by measure code, those on the whole report under WHOLE_REPORT; two queries, whatever their number.

    Only what the user may see: a reporter none that is unsent, a stranger's agency none at all.
    """
    if user.is_reporter and user.agency_id != report.agency_id:
        return {}
    may_ask, is_open = rules.may_ask(user, report), rules.is_open_for(report)
    questions: list[Comment] = []
    answers: dict[int, list[Remark]] = {}
    for comment in report.comments.visible_to(user).in_threads():
        comment.report = report
        if comment.parent_id is None:
            questions.append(comment)
        else:
            answers.setdefault(comment.parent_id, []).append(_remark(comment, user))
    threads: dict[str, list[Thread]] = {}
    for question in questions:
        under = tuple(answers.get(question.pk, ()))
        may_answer = is_open and rules.may_answer(user, question)
        thread = Thread(_remark(question, user), under, may_answer, may_ask and question.sent_at is not None)
        threads.setdefault(question.measure.code if question.measure else WHOLE_REPORT, []).append(thread)
    return threads


def _remark(comment: Comment, user: User) -> Remark:
    return Remark(comment, rules.may_withdraw(user, comment))
