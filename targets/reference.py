"""Plan 503 as data: measures, indicators, targets, periods, duties. `load_plan503` may run any number of times."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from django.db import transaction

from agencies.models import Agency
from agencies.reference import LoadResult, by, create_missing, load_agencies, load_units, read_csv
from targets.models import CountingOwner, Duty, Indicator, Measure, Period, Plan, Target

PLAN_503 = Path(__file__).parent / "data" / "plan503"


@transaction.atomic
def load_plan503() -> LoadResult:
    """Units, agencies and plan 503: creates what is missing, changes nothing that is there."""
    result = load_units()
    result += load_agencies()
    result += load_plan(PLAN_503)
    return result


def load_plan(folder: Path) -> LoadResult:
    """One plan from its folder of CSV files; another plan is another folder."""
    rows = read_csv(folder / "plan.csv")
    result = create_missing(Plan, rows, ("number",))
    plan = Plan.objects.get(number=rows[0]["number"])
    result += _load_indicators_and_measures(plan, folder)
    result += create_missing(Period, _of(plan, folder / "periods.csv"), ("plan_id", "code"))
    result += _load_targets(plan, folder)
    result += _load_duties(plan, folder)
    return result


def _load_targets(plan: Plan, folder: Path) -> LoadResult:
    """Targets of indicators that have none: a date or a value that an admin changed must not come back beside it."""
    rows = read_csv(folder / "targets.csv")
    stored = Target.objects.of_territories(plan).filter(unit=None).select_related("indicator")
    said = {(t.indicator.code, t.counts_from.isoformat(), t.due_on.isoformat(), t.value, t.legal_basis) for t in stored}
    have = {code for code, *_ in said}
    missing = [row for row in rows if row["indicator"] not in have]
    refer = {"indicator": by(Indicator, "code", plan=plan)}
    result = create_missing(Target, missing, ("indicator_id", "unit_id", "agency_id", "due_on"), refer)
    result.kept += len(rows) - len(missing)
    for code, counts_from, due_on, value, basis in (row.values() for row in rows if row not in missing):
        if (code, counts_from, due_on, Decimal(value), basis) not in said:
            result.different.append(f"mục tiêu {code}")
    return result


def _of(plan: Plan, path: Path, without: tuple[str, ...] = ()) -> list[dict[str, object]]:
    return [{"plan": plan, **{k: v for k, v in row.items() if k not in without}} for row in read_csv(path)]


def _load_indicators_and_measures(plan: Plan, folder: Path) -> LoadResult:
    """Indicators first, since measures stand in their sections; then the measures they are made of."""
    known = set(plan.indicators.values_list("code", flat=True))
    ratios = ("numerator", "denominator")
    result = create_missing(Indicator, _of(plan, folder / "indicators.csv", ratios), ("plan_id", "code"))
    result += _load_measures(plan, folder)
    measure = by(Measure, "code", plan=plan)
    for row in read_csv(folder / "indicators.csv"):
        if row["code"] not in known:
            indicator = plan.indicators.get(code=row["code"])
            indicator.numerator.set(map(measure, row["numerator"].split()))
            indicator.denominator.set(map(measure, row["denominator"].split()))
    return result


def _load_measures(plan: Plan, folder: Path) -> LoadResult:
    """Wholes before their parts; whose reports count is set together with a measure's creation."""
    rows = _of(plan, folder / "measures.csv", ("counted_by",))
    owners = {row["code"]: row["counted_by"].split() for row in read_csv(folder / "measures.csv")}
    known = set(plan.measures.values_list("code", flat=True))
    result, section = LoadResult(), by(Indicator, "code", plan=plan)
    for level in ([r for r in rows if not r["part_of"]], [r for r in rows if r["part_of"]]):
        refer = {"section": section, "part_of": by(Measure, "code", plan=plan)}
        result += create_missing(Measure, level, ("plan_id", "code"), refer)
    CountingOwner.objects.bulk_create(
        CountingOwner(measure=measure, agency_kind=kind, agency_level=level)
        for measure in plan.measures.exclude(code__in=known)
        for kind, level in (owner.split(":") for owner in owners.get(measure.code, ()))
    )
    return result


def _load_duties(plan: Plan, folder: Path) -> LoadResult:
    known = set(plan.duties.values_list("agency__code", flat=True))
    rows = _of(plan, folder / "duties.csv", ("indicators",))
    result = create_missing(Duty, rows, ("plan_id", "agency_id"), {"agency": by(Agency, "code")})
    indicator = by(Indicator, "code", plan=plan)
    duties = {duty.agency.code: duty for duty in plan.duties.select_related("agency")}
    Duty.indicators.through.objects.bulk_create(
        Duty.indicators.through(duty=duties[row["agency"]], indicator=indicator(code))
        for row in read_csv(folder / "duties.csv")
        if row["agency"] not in known
        for code in row["indicators"].split()
    )
    return result
