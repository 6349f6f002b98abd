"""One report approved, as the province does it: the verb, with everything it writes, until the database has it safe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from agencies.models import User
from targets.models import Report
from targets.reports import workflow

from . import world
from .results import Line, median, seconds
from .workers import in_turn, workers

APPROVED = "approve one report"
TURNS = 5  # in each run


def measure(runs: int, copies: Mapping[int, str]) -> list[Line]:
    """Each time another of the reports that wait; the first is not counted."""
    with workers(copies) as at:
        in_turn(at, one, 1)
        took = in_turn(at, one, min(TURNS * runs, world.WAITING - 1))
    smallest, largest = min(copies), max(copies)
    base = median(took[APPROVED, smallest])
    return [
        Line(f"{APPROVED} at {size:,}", median(found), median(found) / base, f"at {smallest:,}, {base:.2f} ms",
             "<= 1.5" if size == largest else "")
        for (_, size), found in took.items()
    ]  # fmt: skip


def one() -> dict[str, float]:
    """Milliseconds."""
    officer, waiting = _stage()
    report = next(waiting)
    return {APPROVED: seconds(lambda: approve(report, officer)) * 1000}


@cache
def _stage() -> tuple[User, Iterator[Report]]:
    return second_officer(), iter(waiting_reports())


def approve(report: Report, officer: User) -> None:
    workflow.approve(report, by=officer, version=report.version)


def second_officer() -> User:
    return User.objects.filter(role=User.Role.REVIEWER, username__endswith="-duyet-2").order_by("username").first()


def waiting_reports() -> list[Report]:
    return list(Report.objects.of_plan(world.measured_plan()).waiting_for_review().order_by("pk"))
