"""Other systems that read the figures over the API: what each may read, until when, and who let it in."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class ApiClientQuerySet(models.QuerySet):
    def in_use(self) -> ApiClientQuerySet:
        """Those that were not revoked; their time may have run out."""
        return self.filter(revoked_at=None)

    def unused_since(self, instant: dt.datetime) -> ApiClientQuerySet:
        return self.filter(Q(last_used_at=None) | Q(last_used_at__lt=instant))

    def holding(self, token_hash: str) -> ApiClient | None:
        return self.filter(token_hash=token_hash).first()


class ApiClient(models.Model):
    """A system with a token of its own. The token itself is stored nowhere: only its SHA-256 is."""

    class Scope(models.TextChoices):
        PLANS = "plans", "Kế hoạch, chỉ tiêu, kỳ báo cáo"
        PROGRESS = "progress", "Tiến độ"
        FIGURES = "figures", "Số liệu đã duyệt"
        COMPLETENESS = "completeness", "Tình hình nộp"

    name = models.CharField("tên hệ thống", max_length=100, help_text="Hệ thống nào, của cơ quan nào.")
    token_hash = models.CharField("SHA-256 của mã truy cập", max_length=64, unique=True, editable=False)
    reads_plans = models.BooleanField("đọc kế hoạch, chỉ tiêu, kỳ báo cáo", default=False)
    reads_progress = models.BooleanField("đọc tiến độ", default=False, help_text="Gồm cả số tạm tính.")
    reads_figures = models.BooleanField("đọc số liệu đã duyệt", default=False)
    reads_completeness = models.BooleanField("đọc tình hình nộp", default=False)
    expires_on = models.DateField("dùng đến hết ngày")
    created_at = models.DateTimeField("cấp lúc", editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người cấp", on_delete=models.PROTECT, related_name="+", editable=False
    )
    last_used_at = models.DateTimeField("dùng gần nhất", null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người thu hồi", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+", editable=False,
    )  # fmt: skip

    objects = ApiClientQuerySet.as_manager()

    class Meta:
        verbose_name = "hệ thống kết nối"
        verbose_name_plural = "hệ thống kết nối"
        ordering = ["name", "-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(revoked_at__isnull=True),
                name="client_name_once_in_use",
                violation_error_message="Hệ thống này đã có mã truy cập chưa thu hồi.",
            ),
            models.CheckConstraint(
                name="client_reads_something",
                condition=Q(reads_plans=True)
                | Q(reads_progress=True)
                | Q(reads_figures=True)
                | Q(reads_completeness=True),
                violation_error_message="Chọn ít nhất một phần được đọc.",
            ),
            models.CheckConstraint(
                name="client_revoked_by_someone",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                violation_error_message="Mã đã thu hồi phải ghi rõ ai, lúc nào.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def may_read(self, scope: str) -> bool:
        return getattr(self, f"reads_{scope}")

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def has_expired(self) -> bool:
        """Its last day, in Cao Bằng, has passed."""
        return timezone.localdate() > self.expires_on
