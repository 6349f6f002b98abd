"""What the page of columns shows: sheets, where the headings are, and for each column or row what it was taken for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from targets.imports import lexicon, sending
from targets.imports.assessment import Assessment
from targets.imports.choices import Choices
from targets.imports.forms import reporting
from targets.imports.headings import Glossary, Use
from targets.imports.layout import Layout
from targets.imports.parsing import show
from targets.imports.questions import ASKED
from targets.imports.reader import Sheet, Workbook, column_letter, read_workbook
from targets.imports.recognised import Kind, Line
from targets.imports.remarks import unknown_lines
from targets.imports.wide import path_of
from targets.models import ImportBatch, Measure, Period

OPEN = "?"  # what the select of a line says that its sender must still decide
EXAMPLES, MOST_DOUBTS, MOST_HEADER_ROW, LONGEST_TEXT = 3, 2, 30, 60
RECOMPUTED = {Use.RATIO, Use.CUMULATIVE, Use.PREVIOUS, Use.PLANNED}


@dataclass(frozen=True, slots=True)
class SheetLine:
    name: str
    rows: int
    hidden: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A line of the table. `name` is its field, "" for one that cannot be chosen; `value` what it was taken for."""

    name: str
    where: str
    title: str
    examples: str
    value: str
    offers: tuple[tuple[str, str], ...] = ()
    fixed: str = ""  # what a line is that has nothing to choose: the unit column
    verdict: str = "match"  # match, ignored, recomputed, open
    doubt: str = ""  # "4.1 hay 5.1?", "trùng với cột C"
    key: str = ""
    table: int = 0  # which of the file's tables it is of
    sheet: str = ""  # its name, when the file has several tables

    @property
    def is_open(self) -> bool:
        return self.verdict == "open"

    @property
    def spoken(self) -> str:
        sheet = f" trang {self.sheet}" if self.sheet else ""
        return f"{'dòng' if self.where.isdecimal() else 'cột'} {self.where}{sheet}"


@dataclass(frozen=True)
class ColumnsPage:
    """A file read for its columns under the choices made so far."""

    batch: ImportBatch
    choices: Choices
    found: Assessment
    workbook: Workbook
    measures: Sequence[Measure]
    periods: Sequence[Period]
    agencies: Sequence[tuple[str, str]]
    glossary: Glossary

    @property
    def layouts(self) -> list[Layout]:
        return self.found.layouts

    @property
    def kind(self) -> str:
        return self.layouts[0].kind if self.layouts else ""

    @property
    def sheets(self) -> list[SheetLine]:
        used = {layout.sheet.name for layout in self.layouts} or set(self.choices.sheets)
        return [SheetLine(one.name, one.rows, not one.visible, one.name in used) for one in self.workbook.sheets]

    @property
    def sheet(self) -> Sheet | None:
        """The sheet whose rows may hold the headings: the one recognised, else the one chosen, else the only one."""
        if self.layouts:
            return self.layouts[0].sheet
        named = [sheet for sheet in self.workbook.sheets if sheet.name in self.choices.sheets]
        visible = self.workbook.visible_sheets
        return next(iter(named), visible[0] if len(visible) == 1 else None)

    @property
    def header(self) -> int | None:
        """The last row of headings."""
        return self.choices.header or (self.layouts[0].first_row - 1 if self.layouts else None)

    @property
    def header_rows(self) -> list[tuple[int, str]]:
        """(row, what stands in it) to choose from; a file with a row per figure has its headings at the side."""
        if self.kind in (Kind.LONG, Kind.TRANSPOSED) or self.sheet is None:
            return []
        rows = range(1, min(self.sheet.rows, MOST_HEADER_ROW) + 1)
        texts = ((row, " | ".join(show(cell.value) for cell in self.sheet.row(row))) for row in rows)
        return [(row, _short(text)) for row, text in texts if text]

    @property
    def value_columns(self) -> list[tuple[str, str]]:
        """(letter, heading) of the columns beside the figures' names, in a file of one agency."""
        if self.kind != Kind.LONG:
            return []
        return [(line.where, _short(line.title)) for line in self.layouts[0].beside if line.use != Use.NOTE]

    @property
    def value_column(self) -> str:
        subjects = self.layouts[0].subjects if self.layouts else ()
        return self.choices.values or (subjects[0].where if subjects else "")

    @property
    def problems(self) -> list[str]:
        """What is still open, in the words of the reader; lines are marked in the table itself."""
        apart = ASKED - {"ambiguous_column", "duplicate_column"}
        return [problem.message for problem in self.found.errors if problem.code in apart]

    @property
    def lines(self) -> list[ColumnLine]:
        """Those of every sheet; a heading that an earlier sheet has too is answered there."""
        shown: dict[str, int] = {}
        lines = [line for layout in self.layouts for line in _lines(layout, self)]
        return [line for line in lines if shown.setdefault(line.key, line.table) == line.table]

    @property
    def options(self) -> list[tuple[str, str]]:
        return [(measure.code, _named(measure)) for measure in self.measures]

    @property
    def open_lines(self) -> list[ColumnLine]:
        return [line for line in self.lines if line.is_open]

    @property
    def counted(self) -> str:
        """ "Đã khớp 7/9 cột, bỏ qua 1. Chọn mục cho cột H." """
        lines, what = self.lines, "dòng" if self.kind in (Kind.LONG, Kind.TRANSPOSED) else "cột"
        matched = sum(line.verdict == "match" for line in lines)
        ignored = sum(line.verdict in ("ignored", "recomputed") for line in lines)
        said = f"Đã khớp {matched}/{len(lines)} {what}" + (f", bỏ qua {ignored}." if ignored else ".")
        asked = ", ".join(line.where for line in self.open_lines)
        return f"{said} Chọn mục cho {what} {asked}." if asked else said


