"""Agencies that carry the plan out and report on it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from .unit import Unit
from .validity import Validity, ValidityQuerySet, validity_constraint


class AgencyKind(models.TextChoices):
    WOMENS_UNION = "womens_union", "Hội LHPN"
    PEOPLES_COMMITTEE = "peoples_committee", "UBND"
    DEPARTMENT = "department", "Sở, ban, ngành"
    BANK = "bank", "Ngân hàng"
    PRESS = "press", "Báo, đài"
    MASS_ORGANISATION = "mass_organisation", "Đoàn thể, hiệp hội"


class AgencyLevel(models.TextChoices):
    PROVINCE = "province", "Cấp tỉnh"
    DISTRICT = "district", "Cấp huyện"
    COMMUNE = "commune", "Cấp xã"


class AgencyQuerySet(ValidityQuerySet):
    def of_territories(self) -> AgencyQuerySet:
        """District and commune bodies: one territory each, unlike those of the province."""
        return self.exclude(level=AgencyLevel.PROVINCE)

    def beyond(self, kinds_and_levels: Iterable[tuple[str, str]]) -> AgencyQuerySet:
        """Those of any other kind and level."""
        return self.exclude(reduce(or_, (Q(kind=kind, level=level) for kind, level in kinds_and_levels), Q(pk=None)))


class Agency(Validity):
    """One body during one life; what it becomes is another agency, linked by AgencySuccession."""

    code = models.SlugField("mã", max_length=60, unique=True, help_text="Không đổi sau khi tạo.")
    name = models.CharField("tên", max_length=200)
    short_name = models.CharField("tên gọn", max_length=80)
    kind = models.CharField("loại", max_length=20, choices=AgencyKind)
    level = models.CharField("cấp", max_length=10, choices=AgencyLevel)
    unit = models.ForeignKey(
        Unit,
        verbose_name="địa bàn",
        on_delete=models.PROTECT,
        related_name="agencies",
        help_text="Số liệu của cơ quan được tính cho đơn vị này.",
    )
    parent = models.ForeignKey(
        "self", verbose_name="cấp trên", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    successors = models.ManyToManyField(
        "self",
        verbose_name="cơ quan kế thừa",
        through="AgencySuccession",
        through_fields=("predecessor", "successor"),
        symmetrical=False,
        related_name="predecessors",
    )
    confirmed = models.BooleanField(
        "đã đối chiếu văn bản", default=False, help_text="Chưa chọn: theo thông lệ, chưa tìm thấy văn bản của tỉnh."
    )
    note = models.CharField("ghi chú", max_length=300, blank=True)
    contact_name = models.CharField("người liên hệ", max_length=100, blank=True)
    contact_phone = models.CharField("điện thoại", max_length=30, blank=True)
    contact_email = models.EmailField("thư điện tử", blank=True, help_text="Nhận nhắc báo cáo.")
    history = HistoricalRecords()

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = "cơ quan, đơn vị tham gia"
        verbose_name_plural = "cơ quan, đơn vị tham gia"
        ordering = ["level", "kind", "unit__code", "name", "pk"]
        constraints = [
            validity_constraint("agency_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["name", "unit", "valid_to"],
                name="agency_name_once_per_life",
                violation_error_message="Đã có cơ quan cùng tên, cùng địa bàn, cùng ngày hết hiệu lực.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AgencySuccession(models.Model):
    """`successor` took over functions of `predecessor`; one body may have several successors."""

    predecessor = models.ForeignKey(
        Agency, verbose_name="cơ quan cũ", on_delete=models.PROTECT, related_name="succeeded_by"
    )
    successor = models.ForeignKey(
        Agency, verbose_name="cơ quan kế thừa", on_delete=models.PROTECT, related_name="took_over_from"
    )
    on = models.DateField("từ ngày")
    duties = models.CharField("nhiệm vụ chuyển sang", max_length=200, blank=True)
    confirmed = models.BooleanField("đã đối chiếu văn bản", default=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "kế thừa cơ quan"
        verbose_name_plural = "kế thừa cơ quan"
        ordering = ["on", "predecessor__name", "successor__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                name="agency_succession_once",
                violation_error_message="Đã khai báo cơ quan kế thừa này.",
            ),
            models.CheckConstraint(
                name="agency_succession_to_another",
                condition=~Q(predecessor=F("successor")),
                violation_error_message="Cơ quan không thể kế thừa chính mình.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
