"""What a command line names: a plan, a period. Says in Vietnamese what is not there."""

from __future__ import annotations

from django.core.management.base import CommandError

from targets.models import Period, Plan


def plan_named(number: str | None, with_period: str | None = None) -> Plan:
    """The plan of that number; without one, the newest that has such a period, else the one that pages open with."""
    if number:
        plan = Plan.objects.filter(number=number).first()
    else:
        plan = (with_period and Plan.objects.with_period(with_period)) or Plan.objects.to_show()
    if plan is None:
        raise CommandError(f"Không có kế hoạch {number}." if number else "Chưa có kế hoạch nào.")
    return plan


def period_named(plan: Plan, code: str) -> Period:
    period = plan.periods.filter(code=code).first()
    if period is None:
        raise CommandError(f"Kế hoạch {plan.number} không có kỳ {code}.")
    return period
