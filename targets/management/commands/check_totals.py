"""`manage.py check_totals [--plan NUMBER]`: counts the whole ledger and compares; exit status 1 and what differs."""

from __future__ import annotations

import sys

from targets.totals.keeping import differences

from ._plans import PlansCommand


class Command(PlansCommand):
    help = "Compare the kept totals with all of the ledger, counted at once."

    def handle(self, *args, plan: str | None, **options):
        found = [line for one in self.plans(plan) for line in differences(one)]
        for line in found:
            self.stdout.write(line)
        if found:
            sys.exit(1)
        self.stdout.write("Số tổng hợp khớp với sổ số liệu đã duyệt.")
