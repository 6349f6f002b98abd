"""The file that carries most figures, the dashboard's workbook with its ledger, beside what writing as much costs."""

from __future__ import annotations

import csv
import gc
import io
from collections.abc import Iterator

import python_calamine as calamine
import xlsxwriter
from django.db import connection
from django.db.models import QuerySet

from agencies.models import User
from targets.models import ApprovedFigure, Period

from . import databases, world
from .results import Line, seconds
from .visiting import Visitor, plain

FIGURES = 100_000
SHEET, ABOVE = "Số liệu gốc", 5  # its heading and what stands over it
COLUMNS = (
    "period__name", "agency__name", "unit__code", "unit__name", "measure__code", "measure__name",
    "measure__unit_of_measure", "value", "pk", "approved_at", "approved_by__full_name", "superseded_at",
    "superseded_by__full_name",
)  # fmt: skip


def measure(name: str) -> list[Line]:
    """Of the month by which there were about 100 000 figures, or else of the last."""
    databases.use(name)
    period = _period()
    leader = Visitor.of(User.objects.filter(role=User.Role.LEADER).first())
    leader.get("/tai-khoan/doi-mat-khau/xong/")
    gc.collect()
    found: list[bytes] = []
    ours = seconds(lambda: found.append(leader.get(f"/xuat/tong-quan.xlsx?ky={period.code}"))) * 1000
    sheet = calamine.CalamineWorkbook.from_filelike(io.BytesIO(plain(found[0]))).get_sheet_by_name(SHEET)
    figures = sheet.height - ABOVE
    assert figures == _ledger(period).count()
    gc.collect()
    bare_xlsx = seconds(lambda: _bare_workbook(_rows(period))) * 1000
    bare_csv = seconds(lambda: csv.writer(io.StringIO()).writerows(_rows(period))) * 1000
    what = f"export of {figures:,} figures (.xlsx)"
    return [
        Line(
            what,
            ours,
            ours / bare_xlsx,
            f"XlsxWriter alone, {bare_xlsx:,.0f} ms",
            said=f"{ours / figures:.3f} ms a figure",
        ),
        Line(what, ours, ours / bare_csv, f"csv.writer alone, {bare_csv:,.0f} ms"),
    ]


def _period() -> Period:
    months = list(world.measured_plan().periods.filter(kind=Period.Kind.MONTH).order_by("ends_on"))
    return next((one for one in months if _ledger(one).count() >= FIGURES), months[-1])


def _ledger(period: Period) -> QuerySet:
    return ApprovedFigure.objects.of_plan(period.plan, period)


def _rows(period: Period) -> Iterator[tuple]:
    return _ledger(period).order_by("approved_at", "pk").values_list(*COLUMNS).iterator(chunk_size=5000)


def _bare_workbook(rows: Iterator[tuple]) -> None:
    """Row by row, each forgotten once it is written; no look, no widths, no heights."""
    options = {"constant_memory": True, "remove_timezone": True}
    with xlsxwriter.Workbook(io.BytesIO(), options) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    connection.close()
