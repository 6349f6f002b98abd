"""What every page shows around its content: the menu of one's role, what waits, whether the figures are invented."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from agencies.models import User
from targets.models import Report

Role = User.Role
# (url name, word, roles that see it). A page that is no entry itself belongs to the last entry of its part of the site.
MENU = (
    ("mine", "Báo cáo của tôi", (Role.REPORTER,)),
    ("progress:dashboard", "Tổng quan", tuple(Role)),
    ("progress:indicators", "Chỉ tiêu", tuple(Role)),
    ("reports:queue", "Duyệt báo cáo", (Role.REVIEWER,)),
    ("reports:all", "Báo cáo", (Role.REVIEWER, Role.LEADER, Role.ADMIN)),
    ("completeness:grid", "Tình hình nộp", (Role.REVIEWER, Role.LEADER, Role.ADMIN)),
    ("imports:upload", "Nhập từ Excel", (Role.REPORTER, Role.REVIEWER, Role.ADMIN)),
    ("agencies:every", "Cơ quan tham gia", (Role.REVIEWER, Role.LEADER, Role.ADMIN)),
    ("admin:index", "Quản trị", (Role.ADMIN,)),
)

# Parts of the site, or single pages, that stand under an entry whose name does not say so.
PARTS = {
    "mine": {"reports"},
    "progress:indicators": {"progress:indicator", "progress:unit"},
    "completeness:grid": {"completeness", "periods"},
}


@dataclass(frozen=True, slots=True)
class MenuItem:
    url: str
    word: str
    current: bool
    waiting: int = 0


def shell(request: HttpRequest) -> dict[str, object]:
    """For templates/base.html. Nobody signed in: nothing, and no query."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    waiting = Report.objects.waiting_for_review().count() if user.is_reviewer else 0
    entries = [(name, word) for name, word, roles in MENU if user.role in roles]
    here = _entry_of(request, [name for name, _ in entries])
    return {
        "menu": [
            MenuItem(reverse(name), word, here == name, waiting if name == "reports:queue" else 0)
            for name, word in entries
        ],
        "demo_data": Report.objects.illustrative().exists(),
    }


def _entry_of(request: HttpRequest, names: list[str]) -> str:
    """The menu entry that the page at hand is, or belongs to; "" when none."""
    match = request.resolver_match
    if match is None:
        return ""
    here = {match.namespace, match.view_name}
    part = [name for name in names if here & PARTS.get(name, {name.partition(":")[0]})]
    return match.view_name if match.view_name in names else part[-1] if part else ""
