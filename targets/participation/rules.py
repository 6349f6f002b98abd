"""Who may chase, and who may manage accounts. Each rule is a pair: `check_x` raises with the reason, `x` answers."""

from __future__ import annotations

from collections.abc import Sequence

from agencies.models import User
from targets.reports.rules import NotAllowed

from .cells import Cell

__all__ = [
    "NotAllowed",
    "check_can_be_chased",
    "check_may_manage_accounts",
    "check_may_remind",
    "may_manage_accounts",
    "may_remind",
    "may_see_everyone",
]


def may_see_everyone(user: User) -> bool:
    """Who owes what is the province's business; a reporter sees the own agency only."""
    return not user.is_reporter


def may_remind(user: User) -> bool:
    return user.is_reviewer


def check_may_remind(user: User) -> None:
    """The province's officers chase; leaders and administrators read."""
    if not may_remind(user):
        raise NotAllowed("Chỉ cán bộ Hội LHPN tỉnh được gửi nhắc.")


def check_can_be_chased(cells: Sequence[Cell]) -> None:
    """Somebody to remind, and each of them still owes what can still be handed in."""
    if not cells:
        raise NotAllowed("Chọn ít nhất một đơn vị.")
    for cell in cells:
        if not cell.can_be_chased:
            raise NotAllowed(f"{cell.agency} không còn phải nộp, hoặc không còn nộp được báo cáo {cell.period.name}.")


def may_manage_accounts(user: User) -> bool:
    return user.is_admin


def check_may_manage_accounts(user: User) -> None:
    if not may_manage_accounts(user):
        raise NotAllowed("Chỉ quản trị hệ thống được quản lý tài khoản.")
