"""What every page shows around its content: the menu of one's role, what waits, whether the figures are invented."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from agencies.models import User
from targets.models import Report
from targets.templatetags.kn import PACES

Role = User.Role
# (url name, word, roles that see it); a page belongs to the first entry whose part of the site it is in.
MENU = (
    ("reports:mine", "Báo cáo của tôi", (Role.REPORTER,)),
    ("progress:dashboard", "Tổng quan", tuple(Role)),
    ("reports:queue", "Duyệt báo cáo", (Role.REVIEWER,)),
    ("reports:all", "Báo cáo", (Role.REVIEWER, Role.LEADER, Role.ADMIN)),
    ("imports:upload", "Nhập từ Excel", (Role.REVIEWER, Role.ADMIN)),
    ("admin:index", "Quản trị", (Role.ADMIN,)),
)


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
    here = request.resolver_match.view_name if request.resolver_match else ""
    return {
        "menu": [
            MenuItem(reverse(name), word, here == name, waiting if name == "reports:queue" else 0)
            for name, word, roles in MENU
            if user.role in roles
        ],
        "paces": tuple(PACES),
        "demo_data": Report.objects.illustrative().exists(),
    }
