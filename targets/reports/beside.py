"""What stands beside each figure while it is typed: last period's, what was counted before, what was allocated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agencies.models import Agency
from targets.models import Figure, Period, Report, Target
from targets.totals.brief import sums_before

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
    """By measure code, of one report."""
    return beside_each(report.period, [report.agency], rulebook)[report.agency_id]


def beside_each(period: Period, agencies: Sequence[Agency], rulebook: Rulebook) -> dict[int, dict[str, Beside]]:
    """By agency, then by measure code; in four queries however many agencies, and one more where periods mix."""
    previous = _previous(period, agencies)
    targets = _targets(period, agencies)
    since = {
        agency.pk: min((t.counts_from for t in targets[agency.pk].values()), default=period.plan.starts_on)
        for agency in agencies
    }
    before = sums_before(period, since)
    return {
        agency.pk: _of_one(rulebook, previous.get(agency.pk, {}), before.get(agency.pk, {}), targets[agency.pk])
        for agency in agencies
    }


def _of_one(
    rulebook: Rulebook,
    previous: Mapping[str, Decimal],
    before: Mapping[str, Decimal],
    targets: Mapping[int, Target],
) -> dict[str, Beside]:
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


def _previous(period: Period, agencies: Sequence[Agency]) -> dict[int, dict[str, Decimal]]:
    """By agency, what its report before said."""
    reports = {report.pk: report.agency_id for report in obligations.previous_reports(period, agencies)}
    found: dict[int, dict[str, Decimal]] = {}
    figures = Figure.objects.filter(report__in=reports).exclude(value=None)
    for report, code, value in figures.order_by().values_list("report", "measure__code", "value"):
        found.setdefault(reports[report], {})[code] = value
    return found


def _targets(period: Period, agencies: Sequence[Agency]) -> dict[int, dict[int, Target]]:
    """By agency and indicator, what the agency's unit shall reach in the period's phase."""
    units = {agency.unit_id for agency in agencies}
    own = Target.objects.of_territories(period.plan).filter(unit__in=units, counts_from__lte=period.ends_on)
    by_unit: dict[int, dict[int, Target]] = {unit: {} for unit in units}
    for target in own.order_by("counts_from", "due_on"):
        by_unit[target.unit_id][target.indicator_id] = target  # the last due of the last phase that has begun
    return {agency.pk: by_unit[agency.unit_id] for agency in agencies}
