"""The accounts of the illustrative site. Names are invented."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.hashers import make_password
from simple_history.utils import bulk_create_with_history

from agencies.models import Agency, User

Role = User.Role
PROVINCE = (
    ("tinh", "Nông Thị Hạnh", Role.REVIEWER, "hoi-lhpn-tinh"),
    ("tinh2", "Bế Thị Nga", Role.REVIEWER, "hoi-lhpn-tinh"),
    ("lanhdao", "Triệu Văn Sơn", Role.LEADER, None),
    ("quantri", "Hoàng Minh Đức", Role.ADMIN, None),
)
DISTRICTS = (
    ("caobang", "Đàm Thị Hồng", "thanh-pho-cao-bang"),
    ("baolam", "Mã Thị Dung", "huyen-bao-lam"),
    ("baolac", "Tô Thị Vân", "huyen-bao-lac"),
    ("haquang", "Lương Thị Thu", "huyen-ha-quang"),
    ("trungkhanh", "Đàm Thị Liên", "huyen-trung-khanh"),
    ("halang", "Lục Thị Thanh", "huyen-ha-lang"),
    ("quanghoa", "Nông Thị Mơ", "huyen-quang-hoa"),
    ("hoaan", "Vi Thị Yến", "huyen-hoa-an"),
    ("nguyenbinh", "Chu Thị Mai", "huyen-nguyen-binh"),
    ("thachan", "Phùng Thị Lan", "huyen-thach-an"),
)


def create_people(password: str) -> None:
    """Accounts of the province and one reporter for every agency that reports.

    Communes and departments are named after the agency's code. Districts that ended in 2020 get an account that cannot
    sign in: it made their old reports. One hash serves all: hashing so often would take longer than all the reports.
    """
    people, hashed = list(_cast()), make_password(password)
    for user in people:
        user.password = hashed
    bulk_create_with_history(people, User)


def usernames_taken() -> list[str]:
    """Names that accounts of this site have already; they are someone's, so nothing is loaded over them."""
    wanted = [user.username for user in _cast()]
    return sorted(User.objects.filter(username__in=wanted).values_list("username", flat=True))


def _cast() -> Iterator[User]:
    agencies = {agency.code: agency for agency in Agency.objects.filter(duties__reports_every__gt="")}
    districts = {f"hoi-lhpn-{slug}": (username, name) for username, name, slug in DISTRICTS}
    for username, name, role, code in PROVINCE:
        yield _user(username, name, role, agencies.get(code))
    for code, agency in agencies.items():
        if code != "hoi-lhpn-tinh":
            username, name = districts.get(code, (code.removeprefix("hoi-lhpn-"), f"Cán bộ {agency.short_name}"))
            yield _user(username, name, Role.REPORTER, agency)


def _user(username: str, full_name: str, role: str, agency: Agency | None) -> User:
    gone = agency is not None and agency.valid_to is not None and agency.valid_to.year < 2025
    return User(username=username, full_name=full_name, role=role, agency=agency, is_active=not gone)


def accounts() -> list[tuple[str, str]]:
    """(username, what the person is) of the accounts worth printing."""
    rows = [
        (user.username, f"{user.get_role_display()}, {user.agency}" if user.agency else user.get_role_display())
        for user in User.objects.filter(username__in=_NAMED).select_related("agency")
    ]
    return sorted(rows, key=lambda row: _NAMED.index(row[0]))


_NAMED = [*(person[0] for person in PROVINCE), *(district[0] for district in DISTRICTS), "phuong-thuc-phan"]
