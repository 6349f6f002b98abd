"""What a request asks for: every parameter is read strictly, and one that is wrong is named."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from targets.models import Period, Plan

from .problems import Problem

PAGE = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)
SWITCH = {"true": True, "false": False}


def plan_numbered(number: str) -> Plan | None:
    """Compared here, not in the database: an address may hold what no database takes as text."""
    return next((plan for plan in Plan.objects.all() if plan.number == number), None)


class Asked:
    """The parameters of a request; `known` are those that its endpoint takes. Raises Problem (422)."""

    def __init__(self, query: QueryDict, *known: str):
        for name in query:
            if name not in known:
                raise Problem("parameter_unknown", f"Các tham số có thể dùng: {', '.join(known)}.", parameter=name)
            if len(query.getlist(name)) > 1:
                raise Problem("parameter_repeated", "Mỗi tham số chỉ ghi một lần.", parameter=name)
        self._query = query

    def plan(self) -> Plan:
        number = self._needed("plan")
        plan = plan_numbered(number)
        if plan is None:
            raise _invalid("plan", f"Không có kế hoạch {number}.")
        return plan

    def period(self, plan: Plan) -> Period:
        return self._period(plan, self._needed("period"))

    def period_if_any(self, plan: Plan) -> Period | None:
        code = self._query.get("period")
        return None if code is None else self._period(plan, code)

    def instant(self, name: str) -> dt.datetime | None:
        """With its offset, so that nobody has to guess whose clock is meant."""
        text = self._query.get(name)
        if text is None:
            return None
        try:
            found = parse_datetime(text)
            if found and timezone.is_aware(found):
                found.astimezone(dt.UTC)  # the first and last days of the calendar may have no such instant
                return found
        except (ValueError, OverflowError):
            pass
        raise _invalid(name, "Ghi thời điểm kèm múi giờ, dấu + viết là %2B, ví dụ 2025-12-14T17:00:00%2B07:00.")

    def choice(self, name: str, choices: Iterable[str], default: str) -> str:
        found = self._query.get(name, default)
        if found not in choices:
            raise _invalid(name, f"Chọn một trong: {', '.join(choices)}.")
        return found

    def switch(self, name: str) -> bool:
        return SWITCH[self.choice(name, SWITCH, "false")]

    def page(self) -> int:
        text = self._query.get("page", "1")
        if not PAGE.fullmatch(text):
            raise _invalid("page", "Ghi số trang từ 1.")
        return int(text)

    def _period(self, plan: Plan, code: str) -> Period:
        period = next((period for period in plan.periods.all() if period.code == code), None)
        if period is None:
            raise _invalid("period", f"{plan.called} không có kỳ {code}.")
        period.plan = plan  # read already
        return period

    def _needed(self, name: str) -> str:
        if name not in self._query:
            raise Problem("parameter_missing", f"Ghi tham số {name}.", parameter=name)
        return self._query[name]


def _invalid(name: str, detail: str) -> Problem:
    return Problem("parameter_invalid", detail, parameter=name)
