"""The official report of a period: sentences and tables from the figures, the agencies' own words put together."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from docx.shared import Mm, Pt

from agencies.models import Unit
from targets.models import Period
from targets.models.words import lower_first
from targets.progress.breakdown import breakdowns
from targets.progress.figures import IndicatorFigure
from targets.progress.trend import trends
from targets.templatetags.kn import ngay, percent

from . import appendix, cells, opening, sentences
from .letterhead import Letterhead, letterhead
from .narratives import Narratives, narratives
from .opening import BLANK
from .page import BODY, HEADING, SUBHEADING, Page, run
from .paper import Paper, open_paper

TABLE = (
    ("TT", 10), ("Chỉ tiêu", 45), ("Mục tiêu", 21), ("Trong kỳ", 21), ("Lũy kế", 30), ("So với mục tiêu", 18),
    ("So với lộ trình", 20),
)  # fmt: skip


def official_report(period: Period, kind: str, **filters) -> bytes:
    """A .docx in the style of the province's body of that kind (AgencyKind); `filters` as `open_paper`."""
    paper = open_paper(period, **filters)
    province = next(unit for unit in paper.book.units.values() if unit.kind == Unit.Kind.PROVINCE)
    style = letterhead(kind, province.name, timezone.localtime(paper.read_at).date())
    return _Report(paper, style).written()


class _Report:
    """The paper being written, from the top."""

    def __init__(self, paper: Paper, style: Letterhead) -> None:
        self.paper, self.style = paper, style
        self.subject = f"{paper.plan.called} {lower_first(paper.period.name)}"
        self.page = Page(f"Báo cáo kết quả thực hiện {self.subject}", " · ".join(paper.labels).upper())
        self.said: Narratives = narratives(paper)
        self.trends = trends(
            paper.period, as_of=paper.progress.as_of, provisional=paper.progress.provisional, book=paper.book
        )

    def written(self) -> bytes:
        opening.begin(self.page, self.style, f"Kết quả thực hiện {self.subject}", self.paper.labels)
        self._introduction()
        self._leadership()
        self._results()
        self._judgement()
        self._next()
        self._recommendations()
        self._end()
        opening.sign(self.page, self.style)
        appendix.write(self.page, self.style, self.paper)
        return self.page.finished()

    def _introduction(self) -> None:
        plan = self.paper.plan
        signed = f" ngày {ngay(plan.signed_on)}" if plan.signed_on else ""
        decision = f" (thực hiện {plan.decision})" if plan.decision else ""
        self._write(
            f"Thực hiện {plan.called}{signed}, {plan.title}{decision}, {self.style.speaker} báo cáo kết quả "
            f"{lower_first(self.paper.period.name)} như sau:"
        )
        self._write(f"({self.paper.cut_off}. {self.paper.filters}. {self.paper.counted_at}.)", italic=True)

    def _leadership(self) -> None:
        self._heading("I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI")
        self._passages("leadership")

    def _results(self) -> None:
        """II: indicator by indicator, the table of all, then what no figure says."""
        self._heading("II. KẾT QUẢ THỰC HIỆN")
        number = 0
        for number, one in enumerate(self.paper.progress.indicators, 1):
            self._subheading(f"{number}. {one.name} ({one.code})")
            self._write(" ".join(filter(None, self._said_of(one))))
        self._subheading(f"{number + 1}. Tổng hợp các chỉ tiêu")
        self._table()
        self._subheading(f"{number + 2}. Nguồn lực thực hiện")
        self._write(BLANK)
        self._subheading(f"{number + 3}. Kết quả nổi bật, mô hình điển hình")
        self._passages("results")

    def _said_of(self, one: IndicatorFigure) -> Iterator[str]:
        found = self.paper.progress
        yield sentences.standing(one, found)
        yield sentences.news(one, self.trends[one.code])
        for some in breakdowns(
            self.paper.period, one.code, as_of=found.as_of, provisional=found.provisional, book=self.paper.book
        ):
            if some.is_reported:
                yield sentences.parts(some)
        yield sentences.ahead(one)

    def _table(self) -> None:
        headings, widths = zip(*TABLE, strict=True)
        rows = [_row(place, one) for place, one in enumerate(self.paper.progress.indicators, 1)]
        self.page.table(headings, [Mm(width) for width in widths], rows, size=Pt(12))
        self.page.line(size=Pt(6))

    def _judgement(self) -> None:
        self._heading("III. ĐÁNH GIÁ")
        self._subheading("1. Ưu điểm")
        self._write(sentences.good(self.paper.progress))
        self._write(BLANK)
        self._subheading("2. Khó khăn, vướng mắc, nguyên nhân")
        for sentence in sentences.lagging(self.paper.progress):
            self._write(sentence)
        self._passages("difficulties")

    def _next(self) -> None:
        self._heading("IV. PHƯƠNG HƯỚNG, NHIỆM VỤ KỲ TỚI")
        for one in self.paper.progress.indicators:
            if needed := sentences.to_do(one):
                self._write(needed)
        self._passages("next_steps")

    def _recommendations(self) -> None:
        self._heading("V. KIẾN NGHỊ, ĐỀ XUẤT")
        self._passages("recommendations")

    def _end(self) -> None:
        if self.said.without:
            names = "; ".join(self.said.without)
            self._write(f"(Chưa có thuyết minh đã duyệt của: {names}.)", italic=True)
        self._write(f"Trên đây là báo cáo kết quả thực hiện {self.subject}./.")

    def _passages(self, field: str) -> None:
        """The agencies' words in order, each under its name; dots to fill in where nobody wrote any."""
        for passage in self.said.passages[field]:
            first, *others = [line.strip() for line in passage.text.splitlines() if line.strip()]
            paragraph = self.page.paragraph(f"{passage.whose}: ", BODY, bold=True)
            run(paragraph, first)
            for line in others:
                self._write(line)
        if not self.said.passages[field]:
            self._write(BLANK)

    def _heading(self, text: str) -> None:
        self.page.paragraph(text, HEADING)

    def _subheading(self, text: str) -> None:
        self.page.paragraph(text, SUBHEADING)

    def _write(self, text: str, **look: bool) -> None:
        self.page.paragraph(text, BODY, **look)


def _row(place: int, one: IndicatorFigure) -> list[str]:
    return [
        str(place),
        f"{one.code}. {one.short_name} ({one.unit_of_measure})",
        cells.goal(one),
        cells.news(one),
        cells.of_indicator(one),
        percent(one.percent_of_target),
        cells.pace(one),
    ]
