"""The appendix of the official report: every unit at every indicator, who is missing, what is only for reference."""

from __future__ import annotations

from collections.abc import Iterator

from docx.shared import Length, Mm, Pt

from targets.progress.figures import Progress
from targets.templatetags.kn import vi

from . import cells
from .letterhead import Letterhead
from .opening import BLANK, UNFILLED_DAY
from .page import CELL, WIDE_TEXT_WIDTH, Page
from .paper import Paper

NUMBER, UNIT = Mm(11), Mm(62)


def write(page: Page, style: Letterhead, paper: Paper) -> None:
    """Sideways, after the signature."""
    page.turn()
    page.line("Phụ lục", bold=True, size=Pt(14))
    page.line("KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU THEO ĐƠN VỊ", bold=True, size=Pt(14))
    page.line(f"(Kèm theo Báo cáo số {BLANK} {UNFILLED_DAY} của {style.speaker})", italic=True, size=Pt(13))
    page.line(f"{paper.cut_off}. {paper.filters}. {paper.counted_at}", italic=True, size=Pt(12))
    page.line(size=Pt(6))
    _units(page, paper.progress)
    _beside(page, paper.progress)


def _units(page: Page, found: Progress) -> None:
    room = (WIDE_TEXT_WIDTH - NUMBER - UNIT) // max(len(found.indicators), 1)
    headings = ["TT", "Đơn vị", *(f"{one.code}. {one.short_name}" for one in found.indicators)]
    widths = [NUMBER, UNIT, *[Length(room)] * len(found.indicators)]
    page.table(headings, widths, [_total(found), *_rows(found)], size=Pt(11))
    page.paragraph(f"Ghi chú: {cells.KEY}.", CELL, italic=True, size=Pt(11))


def _rows(found: Progress) -> Iterator[list[str]]:
    for place, row in enumerate(found.rows, 1):
        name = f"{row.unit} (đã kết thúc)" if row.ended else row.unit
        pairs = zip(found.indicators, row.figures, strict=True)
        yield [str(place), name, *(cells.of_unit(one, figure) for one, figure in pairs)]


def _total(found: Progress) -> list[str]:
    return ["", "Toàn tỉnh", *(cells.of_all(one) for one in found.indicators)]


def _beside(page: Page, found: Progress) -> None:
    """Agencies without a report that counts, then numbers that enter no total (R7)."""
    names = "; ".join(one.agency for one in found.missing) or "không có"
    page.paragraph(f"Chưa có báo cáo được tính: {names}.", CELL, size=Pt(12))
    said = [
        f"{one.code}, {other.agency}: {vi(other.reached)} {one.unit_of_measure}"
        for one in found.indicators
        for other in one.reference
    ]
    if said:
        page.paragraph(f"Số tham khảo, không cộng vào chỉ tiêu: {'; '.join(said)}.", CELL, size=Pt(12))
