"""More time for one agency in one period, with who granted it and why."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.models import Agency

from .days import spell_day
from .period import Period


class ExtensionQuerySet(models.QuerySet):
    def of(self, agency: Agency, period: Period) -> ExtensionQuerySet:
        return self.filter(agency=agency, period=period)


class Extension(models.Model):
    """Until the end of `until` the agency may hand in, though the period is due or closed; the last granted holds."""

    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.PROTECT, related_name="extensions")
    period = models.ForeignKey(Period, verbose_name="kỳ báo cáo", on_delete=models.PROTECT, related_name="extensions")
    until = models.DateField("gia hạn đến hết ngày")
    reason = models.CharField("lý do", max_length=300)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người cho gia hạn", on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField("cho gia hạn lúc")

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = "gia hạn"
        verbose_name_plural = "gia hạn"
        ordering = ["-granted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="extension_has_reason", condition=~Q(reason=""), violation_error_message="Ghi lý do gia hạn."
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency}, {self.period}: đến hết {spell_day(self.until)}"
