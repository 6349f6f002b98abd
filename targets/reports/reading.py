"""What the pages about reports show, gathered in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from agencies.models import User
from targets.models import Attachment, Extension, Figure, Indicator, Measure, Report, ReportEvent
from targets.models.words import upper_first

from . import checks, comments, corrections, differences, history, inspection, queueing, rules
from .beside import Beside, beside
from .comments import Thread
from .differences import BLANK, Comparison, Said
from .entries import Entry, entry_of


@dataclass(frozen=True, slots=True)
class Column:
    """One thing a figure is laid beside. `differs` only for what is chosen and is no other period."""

    comparison: Comparison
    said: Said
    is_chosen: bool
    differs: bool


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One line of a report as read: the measure, what it says now, what it is laid beside, what is said about it.

    `total` is counted before plus now, towards `target`; `share` the percentage of a ratio's denominator.
    """

    measure: Measure
    figure: Figure | None
    previous: Decimal | None
    columns: tuple[Column, ...] = ()
    total: Decimal | None = None
    target: Decimal | None = None
    share: Decimal | None = None
    threads: tuple[Thread, ...] = ()

    @property
    def value(self) -> Decimal | None:
        return self.figure.value if self.figure else None

    @property
    def not_applicable(self) -> bool:
        return bool(self.figure and self.figure.not_applicable)

    @property
    def differs(self) -> bool:
        return any(column.differs for column in self.columns)

    @property
    def remarks(self) -> int:
        return sum(1 + len(thread.answers) for thread in self.threads)


@dataclass(frozen=True, slots=True)
class FigureSection:
    indicator: Indicator | None
    lines: tuple[FigureLine, ...]


@dataclass(frozen=True)
class Book:
    """One report, read once: everything its page is made of."""

    report: Report
    rulebook: checks.Rulebook
    figures: Mapping[int, Figure]
    beside: Mapping[str, Beside]
    threads: Mapping[str, list[Thread]]
    events: list[ReportEvent]
    attachments: list[Attachment]

    @classmethod
    def of(cls, report: Report, user: User) -> Book:
        rulebook = checks.Rulebook.of(report.period.plan, report.agency)
        return cls(
            report,
            rulebook,
            {f.measure_id: f for f in report.figures.select_related("measure", "origin__batch")},
            beside(report, rulebook),
            comments.by_measure(report, user),
            list(report.events.newest_first()),
            list(report.attachments.select_related("uploaded_by")),
        )

    @property
    def now(self) -> dict[int, Said]:
        said = {pk: Said(figure.value, figure.not_applicable) for pk, figure in self.figures.items()}
        return differences.without_blanks(said)

    @property
    def previous(self) -> dict[int, Said]:
        values = {m.pk: self.beside[m.code].previous for m in self.rulebook.measures}
        return {pk: Said(value) for pk, value in values.items() if value is not None}

    def entries(self) -> dict[str, Entry]:
        return {figure.measure.code: entry_of(figure) for figure in self.figures.values()}

    def inspected(self) -> list[inspection.Inspected]:
        return inspection.inspect(self.rulebook, self.entries(), self.beside)

    def sections(self, found: list[Comparison], chosen: Comparison) -> tuple[FigureSection, ...]:
        """The report's figures in the order of the form, every measure present, blank or not."""
        values = {f.measure.code: f.value for f in self.figures.values()}
        columns = _columns(found, chosen)
        return tuple(
            FigureSection(section, tuple(self._line(measure, columns, chosen, values) for measure in measures))
            for section, measures in self.rulebook.sections()
        )

    def _line(
        self, measure: Measure, columns: list[Comparison], chosen: Comparison, values: Mapping[str, Decimal | None]
    ) -> FigureLine:
        near, figure = self.beside[measure.code], self.figures.get(measure.pk)
        value, base = figure.value if figure else None, values.get(near.base)
        now = Said(value, figure.not_applicable) if figure else BLANK
        return FigureLine(
            measure,
            figure,
            near.previous,
            tuple(
                Column(
                    column,
                    said := column.said(measure.pk),
                    column is chosen,
                    column is chosen and chosen.key != differences.PREVIOUS_PERIOD and said != now,
                )
                for column in columns
            ),
            total=near.before + (value or 0) if near.is_summed else None,
            target=near.target if near.is_summed else None,
            share=value * 100 / base if value is not None and base else None,
            threads=tuple(self.threads.get(measure.code, ())),
        )


