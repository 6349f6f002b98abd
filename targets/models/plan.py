"""WHAT was promised: a plan, its indicators and their dated targets. All of it is data."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from agencies.models import Agency, Unit

from .days import spell_day

# Symbols of documents in their numbers (NĐ 30/2020/NĐ-CP).
DOCUMENTS = {"QĐ": "Quyết định", "KH": "Kế hoạch", "NQ": "Nghị quyết", "CTr": "Chương trình", "ĐA": "Đề án"}


class PlanQuerySet(models.QuerySet):
    def to_show(self) -> Plan | None:
        """The plan a page opens with: the newest that reports were approved for, else the newest that has begun."""
        from .report import Report  # a report knows its plan, not the reverse

        approved = Report.objects.filter(period__plan=OuterRef("pk"), approved_at__isnull=False)
        begun = self.filter(starts_on__lte=timezone.localdate())
        return self.filter(Exists(approved)).first() or begun.first() or self.first()

    def asked_for(self, number: str | None) -> Plan | None:
        """The plan named, else the one to show. An address may hold NUL, which no database takes as text."""
        named = self.filter(number=number).first() if number and "\0" not in number else None
        return named or self.to_show()

    def with_period(self, code: str) -> Plan | None:
        """The newest plan that has a period of this code."""
        return self.filter(periods__code=code).first()

    def have_new_data(self) -> None:
        """Whatever was made from the data of these plans is out of date; called by the verb that wrote them."""
        self.order_by().update(revision=uuid4())


class Plan(models.Model):
    class Calendar(models.TextChoices):
        HALF = "half", "6 tháng và năm"
        QUARTER = "quarter", "Quý, 6 tháng và năm"
        YEAR = "year", "Năm"
        MONTH = "month", "Tháng, quý, 6 tháng và năm"

    number = models.CharField("số, ký hiệu", max_length=60, unique=True)
    title = models.CharField("tên kế hoạch", max_length=300)
    short_title = models.CharField("tên gọn", max_length=80)
    decision = models.CharField("thực hiện văn bản", max_length=300, blank=True)
    signed_on = models.DateField("ngày ký", null=True, blank=True)
    starts_on = models.DateField("bắt đầu")
    ends_on = models.DateField("kết thúc")
    calendar = models.CharField("chế độ báo cáo", max_length=10, choices=Calendar, default=Calendar.HALF)
    successor = models.ForeignKey(
        "self", verbose_name="kế hoạch tiếp theo", on_delete=models.PROTECT, null=True, blank=True,
        related_name="predecessors",
    )  # fmt: skip
    # Reached / expected, in percent; below the first is far behind, above the last is ahead (R12).
    pace_below = models.PositiveSmallIntegerField("ngưỡng chậm nhiều (%)", default=75)
    pace_on = models.PositiveSmallIntegerField("ngưỡng đúng lộ trình (%)", default=95)
    pace_above = models.PositiveSmallIntegerField("ngưỡng vượt lộ trình (%)", default=105)
    # Another one after every write to the plan's reports; random, so that a restored backup never repeats one.
    revision = models.UUIDField(default=uuid4, editable=False)
    # By which definitions its totals are kept (targets/totals); without one, or with another, they are not read.
    totals_mark = models.CharField(max_length=60, default="", editable=False)
    history = HistoricalRecords(excluded_fields=["revision", "totals_mark"])

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "kế hoạch"
        verbose_name_plural = "kế hoạch"
        ordering = ["-starts_on", "number"]
        constraints = [
            models.CheckConstraint(
                name="plan_ends_after_it_starts",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
            models.CheckConstraint(
                name="plan_pace_thresholds_rise",
                condition=Q(pace_below__lt=F("pace_on")) & Q(pace_on__lt=F("pace_above")),
                violation_error_message="Ba ngưỡng tiến độ phải tăng dần.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} – {self.short_title}"

    @property
    def called(self) -> str:
        """As written in a sentence, by the kind of document in its number: "Kế hoạch 12/KH-UBND"."""
        symbol = self.number.rpartition("/")[2].partition("-")[0]
        return f"{DOCUMENTS.get(symbol, 'Kế hoạch')} {self.number}"


class Indicator(models.Model):
    """A count (no denominator) or a ratio, over measures."""

    class Direction(models.TextChoices):
        UP = "up", "Càng cao càng tốt"
        DOWN = "down", "Càng thấp càng tốt"

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="indicators")
    code = models.CharField("mã", max_length=20)
    name = models.CharField("tên chỉ tiêu", max_length=300)
    short_name = models.CharField("tên gọn", max_length=80)
    unit_of_measure = models.CharField("đơn vị tính", max_length=30)
    numerator = models.ManyToManyField("Measure", verbose_name="tử số", related_name="numerator_of", blank=True)
    denominator = models.ManyToManyField("Measure", verbose_name="mẫu số", related_name="denominator_of", blank=True)
    direction = models.CharField("chiều", max_length=4, choices=Direction, default=Direction.UP)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    history = HistoricalRecords(m2m_fields=[numerator, denominator])

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ["plan", "order", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="indicator_code_once_per_plan",
                violation_error_message="Kế hoạch đã có chỉ tiêu mang mã này.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.short_name}"

    # What counting asks for again and again; read once for each object. Prefetch both when asking for many.

    @cached_property
    def above(self) -> list[str]:
        """Codes of the measures above the line."""
        return [measure.code for measure in self.numerator.all()]

    @cached_property
    def below(self) -> list[str]:
        """Codes of the measures below the line."""
        return [measure.code for measure in self.denominator.all()]

    @property
    def is_ratio(self) -> bool:
        return bool(self.below)

    @cached_property
    def has_flows(self) -> bool:
        """Whether any of its measures is counted from a phase's first day on."""
        return any(not measure.is_state for measure in (*self.numerator.all(), *self.denominator.all()))

    @cached_property
    def is_flow(self) -> bool:
        """A count of what happened, so that periods add up; neither a ratio nor a stock."""
        return not self.is_ratio and not any(measure.is_state for measure in self.numerator.all())


