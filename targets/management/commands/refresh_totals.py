"""`manage.py refresh_totals`: daily from a timer; totals of plans whose definitions changed are made anew."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from targets.totals.keeping import refresh


class Command(BaseCommand):
    help = "Make the totals of plans whose definitions changed anew; until then their pages count the ledger."

    def handle(self, *args, **options):
        for plan in refresh():
            self.stdout.write(f"{plan.number}: đã tính lại số tổng hợp.")
