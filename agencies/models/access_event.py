"""Who came to the door and what happened: append-only, shown to administrators.

No password and no name that belongs to nobody is kept: people type passwords into the field for the name.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone


class AccessEventQuerySet(models.QuerySet):
    def since(self, instant: dt.datetime) -> AccessEventQuerySet:
        return self.filter(at__gte=instant)


class AccessEvent(models.Model):
    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", "Đăng nhập"
        SIGNED_OUT = "signed_out", "Đăng xuất"
        EXPIRED = "expired", "Hết phiên"
        FAILED = "failed", "Sai tên đăng nhập hoặc mật khẩu"
        LOCKED = "locked", "Bị tạm khóa vì sai nhiều lần"
        PROVED = "proved", "Nhập lại mật khẩu"
        PASSWORD = "password", "Đổi mật khẩu"
        FACTOR_ON = "factor_on", "Bật xác thực hai bước"
        FACTOR_OFF = "factor_off", "Tắt xác thực hai bước"
        CODES_MADE = "codes_made", "Tạo mã dự phòng"
        CODE_TAKEN = "code_taken", "Nhập đúng mã xác thực"
        RECOVERED = "recovered", "Dùng một mã dự phòng"
        CODE_REFUSED = "code_refused", "Nhập sai mã xác thực"
        REFUSED = "refused", "Không có quyền (403)"
        FORGED = "forged", "Biểu mẫu quá hạn hoặc giả mạo (CSRF)"
        OUT_OF_SCOPE = "out_of_scope", "Không có hoặc ngoài phạm vi (404)"

    at = models.DateTimeField("lúc", default=timezone.now, db_index=True)
    kind = models.CharField("việc", max_length=12, choices=Kind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="tài khoản", on_delete=models.PROTECT, null=True, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người làm thay", on_delete=models.PROTECT, null=True, related_name="+"
    )
    address = models.GenericIPAddressField("địa chỉ", null=True)
    detail = models.CharField("chi tiết", max_length=200, blank=True)

    objects = AccessEventQuerySet.as_manager()

    class Meta:
        verbose_name = "nhật ký truy cập"
        verbose_name_plural = "nhật ký truy cập"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {timezone.localtime(self.at):%H:%M:%S %d/%m/%Y}"
