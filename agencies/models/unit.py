"""Administrative units of the province and how they merged and split."""

from __future__ import annotations

from collections.abc import Collection

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from .validity import Validity, ValidityQuerySet, validity_constraint


class UnitQuerySet(ValidityQuerySet):
    def of_provinces(self, provinces: Collection[int]) -> UnitQuerySet:
        """These and everything in them, ended units too."""
        return self.filter(Q(pk__in=provinces) | Q(parent__in=provinces) | Q(parent__parent__in=provinces))


class Unit(Validity):
    """One unit during one life. The GSO code is not its identity: 049 was Quảng Uyên, then Quảng Hòa."""

    class Kind(models.TextChoices):
        PROVINCE = "province", "Tỉnh"
        CITY = "city", "Thành phố"
        DISTRICT = "district", "Huyện"
        WARD = "ward", "Phường"
        COMMUNE = "commune", "Xã"
        TOWNSHIP = "township", "Thị trấn"

    class Level(models.TextChoices):
        PROVINCE = "province", "tỉnh"
        DISTRICT = "district", "huyện, thành phố"
        COMMUNE = "commune", "xã, phường"

    slug = models.SlugField("mã tham chiếu", max_length=60, unique=True, help_text="Không đổi sau khi tạo.")
    code = models.CharField("mã GSO", max_length=10)
    name = models.CharField("tên", max_length=100, help_text="Không kèm cấp, ví dụ: Quảng Hòa.")
    kind = models.CharField("cấp", max_length=12, choices=Kind)
    parent = models.ForeignKey(
        "self", verbose_name="thuộc", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    aliases = models.TextField("cách viết khác", blank=True, help_text="Mỗi dòng một cách, dùng khi đọc tệp Excel.")
    tile_column = models.PositiveSmallIntegerField("cột trên bản đồ ô", null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField("dòng trên bản đồ ô", null=True, blank=True)
    legal_basis = models.CharField("căn cứ", max_length=300, blank=True)
    history = HistoricalRecords()

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị hành chính"
        verbose_name_plural = "đơn vị hành chính"
        ordering = ["code", "valid_from", "pk"]
        constraints = [
            validity_constraint("unit_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(valid_to__isnull=True),
                name="unit_code_once_now",
                violation_error_message="Mã GSO này đang được một đơn vị khác dùng.",
            ),
            models.UniqueConstraint(
                fields=["code", "valid_to"],
                name="unit_code_once_per_end",
                violation_error_message="Đã có đơn vị cùng mã GSO và cùng ngày hết hiệu lực.",
            ),
            models.CheckConstraint(
                name="unit_only_province_has_no_parent",
                condition=Q(kind="province", parent__isnull=True) | (~Q(kind="province") & Q(parent__isnull=False)),
                violation_error_message="Chỉ cấp tỉnh không thuộc đơn vị nào.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def level(self) -> str:
        """Which tier of government the unit belongs to."""
        if self.kind == self.Kind.PROVINCE:
            return self.Level.PROVINCE
        return self.Level.DISTRICT if self.kind in (self.Kind.CITY, self.Kind.DISTRICT) else self.Level.COMMUNE

    @property
    def full_name(self) -> str:
        """As written in a sentence: "Huyện Quảng Hòa"."""
        return f"{self.get_kind_display()} {self.name}"

    @property
    def short_name(self) -> str:
        """As written in a table: districts bare, the city marked, since "Cao Bằng" alone is the province."""
        return f"TP. {self.name}" if self.kind == self.Kind.CITY else self.name


class UnitSuccessionQuerySet(models.QuerySet):
    def main(self) -> UnitSuccessionQuerySet:
        """The edges along which the bulk of a unit went; figures follow these (R8)."""
        return self.filter(main=True)


class UnitSuccession(models.Model):
    """`predecessor` went, wholly or partly, into `successor` on a day."""

    predecessor = models.ForeignKey(
        Unit, verbose_name="đơn vị cũ", on_delete=models.PROTECT, related_name="succeeded_by"
    )
    successor = models.ForeignKey(
        Unit, verbose_name="đơn vị kế thừa", on_delete=models.PROTECT, related_name="took_over_from"
    )
    on = models.DateField("từ ngày")
    main = models.BooleanField("phần chính", default=True, help_text="Phần lớn địa bàn, dân cư đi theo hướng này.")
    exact = models.BooleanField("trọn vẹn", default=True, help_text="Bỏ chọn khi chỉ một phần địa bàn chuyển sang.")
    weight = models.PositiveIntegerField(
        "phần", default=1, validators=[MinValueValidator(1)],
        help_text="Số xã cũ chuyển theo hướng này. Dùng để chia số liệu của đơn vị cũ khi xem theo đơn vị mới.",
    )  # fmt: skip
    legal_basis = models.CharField("căn cứ", max_length=300, blank=True)
    history = HistoricalRecords()

    objects = UnitSuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = "sáp nhập, chia tách"
        verbose_name_plural = "sáp nhập, chia tách"
        ordering = ["on", "predecessor__code", "successor__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                name="succession_once",
                violation_error_message="Đã khai báo đơn vị kế thừa này.",
            ),
            models.CheckConstraint(
                name="succession_weight_positive",
                condition=Q(weight__gte=1),
                violation_error_message="Phần chuyển sang phải từ 1 trở lên.",
            ),
            models.CheckConstraint(
                name="succession_to_another_unit",
                condition=~Q(predecessor=F("successor")),
                violation_error_message="Đơn vị không thể kế thừa chính mình.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor} ({self.on:%d/%m/%Y})"
