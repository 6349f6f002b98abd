"""Plans as data: measures, indicators, targets, periods, duties. A plan may be loaded any number of times."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.db import transaction

from agencies.models import Agency
from agencies.reference import LoadResult, by, create_missing, load_agencies, load_units, read_csv
from targets.models import CountingOwner, Duty, Indicator, Measure, Period, Plan, Target
from targets.totals import keeping

PLANS = Path(__file__).parent / "data"
# Beside its indicator; the first says whose it is.
TARGET_SAYS = ("is_national", "counts_from", "due_on", "value", "baseline", "legal_basis")


def plan_folders() -> list[str]:
    """Names of the plans that come with the site."""
    return sorted(file.parent.name for file in PLANS.glob("*/plan.csv"))


def load_plan503() -> LoadResult:
    """Units, agencies and plan 503, with which the site began."""
    return load_reference(PLANS / "plan503")


@transaction.atomic
def load_reference(folder: Path) -> LoadResult:
    """Units, agencies and one plan: creates what is missing, changes nothing that is there."""
    result = load_units()
    result += load_agencies()
    result += load_plan(folder)
    keeping.refresh()
    return result


def load_plan(folder: Path) -> LoadResult:
    """One plan from its folder of CSV files; another plan is another folder."""
    plan, result = _load_plan_itself(folder)
    result += _load_indicators_and_measures(plan, folder)
    result += create_missing(Period, _of(plan, folder / "periods.csv"), ("plan_id", "code"))
    result += _load_targets(plan, folder)
    result += _load_duties(plan, folder)
    return result


def _load_plan_itself(folder: Path) -> tuple[Plan, LoadResult]:
    """A file may name its plan's `predecessor`, which then has this one as its successor unless it has another."""
    row = read_csv(folder / "plan.csv")[0]
    predecessor = row.pop("predecessor", "")
    stored = Plan.objects.filter(number=row["number"]).select_related("successor").first()
    # No file knows its plan's successor, so having one is no difference.
    result = create_missing(Plan, [{**row, "successor": stored and stored.successor}], ("number",))
    plan = Plan.objects.get(number=row["number"])
    if before := Plan.objects.filter(number=predecessor, successor=None).first():
        before.successor = plan
        before.save(update_fields=["successor"])
    return plan, result


def _load_targets(plan: Plan, folder: Path) -> LoadResult:
    """The province's and the country's, each for indicators that have none of that kind yet.

    A date or a value that an admin changed must not come back beside it.
    """
    rows = [{"is_national": "0", "baseline": "", **row} for row in read_csv(folder / "targets.csv")]
    of_nobody = Target.objects.filter(indicator__plan=plan, unit=None, agency=None)
    said = set(of_nobody.values_list("indicator__code", *TARGET_SAYS))
    have = {(code, national) for code, national, *_ in said}
    missing, different = [], []
    for row in rows:
        code, national, *_ = filed = _as_stored(row)
        if (code, national) not in have:
            missing.append(row)
        elif filed not in said:
            different.append(f"mục tiêu {code} của cả nước" if national else f"mục tiêu {code}")
    refer = {"indicator": by(Indicator, "code", plan=plan)}
    result = create_missing(Target, missing, ("indicator_id", "unit_id", "agency_id", "is_national", "due_on"), refer)
    result.kept += len(rows) - len(missing)
    result.different += different
    return result


def _as_stored(row: Mapping[str, str]) -> tuple:
    """What a target's row says, in the types that the database gives back."""
    columns = [Target._meta.get_field(name) for name in TARGET_SAYS]
    return row["indicator"], *(
        column.to_python(row[column.name] or (None if column.null else "")) for column in columns
    )


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
