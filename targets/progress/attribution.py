"""R8, the views: the same numbers shown under the units of one level, whatever units reported them. Pure.

Nothing is counted anew: each territory's number goes whole, or in portions that add up to it, to units of the view, so
that the province's total is the same in every view. Whatever that approximates is labelled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from targets.totals.counting import Counted, Ratio, Succession, Value, together


@dataclass(frozen=True, slots=True)
class Place:
    """Where a territory is shown: the share of each unit, adding up to 1, and the units that lack a part of it."""

    shares: Mapping[int, Fraction]
    exact: bool
    lacking: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Portion:
    """What a unit of the view has from one territory."""

    territory: int
    share: Fraction
    exact: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A unit's number in a view, the territories it is from, and whether it is an approximation."""

    value: Counted
    portions: tuple[Portion, ...]
    approximate: bool


class View:
    """One level of units; `shown` are its last ones, those that no unit of their level came after."""

    def __init__(self, shown: Collection[int], successions: Iterable[Succession]):
        self._shown = shown
        self._after: dict[int, list[Succession]] = defaultdict(list)
        self._before: dict[int, list[Succession]] = defaultdict(list)
        for edge in successions:
            self._after[edge.predecessor].append(edge)
            self._before[edge.successor].append(edge)
        self._places: dict[int, Place] = {}

    def place(self, territory: int) -> Place:
        """Along the main successions, to what came of it or else to what it came from; else it stands for itself."""
        if territory not in self._places:
            self._places[territory] = (
                self._follow(territory, self._after, "successor", frozenset())
                or self._follow(territory, self._before, "predecessor", frozenset())
                or Place({territory: Fraction(1)}, exact=True)
            )
        return self._places[territory]

    def _follow(self, unit: int, edges: Mapping[int, list[Succession]], end: str, seen: frozenset[int]) -> Place | None:
        """The place of `unit` in one direction; None where that way leads to no unit of the view."""
        if unit in self._shown:
            return Place({unit: Fraction(1)}, exact=True)
        seen |= {unit}  # data entered in a circle must not turn for ever
        ways = [edge for edge in edges.get(unit, ()) if getattr(edge, end) not in seen]
        places = [(edge, self._follow(getattr(edge, end), edges, end, seen)) for edge in ways]
        main = [(edge, place) for edge, place in places if edge.main and place]
        if not main:
            return None
        whole = sum(edge.weight for edge, _ in main)
        shares: dict[int, Fraction] = defaultdict(Fraction)
        for edge, place in main:
            for shown, share in place.shares.items():
                shares[shown] += share * Fraction(edge.weight, whole)
        lesser = {shown for edge, place in places if place and not edge.main for shown in place.shares}
        return Place(
            shares=shares,
            exact=len(main) == 1 and main[0][0].exact and main[0][1].exact,
            lacking=frozenset(lesser.union(*(place.lacking for _, place in main)) - shares.keys()),
        )


def regroup(values: Mapping[int, Counted], view: View | None) -> dict[int, Shown]:
    """By unit of the view, the numbers of all territories shown there. Without a view, each territory as it reported.

    The sum over units is the sum over territories, to the last person.
    """
    found: dict[int, list[tuple[Portion, Counted]]] = defaultdict(list)
    lacking: set[int] = set()
    for territory, value in sorted(values.items(), key=lambda one: one[0]):
        place = view.place(territory) if view else Place({territory: Fraction(1)}, exact=True)
        lacking |= place.lacking
        for unit, part in divide(value, place.shares).items():
            found[unit].append((Portion(territory, place.shares[unit], place.exact), part))
    return {
        unit: Shown(
            value=_sum([part for _, part in parts]),
            portions=tuple(portion for portion, _ in parts),
            approximate=unit in lacking or not all(portion.exact for portion, _ in parts),
        )
        for unit, parts in found.items()
    }


def divide(value: Counted, shares: Mapping[int, Fraction]) -> dict[int, Counted]:
    """A number in portions that add up to it; each names the rows of the whole.

    A ratio is divided as those reached and those not reached, so that no portion's numerator exceeds its denominator.
    """
    if len(shares) == 1:
        return dict.fromkeys(shares, value)
    if isinstance(value, Value):
        return {unit: Value(part, value.rows) for unit, part in portions(value.number, shares).items()}
    reached = portions(value.part.number, shares)
    others = portions(value.base.number - value.part.number, shares)
    return {
        unit: Ratio(Value(reached[unit], value.part.rows), Value(reached[unit] + others[unit], value.base.rows))
        for unit in shares
    }


def portions(number: Decimal, shares: Mapping[int, Fraction]) -> dict[int, Decimal]:
    """Whole people stay whole: largest remainders first, then in the order of `shares`."""
    step = Decimal(1) if number == number.to_integral_value() else Decimal(1).scaleb(number.as_tuple().exponent)
    steps = int(number / step)
    exact = {unit: steps * share for unit, share in shares.items()}
    found = {unit: share.__floor__() for unit, share in exact.items()}
    by_remainder = sorted(exact, key=lambda unit: found[unit] - exact[unit])
    for unit in by_remainder[: steps - sum(found.values())]:
        found[unit] += 1
    return {unit: count * step for unit, count in found.items()}


def _sum(values: list[Counted]) -> Counted:
    if isinstance(values[0], Value):
        return together(values)
    return Ratio(together(v.part for v in values), together(v.base for v in values))
