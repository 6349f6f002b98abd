"""What commands about plans' totals have in common."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.management.base import BaseCommand, CommandError

from targets.models import Plan


class PlansCommand(BaseCommand):
    """`--plan NUMBER`, or all of them."""

    def add_arguments(self, parser):
        parser.add_argument("--plan", metavar="SỐ", help="số, ký hiệu của kế hoạch; bỏ trống là mọi kế hoạch")

    def plans(self, number: str | None) -> Iterable[Plan]:
        found = Plan.objects.filter(number=number) if number else Plan.objects.all()
        if number and not found:
            raise CommandError(f"Không có kế hoạch {number}.")
        return found
