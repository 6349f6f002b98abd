"""The ministry's shape, made of nothing: 34 provinces, each with its own plan, 3 321 communes, a report every month.

Every plan is plan 503's own measures, indicators and targets. One province is measured: it has the same 56 communes at
every size, so the same number of rows is shown; what grows is its history and the other provinces around it.
Chance has no part: the same shape gives the same rows.
"""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from agencies.models import Agency, Unit, User
from agencies.models.agency import AgencyKind, AgencyLevel
from agencies.reference import by, create_missing
from targets.models import (
    ApprovedFigure,
    Figure,
    FigureChange,
    Measure,
    Period,
    Plan,
    Report,
    ReportEvent,
    bulk,
    calendar,
)
from targets.reference import PLANS, load_plan
from targets.reports import checks

FIRST_YEAR, LAST_YEAR = 2016, 2025  # reporting years: from 15 December of the year before
MONTHS = 12 * (LAST_YEAR - FIRST_YEAR + 1)
COMMUNES, OTHERS, LARGER = 56, 98, 31  # of the measured province, of the others, how many of those have one more
WAITING = 20  # reports of the measured province's newest month that wait for a decision
CORRECTED = 28  # one report in so many was corrected, in seven of its figures: one ledger row in a hundred
PASSED_ON = (PLANS / "plan503", ("indicators.csv", "measures.csv"))

Status, Verb = Report.Status, ReportEvent.Verb
# (verb, from, to, round, days after the period's end); the last four are a correction's.
LIFE = (
    (Verb.START, "", Status.DRAFT, 0, 1),
    (Verb.SAVE, Status.DRAFT, Status.DRAFT, 0, 2),
    (Verb.SUBMIT, Status.DRAFT, Status.SUBMITTED, 1, 3),
    (Verb.APPROVE, Status.SUBMITTED, Status.APPROVED, 1, 6),
    (Verb.REOPEN, Status.APPROVED, Status.DRAFT, 1, 40),
    (Verb.SAVE, Status.DRAFT, Status.DRAFT, 1, 41),
    (Verb.SUBMIT, Status.DRAFT, Status.SUBMITTED, 2, 42),
    (Verb.APPROVE, Status.SUBMITTED, Status.APPROVED, 2, 45),
)
UP_TO = {Status.SUBMITTED: 3, Status.APPROVED: 4}  # how many of these turns a report took that was never corrected
BY_PROVINCE = (Verb.APPROVE, Verb.REOPEN)

