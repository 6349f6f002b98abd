"""Who may do what with a report. Each rule is a pair: `check_x` raises with the reason, `x` answers yes or no."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from agencies.models import Agency, User
from targets.models import Period, Report
from targets.models.days import spell_day


class NotAllowed(Exception):
    """The reason, in Vietnamese, fit to show to the person who tried."""


def check_may_write_for(user: User, agency: Agency) -> None:
    """Reporters write for their own agency; the province's officers and administrators, who import, for any."""
    if user.is_reviewer or user.is_admin or (user.is_reporter and user.agency_id == agency.pk):
        return
    raise NotAllowed(f"Tài khoản của bạn không nhập được báo cáo của {agency}.")


def check_period_is_open(period: Period) -> None:
    if period.is_closed:
        day = timezone.localdate(period.closed_at)
        raise NotAllowed(f"Kỳ {period.name} đã khóa từ {spell_day(day)}. Quản trị hệ thống có thể mở lại kỳ.")


def check_agency_reports_for(agency: Agency, period: Period) -> None:
    """Only agencies that exist when the period's figures are cut off report for it."""
    if not agency.is_in_force_on(period.ends_on):
        raise NotAllowed(f"{agency} không hoạt động vào ngày chốt số liệu của kỳ {period.name}.")


def check_may_review(user: User, report: Report) -> None:
    """Provincial officers decide; nobody decides on what they handed in themselves."""
    if not user.is_reviewer:
        raise NotAllowed("Chỉ cán bộ Hội LHPN tỉnh được duyệt, trả lại báo cáo.")
    if report.submitted_by_id == user.pk:
        raise NotAllowed("Bạn đã nộp báo cáo này. Người khác phải duyệt.")


def check_may_reopen(user: User) -> None:
    if not user.is_reviewer:
        raise NotAllowed("Chỉ cán bộ Hội LHPN tỉnh được mở lại báo cáo đã duyệt.")


def _holds(check: Callable[..., None], *args: object) -> bool:
    try:
        check(*args)
    except NotAllowed:
        return False
    return True


def may_write(user: User, report: Report) -> bool:
    """Templates and views ask this before offering the form."""
    return report.is_editable and _holds(check_may_write_for, user, report.agency)


def may_review(user: User, report: Report) -> bool:
    return report.status == Report.Status.SUBMITTED and _holds(check_may_review, user, report)


def may_reopen(user: User, report: Report) -> bool:
    return report.status == Report.Status.APPROVED and not report.period.is_closed and _holds(check_may_reopen, user)
