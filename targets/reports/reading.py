"""What the pages about reports show, gathered in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from agencies.models import User
from targets.models import Figure, Indicator, Measure, Report
from targets.models.words import upper_first

from . import checks, obligations, rules


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One line of a report as read: the measure, what it says now and what the last period said."""

    measure: Measure
    figure: Figure | None
    previous: Decimal | None

    @property
    def value(self) -> Decimal | None:
        return self.figure.value if self.figure else None

    @property
    def not_applicable(self) -> bool:
        return bool(self.figure and self.figure.not_applicable)


@dataclass(frozen=True, slots=True)
class FigureSection:
    indicator: Indicator | None
    lines: tuple[FigureLine, ...]


def previous_values(report: Report) -> dict[str, Decimal]:
    """Last period's figures by measure code; empty when there was none."""
    before = obligations.previous_report(report)
    if before is None:
        return {}
    return dict(before.figures.exclude(value=None).values_list("measure__code", "value"))


def sections(report: Report) -> tuple[FigureSection, ...]:
    """The report's figures in the order of the form, every measure present, blank or not."""
    previous = previous_values(report)
    figures = {figure.measure_id: figure for figure in report.figures.select_related("origin__batch")}
    return tuple(
        FigureSection(
            section,
            tuple(FigureLine(m, figures.get(m.pk), previous.get(m.code)) for m in measures),
        )
        for section, measures in checks.Rulebook.of(report.period.plan).sections()
    )


def page(user: User, report: Report) -> dict[str, object]:
    """Everything on a report's page, and what the reader may do there."""
    return {
        "report": report,
        "sections": sections(report),
        "events": report.events.newest_first(),
        "narrative": [
            (upper_first(Report._meta.get_field(name).verbose_name), text)
            for name in Report.NARRATIVE
            if (text := getattr(report, name))
        ],
        "may_write": rules.may_write(user, report),
        "may_review": rules.may_review(user, report),
        "may_reopen": rules.may_reopen(user, report),
        **(queue() if user.is_reviewer else {}),
    }


def queue() -> dict[str, object]:
    """What waits for a decision, longest first, and what waits for its agency's correction."""
    return {
        "waiting": list(Report.objects.waiting_for_review().with_names().longest_waiting_first()),
        "returned": list(Report.objects.returned().with_names().longest_waiting_first()),
    }


def why_locked(user: User, report: Report) -> str:
    """Why this person cannot change this report now."""
    try:
        rules.check_may_write_for(user, report.agency)
        rules.check_period_is_open(report.period)
    except rules.NotAllowed as refusal:
        return str(refusal)
    return "Báo cáo đã nộp hoặc đã duyệt. Muốn sửa, đề nghị tỉnh trả lại hoặc mở lại báo cáo."
