"""Eight years of invented reports, handed in and approved through the workflow's own verbs."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from agencies.models import Agency, Unit, UnitSuccession, User
from agencies.reference import create_missing
from targets.models import Indicator, Measure, Period, Plan, Report, Target
from targets.reports import workflow
from targets.reports.workflow import Entry

from . import magnitudes

UNION = "hoi-lhpn-"
# What went less well, so that every state of a report can be seen. (unit slug, period code)
MISSING = {("huyen-bao-lam", "2022-H2"), ("xa-son-lo", "2025-H2"), ("xa-duc-long", "2025-H2")}
DRAFTS = {("xa-co-ba", "2025-H2")}
WAITING = {(slug, "2025-H2") for slug in ("xa-hung-dao", "xa-can-yen", "xa-canh-tan", "xa-minh-khai")}
RETURNED = {("xa-thanh-long", "2025-H2"): "Số phụ nữ được hỗ trợ tăng nhiều. Đối chiếu danh sách, không tính lượt."}
TOO_MANY_WOMEN = 24  # what the returned report is returned for
NOT_COUNTED = MISSING | DRAFTS | WAITING | set(RETURNED)
LATE_EVERY = 9  # one report in nine comes after its due day
ALLOCATED = {"CT3": 800, "CT4": 30, "CT5": 100}


@dataclass(frozen=True, slots=True)
class Story:
    """One report to be made: who, for when, what, and how far it gets."""

    agency: Agency
    period: Period
    numbers: Mapping[str, Decimal]

    @property
    def key(self) -> tuple[str, str]:
        return self.agency.code.removeprefix(UNION), self.period.code


@transaction.atomic
def make_history(plan: Plan) -> int:
    """Every illustrative report of the plan; gives their number. One transaction: all of it or nothing."""
    measures = {measure.code: measure for measure in plan.measures.all()}
    writers = {user.agency_id: user for user in User.objects.filter(role=User.Role.REPORTER)}
    first, second = User.objects.get(username="tinh"), User.objects.get(username="tinh2")
    allocate(plan)
    for n, story in enumerate(story for story in stories(plan) if story.key not in MISSING):
        by = writers.get(story.agency.pk, first)
        _tell(story, measures, by, second if by == first or n % 2 else first, late=n % LATE_EVERY == 0)
    return Report.objects.illustrative().count()


def stories(plan: Plan) -> Iterator[Story]:
    """In the order of time: the territories' half-years with the province Union's, then the departments' year."""
    periods = {period.code: period for period in plan.periods.all()}
    for half, (year, part) in enumerate(itertools.product(magnitudes.FLOWS, (1, 2))):
        period = periods[f"{year}-H{part}"]
        yield from _territories(period, half, magnitudes.halves_of(year)[part - 1])
        yield _province_union(period, half)
        if part == 2:
            yield from _departments(plan, periods[str(year)], half)


def _territories(period: Period, half: int, totals: tuple[int, int, int]) -> Iterator[Story]:
    """Counted reports share the province's totals exactly; those not (yet) counted say a little on top."""
    agencies = {
        agency.unit.slug: agency
        for agency in Agency.objects.in_force_on(period.ends_on)
        .filter(kind="womens_union")
        .exclude(level="province")
        .select_related("unit")
    }
    weights = _weights(agencies)
    counted = {slug: weight for slug, weight in weights.items() if (slug, period.code) not in NOT_COUNTED}
    flows = [magnitudes.spread(total, counted, f"{period.code}-{n}") for n, total in enumerate(totals)]
    for slug, state in magnitudes.state_of(half, weights).items():
        beside = (TOO_MANY_WOMEN if (slug, period.code) in RETURNED else 1, 0, 0)
        women, groups, advised = (flow.get(slug, other) for flow, other in zip(flows, beside, strict=True))
        numbers = magnitudes.parts_of(women, groups, advised)
        yield Story(agencies[slug], period, numbers | {code: Decimal(number) for code, number in state.items()})


