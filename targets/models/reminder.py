"""What an agency was told about a report it owes: on which occasion, to which addresses, and whether it was seen."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.models import Agency

from .period import Period


class ReminderQuerySet(models.QuerySet):
    def unseen_by(self, agency: Agency | None) -> ReminderQuerySet:
        """What the agency has not opened yet, newest first."""
        return self.filter(agency=agency, seen_at=None).select_related("period").order_by("-sent_at", "-pk")

    def newest_first(self) -> ReminderQuerySet:
        return self.select_related("agency__unit", "period", "sent_by").order_by("-sent_at", "-pk")


class Reminder(models.Model):
    class Occasion(models.TextChoices):
        BEFORE = "before", "Sắp đến hạn"
        DUE = "due", "Đến hạn"
        OVERDUE = "overdue", "Quá hạn"
        BY_HAND = "by_hand", "Cán bộ tỉnh nhắc"

    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.PROTECT, related_name="reminders")
    period = models.ForeignKey(Period, verbose_name="kỳ báo cáo", on_delete=models.PROTECT, related_name="reminders")
    occasion = models.CharField("dịp nhắc", max_length=10, choices=Occasion)
    on = models.DateField("ngày nhắc")
    text = models.TextField("nội dung", max_length=2000)
    addresses = models.TextField(
        "gửi đến", blank=True, help_text="Mỗi dòng một địa chỉ. Trống: chỉ nhắc trên hệ thống."
    )
    sent_at = models.DateTimeField("gửi lúc")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người nhắc", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    seen_at = models.DateTimeField("đã xem lúc", null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "nhắc báo cáo"
        verbose_name_plural = "nhắc báo cáo"
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "period", "on"],
                condition=~Q(occasion="by_hand"),
                name="reminder_once_a_day",
                violation_error_message="Hôm nay đã nhắc đơn vị này.",
            ),
            models.CheckConstraint(
                name="reminder_by_hand_has_sender",
                condition=Q(occasion="by_hand", sent_by__isnull=False)
                | (~Q(occasion="by_hand") & Q(sent_by__isnull=True)),
                violation_error_message="Cán bộ nhắc phải ghi rõ tên; nhắc tự động thì không.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()}: {self.agency}, {self.period}"