def _columns(found: list[Comparison], chosen: Comparison) -> list[Comparison]:
    """Last period, and the one chosen; with last period chosen, the next best. A narrow screen shows the chosen one."""
    others = [comparison for comparison in found if comparison.key != differences.PREVIOUS_PERIOD]
    return [found[0], *([chosen] if chosen in others else others[:1])]


def page(user: User, report: Report, compare: str | None = None) -> dict[str, object]:
    """Everything on a report's page, and what the reader may do there. `compare` is a word of the address."""
    book = Book.of(report, user)
    found = differences.comparisons(report, book.previous, book.now)
    chosen = differences.chosen(found, compare)
    all_threads = [thread for threads in book.threads.values() for thread in threads]
    corrected = corrections.corrections(report, book.events)
    may_ask = rules.may_ask(user, report)
    return {
        "report": report,
        "sections": book.sections(found, chosen),
        "columns": (columns := _columns(found, chosen)),
        "width": len(columns) + 3 + may_ask,
        "now_name": _now_name(report, found),
        "comparisons": found,
        "chosen": chosen,
        "summary": differences.summary(chosen, book.now, all_threads, book.attachments),
        "inspected": book.inspected(),
        "threads": book.threads.get(comments.WHOLE_REPORT, []),
        "unsent": _unsent(all_threads),
        "evidence": [
            (file, bool(chosen.event) and file.uploaded_at > chosen.event.at)
            for file in book.attachments
            if file.removed_at is None
        ],
        "steps": history.history(report, book.events, book.attachments, corrected),
        "corrections": corrected,
        "extension": last_extension(report),
        "narrative": narrative(report),
        "may_write": rules.may_write(user, report),
        "may_review": rules.may_review(user, report),
        "may_reopen": rules.may_reopen(user, report),
        "may_ask": may_ask,
        "may_answer": any(thread.may_answer for thread in all_threads),
        **(queueing.queue(user) if user.is_reviewer else {}),
    }


def _now_name(report: Report, found: list[Comparison]) -> str:
    """Heading of what the report says now, beside "Lần 1" or "Kỳ trước"."""
    if not any(comparison.key == differences.LAST_ROUND for comparison in found):
        return "Kỳ này"
    stands = report.status in (Report.Status.SUBMITTED, Report.Status.APPROVED)
    return f"Lần {report.round}" if stands else "Đang sửa"


def narrative(report: Report) -> list[tuple[str, str]]:
    """(heading, text) of what was written."""
    return [
        (upper_first(Report._meta.get_field(name).verbose_name), text)
        for name in Report.NARRATIVE
        if (text := getattr(report, name))
    ]


def last_extension(report: Report) -> Extension | None:
    """The time last granted for this report, running or over."""
    return Extension.objects.of(report.agency, report.period).select_related("granted_by").first()


def _unsent(threads: Iterable[Thread]) -> int:
    return sum(remark.is_unsent for thread in threads for remark in (thread.question, *thread.answers))


def why_locked(user: User, report: Report) -> str:
    """Why this person cannot change this report now."""
    try:
        rules.check_may_write_for(user, report.agency)
        rules.check_period_is_open(report.period, report.agency)
    except rules.NotAllowed as refusal:
        return str(refusal)
    return "Báo cáo đã nộp hoặc đã duyệt. Muốn sửa, đề nghị tỉnh trả lại hoặc mở lại báo cáo."
