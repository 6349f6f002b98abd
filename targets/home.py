"""Where a person lands after signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from targets.models import Plan
from targets.participation import reminders
from targets.progress.progress import progress
from targets.reports import obligations


def home(request: HttpRequest) -> HttpResponse:
    """Reporters see what they owe; everyone else sees how far the targets are."""
    return redirect("mine" if request.user.is_reporter else "progress:dashboard")


def mine(request: HttpRequest) -> HttpResponse:
    """A reporter's home: what my agency owes, what was returned and why, and what the province counted of it so far."""
    if not request.user.is_reporter:
        return redirect("reports:all")
    owed = obligations.obligations(request.user.agency)
    lists = {"to_do": [o for o in owed if o.needs_work], "done": [o for o in owed if not o.needs_work]}
    lists["reminders"] = reminders.to_see(request.user.agency)
    return render(request, "reports/mine.html", lists | _counted_so_far(request.user.agency.unit_id))


def _counted_so_far(unit_pk: int) -> dict[str, object]:
    """The line of the agency's unit in the dashboard's own reading, so that both say the same."""
    plan = Plan.objects.to_show()
    period = plan.periods.to_show() if plan else None
    if period is None:
        return {}
    found = progress(period)
    row = next((row for row in found.rows if row.unit_pk == unit_pk), None)
    counted = row and list(zip(found.indicators, row.figures, strict=True))
    return {"counted": counted, "counted_by": period, "plan": plan}