REPORT = (
    "id", "agency_id", "period_id", "status", "version", "round", "is_estimate", *Report.NARRATIVE, "is_illustrative",
    "created_at", "created_by_id", "submitted_at", "submitted_by_id", "first_submitted_at", "approved_at",
    "approved_by_id", "return_comment",
)  # fmt: skip
EVENT = ("id", "report_id", "verb", "at", "by_id", "from_status", "to_status", "round", "reason")
CHANGE = ("event_id", "measure_id", "new_value", "old_not_applicable", "new_not_applicable")
FIGURE = ("report_id", "measure_id", "value", "not_applicable", "reason", "note")
LEDGER = (
    "report_id", "agency_id", "unit_id", "measure_id", "period_id", "value", "approved_at", "approved_by_id",
    "superseded_at", "superseded_by_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """How many provinces, and how many months back they report; of the newest `whole` months all figures, not only
    those that a report must have.
    """

    provinces: int
    months: int
    whole: int = MONTHS

    def communes(self, province: int) -> int:
        return COMMUNES if province == 0 else OTHERS + (province <= LARGER)


SHAPES = {
    2_000: Shape(provinces=1, months=3, whole=1),
    100_000: Shape(provinces=3, months=16),
    1_000_000: Shape(provinces=10, months=42),
    10_000_000: Shape(provinces=34, months=MONTHS),
}


def measured_plan() -> Plan:
    return Plan.objects.get(number=_number(0))


def newest_month(plan: Plan) -> Period:
    return plan.periods.filter(kind=Period.Kind.MONTH).order_by("ends_on").last()


def build(shape: Shape) -> None:
    """Everything, into a database that was migrated and may hold other plans; totals are not kept yet."""
    with transaction.atomic():
        _create_units(shape)
        _create_agencies(shape)
        _create_people()
        for province in range(shape.provinces):
            _create_plan(shape, province)
    keys = Keys.after_those_there()
    for province in range(shape.provinces):
        with transaction.atomic():
            _create_reports(Stage.of(province), shape, keys)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Report, ReportEvent]):
            cursor.execute(statement)


# --- Who and what ---------------------------------------------------------------------------------------------------


def _number(province: int) -> str:
    return f"{province + 1:02}/KH-UBND"


def _province(province: int) -> str:
    return f"do-tinh-{province + 1:02}"


def _commune(province: int, commune: int) -> str:
    return f"{_province(province)}-xa-{commune + 1:02}"


def _create_units(shape: Shape) -> None:
    """Codes begin with a letter, so that they are no real unit's."""
    unit = {"valid_from": "", "valid_to": ""}
    provinces = [
        unit | {"slug": _province(p), "code": f"T{p + 1:02}", "name": f"Thử {p + 1:02}", "kind": Unit.Kind.PROVINCE}
        for p in range(shape.provinces)
    ]
    communes = [
        unit
        | {
            "slug": _commune(p, c),
            "code": f"X{p + 1:02}{c + 1:03}",
            "name": f"Số {c + 1:02}",
            "kind": Unit.Kind.COMMUNE,
        }
        | {"parent": _province(p)}
        for p in range(shape.provinces)
        for c in range(shape.communes(p))
    ]
    create_missing(Unit, provinces, ("slug",))
    create_missing(Unit, communes, ("slug",), {"parent": by(Unit, "slug")})


def _create_agencies(shape: Shape) -> None:
    """A Women's Union in every province and commune; the code is its unit's slug."""
    units = Unit.objects.filter(slug__startswith="do-tinh-")
    rows = [
        {
            "code": unit.slug,
            "name": f"Hội LHPN {unit.full_name} ({unit.code})",
            "short_name": f"Hội LHPN {unit.code}",
            "kind": AgencyKind.WOMENS_UNION,
            "level": AgencyLevel.COMMUNE if unit.parent_id else AgencyLevel.PROVINCE,
            "unit": unit,
        }
        for unit in units.order_by("slug")
    ]
    create_missing(Agency, rows, ("code",))


def _create_people() -> None:
    """Who reports for each agency, two officers of each province, two leaders; nobody has a password."""
    agencies = Agency.objects.filter(code__startswith="do-tinh-").order_by("code")
    reporters = [_user(a.code, User.Role.REPORTER, a) for a in agencies]
    officers = [
        _user(f"{a.code}-duyet-{n}", User.Role.REVIEWER, a)
        for a in agencies
        if a.level == AgencyLevel.PROVINCE
        for n in (1, 2)
    ]
    leaders = [_user(f"do-lanh-dao-{n}", User.Role.LEADER) for n in (1, 2)]
    User.objects.bulk_create([*reporters, *officers, *leaders], batch_size=500)


def _user(username: str, role: str, agency: Agency | None = None) -> User:
    return User(username=username, full_name=username, role=role, agency=agency, password="!")


def _create_plan(shape: Shape, province: int) -> None:
    """Through the folder of CSV files that a plan is loaded from."""
    source, files = PASSED_ON
    starts_on, ends_on = dt.date(FIRST_YEAR - 1, 12, 15), dt.date(LAST_YEAR, 12, 31)
    plan = {
        "number": _number(province), "title": f"Kế hoạch đo thử {_number(province)}", "short_title": "Đo thử",
        "starts_on": starts_on, "ends_on": ends_on, "calendar": Plan.Calendar.MONTH,
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in files:
            shutil.copy(source / file, folder)
        _write(folder / "plan.csv", [plan])
        with (source / "targets.csv").open(encoding="utf-8", newline="") as file:
            _write(folder / "targets.csv", [row | {"counts_from": starts_on} for row in csv.DictReader(file)])
        _write(folder / "periods.csv", list(_periods(shape)))
        _write(folder / "duties.csv", list(_duties(shape, province)))
        load_plan(folder)


def _periods(shape: Shape) -> Iterator[Mapping[str, object]]:
    """Those of the calendar that lie within the history."""
    names = ("code", "name", "kind", "starts_on", "ends_on", "due_on")
    plan = Plan(calendar=Plan.Calendar.MONTH)
    found = [
        one
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for one in calendar.periods_of(plan, year, due_after=calendar.DUE_AFTER)
    ]
    since = [one.starts_on for one in found if one.kind == Period.Kind.MONTH][-shape.months]
    return ({name: getattr(one, name) for name in names} for one in found if one.starts_on >= since)


def _duties(shape: Shape, province: int) -> Iterator[Mapping[str, object]]:
    duty = {"text": "Báo cáo hằng tháng", "reports_every": "month", "indicators": "CT1 CT2 CT3 CT4 CT5"}
    yield duty | {"agency": _province(province)}
    yield from (duty | {"agency": _commune(province, c)} for c in range(shape.communes(province)))


def _write(path: Path, rows: list[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


# --- What was reported ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Keys:
    """Primary keys to come: rows that other rows name must know theirs beforehand."""

    reports: Iterator[int]
    events: Iterator[int]

    @classmethod
    def after_those_there(cls) -> Keys:
        return cls(
            *(count((model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1) for model in (Report, ReportEvent))
        )


@dataclass
class Stage:
    """One province with everything its reports are made of."""

    province: int
    plan: Plan
    agencies: list[Agency]  # the province's own last, as it waits for nobody
    reporters: Mapping[int, int]
    officer: int
    rulebook: checks.Rulebook
    measures: Mapping[str, list[Measure]] = field(
        default_factory=dict
    )  # by level, those its reports enter the total of

    @classmethod
    def of(cls, province: int) -> Stage:
        plan = Plan.objects.get(number=_number(province))
        agencies = [
            duty.agency for duty in plan.duties.select_related("agency").order_by("-agency__level", "agency__code")
        ]
        agencies.sort(key=lambda agency: agency.level == AgencyLevel.PROVINCE)
        users = User.objects.filter(agency__in=agencies)
        return cls(
            province=province,
            plan=plan,
            agencies=agencies,
            reporters=dict(users.filter(role=User.Role.REPORTER).values_list("agency", "pk")),
            officer=users.filter(role=User.Role.REVIEWER).order_by("username").first().pk,
            rulebook=(book := checks.Rulebook.of(plan)),
            measures={a.level: [m for m in book.measures if m.counts_reports_of(a)] for a in agencies},
        )


def _create_reports(stage: Stage, shape: Shape, keys: Keys) -> None:
    months = list(stage.plan.periods.filter(kind=Period.Kind.MONTH).order_by("ends_on"))
    first = MONTHS - len(months)  # a month has the same figures at every size
    line = Figures(stage.rulebook)
    for place, period in enumerate(months):
        is_newest = period is months[-1]
        rows = Rows()
        for number, agency in enumerate(stage.agencies):
            waits = is_newest and stage.province == 0 and number < WAITING
            corrected = not is_newest and (number * 31 + place * 17) % CORRECTED == 0
            turns = LIFE if corrected else LIFE[: UP_TO[Status.SUBMITTED if waits else Status.APPROVED]]
            measures = stage.measures[agency.level]
            if place < len(months) - shape.whole:
                measures = [measure for measure in measures if measure.required]
            values = line.of(stage.province * 100 + number, first + place)
            rows.add(stage, period, agency, turns, [(m, values[m.code]) for m in measures], line.correctable, keys)
        rows.put()


class Figures:
    """Numbers that agree: parts add up, no numerator exceeds its denominator, what stands at a time never falls."""

    def __init__(self, rulebook: checks.Rulebook) -> None:
        self.bases = {part.code: base.code for part, base in rulebook.ratios}
        wholes = {m.code: [p.code for p in rulebook.parts_of(m, Measure.Relation.PARTITION)] for m in rulebook.measures}
        self.parts = {code: parts for code, parts in wholes.items() if parts}
        self.subsets = {m.code: m.part_of.code for m in rulebook.measures if m.relation == Measure.Relation.SUBSET}
        derived = {*self.bases, *self.parts, *self.subsets}
        self.simple = [(n, m) for n, m in enumerate(rulebook.measures) if m.code not in derived]
        alone = {m.code for _, m in self.simple if not m.part_of_id and not m.is_state}
        self.correctable = {**dict.fromkeys(alone, 1), **dict.fromkeys(self.bases, -1)}  # by how much one was wrong

    def of(self, agency: int, month: int) -> dict[str, int]:
        """By measure code."""
        found = {}
        for n, measure in self.simple:
            stands = 300 + (agency * 37 + n * 101) % 700 + month // 4
            found[measure.code] = stands if measure.is_state else (agency * 7 + month * (n % 5 + 3) + n) % 4
        for code, base in self.bases.items():
            found[code] = max(found[base] * (20 + month * 65 // MONTHS) // 100, 1)
        for code, parts in self.parts.items():
            found[code] = sum(found[part] for part in parts)
        for n, (code, whole) in enumerate(self.subsets.items(), 1):
            found[code] = found[whole] // n
        return found


@dataclass
class Rows:
    """What one month of one province puts into each table."""

    reports: list[tuple] = field(default_factory=list)
    events: list[tuple] = field(default_factory=list)
    changes: list[tuple] = field(default_factory=list)
    figures: list[tuple] = field(default_factory=list)
    ledger: list[tuple] = field(default_factory=list)

    def put(self) -> None:
        bulk.insert(Report, REPORT, self.reports)
        bulk.insert(ReportEvent, EVENT, self.events)
        bulk.insert(FigureChange, CHANGE, self.changes)
        bulk.insert(Figure, FIGURE, self.figures)
        bulk.insert(ApprovedFigure, LEDGER, self.ledger)

    def add(self, stage: Stage, period: Period, agency: Agency, turns: tuple, said: list[tuple[Measure, int]],
            wrong: Mapping[str, int], keys: Keys) -> None:  # fmt: skip
        """One report that took these turns and says so now; `wrong`: by how much what was corrected had been off."""
        pk, reporter, noon = next(keys.reports), stage.reporters[agency.pk], _noon_of(period)
        events = list(islice(keys.events, len(turns)))
        at = [noon + dt.timedelta(days) for *_, days in turns]
        for key, (verb, before, after, round_, _), when in zip(events, turns, at, strict=True):
            by_whom = stage.officer if verb in BY_PROVINCE else reporter
            reason = "Số liệu cần đính chính." if verb == Verb.REOPEN else ""
            self.events.append((key, pk, verb, when, by_whom, before, after, round_, reason))
        status, round_ = turns[-1][2], turns[-1][3]
        approved = (at[-1], stage.officer) if status == Status.APPROVED else (None, None)
        handed_in = [when for when, (verb, *_) in zip(at, turns, strict=True) if verb == Verb.SUBMIT]
        self.reports.append(
            (pk, agency.pk, period.pk, status, len(turns), round_, False, "", "", "", "", "", False, at[0], reporter,
             handed_in[-1], reporter, handed_in[0], *approved, "")
        )  # fmt: skip
        self.figures += [(pk, measure.pk, value, False, "", "") for measure, value in said]
        if stage.province == 0:  # elsewhere nobody looks behind a number, and it would be ten million rows more
            self.changes += [(events[1], measure.pk, value, False, False) for measure, value in said]
        if status == Status.APPROVED:
            self.ledger += self._approved((pk, agency.pk, agency.unit_id), period, stage.officer, at, said, wrong)

    @staticmethod
    def _approved(
        whose: tuple, period: Period, officer: int, at: list, said: list, wrong: Mapping[str, int]
    ) -> Iterator[tuple]:
        first = at[3]
        corrected = at[-1] if at[-1] is not first else None
        for measure, value in said:
            since = first
            if corrected and measure.code in wrong:
                earlier = (
                    *whose,
                    measure.pk,
                    period.pk,
                    value + wrong[measure.code],
                    first,
                    officer,
                    corrected,
                    officer,
                )
                since = corrected
                yield earlier
            yield (*whose, measure.pk, period.pk, value, since, officer, None, None)


def _noon_of(period: Period) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(period.ends_on, dt.time(12)))
