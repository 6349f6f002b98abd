"""Who may do what with a report. Each rule is a pair: `check_x` raises with the reason, `x` answers yes or no."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from agencies.models import Agency, User
from targets.models import Comment, Duty, Extension, Period, Report
from targets.models.days import spell_day


class NotAllowed(Exception):
    """The reason, in Vietnamese, fit to show to the person who tried."""


def check_may_write_for(user: User, agency: Agency) -> None:
    """Reporters write for their own agency; the province's officers and administrators, who import, for any."""
    if user.is_reviewer or user.is_admin or (user.is_reporter and user.agency_id == agency.pk):
        return
    raise NotAllowed(f"Tài khoản của bạn không nhập được báo cáo của {agency}.")


def check_period_is_open(period: Period, agency: Agency | None = None) -> None:
    """A closed period takes no change, but for an agency that was given more time, as long as that runs."""
    if not period.is_closed or (agency is not None and running_extension(agency, period)):
        return
    day = spell_day(timezone.localdate(period.closed_at))
    raise NotAllowed(
        f"Kỳ {period.name} đã khóa từ {day}, người khóa: {period.closed_by}. "
        "Cán bộ Hội LHPN tỉnh hoặc quản trị có thể mở lại kỳ hoặc gia hạn cho đơn vị."
    )


def running_extension(agency: Agency, period: Period, day: dt.date | None = None) -> Extension | None:
    """The time last granted, while its last day has not passed in Cao Bằng; an earlier grant no longer matters."""
    granted = Extension.objects.of(agency, period).select_related("granted_by").first()
    return granted if granted and granted.until >= (day or timezone.localdate()) else None


def check_agency_reports_for(agency: Agency, period: Period) -> None:
    """Only agencies that exist when the period's figures are cut off report for it."""
    if not agency.is_in_force_on(period.ends_on):
        raise NotAllowed(f"{agency} không hoạt động vào ngày chốt số liệu của kỳ {period.name}.")


def check_is_asked_for(user: User, agency: Agency, period: Period) -> None:
    """Reporters begin what their agency owes; the province, which imports, may hold other reports of it too."""
    asked = Duty.objects.filter(agency=agency, plan=period.plan_id, reports_every=period.kind)
    if user.is_reporter and not asked.exists():
        raise NotAllowed(f"{agency} không phải nộp báo cáo kỳ {period.name}.")


def check_may_review(user: User, report: Report) -> None:
    """Provincial officers decide; nobody decides on what they handed in themselves."""
    if not user.is_reviewer:
        raise NotAllowed("Chỉ cán bộ Hội LHPN tỉnh được duyệt, trả lại báo cáo.")
    if report.submitted_by_id == user.pk:
        raise NotAllowed("Bạn đã nộp báo cáo này. Người khác phải duyệt.")


def check_may_reopen(user: User) -> None:
    if not user.is_reviewer:
        raise NotAllowed("Chỉ cán bộ Hội LHPN tỉnh được mở lại báo cáo đã duyệt.")


def check_may_ask(user: User, report: Report) -> None:
    """Whoever may decide on a report may ask about it; a question goes out with a decision, so one must be due."""
    if report.status != Report.Status.SUBMITTED:
        raise NotAllowed("Chỉ ghi ý kiến cho báo cáo đang chờ duyệt.")
    check_may_review(user, report)


def check_may_answer(user: User, question: Comment) -> None:
    """The agency answers what it was sent, until the report is approved."""
    if not user.is_reporter or user.agency_id != question.report.agency_id:
        raise NotAllowed("Chỉ đơn vị báo cáo trả lời ý kiến của tỉnh.")
    if question.sent_at is None:
        raise NotAllowed("Ý kiến này chưa gửi cho đơn vị.")
    if question.report.status == Report.Status.APPROVED:
        raise NotAllowed("Báo cáo đã duyệt. Muốn trao đổi thêm, đề nghị tỉnh mở lại báo cáo.")


def check_may_withdraw(user: User, comment: Comment) -> None:
    """One's own words, as long as nobody outside the province has seen them."""
    if comment.by_id != user.pk:
        raise NotAllowed("Chỉ người viết xóa được ý kiến của mình.")
    if comment.sent_at is not None:
        raise NotAllowed("Ý kiến đã gửi, không xóa được.")


def check_may_keep_periods(user: User) -> None:
    """Who closes a period, opens it again and grants more time."""
    if not (user.is_reviewer or user.is_admin):
        raise NotAllowed("Chỉ cán bộ Hội LHPN tỉnh hoặc quản trị được khóa, mở lại kỳ và gia hạn.")


def _holds(check: Callable[..., None], *args: object) -> bool:
    try:
        check(*args)
    except NotAllowed:
        return False
    return True


def may_write(user: User, report: Report) -> bool:
    """Templates and views ask this before offering the form."""
    return report.is_editable and _holds(check_may_write_for, user, report.agency) and is_open_for(report)


def may_decide(user: User, report: Report) -> bool:
    """Whether this person, of all reviewers, may: for a queue, where each report does wait."""
    return _holds(check_may_review, user, report)


def may_review(user: User, report: Report) -> bool:
    return report.status == Report.Status.SUBMITTED and may_decide(user, report) and is_open_for(report)


def may_reopen(user: User, report: Report) -> bool:
    return report.status == Report.Status.APPROVED and _holds(check_may_reopen, user) and is_open_for(report)


def is_open_for(report: Report) -> bool:
    return _holds(check_period_is_open, report.period, report.agency)


def may_ask(user: User, report: Report) -> bool:
    return _holds(check_may_ask, user, report) and is_open_for(report)


def may_answer(user: User, question: Comment) -> bool:
    return _holds(check_may_answer, user, question)


def may_withdraw(user: User, comment: Comment) -> bool:
    return _holds(check_may_withdraw, user, comment)


def may_keep_periods(user: User) -> bool:
    return _holds(check_may_keep_periods, user)
