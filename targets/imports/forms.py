"""What the pages of an import take: the file, an answer to something in it, the last word, what to download."""

from __future__ import annotations

from urllib.parse import urlencode

from django import forms
from django.core.files.uploadedfile import UploadedFile

from agencies.models import Agency, User
from targets.models import CountingOwner, ImportBatch, Period, Plan

from . import places, rules
from .choices import Choices
from .reader import MOST_BYTES, too_big
from .sending import choices_of

BY_TITLE = "Theo tiêu đề trong tệp"


class UploadForm(forms.Form):
    plan = forms.ModelChoiceField(Plan.objects.none(), label="Kế hoạch", empty_label=None)
    period = forms.ModelChoiceField(Period.objects.none(), label="Kỳ báo cáo", required=False, empty_label=BY_TITLE)
    file = forms.FileField(
        label="Tệp Excel",
        error_messages={"required": "Chọn tệp Excel.", "empty": "Tệp rỗng. Chọn tệp khác."},
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans_of(user)
        self.fields["plan"].initial = plans_of(user).to_show()
        self.fields["period"].queryset = Period.objects.started().select_related("plan").newest_first()
        self.by_plan = self.fields["plan"].queryset.count() > 1
        if self.by_plan:
            self.fields["period"].label_from_instance = lambda period: f"{period.name} ({period.plan.number})"

    def clean_file(self) -> UploadedFile:
        """Refused by its size alone, before its bytes are read into memory."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(too_big().message)
        return file

    def clean(self) -> dict[str, object]:
        period, plan = self.cleaned_data.get("period"), self.cleaned_data.get("plan")
        if period and plan and period.plan_id != plan.pk:
            self.add_error("period", "Kỳ báo cáo này thuộc kế hoạch khác.")
        return self.cleaned_data


def plans_of(user: User):
    """Those a reporter's agency has a duty under; the province's people see all."""
    return Plan.objects.filter(duties__agency=user.agency_id).distinct() if user.is_reporter else Plan.objects.all()


class AnswerForm(forms.Form):
    """One answer of the preview page; `place` must be one of this file, and of the kind the answer is about."""

    ASSIGN, SKIP, TYPE, REASON, WITHOUT_ERRORS = "assign", "skip", "type", "reason", "without_errors"
    KEPT_IN = {ASSIGN: "rows", SKIP: "rows", TYPE: "cells", REASON: "reasons"}

    act = forms.ChoiceField(choices=[(one, one) for one in (*KEPT_IN, WITHOUT_ERRORS)])
    place = forms.CharField(required=False, max_length=120)
    value = forms.CharField(required=False, max_length=500)
    back = forms.BooleanField(required=False)
    loc = forms.CharField(required=False, max_length=20)
    trang = forms.IntegerField(required=False, min_value=1)

    def __init__(self, *args, batch: ImportBatch, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.batch, self.user = batch, user

    def clean(self) -> dict[str, object]:
        said = self.cleaned_data
        if "act" not in said or self.errors:
            raise forms.ValidationError("Không rõ phải làm gì. Tải lại trang rồi thử lại.")
        if not said["back"] and (why := self._refusal(said["act"], said["place"], said["value"])):
            raise forms.ValidationError(why)
        return said

    def _refusal(self, act: str, place: str, value: str) -> str:
        """Why the answer cannot be taken; "" when it can."""
        if act in (self.TYPE, self.REASON):
            cell = places.cell_at(self.batch, place)
            if cell is None or (act == self.REASON and not cell.warning):
                return "Ô này không có trong tệp."
            if not value:
                return "Nhập số." if act == self.TYPE else "Ghi lý do."
            return "Số dài quá 50 ký tự." if act == self.TYPE and len(value) > 50 else ""
        if act in (self.ASSIGN, self.SKIP) and not places.is_subject(self.batch, place):
            return "Dòng này không có trong tệp."
        if act == self.ASSIGN and value not in {code for code, _ in agencies_for(self.batch, self.user)}:
            return "Chọn đơn vị trong danh sách."
        return ""

    def choices(self) -> Choices:
        """The batch's choices with this answer in them, or without it when it is taken back."""
        said, choices = self.cleaned_data, choices_of(self.batch)
        if said["act"] == self.WITHOUT_ERRORS:
            return choices.but(without_errors=not said["back"])
        name = self.KEPT_IN[said["act"]]
        kept = dict(getattr(choices, name))
        kept.pop(said["place"], None)
        if not said["back"]:
            kept[said["place"]] = "" if said["act"] == self.SKIP else said["value"]
        return choices.but(**{name: kept})

    def back_to(self, address: str) -> str:
        """The page and filter of the preview that the answer was given on, at the place it is about."""
        asked = {name: self.cleaned_data[name] for name in ("loc", "trang") if self.cleaned_data[name]}
        return f"{address}?{urlencode(asked)}" if asked else address


def agencies_for(batch: ImportBatch, user: User) -> list[tuple[str, str]]:
    """(code, name) of those whose figures may stand in a row of the file, in the order of lists."""
    if user.is_reporter:
        return [(user.agency.code, user.agency.short_name)]
    if batch.period is None:
        return []
    return reporting(batch.plan, batch.period)


def reporting(plan: Plan, period: Period) -> list[tuple[str, str]]:
    """(code, name) of the agencies whose reports enter totals of the plan in that period."""
    found = CountingOwner.objects.agencies(plan, period.ends_on).order_by("unit__code", "name")
    return list(found.values_list("code", "short_name"))


class ConfirmForm(forms.Form):
    """The last word before anything is written; `doubts` figures are odd and nobody said why."""

    note = forms.CharField(label="Ghi chú", required=False, max_length=300)
    submit = forms.BooleanField(label="Nộp luôn, không để nháp", required=False)
    checked = forms.BooleanField(required=False)

    def __init__(self, *args, doubts: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.doubts = doubts
        self.fields["checked"].label = f"Đã kiểm tra {doubts} lưu ý, số đúng"

    def clean_checked(self) -> bool:
        if self.doubts and not self.cleaned_data["checked"]:
            raise forms.ValidationError(f"Kiểm tra {self.doubts} lưu ý rồi đánh dấu vào ô này.")
        return self.cleaned_data["checked"]


class DownloadForm(forms.Form):
    """Which period's workbook, by codes in the address: `ky`, `ke_hoach`, and `co_quan` for a template."""

    ke_hoach = forms.ModelChoiceField(Plan.objects.none(), to_field_name="number", required=False)
    ky = forms.CharField(max_length=10)
    co_quan = forms.ModelChoiceField(Agency.objects.none(), to_field_name="code", required=False)

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["ke_hoach"].queryset = plans_of(user)
        agencies = Agency.objects.all()
        self.fields["co_quan"].queryset = agencies.filter(pk=user.agency_id) if user.is_reporter else agencies

    def clean(self) -> dict[str, object]:
        said = self.cleaned_data
        if self.errors:
            return said
        plans = plans_of(self.user)
        periods = Period.objects.filter(plan__in=[said["ke_hoach"]] if said["ke_hoach"] else plans, code=said["ky"])
        said["period"] = periods.select_related("plan").order_by("plan__starts_on").last()
        said["agency"] = said["co_quan"] or rules.only_agency(self.user)
        if said["period"] is None:
            self.add_error("ky", "Không có kỳ này.")
        return said