def _weights(agencies: Mapping[str, Agency]) -> dict[str, float]:
    if "huyen-thong-nong" in agencies:
        return magnitudes.weights_of_old_units()
    if "huyen-quang-hoa" in agencies:
        return magnitudes.WEIGHTS
    main = UnitSuccession.objects.main().filter(successor__slug__in=agencies)
    return magnitudes.weights_of_communes(dict(main.values_list("successor__slug", "predecessor__slug")))


def _province_union(period: Period, half: int) -> Story:
    """The province's own officials; the women it supports are reported by their districts."""
    trained = min(10 + half, 22)
    numbers = {"CT1_TS": 22, "CT1_TH": trained, "CT3": 0, "CT4": 0, "CT5": 0, "LOP": 2, "LUOT": 90}
    agency = Agency.objects.get(code="hoi-lhpn-tinh")
    return Story(agency, period, {code: Decimal(number) for code, number in numbers.items()})


def _departments(plan: Plan, year: Period, half: int) -> Iterator[Story]:
    """Departments report their own officials once a year."""
    for duty in plan.duties.owing(Period.Kind.YEAR, year.ends_on).select_related("agency"):
        officials = magnitudes.officials_of(duty.agency.code)
        trained = min(officials, 1 + half // 4)
        yield Story(duty.agency, year, {"CT1_TS": Decimal(officials), "CT1_TH": Decimal(trained)})


def _tell(story: Story, measures: Mapping[str, Measure], by: User, reviewer: User, *, late: bool) -> None:
    """Take one report as far as it got."""
    handed_in = _moment(story.period.ends_on, 9 if late else 3)
    report = workflow.start(story.agency, story.period, by=by, at=handed_in, illustrative=True)
    entries = {measures[code]: Entry(value) for code, value in story.numbers.items()}
    report = workflow.save(report, entries, by=by, version=report.version, at=handed_in)
    if story.key in DRAFTS:
        return
    report = workflow.submit(report, by=by, version=report.version, at=handed_in)
    if story.key in WAITING:
        return
    decided = handed_in + dt.timedelta(days=4, hours=6)
    if reason := RETURNED.get(story.key):
        workflow.return_(report, by=reviewer, version=report.version, reason=reason, at=decided)
    else:
        workflow.approve(report, by=reviewer, version=report.version, at=decided)


def _moment(day: dt.date, later: int) -> dt.datetime:
    """Some days after the cut-off, at nine in the morning in Cao Bằng."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=later), dt.time(9)))


def allocate(plan: Plan) -> None:
    """Invented allocations to the ten districts, adding up to the province's targets; ratios are the province's."""
    province = {target.indicator.code: target for target in Target.objects.of_territories(plan).filter(unit=None)}
    units = {unit.slug: unit for unit in Unit.objects.filter(slug__in=magnitudes.WEIGHTS)}
    rows = []
    for indicator in Indicator.objects.filter(plan=plan):
        whole = province[indicator.code]
        shares = _shares(ALLOCATED[indicator.code]) if indicator.code in ALLOCATED else {}
        rows += [
            {
                "indicator": indicator,
                "unit": unit,
                "counts_from": whole.counts_from,
                "due_on": whole.due_on,
                "value": shares.get(slug, whole.value),
                "legal_basis": "Số giao minh họa",
            }
            for slug, unit in units.items()
        ]
    create_missing(Target, rows, ("indicator_id", "unit_id", "agency_id", "due_on"))


def _shares(total: int) -> dict[str, int]:
    """By population, largest remainders first, so that the parts add up."""
    whole = sum(magnitudes.WEIGHTS.values())
    exact = {slug: total * weight / whole for slug, weight in magnitudes.WEIGHTS.items()}
    shares = {slug: int(share) for slug, share in exact.items()}
    for slug in sorted(exact, key=lambda s: exact[s] - shares[s], reverse=True)[: total - sum(shares.values())]:
        shares[slug] += 1
    return shares


def exists() -> bool:
    """Whether illustrative reports were made already."""
    return Report.objects.illustrative().exists()
