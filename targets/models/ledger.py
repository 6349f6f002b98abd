"""The ledger of approved figures: what counts, since when, until when. Written by approval alone, never deleted.

The model refuses every change but the one supersession of a row; the database refuses it too (migration ledger_guard).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from agencies.models import Agency, Unit, User

from .measure import Measure
from .period import Period
from .plan import Plan
from .report import Report


class LedgerIsAppendOnly(Exception):
    """A ledger row cannot be changed or deleted; a correction supersedes it and adds another."""


class ApprovedFigureQuerySet(models.QuerySet):
    def update(self, **values) -> int:
        raise LedgerIsAppendOnly("Sổ số liệu đã duyệt chỉ ghi thêm, không sửa.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise LedgerIsAppendOnly("Sổ số liệu đã duyệt chỉ ghi thêm, không xóa.")

    def supersede(self, *, by: User, at: dt.datetime) -> int:
        """From `at` on these rows no longer count; those that ceased earlier stay as they are. Gives how many did."""
        return models.QuerySet.update(self.current(), superseded_at=at, superseded_by=by)

    def current(self) -> ApprovedFigureQuerySet:
        return self.filter(superseded_at__isnull=True)

    def as_known_at(self, instant: dt.datetime) -> ApprovedFigureQuerySet:
        """What counted at `instant` (R9): approved by then and not yet superseded."""
        return self.filter(
            Q(superseded_at__isnull=True) | Q(superseded_at__gt=instant), approved_at__lte=instant
        )  # fmt: skip

    def last_words(self) -> ApprovedFigureQuerySet:
        """Of an agency's rows on a measure that are among these, the latest (R4)."""
        by_age = Window(
            RowNumber(),
            partition_by=[F("agency"), F("measure")],
            order_by=[F("period__ends_on").desc(), F("period__starts_on").asc()],
        )
        return self.order_by().annotate(age=by_age).filter(age=1)

    def superseded(self, by: dt.datetime | None = None) -> ApprovedFigureQuerySet:
        """What a correction replaced (R10), by that instant if one is given."""
        return self.filter(superseded_at__isnull=False, **({"superseded_at__lte": by} if by else {}))

    def of_figures(self, reports: Collection[int], measures: Collection[int]) -> ApprovedFigureQuerySet:
        """All that was ever approved of these, oldest first, with who approved and who superseded it."""
        found = self.filter(report__in=reports, measure__in=measures)
        return found.select_related("approved_by", "superseded_by").order_by("approved_at", "pk")

    def with_names(self) -> ApprovedFigureQuerySet:
        """With what a list prints, in one query."""
        return self.select_related("agency", "unit", "measure", "period", "approved_by", "superseded_by")

    def of_plan(self, plan: Plan, upto: Period | None = None) -> ApprovedFigureQuerySet:
        """On any measure; `upto`: of periods that ended by the end of that one."""
        found = self.filter(period__plan=plan)
        return found.filter(period__ends_on__lte=upto.ends_on) if upto else found

    def moved_between(self, then: dt.datetime, now: dt.datetime | None) -> ApprovedFigureQuerySet:
        """Rows that came, or ceased to count, after `then` and by `now`."""
        came, ceased = Q(approved_at__gt=then), Q(superseded_at__gt=then)
        if now:
            came, ceased = came & Q(approved_at__lte=now), ceased & Q(superseded_at__lte=now)
        return self.filter(came | ceased)

    def of_indicators(self, plan: Plan) -> ApprovedFigureQuerySet:
        """Of the measures that the plan's indicators are made of."""
        return self.filter(measure__in=Measure.objects.of_indicators(plan))


class ApprovedFigure(models.Model):
    report = models.ForeignKey(
        Report, verbose_name="báo cáo", on_delete=models.PROTECT, related_name="approved_figures"
    )
    # Copied at approval: the ledger must not move when an agency is later re-assigned.
    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, verbose_name="địa bàn", on_delete=models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, verbose_name="số liệu", on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(Period, verbose_name="kỳ báo cáo", on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField("giá trị", max_digits=14, decimal_places=2)
    approved_at = models.DateTimeField("duyệt lúc")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người duyệt", on_delete=models.PROTECT, related_name="+"
    )
    superseded_at = models.DateTimeField("thay thế lúc", null=True, blank=True)
    superseded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người thay thế", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip

    objects = ApprovedFigureQuerySet.as_manager()

    class Meta:
        verbose_name = "số liệu đã duyệt"
        verbose_name_plural = "số liệu đã duyệt"
        ordering = ["period", "unit", "measure", "approved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "measure"],
                condition=Q(superseded_at__isnull=True),
                name="ledger_one_current_per_report_and_measure",
                violation_error_message="Số liệu này đã được duyệt.",
            ),
            models.CheckConstraint(
                name="ledger_superseded_by_someone",
                condition=Q(superseded_at__isnull=True, superseded_by__isnull=True)
                | Q(superseded_at__gte=F("approved_at"), superseded_by__isnull=False),
                violation_error_message="Số liệu bị thay thế phải ghi rõ ai, lúc nào, sau khi duyệt.",
            ),
            models.CheckConstraint(
                name="ledger_value_not_negative",
                condition=Q(value__gte=0),
                violation_error_message="Số liệu không được âm.",
            ),
        ]
        indexes = [
            models.Index(fields=["measure", "period"], name="ledger_measure_period"),
            models.Index(fields=["unit", "period"], name="ledger_unit_period"),
        ]

    def __str__(self) -> str:
        return f"{self.measure.code} {self.unit} {self.period.code} = {self.value}"

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise LedgerIsAppendOnly("Sổ số liệu đã duyệt chỉ ghi thêm, không sửa.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        raise LedgerIsAppendOnly("Sổ số liệu đã duyệt chỉ ghi thêm, không xóa.")
