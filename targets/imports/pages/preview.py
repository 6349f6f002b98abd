"""What the preview shows of a staged file: a page of its units beside its measures, or of one agency's figures."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from agencies.models import User
from agencies.models.agency import AgencyLevel
from targets.imports import places, rules
from targets.imports.forms import agencies_for
from targets.imports.recognised import Kind
from targets.imports.sending import choices_of
from targets.models import CountingOwner, ImportBatch, ImportCell, Measure
from targets.models.words import lower_first

from .chosen import chosen
from .faults import Fault, Faults, general_warnings
from .rows import Row, fill, rows_of

Outcome = ImportCell.Outcome
PER_PAGE = 50
ALL, CHANGES, ERRORS, ODD = "tat-ca", "thay-doi", "loi", "luu-y"
FILTERS = ((ALL, "Tất cả"), (CHANGES, "Thay đổi"), (ERRORS, "Lỗi"), (ODD, "Lưu ý"))


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell of the table: how it is marked, and what may be said about it under its row."""

    cell: ImportCell | None
    place: str = ""
    reason: str = ""

    @property
    def css(self) -> str:
        if self.cell is None:
            return ""
        return "c-warning" if self.cell.warning else f"c-{self.cell.outcome}"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table with its marks in the order of the columns, then what is wrong and odd in it."""

    row: Row
    marks: Sequence[Mark]

    @property
    def faults(self) -> list[Fault]:
        return self.row.faults

    @property
    def odd(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.cell and mark.cell.warning]


def preview(batch: ImportBatch, user: User, *, wanted: str | None, number: str | None) -> dict[str, object]:
    """For templates/imports/preview.html, in a fixed number of queries whatever the file holds."""
    agencies = agencies_for(batch, user)
    errors = batch.outcome.get("errors", [])
    faults = Faults.of(batch, errors, _by_offer(batch, user))
    rows = rows_of(batch, faults.of_rows)
    wanted = wanted if wanted in dict(FILTERS) else ALL
    odd = list(batch.cells.filter(warning=True).values_list("sheet", "column", "row"))
    waits = batch.state == ImportBatch.State.STAGED and rules.may_answer(user, batch)
    return {
        "batch": batch,
        "same_as_at": _seen_at(batch),
        "waits": waits,
        "upright": batch.layout == Kind.LONG,
        **_table(batch, rows, wanted, number),
        "filters": [(key, word, key == wanted) for key, word in FILTERS],
        "faults_apart": faults.apart,
        "warnings": general_warnings(batch, [(sheet, f"{column}{row}") for sheet, column, row in odd]),
        "agencies": agencies,
        "chosen": chosen(batch, dict(agencies)),
        "stats": _stats(batch, rows, len(errors)),
        "row_word": "dòng" if places.lies_in_rows(batch) else "cột",
        "error_rows": sum(row.kind == "error" for row in rows),
        **summary(batch, rows),
    }


def _by_offer(batch: ImportBatch, user: User) -> dict[str, tuple[str, str]]:
    """Names of units and agencies as errors offer them -> (its code, name in a sentence)."""
    if batch.period is None:
        return {}
    agencies = CountingOwner.objects.agencies(batch.plan, batch.period.ends_on).select_related("unit")
    if only := rules.only_agency(user):
        agencies = agencies.filter(pk=only.pk)
    found = {agency.name: (agency.code, agency.name) for agency in agencies}
    for agency in agencies:
        if agency.level != AgencyLevel.PROVINCE:
            found[agency.unit.full_name] = (agency.code, lower_first(agency.unit.full_name))
    return found


def _table(batch: ImportBatch, rows: list[Row], wanted: str, number: str | None) -> dict[str, object]:
    shown = [row for row in rows if _is_wanted(row, wanted)]
    page, columns = _page_of(shown, number), _measures(batch)
    fill(batch, page.object_list)
    page.object_list = _lines(batch, page.object_list, columns)
    title = f"{len(rows)} {'dòng' if places.lies_in_rows(batch) else 'đơn vị'} trong tệp"
    return {"page": page, "columns": columns, "rows_found": len(rows), "rows_title": title}


def _seen_at(batch: ImportBatch) -> dt.datetime | None:
    """When these very bytes were imported before."""
    seen = batch.outcome.get("same_as")
    return dt.datetime.fromisoformat(seen["at"]) if seen else None


def _page_of(things: Sequence[object], number: str | None) -> Page:
    return Paginator(things, PER_PAGE).get_page(number)


def _lines(batch: ImportBatch, rows: Sequence[Row], columns: Sequence[Measure]) -> list[Line]:
    reasons = choices_of(batch).reasons
    return [Line(row, [_mark(row.cells.get(measure.pk), reasons) for measure in columns]) for row in rows]


def _mark(cell: ImportCell | None, reasons: Mapping[str, str]) -> Mark:
    if cell is None:
        return Mark(None)
    place = places.of_cell(cell)
    return Mark(cell, place, reasons.get(place, ""))


def _measures(batch: ImportBatch) -> list[Measure]:
    used = batch.cells.order_by().values("measure").distinct()
    return list(Measure.objects.filter(pk__in=used).order_by("order", "code"))


def _is_wanted(row: Row, wanted: str) -> bool:
    if wanted == ERRORS:
        return row.kind == "error"
    if wanted == ODD:
        return bool(row.odd)
    return wanted == ALL or bool(row.written)


def _stats(batch: ImportBatch, rows: Sequence[Row], errors: int) -> list[tuple[str, str, int, str]]:
    """(icon and colour, word, how many rows, remark); of a file of one agency, how many figures."""
    cells = sum((row.counts for row in rows), Counter())
    if batch.layout == Kind.LONG:
        return _stats_of_figures(cells, errors)
    kinds = Counter(row.kind for row in rows)
    changed, skipped = cells[Outcome.CHANGED], kinds["skipped"]
    remark = f"{errors} chỗ cần sửa hoặc bỏ qua" if errors else "không có lỗi"
    return [
        ("new", "Mới", kinds["new"], "chưa có báo cáo"),
        ("changed", "Thay đổi", kinds["changed"], f"{changed} ô khác số hiện có" if changed else "so với số hiện có"),
        ("same", "Không đổi", kinds["same"], "không ghi"),
        ("locked", "Đã nộp, duyệt", kinds["locked"], "khóa, không ghi đè"),
        ("error", "Lỗi", kinds["error"], f"bỏ qua {skipped} dòng" if skipped and not errors else remark),
    ]


def _stats_of_figures(cells: Counter[str], errors: int) -> list[tuple[str, str, int, str]]:
    same = cells[Outcome.SAME] + cells[Outcome.EMPTY]
    return [
        ("new", "Mới", cells[Outcome.NEW], "mục chưa có số"),
        ("changed", "Thay đổi", cells[Outcome.CHANGED], "mục khác số hiện có"),
        ("same", "Không đổi", same, "mục, không ghi"),
        ("locked", "Đã nộp, duyệt", cells[Outcome.LOCKED], "mục, khóa không ghi đè"),
        ("error", "Lỗi", errors, "cần sửa hoặc bỏ qua" if errors else "không có lỗi"),
    ]


def summary(batch: ImportBatch, rows: Sequence[Row]) -> dict[str, object]:
    """What confirming would do: how many reports, of them new, and how many rows it leaves alone."""
    written = [row for row in rows if row.written and row.kind in ("new", "changed")]
    new = sum(row.kind == "new" for row in written)
    parts = [f"{n} {word}" for n, word in ((new, "mới"), (len(written) - new, "thay đổi")) if n]
    left = len(rows) - len(written)
    rest = f", bỏ qua {left} dòng" if left and batch.layout == Kind.WIDE else ""
    said = f"Sẽ ghi {len(written)} báo cáo ({', '.join(parts)}){rest}" if written else ""
    return {"to_write": len(written), "will_do": said, "may_go_on": bool(written) and not batch.outcome.get("errors")}
