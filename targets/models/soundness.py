"""What in a plan's promises does not hold together: named to the administrator, who alone can mend it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.urls import reverse

from .days import spell_day
from .measure import Measure
from .numbers import say
from .period import Period
from .plan import Indicator, Plan, Target
from .words import lower_first


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: at which row, and what it is, in the administrator's words."""

    row: Plan | Indicator | Measure | Period | Target
    message: str

    @property
    def url(self) -> str:
        """Where the administrator mends it."""
        return reverse(f"admin:targets_{self.row._meta.model_name}_change", args=[self.row.pk])


def faults(plan: Plan) -> list[Fault]:
    """Of the plan, of every indicator in order, of its periods; a fixed number of queries."""
    targets: dict[int, list[Target]] = defaultdict(list)
    for target in Target.objects.filter(indicator__plan=plan).select_related("indicator", "unit", "agency"):
        targets[target.indicator_id].append(target)
    indicators = list(plan.indicators.prefetch_related("numerator", "denominator"))
    found = [fault for indicator in indicators for fault in _of_indicator(indicator, targets[indicator.pk])]
    open_ended = [i for i in indicators if not any(target.is_for_the_province for target in targets[i.pk])]
    if open_ended:
        codes = ", ".join(indicator.code for indicator in open_ended)
        found.append(Fault(open_ended[0], f"Chưa có mục tiêu của tỉnh: {codes}."))
    return [*_not_reportable(plan, indicators), *found, *_misplaced(plan)]


def _not_reportable(plan: Plan, indicators: Sequence[Indicator]) -> Iterator[Fault]:
    """What keeps anybody from reporting at all, or what is reported from being counted."""
    if not indicators:
        yield Fault(plan, "Chưa có chỉ tiêu nào.")
    if not plan.periods.exists():
        yield Fault(plan, "Chưa có kỳ báo cáo nào. Tạo kỳ báo cáo theo lịch.")
    if not plan.duties.reporting().exists():
        yield Fault(plan, "Chưa giao cho cơ quan nào nhiệm vụ báo cáo số liệu.")
    for measure in plan.measures.of_indicators(plan).filter(counted_by=None).order_by("order", "code"):
        yield Fault(measure, f"{measure}: chưa có cơ quan được tính số, nên không được cộng.")


def _misplaced(plan: Plan) -> Iterator[Fault]:
    """Periods that lie outside the plan, or over another of their kind: what is in both would be counted twice."""
    last: dict[str, Period] = {}
    for period in plan.periods.order_by("starts_on"):
        if period.ends_on < plan.starts_on or period.starts_on > plan.ends_on:
            yield Fault(period, f"{period}: nằm ngoài thời gian của kế hoạch.")
        before = last.get(period.kind)
        if before and period.starts_on <= before.ends_on:
            yield Fault(period, f"{period}: bắt đầu trước khi {lower_first(before.name)} kết thúc.")
        last[period.kind] = period


def _of_indicator(indicator: Indicator, targets: Sequence[Target]) -> Iterator[Fault]:
    if not indicator.numerator.all() and targets:
        yield Fault(indicator, f"{indicator.code} có mục tiêu nhưng chưa có số liệu nào ở tử số.")
    for name, measures in (("tử số", indicator.numerator.all()), ("mẫu số", indicator.denominator.all())):
        if len({measure.accumulation for measure in measures}) > 1:
            yield Fault(indicator, f"{indicator.code}: {name} gồm cả số trong kỳ và số tại thời điểm.")
    yield from _falling(indicator, targets)
    if not indicator.denominator.all():
        yield from _not_adding_up(indicator, targets)
    yield from _outlived(targets)


def _falling(indicator: Indicator, targets: Iterable[Target]) -> Iterator[Fault]:
    """Milestones of one phase for one addressee that go back; where the lower is the better, that go up."""
    phases: dict[tuple, list[Target]] = defaultdict(list)
    for target in targets:
        phases[target.unit_id, target.agency_id, target.is_national, target.counts_from].append(target)
    down = indicator.direction == Indicator.Direction.DOWN
    for phase in phases.values():
        for before, after in pairwise(sorted(phase, key=lambda target: target.due_on)):
            if (after.value > before.value) if down else (after.value < before.value):
                word = "cao" if down else "thấp"
                yield Fault(
                    after,
                    f"{after}: mục tiêu {say(after.value)} {word} hơn mốc trước đó ({say(before.value)} đến "
                    f"{spell_day(before.due_on)}).",
                )


def _not_adding_up(indicator: Indicator, targets: Iterable[Target]) -> Iterator[Fault]:
    """What was allocated to units for a day, beside what the province promised for it. Rates do not add up."""
    allocated: dict[object, list[Target]] = defaultdict(list)
    province: dict[object, Target] = {}
    for target in targets:
        if target.unit_id:
            allocated[target.due_on].append(target)
        elif target.is_for_the_province:
            province[target.due_on] = target
    for day, parts in allocated.items():
        whole = province.get(day)
        given = sum(target.value for target in parts)
        if whole is None:
            message = f"đã giao cho đơn vị đến {spell_day(day)}, tỉnh không có mục tiêu đến ngày đó."
            yield Fault(parts[0], f"{indicator.code}: {message}")
        elif given != whole.value:
            yield Fault(
                whole,
                f"{indicator.code}: {len(parts)} đơn vị được giao cộng lại là {say(given)}, mục tiêu của tỉnh đến "
                f"{spell_day(day)} là {say(whole.value)}.",
            )


def _outlived(targets: Iterable[Target]) -> Iterator[Fault]:
    """Allocated to a unit that had ended before the target began to count."""
    for target in targets:
        if target.unit and target.unit.valid_to and target.unit.valid_to < target.counts_from:
            ended = spell_day(target.unit.valid_to)
            yield Fault(target, f"{target}: {target.unit} kết thúc ngày {ended}, trước khi bắt đầu tính.")
