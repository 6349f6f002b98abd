"""Reporting periods: what they span, by when a report is due, whether they still take changes."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from .plan import Plan


class PeriodQuerySet(models.QuerySet):
    def started(self, day: dt.date | None = None) -> PeriodQuerySet:
        """Periods that have begun; nobody reports on the future."""
        return self.filter(starts_on__lte=day or timezone.localdate())

    def coded(self, codes: set[str]) -> PeriodQuerySet:
        return self.filter(code__in=codes)

    def to_show(self) -> Period | None:
        """The period a dashboard opens with: the last cut off, halves before years; before any is, the first."""
        today = timezone.localdate()
        ended = self.filter(ends_on__lte=today).order_by("-ends_on", "-starts_on").first()
        return ended or self.order_by("ends_on").first()

    def newest_first(self) -> PeriodQuerySet:
        return self.order_by("-ends_on", "starts_on")


class Period(models.Model):
    """NĐ 09/2019/NĐ-CP cut-offs: first half 15/12-14/6, second half 15/6-14/12, year 15/12-14/12."""

    class Kind(models.TextChoices):
        MONTH = "month", "Tháng"
        QUARTER = "quarter", "Quý"
        HALF = "half", "6 tháng"
        YEAR = "year", "Năm"

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="periods")
    code = models.CharField("mã", max_length=10, help_text="2024-H1, 2024-H2, 2024, 2024-Q1, 2024-M01.")
    name = models.CharField("tên kỳ", max_length=60)
    kind = models.CharField("loại kỳ", max_length=10, choices=Kind)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("chốt số liệu ngày")
    due_on = models.DateField("hạn nộp")
    closed_at = models.DateTimeField("khóa lúc", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người khóa", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    history = HistoricalRecords()

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "kỳ báo cáo"
        verbose_name_plural = "kỳ báo cáo"
        ordering = ["plan", "ends_on", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="period_code_once_per_plan",
                violation_error_message="Kế hoạch đã có kỳ mang mã này.",
            ),
            models.CheckConstraint(
                name="period_ends_after_it_starts",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message="Ngày chốt số liệu phải sau ngày đầu kỳ.",
            ),
            models.CheckConstraint(
                name="period_due_after_it_starts",
                condition=Q(due_on__gt=F("starts_on")),
                violation_error_message="Hạn nộp phải sau ngày đầu kỳ.",
            ),
            models.CheckConstraint(
                name="period_closed_by_someone",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                violation_error_message="Kỳ đã khóa phải ghi rõ ai khóa, lúc nào.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    def due_with(self, until: dt.date | None) -> dt.date:
        """By when an agency hands in: the due day, or the later one it was granted."""
        return max(self.due_on, until or self.due_on)

    def days_overdue(self, day: dt.date | None = None) -> int:
        """Whole days since the due day has passed, in Cao Bằng; 0 when not overdue."""
        return max(((day or timezone.localdate()) - self.due_on).days, 0)


class PeriodEvent(models.Model):
    """Append-only: who closed a period or opened it again, when and why."""

    class Verb(models.TextChoices):
        CLOSE = "close", "Khóa kỳ"
        REOPEN = "reopen", "Mở lại kỳ"

    period = models.ForeignKey(Period, verbose_name="kỳ báo cáo", on_delete=models.PROTECT, related_name="events")
    verb = models.CharField("việc", max_length=10, choices=Verb)
    at = models.DateTimeField("lúc")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người làm", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField("lý do", max_length=300, blank=True)

    class Meta:
        verbose_name = "nhật ký kỳ báo cáo"
        verbose_name_plural = "nhật ký kỳ báo cáo"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="period_reopened_with_reason",
                condition=~Q(verb="reopen") | ~Q(reason=""),
                violation_error_message="Mở lại kỳ đã khóa phải ghi lý do.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}: {self.period}"
