"""What stands beside each figure while it is typed: last period's, what was counted before, what was allocated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from targets.models import ApprovedFigure, Report, Target

from . import obligations
from .checks import Rulebook


@dataclass(frozen=True, slots=True)
class Beside:
    """`before` is the sum counted until the period begins, of a FLOW. `target` is the unit's own, or a rate's."""

    previous: Decimal | None = None
    before: Decimal | None = None
    target: Decimal | None = None
    base: str = ""  # code of the denominator, of a ratio's numerator

    @property
    def is_summed(self) -> bool:
        return self.before is not None


def beside(report: Report, rulebook: Rulebook) -> dict[str, Beside]:
    """By measure code, in four queries."""
    previous, targets = _previous(report), _targets(report)
    since = min((target.counts_from for target in targets.values()), default=report.period.plan.starts_on)
    before = ApprovedFigure.objects.all().sums_before(report.period, report.agency, since)
    bases = {part.code: base.code for part, base in rulebook.ratios}
    found = {}
    for measure in rulebook.measures:
        head = rulebook.heads.get(measure.code)
        target = targets.get(head.pk) if head else None
        counted = before.get(measure.code, Decimal(0)) if head and not measure.is_state else None
        found[measure.code] = Beside(
            previous.get(measure.code), counted, target and target.value, bases.get(measure.code, "")
        )
    return found


def _previous(report: Report) -> Mapping[str, Decimal]:
    before = obligations.previous_report(report)
    return dict(before.figures.exclude(value=None).values_list("measure__code", "value")) if before else {}


def _targets(report: Report) -> dict[int, Target]:
    """By indicator, what the agency's unit shall reach in the period's phase."""
    day: dt.date = report.period.ends_on
    own = Target.objects.of_territories(report.period.plan).filter(unit=report.agency.unit_id, counts_from__lte=day)
    found: dict[int, Target] = {}
    for target in own.order_by("counts_from", "due_on"):
        found[target.indicator_id] = target  # the last due of the last phase that has begun
    return found
