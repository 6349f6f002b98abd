"""The sheet of the course over time: each indicator's periods beside its pace, with a chart that Excel draws itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlsxwriter.worksheet import Worksheet

from targets.models.numbers import spell
from targets.progress.figures import IndicatorFigure
from targets.progress.trend import Point, Trend, trends
from targets.templatetags.kn import ngay

from .paper import Paper
from .printed import NO_BASE, NO_DATA, change, count, level, percent, points
from .sheets import FIRST, Book, Column, Value

COLUMNS = (
    Column("Kỳ", 26),
    Column("Chốt số liệu", 13),
    Column("Trong kỳ", 15, is_number=True),
    Column("Lũy kế", 14, is_number=True),
    Column("Mẫu số", 12, is_number=True),
    Column("Tỷ lệ", 13, is_number=True),
    Column("Lộ trình", 12, is_number=True),
    Column("Ghi chú", 17),
)
DAY, REACHED, RATE, PACE = 1, 3, 5, 6
CHART_COLUMNS = 9  # of standard width, to the right of the table
SHORTEST = 14  # rows that a chart needs
BLUE, GREY = "#1F548F", "#8A909C"


def write(book: Book, paper: Paper, title: str) -> None:
    sheet = book.sheet("Diễn biến", title)
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width)
    found = trends(paper.period, as_of=paper.progress.as_of, provisional=paper.progress.provisional, book=paper.book)
    row, breaks = FIRST, []
    for place, one in enumerate(paper.progress.indicators):
        if place and place % 2 == 0:
            breaks.append(row)
        row = _indicator(book, sheet, row, one, found[one.code])
    sheet.set_h_pagebreaks(breaks)
    sheet.freeze_panes(FIRST, 0)
    sheet.print_area(0, 0, row - 1, len(COLUMNS) + CHART_COLUMNS)
    sheet.set_print_scale(62)


def _indicator(book: Book, sheet: Worksheet, row: int, one: IndicatorFigure, trend: Trend) -> int:
    """Heading, milestones, table and chart; gives the row where the next may begin."""
    sheet.write_string(
        row, 0, f"{one.code}. {one.name} ({'%' if one.is_ratio else one.unit_of_measure})", book.style("title")
    )
    sheet.write_string(row + 1, 0, _milestones(one, trend), book.style("aside"))
    first = row + 3
    last = book.table(sheet, row + 2, COLUMNS, _rows(one, trend))
    if trend.points:
        sheet.insert_chart(row + 2, len(COLUMNS) + 1, _chart(book, one, first, last), {"x_scale": 1.15})
    return max(last, row + 2 + SHORTEST) + 3


def _milestones(one: IndicatorFigure, trend: Trend) -> str:
    unit = "\u00a0%" if one.is_ratio else ""
    dated = "; ".join(f"{ngay(day)}: {spell(value)}{unit}" for day, value in trend.milestones)
    return f"Mốc mục tiêu: {dated}" if dated else "Tỉnh chưa giao mục tiêu"


def _rows(one: IndicatorFigure, trend: Trend) -> Iterator[Sequence[Value]]:
    for point in trend.points:
        yield (
            point.name,
            point.day,
            _news(point, is_ratio=one.is_ratio),
            count(point.reached),
            count(point.base),
            percent(point.percent),
            level(point.expected, is_ratio=one.is_ratio),
            _remark(point),
        )


def _remark(point: Point) -> str:
    """Why a number is missing (R2), beside it, since a chart draws words as zero; or what it is carried from."""
    if point.reached is None:
        return NO_DATA
    if point.base is not None and point.percent is None:
        return NO_BASE
    return f"Số kỳ {point.from_period}" if point.carried else ""


def _news(point: Point, *, is_ratio: bool) -> Value:
    if point.in_period is not None:
        return count(point.in_period)
    return points(point.change_since_previous) if is_ratio else change(point.change_since_previous)


def _chart(book: Book, one: IndicatorFigure, first: int, last: int) -> object:
    """Reached as a solid line, the pace as a dashed one; a period without a number is a gap, as Excel draws blanks."""
    chart, name = book.writer.add_chart({"type": "line"}), "Diễn biến"
    lines = ((RATE if one.is_ratio else REACHED, "Đã đạt", BLUE, "solid"), (PACE, "Lộ trình", GREY, "dash"))
    for column, title, colour, dash in lines:
        chart.add_series(
            {
                "name": title,
                "categories": [name, first, DAY, last, DAY],
                "values": [name, first, column, last, column],
                "line": {"color": colour, "width": 2, "dash_type": dash},
                "marker": {"type": "circle" if dash == "solid" else "none", "size": 5, "fill": {"color": colour}},
            }
        )
    unit = "%" if one.is_ratio else one.unit_of_measure
    chart.set_title({"name": f"{one.code}. {one.short_name} ({unit})", "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_x_axis({"num_font": {"rotation": -45, "size": 9}, "num_format": "mm/yyyy", "text_axis": True})
    chart.set_y_axis({"min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D9DCE3"}}})
    return chart
