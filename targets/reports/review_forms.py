"""What reviewers type besides a decision: comments, ticks in the queue, a period's closing and more time."""

from __future__ import annotations

from django import forms

from agencies.models import Agency
from targets.models import Comment, Measure, Report

from .comments import MOST_LETTERS


class CommentForm(forms.Form):
    """`measure` by code, empty for the whole report; `parent` the comment that is answered."""

    measure = forms.ModelChoiceField(Measure.objects.none(), to_field_name="code", required=False)
    parent = forms.ModelChoiceField(Comment.objects.none(), required=False)
    text = forms.CharField(required=False, max_length=MOST_LETTERS, strip=True)

    def __init__(self, *args, report: Report, visible, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["measure"].queryset = report.period.plan.measures.all()
        self.fields["parent"].queryset = visible

    @property
    def place(self) -> str:
        """Where on the page it was typed: an id without its prefix."""
        return f"tra-loi-{self['parent'].value()}" if self["parent"].value() else self["measure"].value() or "chung"


class TicksForm(forms.Form):
    """Reports ticked in the queue, each as "report:version" that was on the screen."""

    chosen = forms.MultipleChoiceField()
    confirmed = forms.BooleanField(required=False)

    def __init__(self, *args, waiting: list[Report], **kwargs):
        super().__init__(*args, **kwargs)
        self.waiting = {str(report.pk): report for report in waiting}

    def full_clean(self):
        """Any version may be asked for, the verb refuses an old one; a report that no longer waits is just named."""
        self.fields["chosen"].choices = [(text, text) for text in self.data.getlist("chosen")]
        super().full_clean()

    def asked(self) -> list[tuple[Report, int]]:
        pairs = (text.partition(":")[::2] for text in self.cleaned_data["chosen"])
        return [(self.waiting[pk], int(version)) for pk, version in pairs if pk in self.waiting and version.isdecimal()]

    def gone(self) -> int:
        """How many were decided or sent back meanwhile."""
        return len(self.cleaned_data["chosen"]) - len(self.asked())


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Lý do", required=False, max_length=300, widget=forms.TextInput(attrs={"class": "form-control"})
    )


class ExtensionForm(forms.Form):
    """More time for one of the agencies that report for the period."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label="Đơn vị",
        empty_label="Chọn đơn vị",
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": "Chọn đơn vị.", "invalid_choice": "Chọn đơn vị có báo cáo kỳ này."},
    )
    until = forms.DateField(
        label="Gia hạn đến hết ngày",
        widget=forms.DateInput(attrs={"class": "form-control", "placeholder": "20/7/2024", "inputmode": "numeric"}),
        error_messages={"required": "Ghi ngày, ví dụ 20/7/2024.", "invalid": "Ghi ngày như 20/7/2024."},
    )
    why = forms.CharField(
        label="Lý do gia hạn",
        max_length=300,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        error_messages={"required": "Ghi lý do gia hạn."},
    )

    def __init__(self, *args, agencies: list[Agency], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.filter(pk__in=[agency.pk for agency in agencies])
