"""The upload: a file, and the period when its titles do not say it."""

from __future__ import annotations

from django import forms

from targets.models import Period, Plan


class UploadForm(forms.Form):
    plan = forms.ModelChoiceField(Plan.objects.all(), label="Kế hoạch", empty_label=None)
    period = forms.ModelChoiceField(
        Period.objects.none(), label="Kỳ báo cáo", required=False, empty_label="Theo tiêu đề trong tệp"
    )
    file = forms.FileField(
        label="Tệp Excel",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "Chọn tệp Excel.", "empty": "Tệp rỗng. Chọn tệp khác."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = Period.objects.started().newest_first()

    def clean(self) -> dict[str, object]:
        period, plan = self.cleaned_data.get("period"), self.cleaned_data.get("plan")
        if period and plan and period.plan_id != plan.pk:
            self.add_error("period", "Kỳ báo cáo này thuộc kế hoạch khác.")
        return self.cleaned_data
