"""Keeps the totals: each approval brings them up to date, `rebuild` makes them anew, `differences` proves them.

A total is what `standing` says of a territory, kept (`making`); what an approval changes is counted again, from the
rows of the territories that it can reach and from the first day that it can reach.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction

from agencies.models import Agency
from targets.models import ApprovedFigure, Plan, Report, Total, bulk

from .definitions import Definitions, counts_from, definitions, is_marked, is_nested, mark
from .kept import FIELDS, Held
from .lines import read
from .making import Joined, at, totals
from .province import sum_up, summed
from .reading import Rows

# Of flows, once they are counted anew (R3).
NOTHING = {
    "reached": None, "base": None, "territories": 0, "period": None, "starts_on": None, "approved_at": None,
    "corrected": False,
}  # fmt: skip


@transaction.atomic
def keep(report: Report) -> None:
    """Bring the totals of a report's plan up to date with what its approval wrote; within the same transaction.

    Where none are kept, or definitions have changed since, nothing is done: pages count the ledger until `rebuild`.
    """
    plan = Plan.objects.select_for_update().get(pk=report.period.plan_id)
    if not plan.totals_mark:
        return
    told, days = Definitions(**definitions(plan)), Total.objects.days(plan)
    if not is_marked(told, days, plan.totals_mark):
        return
    written = ApprovedFigure.objects.of_indicators(plan).filter(report=report)
    units = set(written.order_by().values_list("unit_id", flat=True).distinct())
    day = report.period.ends_on
    if units and day not in days:
        days = _begin(plan, told, days, day)
    if not units or not days:
        return
    late = [one for one in days if one >= day]
    joined = _joined(told, late[-1])
    reached = _reach(units, joined)
    made = list(totals(plan, told, reached, late, joined))
    Total.objects.filter(indicator__in=told.indicators, unit__in=reached, day__in=late).delete()
    bulk.insert(Total, FIELDS, made)
    sum_up(told, late)
    Plan.objects.filter(pk=plan.pk).update(totals_mark=mark(told, days))


@transaction.atomic
def rebuild(plan: Plan) -> int:
    """Make all totals of a plan anew from its ledger. Gives how many there are."""
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    told, ledger = Definitions(**definitions(plan)), ApprovedFigure.objects.of_indicators(plan)
    Total.objects.of_plan(plan).delete()
    used = [one for one in told.periods if ledger.filter(period=one).exists()]
    days, kept = sorted({one.ends_on for one in used}), ""
    if is_nested(used):
        joined, done = _joined(told, days[-1]) if days else {}, set()
        for unit in set(ledger.order_by().values_list("unit_id", flat=True).distinct()):
            if unit not in done:
                units = _reach({unit}, joined)
                done |= units
                bulk.insert(Total, FIELDS, list(totals(plan, told, units, days, joined)))
        sum_up(told, days)
        kept = mark(told, days)
    Plan.objects.filter(pk=plan.pk).update(totals_mark=kept)
    return Total.objects.of_plan(plan).count()


def refresh() -> list[Plan]:
    """Make anew the totals of the plans whose definitions have changed since they were kept; gives these."""
    changed = [
        plan
        for plan in Plan.objects.all()
        if not is_marked(Definitions(**definitions(plan)), Total.objects.days(plan), plan.totals_mark)
    ]
    for plan in changed:
        rebuild(plan)
    return changed


@contextmanager
@transaction.atomic
def put_off(plan: Plan) -> Iterator[None]:
    """While a whole history is approved: the totals are made once, at its end."""
    Plan.objects.filter(pk=plan.pk).update(totals_mark="")
    yield
    rebuild(plan)


def differences(plan: Plan) -> list[str]:
    """Where the totals say something else than all of the ledger counted at once; empty if they agree."""
    plan.refresh_from_db(fields=["totals_mark"])
    told, days = Definitions(**definitions(plan)), Total.objects.days(plan)
    if not is_marked(told, days, plan.totals_mark):
        return [f"{plan.number}: không có số tổng hợp theo định nghĩa hiện hành, chạy rebuild_totals"]
    lines = read(plan, told)
    rows = Rows(**vars(told), rows=lines.rows, withdrawn=lines.withdrawn)
    ended = {row.ends_on for row in rows.counted()}
    counted = {_key(one): one for day in sorted({*days, *ended}) for one in at(rows, day)}
    counted |= {_key(one): one for one in summed(told, counted.values())}
    kept = {_key(one): one for one in _held(Total.objects.of_plan(plan))}
    names = {one.pk: one.code for one in told.indicators}
    found = []
    for key in sorted(counted.keys() | kept.keys(), key=lambda key: (key[0], key[1], key[2] or 0)):
        now, was = counted.get(key), kept.get(key)
        if now != was:
            place = f"{plan.number} {names[key[0]]} {key[1]:%d/%m/%Y} địa bàn {key[2] or 'toàn tỉnh'}"
            found.append(f"{place}: đang giữ {_numbers(was)}, đếm lại {_numbers(now)}")
    return found


def _key(one: Held) -> tuple[int, dt.date, int | None]:
    return one.indicator, one.day, one.unit


def _held(totals) -> Iterator[Held]:
    return (Held(*values) for values in totals.order_by().values_list(*FIELDS))


def _numbers(held: Held | None) -> str:
    return str(tuple(held[3:])) if held else "không có"


def _begin(plan: Plan, told: Definitions, days: Sequence[dt.date], day: dt.date) -> list[dt.date]:
    """Totals for a day on which something ends for the first time: what stood before it stands, in all territories.

    Empty where the new period lies across another: then no totals are kept, and pages count from the ledger.
    """
    if not is_nested(one for one in told.periods if one.ends_on in {*days, day}):
        Total.objects.of_plan(plan).delete()
        Plan.objects.filter(pk=plan.pk).update(totals_mark="")
        return []
    eve = max((one for one in days if one < day), default=None)
    anew = {one.pk for one in told.indicators if eve and counts_from(one, told, day) > eve and one.has_flows}
    before = _held(Total.objects.of_plan(plan).of_territories().filter(day=eve))
    carried = [one._replace(day=day, **(NOTHING if one.indicator in anew else {})) for one in before]
    bulk.insert(Total, FIELDS, carried)
    return sorted({*days, day})


# Which territories ---------------------------------------------------------------------------------------------------


def _joined(told: Definitions, day: dt.date) -> Joined:
    """By the successions that have begun by `day`; those to come move nothing yet."""
    pairs = [(edge.predecessor, edge.successor) for edge in told.unit_successions if edge.main and edge.on <= day]
    bodies = [(edge.predecessor, edge.successor) for edge in told.agency_successions if edge.on <= day]
    unit_of = dict(Agency.objects.filter(pk__in={one for pair in bodies for one in pair}).values_list("pk", "unit_id"))
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in (*pairs, *((unit_of[one], unit_of[other]) for one, other in bodies)):
        found[one].add(other)
        found[other].add(one)
    return found


def _reach(units: Collection[int], joined: Joined) -> set[int]:
    """These, and all that a chain of successions joins to them."""
    found, todo = set(units), list(units)
    while todo:
        new = joined.get(todo.pop(), set()) - found
        found |= new
        todo += new
    return found
