"""Pages beside the smallest page that a signed-in person can ask for, and each at N figures beside itself at 2 000."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial

from agencies.models import Unit, User
from targets.models import Plan

from . import world
from .results import Line, median, seconds
from .visiting import Visitor, plain
from .workers import Took, in_turn, workers

EMPTY, DASHBOARD, NOT_MODIFIED, COLD = "empty signed-in page", "dashboard", "dashboard, 304", ", nothing kept"
QUICK, SLOW = 15, 4  # turns in each run

Actions = Mapping[str, Callable[[], object]]


def measure(runs: int, copies: Mapping[int, str]) -> list[Line]:
    with workers(copies) as at:
        in_turn(at, quick, 2), in_turn(at, slow, 1)  # the first time is nobody's usual
        took = {**in_turn(at, quick, QUICK * runs), **in_turn(at, slow, SLOW * runs)}
    return list(_lines(took, list(copies)))


def quick() -> dict[str, float]:
    """Milliseconds by page, of what nothing has to be counted for."""
    actions, _ = _actions()
    actions[EMPTY]()  # whoever waited for its turn begins slowly
    return {what: seconds(ask) * 1000 for what, ask in actions.items()}


def slow() -> dict[str, float]:
    """Milliseconds by page, of what is made anew; nothing that was kept is asked for, as after an approval."""
    found = {}
    for what, ask in _actions()[1].items():
        if what.endswith(COLD):
            Plan.objects.filter(pk=world.measured_plan().pk).have_new_data()
        gc.collect()
        found[what] = seconds(ask) * 1000
    return found


@cache
def _actions() -> tuple[Actions, Actions]:
    plan, some_commune = world.measured_plan(), Unit.objects.get(slug="do-tinh-01-xa-30")
    leader = Visitor.of(User.objects.filter(role=User.Role.LEADER).first())
    reviewer = Visitor.of(User.objects.filter(role=User.Role.REVIEWER).order_by("username").first())
    empty, dashboard = "/tai-khoan/doi-mat-khau/xong/", "/tong-quan/"
    assert plan.number.encode() in plain(leader.get(dashboard)), "the measured plan is not the one shown"
    quick = {
        EMPTY: partial(leader.get, empty),
        DASHBOARD: partial(leader.get, dashboard),
        NOT_MODIFIED: partial(leader.get_again, dashboard),
    }
    slow = {
        DASHBOARD + COLD: partial(leader.get, dashboard),
        "indicator page" + COLD: partial(leader.get, "/chi-tieu/CT3/"),
        "unit page" + COLD: partial(leader.get, f"/don-vi/{some_commune.pk}/"),
        "completeness": partial(leader.get, "/tinh-hinh-nop/"),
        "review queue": partial(reviewer.get, "/bao-cao/duyet/"),
        "list of reports": partial(leader.get, "/bao-cao/tat-ca/"),
    }
    return quick, slow


def _lines(took: Took, sizes: Sequence[int]) -> Iterator[Line]:
    smallest, largest = sizes[0], sizes[-1]
    for size in sizes:
        for what, asked in (
            (DASHBOARD, "<= 8"),
            (DASHBOARD + COLD, "<= 8"),
            (NOT_MODIFIED, "<= 1.5"),
        ):
            ms, empty = median(took[what, size]), median(took[EMPTY, size])
            yield Line(f"{what} at {size:,}", ms, ms / empty, f"{EMPTY}, {empty:.2f} ms", asked)
    for what in dict.fromkeys(what for what, _ in took):
        for size in sizes[1:]:
            ms, base = median(took[what, size]), median(took[what, smallest])
            asked = "<= 1.2" if what.startswith(DASHBOARD) and size == largest else ""
            yield Line(f"{what} at {size:,}", ms, ms / base, f"at {smallest:,}, {base:.2f} ms", asked)
