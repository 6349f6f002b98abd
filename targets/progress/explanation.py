"""How each indicator is counted, read out of the plan's own definitions: what the page "Cách tính" says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from targets.models import CountingOwner, Indicator, Measure, Plan, Target


@dataclass(frozen=True, slots=True)
class Term:
    """A measure above or below the line: what it counts, and whose reports enter it (R7)."""

    measure: Measure
    counted_by: str

    @property
    def label(self) -> str:
        """As on the form: "3.1 Phụ nữ được hỗ trợ"."""
        return f"{self.measure.number} {self.measure.name}".strip()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One indicator: its terms, the parts its wholes are broken into, and what it is measured against."""

    indicator: Indicator
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...]
    parts: tuple[Measure, ...]
    targets: tuple[Target, ...]
    national: tuple[Target, ...]
    allocated: int  # units that have a target of their own

    @property
    def is_ratio(self) -> bool:
        return bool(self.denominator)

    @property
    def has_flows(self) -> bool:
        return any(not term.measure.is_state for term in (*self.numerator, *self.denominator))

    @property
    def has_states(self) -> bool:
        return any(term.measure.is_state for term in (*self.numerator, *self.denominator))

    @property
    def is_defined(self) -> bool:
        return bool(self.numerator)


def explain(plan: Plan) -> list[Explanation]:
    """Every indicator of the plan, in a fixed number of queries."""
    measures = {m.pk: m for m in plan.measures.prefetch_related("counted_by")}
    targets = list(Target.objects.filter(indicator__plan=plan).order_by("due_on"))
    return [
        _explain(indicator, measures, [target for target in targets if target.indicator_id == indicator.pk])
        for indicator in plan.indicators.prefetch_related("numerator", "denominator")
    ]


def _explain(indicator: Indicator, measures: dict[int, Measure], targets: Sequence[Target]) -> Explanation:
    numerator = _terms(indicator.numerator.all(), measures)
    whole = {term.measure.pk for term in numerator}
    return Explanation(
        indicator=indicator,
        numerator=numerator,
        denominator=_terms(indicator.denominator.all(), measures),
        parts=tuple(m for m in measures.values() if m.part_of_id in whole),
        targets=tuple(t for t in targets if t.is_for_the_province),
        national=tuple(t for t in targets if t.is_national),
        allocated=len({t.unit_id for t in targets if t.unit_id}),
    )


def _terms(used: Iterable[Measure], measures: dict[int, Measure]) -> tuple[Term, ...]:
    return tuple(Term(measures[m.pk], owners(measures[m.pk].counted_by.all())) for m in used)


def owners(counted_by: Iterable[CountingOwner]) -> str:
    """Whose reports are added up, in one phrase: "Hội LHPN cấp huyện, cấp xã; sở, ban, ngành cấp tỉnh"."""
    levels: dict[str, list[str]] = {}
    for owner in sorted(counted_by, key=lambda owner: _LEVELS.index(owner.agency_level)):
        levels.setdefault(owner.get_agency_kind_display(), []).append(owner.get_agency_level_display().lower())
    return "; ".join(f"{kind} {', '.join(names)}" for kind, names in levels.items())


_LEVELS = ("commune", "district", "province")
