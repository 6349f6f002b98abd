"""`manage.py rebuild_totals [--plan NUMBER]`: the totals of one plan, or all, made anew from the ledger."""

from __future__ import annotations

from targets.totals.keeping import rebuild

from ._plans import PlansCommand


class Command(PlansCommand):
    help = (
        "Make the kept totals anew from the ledger: after definitions changed, or when check_totals finds differences."
    )

    def handle(self, *args, plan: str | None, **options):
        for one in self.plans(plan):
            self.stdout.write(f"{one.number}: {rebuild(one)} số tổng hợp.")
