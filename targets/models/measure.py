"""The figures that reports carry, and whose reports enter their totals."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from simple_history.models import HistoricalRecords

from agencies.models import Agency
from agencies.models.agency import AgencyKind, AgencyLevel, AgencyQuerySet

from .plan import Indicator, Plan


class MeasureQuerySet(models.QuerySet):
    def of_indicators(self, plan: Plan) -> MeasureQuerySet:
        """Those that stand above or below the line of an indicator of the plan."""
        used = Q(pk__in=plan.indicators.values("numerator")) | Q(pk__in=plan.indicators.values("denominator"))
        return self.filter(used, plan=plan)


class Measure(models.Model):
    """A figure that reports carry. FLOW happened within the period and is summed; STATE stands at its end."""

    class Accumulation(models.TextChoices):
        FLOW = "flow", "Trong kỳ (cộng dồn)"
        STATE = "state", "Tại thời điểm cuối kỳ"

    class Kind(models.TextChoices):
        PEOPLE = "people", "Người"
        COUNT = "count", "Số lượng"
        MONEY = "money", "Tiền"

    class Relation(models.TextChoices):
        PARTITION = "partition", "Chia theo (các phần cộng lại bằng tổng)"
        SUBSET = "subset", "Trong đó (mỗi phần không quá tổng)"

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="measures")
    code = models.CharField("mã", max_length=20)
    number = models.CharField("số thứ tự trên biểu", max_length=10, blank=True)
    name = models.CharField("tên số liệu", max_length=300)
    short_name = models.CharField("tên gọn", max_length=60)
    aliases = models.TextField(
        "tên cột trên biểu Excel", blank=True, help_text="Mỗi dòng một cách ghi, dùng khi đọc tệp Excel."
    )
    unit_of_measure = models.CharField("đơn vị tính", max_length=30)
    help_text = models.TextField("cách tính", blank=True, help_text="Đếm những gì, không đếm những gì.")
    accumulation = models.CharField("cách cộng", max_length=5, choices=Accumulation, default=Accumulation.FLOW)
    kind = models.CharField("loại số", max_length=6, choices=Kind, default=Kind.COUNT)
    section = models.ForeignKey(
        Indicator, verbose_name="phần của biểu", on_delete=models.PROTECT, null=True, blank=True,
        related_name="section_measures", help_text="Để trống: phần số liệu khác, không tính vào chỉ tiêu.",
    )  # fmt: skip
    part_of = models.ForeignKey(
        "self", verbose_name="thuộc số tổng", on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    relation = models.CharField("quan hệ với số tổng", max_length=10, choices=Relation, blank=True)
    required = models.BooleanField("bắt buộc", default=False)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    history = HistoricalRecords()

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = "số liệu báo cáo"
        verbose_name_plural = "số liệu báo cáo"
        ordering = ["plan", "order", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="measure_code_once_per_plan",
                violation_error_message="Kế hoạch đã có số liệu mang mã này.",
            ),
            models.CheckConstraint(
                name="measure_part_has_relation",
                condition=Q(part_of__isnull=True, relation="") | (Q(part_of__isnull=False) & ~Q(relation="")),
                violation_error_message="Chọn cả số tổng và quan hệ với số tổng, hoặc để trống cả hai.",
            ),
            models.CheckConstraint(
                name="measure_not_part_of_itself",
                condition=Q(part_of__isnull=True) | ~Q(part_of=F("id")),
                violation_error_message="Số liệu không thể thuộc chính nó.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.short_name}"

    def clean(self) -> None:
        """Section and whole are of the same plan; a part is counted as its whole is, and has no parts of its own."""
        refused = {}
        if self.section_id and self.section.plan_id != self.plan_id:
            refused["section"] = "Chỉ tiêu này thuộc kế hoạch khác."
        if self.part_of_id and self.part_of.plan_id != self.plan_id:
            refused["part_of"] = "Số tổng này thuộc kế hoạch khác."
        elif self.part_of_id and self.part_of.part_of_id:
            refused["part_of"] = f"{self.part_of.code} đã là một phần của số khác. Chọn số tổng của nó."
        elif self.part_of_id and self.part_of.accumulation != self.accumulation:
            refused["accumulation"] = f"Cách cộng phải như số tổng {self.part_of.code}."
        if refused:
            raise ValidationError(refused)

    @property
    def is_whole_number(self) -> bool:
        """People and things are counted whole; money may have decimals."""
        return self.kind != self.Kind.MONEY

    def counts_reports_of(self, agency: Agency) -> bool:
        """Whether this agency's figures enter the totals (R7). Prefetch `counted_by` when asking for many."""
        owners = {(owner.agency_kind, owner.agency_level) for owner in self.counted_by.all()}
        return (agency.kind, agency.level) in owners

    @property
    def is_state(self) -> bool:
        return self.accumulation == self.Accumulation.STATE


class CountingOwnerQuerySet(models.QuerySet):
    def agencies(self, plan: Plan, day: dt.date) -> AgencyQuerySet:
        """Agencies of the plan existing on `day` whose reports enter the total of at least one of its measures."""
        owners = self.filter(
            measure__plan=plan, agency_kind=OuterRef("kind"), agency_level=OuterRef("level")
        )  # fmt: skip
        return Agency.objects.in_force_on(day).filter(Exists(owners), Exists(plan.duties.filter(agency=OuterRef("pk"))))


class CountingOwner(models.Model):
    """Reports of these agencies enter a measure's totals; what others report is shown beside, as reference (R7)."""

    measure = models.ForeignKey(Measure, verbose_name="số liệu", on_delete=models.CASCADE, related_name="counted_by")
    agency_kind = models.CharField("loại cơ quan", max_length=20, choices=AgencyKind)
    agency_level = models.CharField("cấp", max_length=10, choices=AgencyLevel)

    objects = CountingOwnerQuerySet.as_manager()

    class Meta:
        verbose_name = "cơ quan được tính số"
        verbose_name_plural = "cơ quan được tính số"
        ordering = ["measure", "agency_level", "agency_kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "agency_kind", "agency_level"],
                name="counting_owner_once",
                violation_error_message="Đã khai báo loại cơ quan này.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_agency_kind_display()}, {self.get_agency_level_display().lower()}"
