"""The filters of the dashboard, read from the address so that a view can be sent to a colleague."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.utils import timezone

from targets.models import Period, Plan
from targets.models.days import spell_day

from .progress import COMMUNES, DISTRICTS, REPORTED

NO_PERIOD = "Không có kỳ báo cáo này. Đang xem kỳ gần nhất."
# How an address names a view.
VIEW_WORDS = {"": REPORTED, "huyen": DISTRICTS, "xa": COMMUNES}
WORDS = {
    REPORTED: "theo đơn vị báo cáo",
    DISTRICTS: "theo huyện, thành phố",
    COMMUNES: "theo xã, phường",
}


class FilterForm(forms.Form):
    """Of `plan`: `ky` a period's code, `tam_tinh` whether submitted figures count too, `theo` whose rows.

    `cach` is `trong_ky` for what the period brought; `tinh_den` the day at whose end the figures were known (R9).
    """

    ky = forms.SlugField(label="Kỳ báo cáo", required=False, error_messages={"invalid": NO_PERIOD})
    cach = forms.ChoiceField(label="Cách tính", required=False, choices=[("", "Lũy kế"), ("trong_ky", "Trong kỳ")])
    tam_tinh = forms.ChoiceField(
        label="Báo cáo được tính",
        required=False,
        choices=[("", "Chỉ đã duyệt"), ("1", "Đã nộp và đã duyệt")],
        widget=forms.RadioSelect,
    )
    theo = forms.ChoiceField(label="Xem theo", required=False, choices=[(word, word) for word in VIEW_WORDS])
    tinh_den = forms.DateField(
        label="Tính đến ngày",
        required=False,
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        error_messages={"invalid": "Ngày tính đến không đúng, ghi như 14/12/2025. Đang xem số liệu hiện nay."},
    )

    def __init__(self, params, plan: Plan):
        super().__init__(params)
        self.plan = plan

    @cached_property
    def plans(self) -> list[Plan]:
        """Those to choose from."""
        return list(Plan.objects.all())

    @cached_property
    def period_names(self) -> list[tuple[str, str]]:
        """Those to choose from, by code; a page that is kept has been made with them and does not ask again."""
        return list(self.plan.periods.started().newest_first().values_list("code", "name"))

    @cached_property
    def periods(self) -> dict[str, Period]:
        """The same, for pages that are about all of them."""
        return {period.code: period for period in self.plan.periods.started().newest_first()}

    def clean_ky(self) -> Period | None:
        code = self.cleaned_data["ky"]
        found = self.plan.periods.started().coded({code}).first() if code else None
        if code and found is None:
            raise forms.ValidationError(NO_PERIOD)
        return found

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if cleaned.get("tinh_den") and cleaned.get("tam_tinh") == "1":
            message = "Số tạm tính chỉ có ở hiện tại. Tính đến một ngày thì chỉ xem số đã duyệt."
            self.errors["tam_tinh"] = self.error_class([message])  # the value stays, to be read by `provisional`
        return cleaned

    @property
    def refusals(self) -> list[str]:
        """What was asked for and is not shown, in words."""
        return [said for name in ("ky", "tinh_den", "tam_tinh") for said in self.errors.get(name, ())
                if name != "tam_tinh" or self.as_of]  # fmt: skip

    @cached_property
    def period(self) -> Period | None:
        """The period asked for; what cannot be shown falls back to the plan's own choice."""
        return self._asked("ky") or self.plan.periods.to_show()

    @property
    def provisional(self) -> bool:
        """Never together with a day: what was handed in and not approved is known only now."""
        return self._asked("tam_tinh") == "1" and self.as_of is None

    @property
    def in_period(self) -> bool:
        return self._asked("cach") == "trong_ky"

    @property
    def view(self) -> str:
        return VIEW_WORDS.get(self._asked("theo"), REPORTED)

    @property
    def day(self) -> dt.date | None:
        return self._asked("tinh_den")

    @cached_property
    def as_of(self) -> dt.datetime | None:
        """The last instant of the day asked for, in Cao Bằng."""
        return self.day and timezone.make_aware(dt.datetime.combine(self.day, dt.time.max))

    @cached_property
    def query(self) -> str:
        """The filters as a query string, for links and exports that keep them."""
        return urlencode(self._chosen(self.day))

    @property
    def query_today(self) -> str:
        """The same view with what is known now."""
        return urlencode(self._chosen(None))

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The filters as a form's hidden fields, for one that asks for something more."""
        return list(self._chosen(None).items())

    @property
    def words(self) -> str:
        """The filters as text, for paper."""
        counted = "tính cả báo cáo chờ duyệt (tạm tính)" if self.provisional else "chỉ tính báo cáo đã duyệt"
        parts = [self.period.name, "trong kỳ" if self.in_period else "lũy kế", counted, WORDS[self.view]]
        return " · ".join([*parts, f"số liệu tính đến hết {spell_day(self.day)}"] if self.day else parts)

    def _chosen(self, day: dt.date | None) -> dict[str, str]:
        word = next(word for word, view in VIEW_WORDS.items() if view == self.view)
        chosen = {
            "ke_hoach": self.plan.number,
            "ky": self.period.code,
            "cach": "trong_ky" if self.in_period else "",
            "tam_tinh": "1" if self.provisional else "",
            "theo": word,
            "tinh_den": day.isoformat() if day else "",
        }
        return {name: value for name, value in chosen.items() if value}

    def _asked(self, name: str):
        """One wrong parameter does not spoil the other."""
        self.is_valid()
        return self.cleaned_data.get(name)
