"""The workbook an agency fills in: its names, last period's figures, help and limits are in it, and it asks nothing."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from textwrap import shorten

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from agencies.models import Agency
from targets.models import Indicator, Measure, Period, Plan, Report
from targets.models.numbers import MOST_DIGITS
from targets.reports.beside import Beside, beside
from targets.reports.checks import Rulebook
from targets.reports.entries import Entry, entries_of

from . import guide, wording
from .writing import Book, height

STT, CODE, NAME, UNIT, PREVIOUS, VALUE, NOTE = range(7)
COLUMNS = (
    (wording.STT, 6),
    (wording.CODE, 12),
    (wording.CONTENT, 40),
    (wording.UNIT_OF_MEASURE, 13),
    (wording.LAST_PERIOD, 13),
    (wording.THIS_PERIOD, 15),
    (wording.NOTE, 30),
)
WIDTH_OF_ALL = sum(width for _, width in COLUMNS[NAME:])
HEADER = 4  # its row, counted from 0; below it every row is a group, a remark or a measure
REMARK = "Ghi 0 nếu không phát sinh. Để trống nếu chưa có số liệu."
ERROR_TITLE = "Chưa nhận số này"
# What Excel takes for the help that appears at a cell.
LONGEST_TITLE, LONGEST_HELP = 32, 255


def template(agency: Agency, period: Period) -> bytes:
    """An .xlsx for one agency and period, one row a measure, with what its report says already. Nothing is stored."""
    report = agency.reports.filter(period=period).first() or Report(agency=agency, period=period)
    rulebook = Rulebook.of(period.plan, agency)
    book = Book()
    page = _Page(book, beside(report, rulebook), entries_of(report) if report.pk else {})
    page.head(period.plan, period, agency)
    for indicator, measures in rulebook.sections():
        page.section(indicator, measures)
    page.finish()
    guide.write(book, period)
    return book.finished()


class _Page:
    """The sheet being filled, from the top; `row` is the next one free."""

    def __init__(self, book: Book, near: Mapping[str, Beside], entries: Mapping[str, Entry]) -> None:
        self.book, self.near, self.entries = book, near, entries
        self.sheet: Worksheet = book.sheet("Báo cáo")
        self.row = HEADER + 1
        self.first_value: int | None = None

    def head(self, plan: Plan, period: Period, agency: Agency) -> None:
        """Titles say plan, period and agency in words; the agency's code stands hidden beside its name."""
        titles: list[tuple[str, ...]] = [
            (f"BÁO CÁO KẾT QUẢ THỰC HIỆN {title_of(plan)}", "title"),
            (f"Kỳ báo cáo: {period.name}", "subtitle"),
            (f"Đơn vị báo cáo: {agency.name}", "subtitle"),
            (f"Chỉ nhập các ô nền vàng. {REMARK}", "subtitle", "aside"),
        ]
        for row, (text, *styles) in enumerate(titles):
            self.sheet.merge_range(row, NAME, row, NOTE, text, self.book.style(*styles))
        self.sheet.write_string(2, CODE, agency.code)
        self.sheet.set_row(0, 24)
        self.sheet.set_row(HEADER, 24)
        for column, (heading, width) in enumerate(COLUMNS):
            self.sheet.set_column(column, column, width, None, {"hidden": column == CODE})
            self.sheet.write_string(HEADER, column, heading, self.book.style("cell", "head"))

    def section(self, indicator: Indicator | None, measures: list[Measure]) -> None:
        name = f"{indicator.code}. {indicator.name}" if indicator else "Số liệu khác"
        self._heading(name, "group")
        for relation, group in groupby(measures, key=lambda measure: measure.relation):
            rows = list(group)
            if relation:
                self._heading(_remark_above(rows[0]), "aside", "indented")
            for measure in rows:
                self._measure(measure)

    def _heading(self, text: str, *styles: str) -> None:
        """A row without figures; over all columns but the hidden one."""
        look = self.book.style("cell", "wrapped", *styles)
        self.sheet.write_blank(self.row, STT, None, look)
        self.sheet.merge_range(self.row, NAME, self.row, NOTE, text, look)
        self.sheet.set_row(self.row, height((text, WIDTH_OF_ALL)))
        self.row += 1

    def _measure(self, measure: Measure) -> None:
        book, sheet, row = self.book, self.sheet, self.row
        entry = self.entries.get(measure.code, Entry())
        parts = ("indented",) if measure.part_of_id else ()
        book.write_text(sheet, row, STT, measure.number, "cell", "centred")
        book.write_text(sheet, row, CODE, measure.code, "cell")
        book.write_text(sheet, row, NAME, measure.name, "cell", "wrapped", *parts)
        book.write_text(sheet, row, UNIT, measure.unit_of_measure, "cell", "wrapped", "centred")
        book.write_figure(sheet, row, PREVIOUS, self.near[measure.code].previous, "cell", "past")
        if entry.not_applicable:
            book.write_text(sheet, row, VALUE, wording.NOT_APPLICABLE, "cell", "whole", "open")
        else:
            book.write_figure(sheet, row, VALUE, entry.value, "cell", "open")
        note = entry.reason or entry.note
        book.write_text(sheet, row, NOTE, note, "cell", "wrapped", "open")
        sheet.set_row(row, height((measure.name, COLUMNS[NAME][1]), (note, COLUMNS[NOTE][1])))
        self._limit(measure)
        self.first_value = row if self.first_value is None else self.first_value
        self.row += 1

    def _limit(self, measure: Measure) -> None:
        """What may be typed into the figure's cell, and the help that appears there."""
        whole = measure.is_whole_number
        self.sheet.data_validation(
            self.row, VALUE, self.row, VALUE,
            {
                "validate": "custom",
                "value": _rule(xl_rowcol_to_cell(self.row, VALUE), whole=whole),
                "input_title": shorten(f"{measure.number} {measure.short_name}", LONGEST_TITLE, placeholder="…"),
                "input_message": shorten(measure.help_text or REMARK, LONGEST_HELP, placeholder="…"),
                "error_title": ERROR_TITLE,
                "error_message": f"Nhập {'số nguyên' if whole else 'số'} từ 0 trở lên, hoặc ghi “"
                f"{wording.NOT_APPLICABLE}” và nêu lý do ở cột “{wording.NOTE}”.",
            },
        )  # fmt: skip

    def finish(self) -> None:
        """What may be changed, what stays in sight, how it prints."""
        sheet, last, first = self.sheet, self.row - 1, xl_rowcol_to_cell(HEADER + 1, VALUE)
        sheet.conditional_format(
            HEADER + 1, VALUE, last, VALUE,
            {
                "type": "formula",
                "criteria": f"=IF(ISNUMBER({first}),{first}<>INT({first}),FALSE)",
                "format": self.book.style("broken"),
            },
        )  # fmt: skip
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.freeze_panes(HEADER + 1, 0)
        sheet.set_selection(self.first_value or HEADER, VALUE, self.first_value or HEADER, VALUE)
        sheet.repeat_rows(HEADER)
        sheet.print_area(0, 0, last, NOTE)
        sheet.set_portrait()
        sheet.set_paper(9)  # A4
        sheet.set_margins(0.6, 0.5, 0.6, 0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&RTrang &P/&N")


def title_of(plan: Plan) -> str:
    """ "KẾ HOẠCH 12/KH-UBND": the kind in capitals, the number as it is."""
    return f"{plan.called.removesuffix(plan.number).upper()}{plan.number}"


def _remark_above(part: Measure) -> str:
    """How the parts that follow relate to their whole."""
    whole = part.part_of
    if part.relation == Measure.Relation.SUBSET:
        return "Trong đó (một người có thể thuộc nhiều nhóm)"
    return f"Chia ra (cộng lại bằng dòng {whole.number or whole.code})"


def _rule(cell: str, *, whole: bool) -> str:
    """As an Excel formula: a number from 0 with at most 12 digits, a whole one where people are counted, or the words.

    IF, not OR: Excel evaluates every argument of OR, and the arithmetic on words would fail.
    """
    limits = [f"{cell}>=0", f"{cell}<1E{MOST_DIGITS}", f"{cell}=ROUND({cell},{0 if whole else 2})"]
    return f'=IF(ISNUMBER({cell}),AND({",".join(limits)}),TRIM({cell})="{wording.NOT_APPLICABLE}")'
