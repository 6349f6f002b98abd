"""The dashboard as a workbook: scorecard, units, course over time, the ledger behind it, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from targets.progress.figures import IndicatorFigure
from targets.templatetags.kn import PACES

from . import course, ledger, matrix
from .paper import CORRECTED, Paper, open_paper
from .printed import NO_DATA, ahead, count, gap, level, news, percent, rate, target
from .sheets import Book, Column, Value

SCORECARD = (
    Column("Mã", 6),
    Column("Chỉ tiêu", 36),
    Column("ĐVT", 10),
    Column("Mục tiêu", 11, is_number=True),
    Column("Đến ngày", 12),
    Column("Lũy kế", 11, is_number=True),
    Column("Mẫu số", 10, is_number=True),
    Column("Tỷ lệ", 10, is_number=True),
    Column("Trong kỳ", 14, is_number=True),
    Column("So với mục tiêu", 10, is_number=True),
    Column("Lộ trình", 11, is_number=True),
    Column("Chênh lệch", 14, is_number=True),
    Column("So với lộ trình", 15),
    Column("Dự báo", 14, is_number=True),
    Column("Dự báo thấp", 10, is_number=True),
    Column("Dự báo cao", 10, is_number=True),
    Column("Ghi chú", 14),
)
LEDGER = (
    Column("Kỳ", 24),
    Column("Cơ quan báo cáo", 36),
    Column("Mã đơn vị", 10),
    Column("Đơn vị", 26),
    Column("Mã số liệu", 12),
    Column("Số liệu", 44),
    Column("ĐVT", 12),
    Column("Giá trị", 14, is_number=True),
    Column("Tính vào", 12),
    Column("Duyệt lúc", 18),
    Column("Người duyệt", 22),
    Column("Thay thế lúc", 18),
    Column("Người thay thế", 22),
)
MISSING = (Column("STT", 8, is_number=True), Column("Cơ quan", 60), Column("Mã đơn vị", 14))
REFERENCE = (
    Column("Mã", 8),
    Column("Chỉ tiêu", 44),
    Column("Cơ quan", 50),
    Column("Mã số liệu", 14),
    Column("Giá trị", 14, is_number=True),
)
WAITING = "Chờ duyệt"


def dashboard_book(period, **filters) -> bytes:
    """An .xlsx of what the dashboard shows; `filters` as `open_paper`."""
    paper = open_paper(period, **filters)
    book = Book(above(paper), paper.labels)
    name = f"{paper.plan.called}, {paper.period.name}"
    book.list("Tổng quan", f"Tổng quan thực hiện {name}", SCORECARD, _scorecard(paper), frozen=2)
    matrix.write(book, paper, f"Đơn vị × chỉ tiêu, {name}")
    course.write(book, paper, f"Diễn biến các chỉ tiêu, {name}")
    book.list("Số liệu gốc", f"Số liệu gốc trong sổ đã duyệt, {name}", LEDGER, _ledger(paper), frozen=2)
    book.list("Chưa có báo cáo", f"Chưa có báo cáo được tính, {name}", MISSING, _missing(paper), frozen=0)
    book.list("Tham khảo", f"Số tham khảo, không cộng vào chỉ tiêu, {name}", REFERENCE, _reference(paper), frozen=0)
    return book.finished()


def above(paper: Paper) -> tuple[str, str]:
    """The two lines under every title."""
    found = paper.progress
    reported = f"{found.units_with_figures}/{found.units_expected} đơn vị có số kỳ này"
    return f"{paper.plan.title}. {paper.cut_off}, {reported}", f"{paper.filters}. {paper.counted_at}"


def _scorecard(paper: Paper) -> Iterator[Sequence[Value]]:
    for one in paper.progress.indicators:
        ratio = one.is_ratio
        yield (
            one.code,
            one.name,
            one.unit_of_measure,
            target(one.target, is_ratio=ratio) or "Chưa giao",
            one.target_due_on,
            count(one.reached) or NO_DATA,
            count(one.base),
            rate(one),
            news(one, is_ratio=ratio),
            percent(one.percent_of_target),
            level(one.expected, is_ratio=ratio),
            gap(one.gap, is_ratio=ratio),
            PACES[one.pace][2] if one.pace else "",
            *_forecast(one),
            CORRECTED if one.sources.corrected else "",
        )


def _forecast(one: IndicatorFigure) -> tuple[Value, Value, Value]:
    """What will stand at the target's day, and between what; or why nobody can say."""
    found = one.outlook.forecast
    if one.target is None:
        return "", None, None
    if not one.outlook.left:
        return "Đã đến hạn", None, None
    if found is None:
        return "Chưa đủ 2 kỳ", None, None
    value, low, high = (ahead(number, is_ratio=one.is_ratio) for number in (found.value, found.low, found.high))
    return value, low, high


def _ledger(paper: Paper) -> Iterator[Sequence[Value]]:
    for one in ledger.entries(paper):
        yield (
            one.period.name,
            one.agency.name,
            one.unit.code,
            one.unit.full_name,
            one.measure.code,
            one.measure.name,
            one.measure.unit_of_measure,
            count(one.value),
            ", ".join(one.counted_in),
            one.approved_at or WAITING,
            one.approved_by,
            one.superseded_at,
            one.superseded_by,
        )


def _missing(paper: Paper) -> Iterator[Sequence[Value]]:
    for place, one in enumerate(paper.progress.missing, 1):
        yield str(place), one.agency, one.unit_code


def _reference(paper: Paper) -> Iterator[Sequence[Value]]:
    for indicator in paper.progress.indicators:
        for one in indicator.reference:
            yield indicator.code, indicator.name, one.agency, one.measure, count(one.reached)
