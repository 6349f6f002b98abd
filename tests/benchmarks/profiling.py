# ruff: noqa: T201  (a command line: it talks to the person at the keyboard)
"""Where the time of a page or an approval goes: the functions that cost most, and each query with its milliseconds."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable

from django.db import connection, reset_queries

from agencies.models import User
from targets.models import Plan

from . import approvals, world
from .visiting import Visitor

FUNCTIONS = 25


def profile(what: str) -> None:
    """At the database in use: "dashboard", of which nothing is kept, or "approve"."""
    {"dashboard": _dashboard, "approve": _approve}[what]()


def _dashboard() -> None:
    leader = Visitor.of(User.objects.filter(role=User.Role.LEADER).first())
    _show(lambda: leader.get("/tong-quan/"), before=Plan.objects.filter(pk=world.measured_plan().pk).have_new_data)


def _approve() -> None:
    officer, waiting = approvals.second_officer(), iter(approvals.waiting_reports())
    _show(lambda: approvals.approve(next(waiting), officer))


def _show(action: Callable[[], object], before: Callable[[], object] = lambda: None) -> None:
    """Once for nothing, once by function, once by query: watching one slows the other."""
    before()
    action()
    before()
    with cProfile.Profile() as profiler:
        action()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(FUNCTIONS)
    before()
    connection.force_debug_cursor = True
    reset_queries()
    try:
        action()
    finally:
        connection.force_debug_cursor = False
    for query in connection.queries:
        print(f"{float(query['time']) * 1000:9.0f} ms  {query['sql'][:220]}")
