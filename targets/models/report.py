"""WHAT was reported: one agency's report for one period, its figures and papers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, User

from .extension import Extension
from .measure import Measure
from .numbers import say
from .period import Period


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> ReportQuerySet:
        """Scope (DESIGN §6): a reporter sees the own agency's reports, the province sees all."""
        return self.filter(agency_id=user.agency_id) if user.is_reporter else self.all()

    def of_plan(self, plan) -> ReportQuerySet:
        return self.filter(period__plan=plan)

    def of_period(self, period: Period, agencies) -> ReportQuerySet:
        return self.filter(period=period, agency__in=list(agencies)).select_related("period")

    def answering_for(self, period: Period) -> ReportQuerySet:
        """Reports of the period, or of a wider one of its plan with the same end: a year for its second half (R5)."""
        return self.filter(
            period__plan=period.plan_id, period__ends_on=period.ends_on, period__starts_on__lte=period.starts_on
        )

    def waiting_for_review(self) -> ReportQuerySet:
        return self.filter(status=Report.Status.SUBMITTED)

    def returned(self) -> ReportQuerySet:
        return self.filter(status=Report.Status.RETURNED)

    def approved(self) -> ReportQuerySet:
        return self.filter(status=Report.Status.APPROVED)

    def illustrative(self) -> ReportQuerySet:
        return self.filter(is_illustrative=True)

    def with_names(self) -> ReportQuerySet:
        """With what a list prints, in one query: names, and what `with_due_day` adds."""
        return self.with_due_day().select_related("agency__unit", "period__plan", "submitted_by", "approved_by")

    def with_due_day(self) -> ReportQuerySet:
        """With the period, and until when the agency was given more time last."""
        granted = Extension.objects.filter(agency=OuterRef("agency"), period=OuterRef("period"))
        return self.select_related("period").annotate(extended_until=Subquery(granted.values("until")[:1]))

    def longest_waiting_first(self) -> ReportQuerySet:
        return self.order_by("submitted_at", "pk")

    def newest_period_first(self) -> ReportQuerySet:
        return self.order_by("-period__ends_on", "period__starts_on", "agency__unit__code", "pk")


class Report(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Nháp"
        SUBMITTED = "submitted", "Đã nộp"
        RETURNED = "returned", "Trả lại"
        APPROVED = "approved", "Đã duyệt"

    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.PROTECT, related_name="reports")
    period = models.ForeignKey(Period, verbose_name="kỳ báo cáo", on_delete=models.PROTECT, related_name="reports")
    status = models.CharField("trạng thái", max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    # Grows with every write; a writer who saw an older one is told so instead of overwriting (optimistic lock).
    version = models.PositiveIntegerField("phiên bản", default=1, editable=False)
    round = models.PositiveSmallIntegerField("lần nộp", default=0, editable=False)
    is_estimate = models.BooleanField("số liệu ước", default=False)
    leadership = models.TextField("công tác chỉ đạo, triển khai", blank=True)
    results = models.TextField("kết quả nổi bật", blank=True)
    difficulties = models.TextField("khó khăn, vướng mắc, nguyên nhân", blank=True)
    next_steps = models.TextField("phương hướng kỳ tới", blank=True)
    recommendations = models.TextField("kiến nghị, đề xuất", blank=True)
    is_illustrative = models.BooleanField("dữ liệu minh họa", default=False, editable=False)
    created_at = models.DateTimeField("tạo lúc", editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người tạo", on_delete=models.PROTECT, related_name="+", editable=False
    )
    submitted_at = models.DateTimeField("nộp lúc", null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người nộp", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+", editable=False,
    )  # fmt: skip
    first_submitted_at = models.DateTimeField("nộp lần đầu lúc", null=True, blank=True, editable=False)
    approved_at = models.DateTimeField("duyệt lúc", null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người duyệt", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+", editable=False,
    )  # fmt: skip
    return_comment = models.TextField("lý do trả lại", blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

    NARRATIVE = ("leadership", "results", "difficulties", "next_steps", "recommendations")

    class Meta:
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        ordering = ["-period__ends_on", "agency__unit__code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "period"],
                name="report_once_per_agency_and_period",
                violation_error_message="Đơn vị đã có báo cáo cho kỳ này.",
            ),
            models.CheckConstraint(
                name="report_status_known",
                condition=Q(status__in=["draft", "submitted", "returned", "approved"]),
                violation_error_message="Trạng thái báo cáo không hợp lệ.",
            ),
            models.CheckConstraint(
                name="report_submitted_by_someone",
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False, first_submitted_at__isnull=False),
                violation_error_message="Báo cáo đã nộp phải ghi rõ ai nộp, lúc nào.",
            ),
            models.CheckConstraint(
                name="report_past_draft_was_submitted",
                condition=Q(status="draft") | Q(submitted_at__isnull=False, round__gte=1),
                violation_error_message="Báo cáo chưa nộp thì chưa thể duyệt hoặc trả lại.",
            ),
            models.CheckConstraint(
                name="report_approved_by_someone",
                condition=Q(status="approved", approved_at__isnull=False, approved_by__isnull=False)
                | (~Q(status="approved") & Q(approved_at__isnull=True, approved_by__isnull=True)),
                violation_error_message="Báo cáo đã duyệt phải ghi rõ ai duyệt, lúc nào.",
            ),
            models.CheckConstraint(
                name="report_not_approved_by_its_submitter",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("submitted_by")),
                violation_error_message="Người nộp không được tự duyệt báo cáo của mình.",
            ),
            models.CheckConstraint(
                name="report_returned_with_comment",
                condition=~Q(status="returned") | ~Q(return_comment=""),
                violation_error_message="Trả lại báo cáo phải ghi lý do.",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "submitted_at"], name="report_waiting"),
            # Every page asks whether there is demo data.
            models.Index(fields=["period"], condition=Q(is_illustrative=True), name="report_illustrative"),
        ]

    def __str__(self) -> str:
        return f"{self.agency.short_name}, {self.period.name}"

    def get_absolute_url(self) -> str:
        return reverse("reports:detail", args=[self.pk])

    @property
    def is_editable(self) -> bool:
        """The agency has it in hand: a draft, or returned. Whether its period still takes changes is another matter."""
        return self.status in (self.Status.DRAFT, self.Status.RETURNED)

    @property
    def is_overdue(self) -> bool:
        """Never handed in though the due day has passed; derived, never stored."""
        return self.status == self.Status.DRAFT and self.round == 0 and timezone.localdate() > self.due_on

    @property
    def due_on(self) -> dt.date:
        """The period's due day, or the later one granted last, of which only `with_due_day` knows."""
        return self.period.due_with(getattr(self, "extended_until", None))

    @property
    def chip(self) -> str:
        """The status a list shows: that of the workflow, or "overdue"."""
        return "overdue" if self.is_overdue else self.status


