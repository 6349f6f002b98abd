"""What is odd about figures but may be true: shown with room for a reason, never in the way of handing in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from targets.models import Report
from targets.models.numbers import spell

from .beside import Beside, beside
from .checks import WARNING, Problem, Rulebook
from .entries import Entry, entries_of

ENOUGH_TO_COMPARE = 3  # below this a jump says nothing
TIMES = 3
BASE_MAY_CHANGE_BY = Decimal(20)  # percent
REASON = "Nếu đúng, ghi lý do để tỉnh duyệt nhanh hơn."


def warnings(rulebook: Rulebook, entries: Mapping[str, Entry], beside: Mapping[str, Beside]) -> list[Problem]:
    """In the order of the form, at most one a figure."""
    bases = {base.code for _, base in rulebook.ratios}
    found = []
    for measure in rulebook.measures:
        value = entries.get(measure.code, Entry()).value
        near = beside.get(measure.code, Beside())
        if value is None:
            continue
        doubts = _of_base(value, near) if measure.code in bases else _of_figure(value, near, falls=measure.is_state)
        code_and_message = next(doubts, None)
        if code_and_message:
            found.append(Problem(measure, *code_and_message, WARNING))
    return found


def _of_base(value: Decimal, near: Beside) -> Iterator[tuple[str, str]]:
    """A denominator seldom moves much between two periods."""
    if near.previous and abs(value - near.previous) * 100 > near.previous * BASE_MAY_CHANGE_BY:
        yield "base_changed", f"Thay đổi nhiều so với kỳ trước ({spell(near.previous)} → {spell(value)}). {REASON}"


def _of_figure(value: Decimal, near: Beside, *, falls: bool) -> Iterator[tuple[str, str]]:
    previous = near.previous
    if falls and previous is not None and value < previous:
        yield "fell", f"Giảm so với kỳ trước ({spell(previous)} → {spell(value)}). {REASON}"
    if near.before is not None and near.target is not None and near.before <= near.target < near.before + value:
        yield "over_target", f"Vượt chỉ tiêu giao ({spell(near.before + value)}/{spell(near.target)}). {REASON}"
    if previous is None or previous < ENOUGH_TO_COMPARE:
        return
    if value > previous * TIMES:
        times = spell((value / previous).quantize(Decimal("0.1")))
        yield "jumped", f"Gấp {times} lần kỳ trước ({spell(previous)} → {spell(value)}). {REASON}"
    if value * TIMES < previous:
        yield "dropped", f"Chưa bằng một phần ba kỳ trước ({spell(previous)} → {spell(value)}). {REASON}"


@dataclass(frozen=True, slots=True)
class Odd:
    """A warning, and the reason the agency gave for it."""

    problem: Problem
    reason: str


def odd_figures(report: Report) -> list[Odd]:
    """What is odd in a report as it is stored, with the reasons given: for whoever hands it in, and whoever decides."""
    rulebook, entries = Rulebook.of(report.period.plan, report.agency), entries_of(report)
    found = warnings(rulebook, entries, beside(report, rulebook))
    return [Odd(problem, entries[problem.measure.code].note) for problem in found]
