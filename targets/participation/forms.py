"""What the pages about participation read: filters from the address, a reminder's words, a new account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from urllib.parse import urlencode

from django import forms

from agencies.models import User
from targets.models import Duty, Period, Plan, Reminder

from .cells import Cell
from .completeness import SHOWN


class PeriodFilters:
    """Cadence and range of periods, read from the address; what cannot be shown falls back to the plan's own choice.

    `chu_ky` a kind of period, `tu` and `den` codes of periods of that kind. The page is about the last period.
    """

    def __init__(self, params: Mapping[str, str], plan: Plan, today: dt.date):
        self.plan = plan
        asked_of = set(Duty.objects.of_plan(plan).reporting().values_list("reports_every", flat=True))
        started = list(plan.periods.started(today).newest_first())
        kinds = [kind for kind in Period.Kind.values if kind in asked_of and any(p.kind == kind for p in started)]
        self.kinds = [(kind, Period.Kind(kind).label) for kind in kinds]
        self.kind = params.get("chu_ky") if params.get("chu_ky") in kinds else self._usual(kinds)
        self.choices = [period for period in started if period.kind == self.kind]
        self.last = self._chosen(params.get("den")) or self._last_cut_off(today)
        self.first = self._chosen(params.get("tu")) or self._first_by_default()
        if self.last and self.first.ends_on > self.last.ends_on:
            self.first, self.last = self.last, self.first

    @property
    def periods(self) -> list[Period]:
        if self.last is None:
            return []
        return [period for period in self.choices if self.first.ends_on <= period.ends_on <= self.last.ends_on]

    @property
    def query(self) -> str:
        """The address of this very view."""
        return urlencode(
            {"ke_hoach": self.plan.number, "chu_ky": self.kind, "tu": self.first.code, "den": self.last.code}
        )

    def _usual(self, kinds: list[str]) -> str | None:
        """Half-years, if anyone reports by them."""
        return Period.Kind.HALF if Period.Kind.HALF in kinds else next(iter(kinds), None)

    def _chosen(self, code: str | None) -> Period | None:
        return next((period for period in self.choices if period.code == code), None)

    def _last_cut_off(self, today: dt.date) -> Period | None:
        cut_off = [period for period in self.choices if period.ends_on <= today]
        return next(iter(cut_off or self.choices[-1:]), None)

    def _first_by_default(self) -> Period | None:
        shown = [period for period in self.choices if self.last and period.ends_on <= self.last.ends_on]
        return shown[:SHOWN][-1] if shown else None


class ReminderForm(forms.Form):
    """Whom to remind, among those that still owe, and in which words."""

    don_vi = forms.MultipleChoiceField(
        label="Đơn vị nhận",
        error_messages={"required": "Chọn ít nhất một đơn vị.", "invalid_choice": "Đơn vị này không còn phải nhắc."},
    )
    noi_dung = forms.CharField(
        label="Nội dung",
        max_length=Reminder._meta.get_field("text").max_length,
        error_messages={"required": "Ghi nội dung nhắc."},
    )

    def __init__(self, *args, cells: list[Cell], **kwargs):
        super().__init__(*args, **kwargs)
        self.cells = {str(cell.agency.pk): cell for cell in cells}
        self.fields["don_vi"].choices = [(pk, str(cell.agency)) for pk, cell in self.cells.items()]

    @property
    def chosen(self) -> list[Cell]:
        return [self.cells[pk] for pk in self.cleaned_data["don_vi"]]

    @property
    def offered(self) -> list[tuple[Cell, bool]]:
        """Each agency and whether it is ticked."""
        ticked = {str(pk) for pk in self["don_vi"].value() or ()}
        return [(cell, pk in ticked) for pk, cell in self.cells.items()]


class InvitationForm(forms.ModelForm):
    """A new reporter of an agency; the person chooses the password."""

    class Meta:
        model = User
        fields = ("username", "full_name", "email")


class AgencyFilters(forms.Form):
    """The list of agencies: `tim` words, `vai_tro` leads or assists, `cap` a level, `da_ket_thuc` with ended ones."""

    LEADS, ASSISTS = "chu-tri", "phoi-hop"
    ROLES = (("", "Tất cả"), (LEADS, "Chủ trì"), (ASSISTS, "Phối hợp"))

    tim = forms.CharField(required=False, max_length=100)
    vai_tro = forms.ChoiceField(required=False, choices=ROLES)
    cap = forms.CharField(required=False, max_length=20)
    da_ket_thuc = forms.BooleanField(required=False)

    def asked(self, name: str):
        """One wrong parameter does not spoil the others."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""