class FigureQuerySet(models.QuerySet):
    def of_reports(self, reports) -> FigureQuerySet:
        return self.filter(report__in=reports).select_related("measure", "report", "origin")

    def submitted(self, plan) -> FigureQuerySet:
        """Numbers of indicators' measures that wait for approval (R1, "tạm tính")."""
        measures = Measure.objects.of_indicators(plan)
        return self.filter(
            report__period__plan=plan, report__status=Report.Status.SUBMITTED, measure__in=measures, value__isnull=False
        )


class Figure(models.Model):
    """One cell of a report: a number, blank (not reported) or not applicable. 0 is a number (R2)."""

    report = models.ForeignKey(Report, verbose_name="báo cáo", on_delete=models.CASCADE, related_name="figures")
    measure = models.ForeignKey(Measure, verbose_name="số liệu", on_delete=models.PROTECT, related_name="figures")
    value = models.DecimalField(
        "giá trị", max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )
    not_applicable = models.BooleanField("không áp dụng", default=False)
    reason = models.CharField("lý do không áp dụng", max_length=300, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    origin = models.ForeignKey(
        "ImportCell", verbose_name="từ ô của tệp", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Để trống: nhập trên biểu.",
    )  # fmt: skip

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = "ô số liệu"
        verbose_name_plural = "ô số liệu"
        ordering = ["report", "measure__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "measure"],
                name="figure_once_per_report_and_measure",
                violation_error_message="Báo cáo đã có số liệu này.",
            ),
            models.CheckConstraint(
                name="figure_not_negative",
                condition=Q(value__isnull=True) | Q(value__gte=0),
                violation_error_message="Số liệu không được âm.",
            ),
            models.CheckConstraint(
                name="figure_not_applicable_has_reason",
                condition=Q(not_applicable=False, reason="")
                | (Q(not_applicable=True, value__isnull=True) & ~Q(reason="")),
                violation_error_message="Không áp dụng thì để trống số và ghi lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure.code} = {say(self.value)}"


def attachment_path(attachment: Attachment, _filename: str) -> str:
    """Kept by report; the original name is data, never a path."""
    return f"attachments/{attachment.report_id}/{attachment.sha256}"


class AttachmentQuerySet(models.QuerySet):
    def present(self) -> AttachmentQuerySet:
        """Those that were not taken out again."""
        return self.filter(removed_at=None).select_related("uploaded_by")


class Attachment(models.Model):
    """Evidence for a report; kept outside the web root."""

    report = models.ForeignKey(Report, verbose_name="báo cáo", on_delete=models.PROTECT, related_name="attachments")
    file = models.FileField("tệp", upload_to=attachment_path)
    name = models.CharField("tên tệp", max_length=200)
    size = models.PositiveIntegerField("dung lượng (byte)")
    sha256 = models.CharField("mã kiểm tra SHA-256", max_length=64)
    uploaded_at = models.DateTimeField("tải lên lúc")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người tải lên", on_delete=models.PROTECT, related_name="+"
    )
    # Taken out of the report; the file stays, since someone may have decided on it.
    removed_at = models.DateTimeField("gỡ lúc", null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người gỡ", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "minh chứng"
        verbose_name_plural = "minh chứng"
        ordering = ["report", "uploaded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="attachment_once_per_report",
                violation_error_message="Tệp này đã có trong báo cáo.",
            ),
            models.CheckConstraint(
                name="attachment_removed_by_someone",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                violation_error_message="Tệp đã gỡ phải ghi rõ ai gỡ, lúc nào.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
