"""What senders said their headings mean: remembered, so that the same workbook asks nothing the next time."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.models import Agency

from .measure import Measure
from .plan import Plan


class LearnedHeadingQuerySet(models.QuerySet):
    def known_to(self, plan: Plan, agency: Agency | None) -> dict[str, str]:
        """Folded heading -> code of its measure, "" for one to pass over; the agency's own word before everybody's."""
        found = self.filter(Q(agency=agency) | Q(agency=None), plan=plan).select_related("measure")
        ordered = sorted(found, key=lambda one: one.agency_id is not None)
        return {one.key: one.measure.code if one.measure else "" for one in ordered}


class LearnedHeading(models.Model):
    """A column or row heading as one sender writes it, and the measure the sender said it is."""

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey(
        Agency, verbose_name="cơ quan gửi", on_delete=models.CASCADE, null=True, blank=True, related_name="+",
        help_text="Để trống: áp dụng cho mọi người gửi.",
    )  # fmt: skip
    key = models.CharField("tiêu đề đã chuẩn hóa", max_length=300, editable=False)
    heading = models.CharField("tiêu đề trong tệp", max_length=300)
    measure = models.ForeignKey(
        Measure, verbose_name="số liệu", on_delete=models.CASCADE, null=True, blank=True,
        related_name="learned_headings", help_text="Để trống: bỏ qua cột này.",
    )  # fmt: skip
    learned_at = models.DateTimeField("ghi nhớ lúc", auto_now=True)
    learned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người ghép", on_delete=models.PROTECT, related_name="+"
    )

    objects = LearnedHeadingQuerySet.as_manager()

    class Meta:
        verbose_name = "tiêu đề đã ghép"
        verbose_name_plural = "tiêu đề đã ghép"
        ordering = ["plan", "heading"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "agency", "key"],
                name="heading_learned_once_per_sender",
                violation_error_message="Tiêu đề này đã được ghép.",
            ),
            models.UniqueConstraint(
                fields=["plan", "key"],
                condition=Q(agency=None),
                name="heading_learned_once_for_all",
                violation_error_message="Tiêu đề này đã được ghép cho mọi người gửi.",
            ),
        ]

    def __str__(self) -> str:
        return self.heading