class TargetQuerySet(models.QuerySet):
    def of_the_province(self) -> TargetQuerySet:
        return self.filter(unit__isnull=True, agency__isnull=True, is_national=False)

    def of_nobody(self) -> TargetQuerySet:
        """The province's and the country's; not what was allocated to a unit or an agency."""
        return self.filter(unit__isnull=True, agency__isnull=True).select_related("indicator")

    def of_territories(self, plan: Plan) -> TargetQuerySet:
        """Of the province and of units, oldest due first; not those of single agencies, nor the country's."""
        return self.filter(indicator__plan=plan, agency__isnull=True, is_national=False).order_by("due_on")

    def national(self, plan: Plan) -> TargetQuerySet:
        return self.filter(indicator__plan=plan, is_national=True).order_by("due_on")


class Target(models.Model):
    """What an indicator shall reach by a day: of the province (no unit, no agency), or allocated to one of them.

    Targets with the same `counts_from` are milestones of one phase; a later `counts_from` begins the next phase.
    One that `is_national` is the whole country's: shown beside, never what the province is measured against.
    """

    indicator = models.ForeignKey(Indicator, verbose_name="chỉ tiêu", on_delete=models.PROTECT, related_name="targets")
    unit = models.ForeignKey(
        Unit, verbose_name="giao cho đơn vị", on_delete=models.PROTECT, null=True, blank=True, related_name="targets"
    )
    agency = models.ForeignKey(
        Agency, verbose_name="giao cho cơ quan", on_delete=models.PROTECT, null=True, blank=True,
        related_name="targets",
    )  # fmt: skip
    counts_from = models.DateField("tính từ ngày")
    due_on = models.DateField("đến ngày")
    value = models.DecimalField(
        "mục tiêu", max_digits=14, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))],
        help_text="Tỷ lệ ghi theo phần trăm, ví dụ 90.",
    )  # fmt: skip
    baseline = models.DecimalField(
        "giá trị ban đầu", max_digits=14, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0))], help_text="Mức đã có vào ngày bắt đầu tính. Để trống: 0.",
    )  # fmt: skip
    is_national = models.BooleanField(
        "của cả nước",
        default=False,
        help_text="Chỉ để đối chiếu. Tiến độ của tỉnh không so với mức của cả nước.",
    )
    legal_basis = models.CharField("căn cứ", max_length=300, blank=True)
    history = HistoricalRecords()

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = "mục tiêu"
        verbose_name_plural = "mục tiêu"
        ordering = ["indicator", "unit", "agency", "due_on"]
        constraints = [
            models.CheckConstraint(
                name="target_counts_before_due",
                condition=Q(due_on__gt=F("counts_from")),
                violation_error_message="Ngày đến hạn phải sau ngày bắt đầu tính.",
            ),
            models.CheckConstraint(
                name="target_value_positive",
                condition=Q(value__gt=0),
                violation_error_message="Mục tiêu phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                name="target_for_one",
                condition=Q(unit__isnull=True) | Q(agency__isnull=True),
                violation_error_message="Giao cho một đơn vị hoặc một cơ quan, không cả hai.",
            ),
            models.CheckConstraint(
                name="target_baseline_not_negative",
                condition=Q(baseline__isnull=True) | Q(baseline__gte=0),
                violation_error_message="Giá trị ban đầu không được âm.",
            ),
            models.CheckConstraint(
                name="target_national_is_for_nobody_here",
                condition=Q(is_national=False) | Q(unit__isnull=True, agency__isnull=True),
                violation_error_message="Mức của cả nước không giao cho đơn vị hay cơ quan nào.",
            ),
            models.UniqueConstraint(
                fields=["indicator", "due_on"],
                condition=Q(unit__isnull=True, agency__isnull=True, is_national=False),
                name="target_once_for_province",
                violation_error_message="Chỉ tiêu này đã có mục tiêu cấp tỉnh đến ngày đó.",
            ),
            models.UniqueConstraint(
                fields=["indicator", "due_on"],
                condition=Q(is_national=True),
                name="target_once_for_the_country",
                violation_error_message="Chỉ tiêu này đã có mức của cả nước đến ngày đó.",
            ),
            models.UniqueConstraint(
                fields=["indicator", "unit", "due_on"],
                condition=Q(unit__isnull=False),
                name="target_once_per_unit",
                violation_error_message="Đơn vị này đã được giao mục tiêu đến ngày đó.",
            ),
            models.UniqueConstraint(
                fields=["indicator", "agency", "due_on"],
                condition=Q(agency__isnull=False),
                name="target_once_per_agency",
                violation_error_message="Cơ quan này đã được giao mục tiêu đến ngày đó.",
            ),
        ]

    def __str__(self) -> str:
        whom = "cả nước" if self.is_national else self.unit or self.agency or "toàn tỉnh"
        return f"{self.indicator.code} {whom} đến {spell_day(self.due_on)}"

    @property
    def is_for_the_province(self) -> bool:
        return self.unit_id is None and self.agency_id is None and not self.is_national

    def clean(self) -> None:
        """An allocation is counted over a span of the province's target: reached and expected must begin together."""
        if self.indicator_id is None or (self.unit_id is None and self.agency_id is None):
            return
        starts = set(self.indicator.targets.of_the_province().values_list("counts_from", flat=True))
        if starts and self.counts_from not in starts:
            days = ", ".join(spell_day(day) for day in sorted(starts))
            raise ValidationError({"counts_from": f"Tính từ cùng ngày với mục tiêu của tỉnh: {days}."})
