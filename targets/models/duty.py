"""What a plan assigns to whom, and who therefore owes reports."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from agencies.models import Agency

from .plan import Indicator, Plan


class DutyQuerySet(models.QuerySet):
    def of_plan(self, plan: Plan) -> DutyQuerySet:
        return self.filter(plan=plan)

    def reporting(self) -> DutyQuerySet:
        return self.exclude(reports_every="")

    def by_unit(self) -> DutyQuerySet:
        """With agency and unit, in the order lists show them."""
        return self.select_related("agency__unit").order_by("agency__unit__code", "agency__name")

    def owing(self, kind: str, day: dt.date) -> DutyQuerySet:
        """Duties to report for periods of `kind`, of agencies that exist on `day` (a period's last day)."""
        return self.filter(
            Q(agency__valid_from__isnull=True) | Q(agency__valid_from__lte=day),
            Q(agency__valid_to__isnull=True) | Q(agency__valid_to__gte=day),
            reports_every=kind,
        )


class Duty(models.Model):
    """What a plan assigns to an agency, and how often it must report."""

    class Cadence(models.TextChoices):
        NONE = "", "Không báo cáo số liệu"
        MONTH = "month", "Hằng tháng"
        QUARTER = "quarter", "Hằng quý"
        HALF = "half", "6 tháng"
        YEAR = "year", "Hằng năm"

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="duties")
    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.PROTECT, related_name="duties")
    text = models.TextField("nhiệm vụ được giao")
    leads = models.BooleanField("chủ trì", default=False)
    indicators = models.ManyToManyField(Indicator, verbose_name="liên quan chỉ tiêu", related_name="duties", blank=True)
    reports_every = models.CharField("kỳ báo cáo", max_length=10, choices=Cadence, default=Cadence.NONE, blank=True)
    confirmed = models.BooleanField(
        "đã đối chiếu văn bản", default=False, help_text="Chưa chọn: theo thông lệ, chưa tìm thấy văn bản của tỉnh."
    )
    history = HistoricalRecords(m2m_fields=[indicators])

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = "nhiệm vụ được giao"
        verbose_name_plural = "nhiệm vụ được giao"
        ordering = ["plan", "agency"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "agency"],
                name="duty_once_per_plan",
                violation_error_message="Kế hoạch đã giao nhiệm vụ cho cơ quan này.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.text[:60]}"

    def clean(self) -> None:
        if self.agency_id and self.plan_id and self.agency.valid_to and self.agency.valid_to < self.plan.starts_on:
            raise ValidationError({"agency": "Cơ quan này đã kết thúc trước khi kế hoạch bắt đầu."})
