"""What goes out as a workbook: a sender's file with its errors marked, the reports of a period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath

from agencies.models import User
from targets.imports import sending
from targets.imports.books import marks as kinds
from targets.imports.books.marks import Mark
from targets.imports.books.returned import returned
from targets.imports.reader import read_workbook
from targets.models import ImportBatch, Period, Report


def marked(batch: ImportBatch) -> bytes:
    """The file with what was found in it, errors of rows that were left out among them."""
    content = sending.content_of(batch)
    workbook = read_workbook(content, batch.name)
    names = {sheet.name for sheet in workbook.sheets}
    marks = [mark if mark["sheet"] in names else {**mark, "sheet": ""} for mark in _marks(batch)]
    return returned(content, workbook, marks)


def _marks(batch: ImportBatch) -> Iterator[Mark]:
    said = batch.outcome
    for table in said.get("tables", []):
        yield Mark(sheet=table["sheet"], row=table["header"], kind=kinds.HEADER)
    for name, kind in (("errors", kinds.ERROR), ("left_out", kinds.ERROR), ("warnings", kinds.WARNING)):
        for one in said.get(name, []):
            keys = ("sheet", "row", "column", "value", "message")
            yield Mark(**{key: one[key] for key in keys}, kind=kind)


def marked_name(batch: ImportBatch) -> str:
    return f"{PurePath(batch.name).stem} (lỗi).xlsx"


def export_page(user: User) -> dict[str, object]:
    """The periods to choose from, newest first, with how many reports of each the person may see."""
    counts = Counter(Report.objects.visible_to(user).order_by().values_list("period", flat=True))
    periods = Period.objects.filter(pk__in=counts).select_related("plan").newest_first()
    return {"periods": [(period, counts[period.pk]) for period in periods]}


def reports_of(period: Period, user: User) -> list[Report]:
    """Those of the period that the person may see, in the order of lists."""
    return list(Report.objects.visible_to(user).filter(period=period).newest_period_first())
