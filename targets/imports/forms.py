"""The upload: a file, and the period when its titles do not say it."""

from __future__ import annotations

from django import forms

from targets.models import Period, Plan

from .container import MOST_BYTES, too_big


class UploadForm(forms.Form):
    plan = forms.ModelChoiceField(
        Plan.objects.all(), label="Kế hoạch", empty_label=None, initial=lambda: Plan.objects.to_show()
    )
    period = forms.ModelChoiceField(
        Period.objects.none(), label="Kỳ báo cáo", required=False, empty_label="Theo tiêu đề trong tệp"
    )
    sheet = forms.CharField(label="Trang tính", required=False, max_length=100)
    file = forms.FileField(
        label="Tệp Excel",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "Chọn tệp Excel.", "empty": "Tệp rỗng. Chọn tệp khác."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = Period.objects.started().newest_first()

    def clean_file(self):
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
