"""Files in: the workbook as it came, and what became of each of its cells."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.models import Agency, User

from .measure import Measure
from .period import Period
from .plan import Plan
from .report import Figure


def batch_path(batch: ImportBatch, _filename: str) -> str:
    """Kept under its checksum; the sender's file name is data, never a path."""
    return f"imports/{batch.sha256}"


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> ImportBatchQuerySet:
        """An upload is its sender's until it is confirmed; then whoever sees its reports sees it too."""
        done = Q(state__in=[ImportBatch.State.CONFIRMED, ImportBatch.State.UNDONE])
        if user.is_admin:
            return self.all()
        if user.is_reviewer:
            return self.filter(Q(sent_by=user) | done)
        return self.filter(Q(sent_by=user) | (done & Q(agency=user.agency_id, agency__isnull=False)))

    def newest_first(self) -> ImportBatchQuerySet:
        return self.select_related("period", "sent_by").order_by("-sent_at", "-pk")


class ImportBatch(models.Model):
    class State(models.TextChoices):
        STAGED = "staged", "Chờ xác nhận"
        CONFIRMED = "confirmed", "Đã nhập"
        UNDONE = "undone", "Đã hoàn tác"
        FAILED = "failed", "Không đọc được"

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="batches")
    period = models.ForeignKey(
        Period, verbose_name="kỳ báo cáo", on_delete=models.PROTECT, null=True, blank=True, related_name="batches"
    )
    file = models.FileField("tệp", upload_to=batch_path)
    name = models.CharField("tên tệp", max_length=200)
    size = models.PositiveIntegerField("dung lượng (byte)")
    sha256 = models.CharField("mã kiểm tra SHA-256", max_length=64)
    sent_at = models.DateTimeField("gửi lúc")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người gửi", on_delete=models.PROTECT, related_name="+"
    )
    agency = models.ForeignKey(
        Agency, verbose_name="chỉ nhập cho", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Để trống: mọi đơn vị có trong tệp.",
    )  # fmt: skip
    choices = models.JSONField(
        "lựa chọn của người gửi", default=dict, blank=True,
        help_text="Trang tính, kỳ, cột, dòng bỏ qua, số sửa: những gì người gửi trả lời trong các bước.",
    )  # fmt: skip
    sheet = models.CharField("trang tính", max_length=100, blank=True)
    layout = models.CharField("dạng biểu", max_length=20, blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.STAGED)
    message = models.TextField("thông báo", blank=True)
    rows_read = models.PositiveIntegerField("số dòng đã đọc", default=0)
    outcome = models.JSONField(
        "kết quả đọc", default=dict, blank=True, help_text="Dòng bỏ qua, dòng tổng đã đối chiếu, số ô theo kết quả."
    )
    note = models.CharField("ghi chú", max_length=300, blank=True)
    confirmed_at = models.DateTimeField("xác nhận lúc", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người xác nhận", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người hoàn tác", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nhập tệp"
        verbose_name_plural = "lần nhập tệp"
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="batch_confirmed_by_someone",
                condition=Q(state__in=["staged", "failed"], confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(state__in=["confirmed", "undone"], confirmed_at__isnull=False, confirmed_by__isnull=False),
                violation_error_message="Lần nhập đã xác nhận phải ghi rõ ai, lúc nào.",
            ),
            models.CheckConstraint(
                name="batch_undone_by_someone",
                condition=(~Q(state="undone") & Q(undone_at__isnull=True, undone_by__isnull=True))
                | Q(state="undone", undone_at__isnull=False, undone_by__isnull=False),
                violation_error_message="Lần nhập đã hoàn tác phải ghi rõ ai, lúc nào.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ImportCellQuerySet(models.QuerySet):
    def to_write(self, besides: Iterable[str] = ()) -> ImportCellQuerySet:
        """Cells whose figure is not what is stored, and those of other outcomes that are asked for."""
        return self.filter(outcome__in=(*ImportCell.WRITTEN, *besides))

    def link(self) -> None:
        """Each that became a figure knows it: the one that came from it."""
        became = Figure.objects.filter(origin=models.OuterRef("pk")).order_by()
        self.filter(models.Exists(became)).update(figure=models.Subquery(became.values("pk")[:1]))

    def unlink(self) -> None:
        """Their figures are theirs no longer."""
        self.filter(figure__isnull=False).update(figure=None)

    def forget(self) -> None:
        """Delete cells that became no figure, in one statement; the database refuses where one did."""
        self._raw_delete(self.db)


class ImportCell(models.Model):
    class Outcome(models.TextChoices):
        NEW = "new", "Mới"
        CHANGED = "changed", "Thay đổi"
        SAME = "same", "Không đổi"
        LOCKED = "locked", "Đã khóa"
        EMPTY = "empty", "Không có số liệu"
        SKIPPED = "skipped", "Bỏ qua"
        ERROR = "error", "Lỗi"

    WRITTEN = (Outcome.NEW, Outcome.CHANGED)  # the outcomes that confirming writes

    # Cells come by the ten thousand and are looked for by batch: of its keys only those that need it have an index.
    batch = models.ForeignKey(
        ImportBatch, verbose_name="lần nhập", on_delete=models.CASCADE, related_name="cells", db_index=False
    )
    sheet = models.CharField("trang tính", max_length=100)
    row = models.PositiveIntegerField("dòng")
    column = models.CharField("cột", max_length=3)
    raw = models.CharField("nội dung ô", max_length=500, blank=True)
    value = models.DecimalField("giá trị đọc được", max_digits=14, decimal_places=2, null=True, blank=True)
    typed = models.CharField("số sửa khi nhập tệp", max_length=50, blank=True, help_text="Thay cho nội dung ô.")
    not_applicable = models.BooleanField("không áp dụng", default=False)
    note = models.CharField("ghi chú, lý do", max_length=500, blank=True)
    agency = models.ForeignKey(
        Agency, verbose_name="cơ quan", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    measure = models.ForeignKey(
        Measure, verbose_name="số liệu", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    outcome = models.CharField("kết quả", max_length=10, choices=Outcome)
    warning = models.BooleanField("lưu ý", default=False)
    code = models.CharField("mã lỗi", max_length=40, blank=True)
    message = models.TextField("thông báo", blank=True)
    old_value = models.DecimalField("số đang có", max_digits=14, decimal_places=2, null=True, blank=True)
    before = models.JSONField(
        "ô số liệu trước khi ghi", null=True, blank=True, help_text="Để hoàn tác. Trống: trước đó chưa có gì."
    )
    figure = models.ForeignKey(
        Figure, verbose_name="ô số liệu đã ghi", on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip

    objects = ImportCellQuerySet.as_manager()

    class Meta:
        verbose_name = "ô của tệp"
        verbose_name_plural = "ô của tệp"
        ordering = ["batch", "row", "pk"]
        indexes = [
            models.Index(fields=["batch", "outcome"], name="cell_outcome"),
            models.Index(fields=["figure"], name="cell_figure", condition=Q(figure__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.column}{self.row}"
