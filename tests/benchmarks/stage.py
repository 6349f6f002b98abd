"""What the benchmark of imports works on: agencies, one set of figures in three files, and the parts that are timed."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field
from decimal import Decimal

import python_calamine as calamine
import tablib
import xlsxwriter
from django.core.files.storage import default_storage
from django.db import connection, transaction
from import_export import resources
from import_export.formats.base_formats import XLSX

from agencies.models import Agency, User
from targets.imports import staging, undoing
from targets.imports.assessment import assess
from targets.models import Duty, Figure, FigureChange, ImportBatch, ImportCell, Measure, Period, Report, ReportEvent
from targets.reference import load_plan503
from targets.reports import checks, together
from tests.conftest import make_user
from tests.imports.staged import communes

PLAIN = "bench_plain"  # the table of the limit: no key, no index
WRITTEN = (FigureChange, ReportEvent, Figure, Report, ImportCell, ImportBatch)  # in an order in which they can go

Rows = str | list[tuple]  # COPY's own text on PostgreSQL


class FigureResource(resources.ModelResource):
    """django-import-export as it comes; only what makes a row the same row is said, as everybody has to."""

    class Meta:
        model = Figure
        fields = ("report", "measure", "value")
        import_id_fields = ("report", "measure")


@dataclass
class Stage:
    period: Period
    by: User
    agencies: list[Agency]
    measures: list[Measure]
    workbook: bytes  # a row per agency, a column per measure
    rows: bytes = b""  # the same figures, a row each, by primary keys: what a ModelResource takes
    batch: ImportBatch | None = None
    kept: dict[str, Rows] = field(default_factory=dict)

    @classmethod
    def set(cls, agencies: int, measures: int) -> Stage:
        """Everything that is there before anybody sends a file."""
        load_plan503()
        period = Period.objects.get(plan__number="503/KH-UBND", code="2024-H1")
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {PLAIN} (place integer, kind integer, value numeric)")
        made, chosen = communes(agencies), list(period.plan.measures.order_by("order")[:measures])
        Duty.objects.bulk_create(Duty(plan=period.plan, agency=a, text="Báo cáo", reports_every="half") for a in made)
        return cls(period, make_user("hanh", User.Role.REVIEWER), made, chosen, wide(made, chosen))

    @property
    def figures(self) -> int:
        return len(self.agencies) * len(self.measures)

    def empty(self) -> None:
        """No report, no figure, no file."""
        ImportCell.objects.update(figure=None)
        Figure.objects.update(origin=None)
        for batch in ImportBatch.objects.all():
            default_storage.delete(batch.file.name)
        for model in WRITTEN:
            model.objects.all()._raw_delete(connection.alias)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {PLAIN}")
            if connection.vendor == "postgresql":
                cursor.execute("VACUUM ANALYZE")

    def preview(self) -> None:
        found = assess(self.workbook, "10 080.xlsx", plan=self.period.plan, period=self.period)
        assert (found.outcome, len(found.cells)) == ("ok", self.figures), found.errors[:3]
        self.batch = staging.stage(found, self.workbook, by=self.by)

    def confirm(self) -> None:
        staging.confirm(self.batch, by=self.by)
        assert Figure.objects.count() == self.figures

    def again(self) -> None:
        """The same file once more: nothing to write."""
        found = assess(self.workbook, "10 080.xlsx", plan=self.period.plan, period=self.period)
        assert {cell.outcome for cell in found.cells} == {ImportCell.Outcome.SAME}
        staging.stage(found, self.workbook, by=self.by)

    def undo(self) -> None:
        undoing.undo(self.batch, by=self.by)
        assert Figure.objects.count() == 0

    def empty_but_for_reports(self) -> None:
        """A ModelResource of figures finds its reports there: that part of the job it is spared."""
        self.empty()
        with transaction.atomic():
            reports = together.start(self.agencies, self.period, by=self.by).by_agency()
        lines = zip(self.agencies, values(self.measures, len(self.agencies)), strict=True)
        said = [(reports[agency.pk].pk, m.pk, line[m.code]) for agency, line in lines for m in self.measures]
        self.rows = made([("report", "measure", "value"), *said])

    def their_preview(self) -> None:
        result = FigureResource().import_data(self._dataset(), dry_run=True)
        assert (result.has_errors(), result.totals["new"]) == (False, self.figures)

    def their_import(self) -> None:
        FigureResource().import_data(self._dataset(), dry_run=False, raise_errors=True)
        assert Figure.objects.count() == self.figures

    def _dataset(self) -> tablib.Dataset:
        """Read from the file both times, as the package's own pages do."""
        return XLSX().create_dataset(self.rows)

    def limit(self) -> None:
        """The values of the workbook into a table that asks nothing."""
        rows = self._read()
        if connection.vendor == "postgresql":
            rows = "".join(f"{place}\t{kind}\t{value}\n" for place, kind, value in rows)
        with transaction.atomic():
            put(PLAIN, rows)

    def keep_rows(self) -> None:
        """All rows that preview and confirm write, as they stand in the tables; then none are there again."""
        self.empty()
        self.preview()
        self.confirm()
        self.kept = {model._meta.db_table: rows_of(model._meta.db_table) for model in WRITTEN[::-1]}
        self.empty()

    def limit_with_keys(self) -> None:
        """The workbook read, and just those rows put into just those tables, keys and indexes included, in one go."""
        self._read()
        with transaction.atomic():
            for table, rows in self.kept.items():
                put(table, rows)
        assert Figure.objects.count() == self.figures

    def _read(self) -> list[tuple[int, int, float]]:
        lines = calamine.CalamineWorkbook.from_filelike(io.BytesIO(self.workbook)).get_sheet_by_index(0).to_python()
        return [(n, k, value) for n, line in enumerate(lines[3:]) for k, value in enumerate(line[2:])]


def values(measures: list[Measure], count: int) -> list[dict[str, int]]:
    """What each agency reports: figures that agree, so that nothing but work stands between file and database."""
    rulebook = checks.Rulebook.of(measures[0].plan)
    bases = {base.code for _, base in rulebook.ratios}
    lines = []
    for n in range(count):
        line: dict[str, int] = {}
        for measure in reversed(measures):  # parts stand after their whole
            parts = [p.code for p in rulebook.parts_of(measure, Measure.Relation.PARTITION) if p.code in line]
            line[measure.code] = sum(line[p] for p in parts) or (1000 + n if measure.code in bases else 10 + n % 7)
        lines.append(line | {m.code: 1 for m in measures if m.relation == Measure.Relation.SUBSET})
    return lines


def wide(agencies: list[Agency], measures: list[Measure]) -> bytes:
    head = [("Kỳ báo cáo: 6 tháng đầu năm 2024",), (), ("STT", "Đơn vị", *(measure.code for measure in measures))]
    lines = zip(agencies, values(measures, len(agencies)), strict=True)
    body = [(n, agency.unit.full_name, *(line[m.code] for m in measures)) for n, (agency, line) in enumerate(lines, 1)]
    return made([*head, *body])


def made(rows: list[tuple[str | int | Decimal, ...]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Biểu 1")
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    return file.getvalue()


def rows_of(table: str) -> Rows:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            text = io.StringIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", text)
            return text.getvalue()
        cursor.execute(f"SELECT * FROM {table}")
        return [tuple(str(v) if isinstance(v, dt.datetime) else v for v in row) for row in cursor.fetchall()]


def put(table: str, rows: Rows) -> None:
    """The quickest way in that each database has."""
    with connection.cursor() as cursor:
        if isinstance(rows, str):
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(rows))
        else:
            cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)
