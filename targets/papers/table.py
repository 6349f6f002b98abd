"""The figures for other programs: CSV as a Vietnamese Excel opens it, and the dashboard's own JSON."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal

from targets.models import Period
from targets.models.numbers import json_number
from targets.progress.figures import IndicatorFigure, UnitFigure, UnitRow
from targets.templatetags.kn import PACES, ngay

from .matrix import ALL, CHANGED, remark
from .paper import Paper, open_paper
from .printed import NO_DATA

HEADINGS = (
    "Kế hoạch", "Kỳ", "Số liệu đến hết", "Bộ lọc", "Số liệu tính đến", "Lưu ý", "Mã chỉ tiêu", "Chỉ tiêu", "ĐVT",
    "Mã đơn vị", "Đơn vị", "Lũy kế", "Mẫu số", "Tỷ lệ (%)", "Trong kỳ", "Thay đổi so với kỳ trước", "Mục tiêu",
    "So với mục tiêu (%)", "Mức lộ trình", "So với lộ trình", "Dự báo", "Số của kỳ", "Ghi chú",
)  # fmt: skip
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
QUOTE = "'"  # what a spreadsheet itself puts before text it must not calculate


def figures_csv(period: Period, **filters) -> bytes:
    """UTF-8 with its mark, semicolons, decimal commas; a line for the province and each unit at each indicator.

    Numbers are whole, as in the JSON: nothing is cut for the eye. `filters` as `open_paper`.
    """
    paper = open_paper(period, **filters)
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows([_safe(value) for value in line] for line in _lines(paper))
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def figures_json(period: Period, *, in_period: bool = False, **filters) -> dict[str, object]:
    """What `manage.py progress --json` says (DESIGN §8), and how and when it was read.

    `in_period`: with what the period brought to every indicator and unit.
    """
    paper = open_paper(period, **filters)
    said = paper.progress.as_json() | {
        "provisional": paper.progress.provisional,
        "read_at": paper.read_at.isoformat(),
        "labels": list(paper.labels),
    }
    if in_period:
        for place, (shown, one) in enumerate(zip(said["indicators"], paper.progress.indicators, strict=True)):
            shown |= _news(one)
            figures = (row.figures[place] for row in paper.progress.rows)
            told = [figure for figure in figures if figure.reached is not None]
            for unit, figure in zip(shown["units"], told, strict=True):
                unit |= _news(figure)
    return said


def _news(figure: IndicatorFigure | UnitFigure) -> dict[str, object]:
    names = ("in_period", "change_since_previous")
    return {name: json_number(getattr(figure, name)) for name in names}


def _lines(paper: Paper) -> Iterator[list[object]]:
    found = paper.progress
    head = [
        found.plan, found.period_name, found.day, paper.filters, paper.counted_at, "; ".join(paper.labels),
    ]  # fmt: skip
    for place, one in enumerate(found.indicators):
        named = [*head, one.code, one.name, one.unit_of_measure]
        yield [*named, "", ALL, *_numbers(one), one.forecast, "", _remark(one)]
        for row in found.rows:
            figure = row.figures[place]
            yield [
                *named, row.unit_code, row.unit, *_numbers(figure), None, figure.from_period, _unit_remark(row, figure),
            ]  # fmt: skip


def _numbers(figure: IndicatorFigure | UnitFigure) -> list[object]:
    return [
        figure.reached, figure.base, figure.percent, figure.in_period, figure.change_since_previous, figure.target,
        figure.percent_of_target, figure.expected, PACES[figure.pace][2] if figure.pace else "",
    ]  # fmt: skip


def _remark(one: IndicatorFigure) -> str:
    if one.reached is None:
        return NO_DATA
    return CHANGED if one.sources.corrected else ""


def _unit_remark(row: UnitRow, figure: UnitFigure) -> str:
    """Why there is no number (R2), or how it came about."""
    return str(figure.absence) if figure.absence else remark(row, figure)


def _safe(value: object) -> str:
    """Text that looks like a formula gets a quote before it, as reading it back takes away again."""
    match value:
        case None:
            return ""
        case Decimal():
            return f"{Decimal(repr(json_number(value))):f}".replace(".", ",")
        case dt.date():
            return ngay(value)
    text = str(value)
    return QUOTE + text if text.lstrip(QUOTE).startswith(FORMULA_STARTS) else text
