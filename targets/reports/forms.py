"""The report as a form: one text field per measure, read the Vietnamese way, and the narrative."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError

from targets.models import Indicator, Measure, Report
from targets.models.numbers import NotANumber, parse_amount, parse_count, spell

from . import checks
from .entries import Entry
from .layout import Card, FigureRow, Section

NARRATIVE_LABELS = {
    "leadership": "Công tác chỉ đạo, triển khai",
    "results": "Kết quả nổi bật",
    "difficulties": "Khó khăn, vướng mắc, nguyên nhân",
    "next_steps": "Phương hướng kỳ tới",
    "recommendations": "Kiến nghị, đề xuất",
}


class FigureField(forms.CharField):
    """A figure typed as text ("1.234", "1 234"); cleans to Decimal, or None when blank. Never guesses."""

    def __init__(self, measure: Measure, **kwargs):
        self.measure = measure
        super().__init__(
            label=measure.name,
            required=False,
            help_text=measure.help_text,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}),
            **kwargs,
        )

    def clean(self, value: str) -> Decimal | None:
        parse = parse_count if self.measure.is_whole_number else parse_amount
        try:
            return parse(super().clean(value))
        except NotANumber as why:
            raise ValidationError(why.message, code=why.code) from why


class ReportForm(forms.Form):
    """`entries` and `previous` are by measure code: what the report says now, and said a period ago."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    in_conflict = False

    def __init__(self, *args, rulebook: checks.Rulebook, report: Report, previous: Mapping[str, Decimal], **kwargs):
        self.rulebook, self.report = rulebook, report
        super().__init__(*args, **kwargs)
        for measure in rulebook.measures:
            self.fields[measure.code] = FigureField(measure)
        for name, label in NARRATIVE_LABELS.items():
            self.fields[name] = forms.CharField(
                label=label, required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
            )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "version",
            *[
                Section(section, [FigureRow(measure, previous.get(measure.code)) for measure in measures])
                for section, measures in rulebook.sections()
            ],
            Card("Thuyết minh", "thuyet-minh", *[Field(name) for name in NARRATIVE_LABELS]),
        )

    @staticmethod
    def initial_of(report: Report, entries: Mapping[str, Entry]) -> dict[str, object]:
        """The report as the form shows it: figures spelt in Vietnamese, blanks blank, zeros zero."""
        figures = {code: spell(e.value) for code, e in entries.items() if e.value is not None}
        return {"version": report.version, **figures, **{name: getattr(report, name) for name in Report.NARRATIVE}}

    def readable_entries(self, stored: Mapping[str, Entry]) -> dict[Measure, Entry]:
        """The figures that could be read; what could not stays on the page as typed, and as it was in the database.

        Only the value is on this form: a stored note is kept, and a figure left blank stays not applicable.
        """
        read = {}
        for measure in self.rulebook.measures:
            if measure.code not in self.cleaned_data:
                continue
            value, before = self.cleaned_data[measure.code], stored.get(measure.code, Entry())
            if value is None and before.not_applicable:
                continue
            origin = before.origin if value == before.value else None
            read[measure] = Entry(value, note=before.note, origin=origin)
        return read

    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in Report.NARRATIVE if name in self.cleaned_data}

    def agreeing(self, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        """What is stored for the figures that could be read: one that could not be is compared with nothing."""
        return {code: entry for code, entry in entries.items() if code not in self.errors}

    def add_problems(self, found: list[checks.Problem]) -> None:
        """Put what stops a hand-in beside the figures it is about."""
        for problem in found:
            if problem.measure.code not in self.errors:
                self.add_error(problem.measure.code, ValidationError(problem.message, code=problem.code))

    def continue_from(self, version: int) -> None:
        """The next save of this page builds on `version`."""
        self.data = self.data.copy()
        self.data["version"] = version

    def show_conflict(self, stored: Mapping[str, Entry], version: int) -> None:
        """Someone else saved meanwhile: keep what was typed here, show what is stored beside it, lose neither."""
        for code in {m.code for m in self.rulebook.measures} & set(self.cleaned_data):
            theirs = stored.get(code, Entry()).value
            if self.cleaned_data[code] != theirs:
                there = "để trống" if theirs is None else spell(theirs)
                self.add_error(code, f"Ô này đã được sửa ở nơi khác. Trên máy chủ: {there}. Lưu lại để giữ số ở đây.")
        for name in Report.NARRATIVE:
            theirs = getattr(self.report, name)
            if self.cleaned_data.get(name, theirs) != theirs:
                there = f"“{theirs}”" if theirs else "để trống"
                self.add_error(name, f"Mục này đã được sửa ở nơi khác. Trên máy chủ: {there}. Lưu lại để giữ ở đây.")
        self.in_conflict = True
        self.continue_from(version)

    @property
    def rail(self) -> list[dict[str, object]]:
        """The sections of the form with how each stands, for the list beside it."""
        return [self._rail_item(section, measures) for section, measures in self.rulebook.sections()]

    def _rail_item(self, section: Indicator | None, measures: list[Measure]) -> dict[str, object]:
        wrong = sum(m.code in self.errors for m in measures) if self.is_bound else 0
        open_ = [m for m in measures if m.code in self.rulebook.required and not self[m.code].value()]
        state, text = ("error", f"{wrong} lỗi") if wrong else ("empty", "Chưa nhập") if open_ else ("done", "Đủ")
        if section is None and not wrong:
            state, text = "done" if any(self[m.code].value() for m in measures) else "empty", "Không bắt buộc"
        return {"section": section, "state": state, "text": text}

    @property
    def problem_title(self) -> str:
        """Summary on top: what was asked for and did not happen, and what was kept."""
        codes = [error.code for errors in self.errors.as_data().values() for error in errors]
        missing = codes.count("required")
        counted = [(len(codes) - missing, "lỗi"), (missing, "mục chưa nhập")]
        said = ", ".join(f"{n} {what}" for n, what in counted if n)
        if self.in_conflict:
            return f"Chưa lưu: {len(codes)} ô đã được sửa ở nơi khác. Kiểm tra rồi lưu lại."
        asked = "Chưa nộp được" if "submit" in self.data else "Chưa lưu hết"
        return f"{asked}: {said}. Số đọc được đã lưu nháp."

    @property
    def problem_list(self) -> list[tuple[str, str, str]]:
        """(id of the field, name, message) for the summary on top, in the order of the form."""
        return [
            (self[name].id_for_label, self._name(name), message)
            for name in self.fields
            if name in self.errors
            for message in self.errors[name]
        ]

    def _name(self, name: str) -> str:
        field = self.fields[name]
        if isinstance(field, FigureField):
            return f"{field.measure.number or field.measure.code} {field.measure.name}"
        return field.label or ""


class DecisionForm(forms.Form):
    """A reviewer's or reporter's decision on the version of the report that was on the screen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Lý do, ý kiến", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