def columns(batch: ImportBatch, choices: Choices | None = None) -> ColumnsPage:
    """Read the file for its columns; nothing is stored."""
    choices = choices or sending.choices_of(batch)
    found = sending.assessed(batch, choices)
    period = found.period
    return ColumnsPage(
        batch=batch,
        choices=choices,
        found=found,
        workbook=read_workbook(sending.content_of(batch), batch.name),
        measures=list(batch.plan.measures.order_by("order", "code")),
        periods=list(batch.plan.periods.started().newest_first()),
        agencies=reporting(batch.plan, period) if period and batch.agency is None and len(found.layouts) == 1 else [],
        glossary=lexicon.of(batch.plan, {}).vocabulary.glossary,
    )


def _lines(layout: Layout, page: ColumnsPage) -> Iterator[ColumnLine]:
    """The lines of a table in their order, the column that names the units among them."""
    number = page.layouts.index(layout)
    unknown, first = {line.index for line in unknown_lines(layout)}, {}
    units = _unit_line(layout, number) if layout.kind == Kind.WIDE else None
    for line in layout.lines:
        if units and line.index > layout.label_column:
            yield units
            units = None
        double = first.setdefault(line.measure.code, line) if line.measure else line
        yield _line(layout, line, page, number, is_open=line.index in unknown, double=double)
    if units:
        yield units


def _unit_line(layout: Layout, number: int) -> ColumnLine:
    path = path_of(layout.sheet, layout.header_rows, layout.label_column)
    cells = (layout.sheet.at(row, layout.label_column) for row in _data_rows(layout))
    texts = [cell.text for cell in cells if cell.text][:EXAMPLES]
    title, where = " / ".join(path), column_letter(layout.label_column)
    return ColumnLine("", where, title, ", ".join(texts), "", fixed="Đơn vị báo cáo", key=title, table=number)


def _data_rows(layout: Layout) -> range:
    return range(layout.first_row, layout.sheet.rows + 1)


def _line(layout: Layout, line: Line, page: ColumnsPage, number: int, *, is_open: bool, double: Line) -> ColumnLine:
    """How a line was taken, and what its sender may say instead."""
    numbers = {measure.code: measure.number or measure.code for measure in page.measures}
    is_open = is_open or line.use == Use.AMBIGUOUS or double is not line
    near = line.choices if line.use == Use.AMBIGUOUS else page.glossary.near(line.path) if is_open else ()
    doubt = " hay ".join(numbers[term.code] for term in near[:MOST_DOUBTS]) + ("?" if near else "")
    if double is not line:
        doubt = f"trùng với {'dòng' if line.is_row else 'cột'} {double.where}"
    named = dict(page.options)
    return ColumnLine(
        name=f"muc-{number}-{line.where}",
        where=line.where,
        title=line.title,
        examples=_examples(layout, line),
        value=line.measure.code if line.measure else OPEN if is_open else "",
        offers=tuple((term.code, named[term.code]) for term in near),
        verdict=_verdict(line, is_open=is_open),
        doubt=doubt,
        key=line.key,
        table=number,
        sheet=layout.sheet.name if len(page.layouts) > 1 else "",
    )


def _verdict(line: Line, *, is_open: bool) -> str:
    if is_open:
        return "open"
    if line.measure:
        return "match"
    return "recomputed" if line.use in RECOMPUTED else "ignored"


def _examples(layout: Layout, line: Line) -> str:
    """The first values that stand there."""
    if line.is_row:
        subjects = layout.subjects or [one for one in layout.beside if one.use in (Use.CURRENT, Use.UNKNOWN)]
        cells = (layout.sheet.at(line.index, subject.index) for subject in subjects)
    else:
        cells = (layout.sheet.at(row, line.index) for row in _data_rows(layout))
    shown = (_short(show(cell.value)) for cell in cells if cell.value is not None)
    return ", ".join(islice(shown, EXAMPLES))


def _named(measure: Measure) -> str:
    return _short(f"{measure.number} {measure.name}".strip())


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
