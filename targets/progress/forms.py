"""The filters of the dashboard, read from the address so that a view can be sent to a colleague."""

from __future__ import annotations

from django import forms

from targets.models import Period, Plan

from .progress import COMMUNES, DISTRICTS, REPORTED

# How an address names a view.
VIEW_WORDS = {"": REPORTED, "huyen": DISTRICTS, "xa": COMMUNES}


class FilterForm(forms.Form):
    """`ke_hoach` a plan, `ky` a period's code, `tam_tinh` whether submitted figures count too, `theo` whose rows."""

    ke_hoach = forms.ModelChoiceField(
        Plan.objects.all(), label="Kế hoạch", required=False, to_field_name="number", empty_label=None
    )
    ky = forms.ChoiceField(label="Kỳ báo cáo", required=False)
    tam_tinh = forms.ChoiceField(
        label="Báo cáo được tính",
        required=False,
        choices=[("", "Chỉ đã duyệt"), ("1", "Đã nộp và đã duyệt")],
        widget=forms.RadioSelect,
    )
    theo = forms.ChoiceField(label="Xem theo", required=False, choices=[(word, word) for word in VIEW_WORDS])

    def __init__(self, params, plan: Plan):
        super().__init__(params)
        self.plan = plan
        self.periods = {period.code: period for period in plan.periods.started().newest_first()}
        self.fields["ky"].choices = [(code, period.name) for code, period in self.periods.items()]

    @property
    def period(self) -> Period | None:
        """The period asked for; what cannot be shown falls back to the plan's own choice."""
        return self.periods.get(self._asked("ky")) or self.plan.periods.to_show()

    @property
    def provisional(self) -> bool:
        return self._asked("tam_tinh") == "1"

    @property
    def view(self) -> str:
        return VIEW_WORDS.get(self._asked("theo"), REPORTED)

    def _asked(self, name: str) -> str | None:
        """One wrong parameter does not spoil the other."""
        self.is_valid()
        return self.cleaned_data.get(name)
