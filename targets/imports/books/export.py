"""All reports and figures of a period as one wide workbook; read back, it changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from django.utils import timezone
from xlsxwriter.worksheet import Worksheet

from targets.models import Figure, Measure, Period, Report
from targets.models.days import spell_day
from targets.reports.checks import Rulebook
from targets.reports.entries import Entry

from . import wording
from .template import title_of
from .writing import LINE_HEIGHT, Book, height

STT, CODE, AGENCY, FIRST = range(4)
GROUPS, NAMES, CODES = 4, 5, 6  # the heading rows, counted from 0; reports follow
FIGURE_WIDTH, MOMENT_WIDTH, PERSON_WIDTH, AGENCY_WIDTH = 12, 18, 24, 34


@dataclass(frozen=True)
class _Content:
    """What goes into the workbook: the plan's measures in the order of its form, what each report says of them."""

    rulebook: Rulebook
    reports: list[Report]
    said: Mapping[int, Mapping[str, Entry]]  # by report, then by measure code

    @classmethod
    def of(cls, period: Period, reports: Iterable[Report]) -> _Content:
        """In a fixed number of queries, however many reports: the period's are read whole, the asked for are taken."""
        known = Report.objects.filter(period=period).select_related("agency", "submitted_by", "approved_by").in_bulk()
        wanted = [known[report.pk] for report in reports]
        said: dict[int, dict[str, Entry]] = {report.pk: {} for report in wanted}
        columns = ("report_id", "measure__code", "value", "not_applicable", "reason", "note")
        for report, code, *entry in Figure.objects.filter(report__period=period).order_by().values_list(*columns):
            if report in said:
                said[report][code] = Entry(*entry)
        return cls(Rulebook.of(period.plan), wanted, said)


def export(period: Period, reports: Iterable[Report]) -> bytes:
    """The period's reports in the order given: a row an agency, a column a measure; then their states, then notes."""
    content, book = _Content.of(period, reports), Book()
    _write_figures(book, period, content)
    _write_states(book, content.reports)
    _write_notes(book, content)
    return book.finished()


def _write_figures(book: Book, period: Period, content: _Content) -> None:
    sheet, measures = book.sheet("Số liệu"), content.rulebook.measures
    now = timezone.localtime()
    sheet.write_string(0, 0, f"SỐ LIỆU BÁO CÁO {title_of(period.plan)}", book.style("bold"))
    sheet.write_string(1, 0, f"Kỳ báo cáo: {period.name}")
    sheet.write_string(2, 0, f"Số liệu đến {now:%H:%M}, {spell_day(now.date())}", book.style("aside"))
    _write_headings(book, sheet, content.rulebook)
    for row, report in enumerate(content.reports, CODES + 1):
        sheet.write_number(row, STT, row - CODES, book.style("cell", "centred"))
        book.write_text(sheet, row, CODE, report.agency.code, "cell")
        book.write_text(sheet, row, AGENCY, report.agency.name, "cell", "wrapped")
        entries = content.said[report.pk]
        for column, measure in enumerate(measures, FIRST):
            _write_entry(book, sheet, row, column, entries.get(measure.code))
        book.write_text(sheet, row, FIRST + len(measures), report.get_status_display(), "cell", "centred")
    _finish(sheet, CODES + len(content.reports), FIRST + len(measures), CODES, AGENCY + 1)
    sheet.autofilter(CODES, 0, CODES + len(content.reports), FIRST + len(measures))
    sheet.repeat_columns(0, AGENCY)
    sheet.fit_to_pages(2, 0)  # one page across would be too small to read


def _write_entry(book: Book, sheet: Worksheet, row: int, column: int, entry: Entry | None) -> None:
    """Blank stays blank, zero is 0, and what does not apply says so (R2)."""
    if entry and entry.not_applicable:
        book.write_text(sheet, row, column, wording.NOT_APPLICABLE, "cell", "whole")
    else:
        book.write_figure(sheet, row, column, entry and entry.value, "cell")


