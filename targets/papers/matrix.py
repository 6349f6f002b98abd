"""The sheet of units: every unit at every indicator, one indicator to a printed page."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from targets.progress.figures import IndicatorFigure, UnitFigure, UnitRow
from targets.templatetags.kn import PACES

from .paper import Paper
from .printed import NO_DATA, count, news, percent, rate, target
from .sheets import FIRST, Book, Column, Value

FIXED = (Column("Mã", 8), Column("Đơn vị", 30))
# A ratio has a base where a count has none.
RATIO = (
    Column("Đạt", 22, is_number=True),
    Column("Mẫu số", 12, is_number=True),
    Column("Tỷ lệ", 12, is_number=True),
    Column("Trong kỳ", 15, is_number=True),
    Column("Mục tiêu", 12, is_number=True),
    Column("So với lộ trình", 16),
    Column("Số của kỳ", 11),
    Column("Ghi chú", 22),
)
COUNT = (
    Column("Lũy kế", 20, is_number=True),
    Column("Trong kỳ", 12, is_number=True),
    Column("Mục tiêu giao", 12, is_number=True),
    Column("So với mục tiêu", 12, is_number=True),
    Column("So với lộ trình", 16),
    Column("Số của kỳ", 11),
    Column("Ghi chú", 22),
)
ENDED, CARRIED, ESTIMATED, CHANGED = "đơn vị đã kết thúc", "số kỳ trước", "≈ ước tính", "đã đính chính"
ALL = "Toàn tỉnh"
LONGEST_HEAD = 240  # Excel takes 255 letters


def write(book: Book, paper: Paper, title: str) -> None:
    """Units as on the dashboard, slowest first; the province below them, outside the filter."""
    sheet, found = book.sheet("Đơn vị", title), paper.progress
    last = _headings(book, sheet, found.indicators)
    row = FIRST + 1
    columns = [*FIXED, *(column for one in found.indicators for column in _columns(one))]
    for row, unit in enumerate(found.rows, FIRST + 2):
        book.row(sheet, row, columns, [unit.unit_code, unit.unit, *_cells(unit, found.indicators)])
    total = [cell for one in found.indicators for cell in _total(one)]
    book.row(sheet, row + 1, columns, ["", ALL, *total], "sum")
    sheet.autofilter(FIRST + 1, 0, max(row, FIRST + 2), last)
    sheet.freeze_panes(FIRST + 2, len(FIXED))
    sheet.repeat_rows(FIRST, FIRST + 1)
    sheet.repeat_columns(0, len(FIXED) - 1)
    # The head would be cut off beside the columns that come again: on paper it stands above the sheet.
    sheet.print_area(FIRST, 0, row + 1, last)
    sheet.set_header(_print_head(title, paper.labels), {"margin": 0.3})
    sheet.set_margins(0.4, 0.4, 0.8, 0.6)
    sheet.set_print_scale(75)


def _print_head(title: str, labels: Sequence[str]) -> str:
    lines = [title, *(label.upper() for label in labels)]
    return "&L" + "\n".join(line.replace("&", "&&") for line in lines)[:LONGEST_HEAD]


def _headings(book: Book, sheet: Worksheet, indicators: Sequence[IndicatorFigure]) -> int:
    """Two rows: indicators, and what is said of each; gives the last column."""
    head, place, breaks = book.style("cell", "head"), 0, []
    for column in FIXED:
        sheet.merge_range(FIRST, place, FIRST + 1, place, column.heading, head)
        sheet.set_column(place, place, column.width)
        place += 1
    for one in indicators:
        columns = _columns(one)
        sheet.merge_range(FIRST, place, FIRST, place + len(columns) - 1, f"{one.code}. {one.short_name}", head)
        book.headings(sheet, FIRST + 1, columns, place)
        for column in columns:
            sheet.set_column(place, place, column.width)
            place += 1
        breaks.append(place)
    sheet.set_v_pagebreaks(breaks[:-1])
    return place - 1


def _columns(one: IndicatorFigure) -> tuple[Column, ...]:
    return RATIO if one.is_ratio else COUNT


def _cells(unit: UnitRow, indicators: Sequence[IndicatorFigure]) -> list[Value]:
    return [
        cell
        for one, figure in zip(indicators, unit.figures, strict=True)
        for cell in _figure(one, figure, remark(unit, figure))
    ]


def _figure(one: IndicatorFigure, figure: UnitFigure, mark: str) -> tuple[Value, ...]:
    said = (PACES[figure.pace][2] if figure.pace else "", figure.from_period, mark)
    reached = count(figure.reached) or str(figure.absence)
    goal, what = target(figure.target, is_ratio=one.is_ratio), news(figure, is_ratio=one.is_ratio)
    if one.is_ratio:
        return reached, count(figure.base), rate(figure), what, goal, *said
    return reached, what, goal, percent(figure.percent_of_target), *said


def remark(unit: UnitRow, figure: UnitFigure) -> str:
    """How a number came about, where it is not simply this period's of this unit."""
    marks = (
        (ENDED, unit.ended),
        (CARRIED, figure.carried),
        (ESTIMATED, figure.approximate),
        (CHANGED, figure.sources.corrected),
    )
    return "; ".join(mark for mark, holds in marks if holds)


def _total(one: IndicatorFigure) -> tuple[Value, ...]:
    said = (PACES[one.pace][2] if one.pace else "", "", CHANGED if one.sources.corrected else "")
    reached = count(one.reached) or NO_DATA
    goal, what = target(one.target, is_ratio=one.is_ratio), news(one, is_ratio=one.is_ratio)
    if one.is_ratio:
        return reached, count(one.base), rate(one), what, goal, *said
    return reached, what, goal, percent(one.percent_of_target), *said
