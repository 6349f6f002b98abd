"""What counting gave, kept with each approval: by indicator, day and territory, and for the whole province.

Everything here follows from the ledger (`rebuild_totals` makes it anew, `check_totals` compares): no total is evidence.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from agencies.models import Unit

from .period import Period
from .plan import Indicator, Plan


class TotalQuerySet(models.QuerySet):
    def of_plan(self, plan: Plan) -> TotalQuerySet:
        return self.filter(indicator__plan=plan)

    def of_province(self) -> TotalQuerySet:
        return self.filter(unit__isnull=True)

    def of_territories(self) -> TotalQuerySet:
        return self.filter(unit__isnull=False)

    def days(self, plan: Plan) -> list[dt.date]:
        """On which a period ended that something was approved for, in order: between two of them nothing moves."""
        found = self.of_plan(plan).of_province().order_by("day").values_list("day", flat=True)
        return list(dict.fromkeys(found))


class Total(models.Model):
    """An indicator at the end of `day`: reached since its phase began (R3), or standing (R4-R8), as counted then.

    `reached` and `base` are empty where nothing counts there; the row then says why not. A row without unit is the
    province's: the sums, and the newest, of its territories' rows.
    """

    class Said(models.IntegerChoices):
        """How much of a stock or ratio anybody in the territory ever reported."""

        NOTHING = 0
        SOME = 1  # neither all above the line nor everything
        PARTS = 2  # all above the line
        ALL = 3

    indicator = models.ForeignKey(
        Indicator, verbose_name="chỉ tiêu", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    unit = models.ForeignKey(
        Unit, verbose_name="địa bàn", on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    day = models.DateField("đến hết ngày")
    reached = models.DecimalField("đạt được", max_digits=18, decimal_places=2, null=True)
    base = models.DecimalField("mẫu số", max_digits=18, decimal_places=2, null=True)
    territories = models.PositiveIntegerField("số địa bàn có số", default=0)
    # Of the figures that make the number: the period that the newest is of, and the latest first day.
    period = models.ForeignKey(
        Period, verbose_name="kỳ mới nhất", on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    starts_on = models.DateField("bắt đầu muộn nhất", null=True)
    approved_at = models.DateTimeField("duyệt gần nhất", null=True)
    corrected = models.BooleanField("có số đã đính chính", default=False)
    withdrawn = models.BooleanField("có số bị bỏ", default=False)
    # Of all that was reported above the line, whether it counts or not: the last and the latest first day.
    heard_until = models.DateField("báo cáo đến ngày", null=True)
    heard_from = models.DateField("báo cáo từ ngày", null=True)
    said = models.PositiveSmallIntegerField("đã báo cáo", choices=Said, default=Said.NOTHING)

    objects = TotalQuerySet.as_manager()

    class Meta:
        verbose_name = "số tổng hợp"
        verbose_name_plural = "số tổng hợp"
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "day", "unit"],
                name="total_once_per_territory",
                violation_error_message="Số tổng hợp này đã có.",
            ),
            models.UniqueConstraint(
                fields=["indicator", "day"],
                condition=Q(unit__isnull=True),
                name="total_once_per_province",
                violation_error_message="Số tổng hợp này đã có.",
            ),
        ]

        # One territory's line over the days, and the province's.
        indexes = [models.Index(fields=["unit", "indicator", "day"], name="total_line")]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.unit or 'toàn tỉnh'} {self.day:%d/%m/%Y} = {self.reached}"