def _write_headings(book: Book, sheet: Worksheet, rulebook: Rulebook) -> None:
    """Three rows: the indicator over its measures, the measures' names, their codes."""
    head, code = book.style("cell", "head"), book.style("cell", "head", "code")
    last = FIRST + len(rulebook.measures)
    fixed = ((STT, wording.STT, 6), (CODE, wording.AGENCY_CODE, 28), (AGENCY, wording.AGENCY, AGENCY_WIDTH))
    for column, heading, width in (*fixed, (last, wording.STATUS, 12)):
        sheet.set_column(column, column, width, None, {"hidden": column == CODE})
        sheet.merge_range(GROUPS, column, CODES, column, heading, head)
    sheet.set_column(FIRST, last - 1, FIGURE_WIDTH)
    column = FIRST
    for indicator, measures in rulebook.sections():
        title = f"{indicator.code}. {indicator.short_name}" if indicator else "Số liệu khác"
        if len(measures) > 1:
            sheet.merge_range(GROUPS, column, GROUPS, column + len(measures) - 1, title, head)
        else:
            sheet.write_string(GROUPS, column, title, head)
        for measure in measures:
            sheet.write_string(NAMES, column, _heading_of(measure), head)
            sheet.write_string(CODES, column, measure.code, code)
            column += 1
    sheet.set_row(GROUPS, 2 * LINE_HEIGHT)
    sheet.set_row(NAMES, height(*((_heading_of(measure), FIGURE_WIDTH) for measure in rulebook.measures)))


def _heading_of(measure: Measure) -> str:
    money = "" if measure.is_whole_number else f" ({measure.unit_of_measure})"
    return f"{measure.number} {measure.name}{money}".strip()


def _write_states(book: Book, reports: Iterable[Report]) -> None:
    """Who handed what in when, who approved it."""
    sheet = book.sheet("Trạng thái")
    columns = (
        (wording.AGENCY, AGENCY_WIDTH), (wording.STATUS, 12), ("Nộp lúc", MOMENT_WIDTH), ("Người nộp", PERSON_WIDTH),
        ("Duyệt lúc", MOMENT_WIDTH), ("Người duyệt", PERSON_WIDTH),
    )  # fmt: skip
    _write_head(book, sheet, columns)
    row = 0
    for row, report in enumerate(reports, 1):
        book.write_text(sheet, row, 0, report.agency.name, "cell", "wrapped")
        book.write_text(sheet, row, 1, report.get_status_display(), "cell", "centred")
        for column, step in ((2, "submitted"), (4, "approved")):
            at, by = attrgetter(f"{step}_at", f"{step}_by")(report)
            if at:
                local = timezone.localtime(at).replace(tzinfo=None)
                sheet.write_datetime(row, column, local, book.style("cell", "moment"))
            else:
                sheet.write_blank(row, column, None, book.style("cell"))
            book.write_text(sheet, row, column + 1, str(by or ""), "cell", "wrapped")
    _finish(sheet, row, len(columns) - 1, 0, 1)


def _write_notes(book: Book, content: _Content) -> None:
    """What agencies wrote beside their figures, a line each."""
    sheet = book.sheet("Ghi chú")
    columns = ((wording.AGENCY, AGENCY_WIDTH), ("Mục", 44), ("Ghi chú, lý do không áp dụng", 60))
    _write_head(book, sheet, columns)
    row, widths = 0, [width for _, width in columns]
    for report in content.reports:
        entries = content.said[report.pk]
        for measure in content.rulebook.measures:
            for text in filter(None, _remarks(entries.get(measure.code, Entry()))):
                row += 1
                line = (report.agency.name, f"{measure.number} {measure.name}".strip(), text)
                for column, cell in enumerate(line):
                    book.write_text(sheet, row, column, cell, "cell", "wrapped")
                sheet.set_row(row, height(*zip(line, widths, strict=True)))
    _finish(sheet, row, len(columns) - 1, 0, 1)


def _remarks(entry: Entry) -> tuple[str, str]:
    return (f"{wording.NOT_APPLICABLE}: {entry.reason}" if entry.reason else "", entry.note)


def _write_head(book: Book, sheet: Worksheet, columns: Iterable[tuple[str, int]]) -> None:
    for column, (heading, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, book.style("cell", "head"))


def _finish(sheet: Worksheet, last_row: int, last_column: int, header_row: int, frozen_columns: int) -> None:
    """What stays in sight, and a print on A4 sideways as wide as the paper."""
    sheet.freeze_panes(header_row + 1, frozen_columns)
    sheet.repeat_rows(max(header_row - 2, 0), header_row)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&RTrang &P/&N")
