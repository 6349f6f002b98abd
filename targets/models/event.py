"""What happened to a report: append-only, one row for every transition and one for every changed figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Q

from .measure import Measure
from .numbers import say
from .report import Report, ReportQuerySet


class ReportEventQuerySet(models.QuerySet):
    def newest_first(self) -> ReportEventQuerySet:
        return self.select_related("by").order_by("-at", "-pk")

    def after_the_start(self, reports: Collection[int]) -> ReportEventQuerySet:
        """What was done to those reports, in its order and with who did it; that they were opened is left out."""
        found = self.filter(report__in=reports).exclude(verb=ReportEvent.Verb.START)
        return found.select_related("by").order_by("pk")

    def approvals(self, reports: ReportQuerySet, by: dt.datetime | None = None) -> ReportEventQuerySet:
        """Approvals of those reports, by that instant if one is given."""
        found = self.filter(verb=ReportEvent.Verb.APPROVE, report__in=reports)
        return found.filter(at__lte=by) if by else found


class ReportEvent(models.Model):
    class Verb(models.TextChoices):
        START = "start", "Mở báo cáo"
        SAVE = "save", "Sửa số liệu"
        SUBMIT = "submit", "Nộp"
        RECALL = "recall", "Rút lại"
        RETURN = "return", "Trả lại"
        APPROVE = "approve", "Duyệt"
        REOPEN = "reopen", "Mở lại để đính chính"

    report = models.ForeignKey(Report, verbose_name="báo cáo", on_delete=models.PROTECT, related_name="events")
    verb = models.CharField("việc", max_length=10, choices=Verb)
    at = models.DateTimeField("lúc")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người làm", on_delete=models.PROTECT, related_name="+"
    )
    from_status = models.CharField("từ trạng thái", max_length=10, choices=Report.Status, blank=True)
    to_status = models.CharField("sang trạng thái", max_length=10, choices=Report.Status)
    round = models.PositiveSmallIntegerField("lần nộp", default=0)
    reason = models.TextField("lý do, ý kiến", blank=True)

    objects = ReportEventQuerySet.as_manager()

    class Meta:
        verbose_name = "nhật ký báo cáo"
        verbose_name_plural = "nhật ký báo cáo"
        ordering = ["report", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="event_return_and_reopen_have_reason",
                condition=~Q(verb__in=["return", "reopen"]) | ~Q(reason=""),
                violation_error_message="Trả lại hoặc mở lại báo cáo phải ghi lý do.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}, {self.report}"


class FigureChangeQuerySet(models.QuerySet):
    def of_figures(self, reports: Collection[int], measures: Collection[int]) -> FigureChangeQuerySet:
        """Every time one of these figures was written, in order."""
        found = self.filter(event__report__in=reports, measure__in=measures)
        return found.select_related("event__by").order_by("event_id")


class FigureChange(models.Model):
    """A figure before and after one event. Empty value with not_applicable off: blank."""

    event = models.ForeignKey(ReportEvent, verbose_name="việc", on_delete=models.PROTECT, related_name="changes")
    measure = models.ForeignKey(Measure, verbose_name="số liệu", on_delete=models.PROTECT, related_name="+")
    old_value = models.DecimalField("giá trị cũ", max_digits=14, decimal_places=2, null=True, blank=True)
    new_value = models.DecimalField("giá trị mới", max_digits=14, decimal_places=2, null=True, blank=True)
    old_not_applicable = models.BooleanField("trước: không áp dụng", default=False)
    new_not_applicable = models.BooleanField("sau: không áp dụng", default=False)

    objects = FigureChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "thay đổi số liệu"
        verbose_name_plural = "thay đổi số liệu"
        ordering = ["event", "measure__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "measure"],
                name="change_once_per_event_and_measure",
                violation_error_message="Việc này đã ghi thay đổi của số liệu đó.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure.code}: {say(self.old_value)} → {say(self.new_value)}"
