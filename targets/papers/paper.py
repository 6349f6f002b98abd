"""What every paper about a period carries: the dashboard's figures, read once, and the words that stand above them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from targets.models import Period, Plan, Report
from targets.progress.figures import Progress
from targets.progress.progress import COMMUNES, DISTRICTS, REPORTED, progress
from targets.templatetags.kn import gio, ngay
from targets.totals.reading import Book, open_book

ILLUSTRATIVE = "Dữ liệu minh họa"
PROVISIONAL = "Tạm tính: có cả số chưa duyệt"
CORRECTED = "Có số đã đính chính"


@dataclass(frozen=True)
class Paper:
    """`read_at`: the instant whose knowledge it shows (R9), now unless an earlier one was asked for."""

    period: Period
    book: Book
    progress: Progress
    read_at: dt.datetime
    is_illustrative: bool

    @property
    def plan(self) -> Plan:
        return self.period.plan

    @property
    def filters(self) -> str:
        """As on the dashboard: "Chỉ đã duyệt, theo đơn vị báo cáo"."""
        found = self.progress
        rows = {
            REPORTED: "theo đơn vị báo cáo",
            DISTRICTS: f"theo {found.districts} huyện, TP",
            COMMUNES: f"theo {found.communes} xã, phường",
        }[found.by]
        return f"{'Đã nộp và đã duyệt' if found.provisional else 'Chỉ đã duyệt'}, {rows}"

    @property
    def counted_at(self) -> str:
        return f"Số liệu tính đến {gio(self.read_at)}"

    @property
    def cut_off(self) -> str:
        return f"Số liệu đến hết {ngay(self.progress.day)}"

    @property
    def labels(self) -> tuple[str, ...]:
        """What nobody may overlook when the paper leaves the house."""
        found = self.progress
        said = (
            (ILLUSTRATIVE, self.is_illustrative),
            (PROVISIONAL, found.provisional),
            (CORRECTED, found.is_corrected),
        )
        return tuple(label for label, holds in said if holds)


def open_paper(
    period: Period, *, as_of: dt.datetime | None = None, provisional: bool = False, by: str = REPORTED
) -> Paper:
    """The filters are those of `progress`, which raises ValueError for what cannot be asked together."""
    book = open_book(period, as_of=as_of, provisional=provisional, parts=True)
    return Paper(
        period=period,
        book=book,
        progress=progress(period, as_of=as_of, provisional=provisional, by=by, book=book),
        read_at=as_of or timezone.now(),
        is_illustrative=Report.objects.of_plan(period.plan).illustrative().exists(),
    )
