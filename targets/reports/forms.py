"""The report as a form: a text field a measure, read the Vietnamese way, what is said beside it, and the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError

from targets.models import Indicator, Measure, Report
from targets.models.numbers import NotANumber, parse_amount, parse_count, spell

from . import checks
from .beside import Beside
from .comments import Thread
from .entries import Entry
from .field_names import NOT_APPLICABLE, NOTE, NOTHING, REASON, beside_name
from .layout import Card, FigureRow, Section

NARRATIVE_LABELS = {
    "leadership": "Công tác chỉ đạo, triển khai",
    "results": "Kết quả nổi bật",
    "difficulties": "Khó khăn, vướng mắc, nguyên nhân",
    "next_steps": "Phương hướng kỳ tới",
    "recommendations": "Kiến nghị, đề xuất",
}
ESTIMATE = "is_estimate"
NARRATIVE_MARK = Report.NARRATIVE[0]  # sent by every page that shows the narrative, and with it the box below it


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
    """`beside` is by measure code: what stands next to each figure."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    in_conflict = False

    def __init__(self, *args, rulebook: checks.Rulebook, report: Report, beside: Mapping[str, Beside], **kwargs):
        self.rulebook, self.report, self.beside = rulebook, report, beside
        self.warnings: dict[str, str] = {}
        self.faults: dict[str, str] = {}  # what stops a hand-in, on a page that was only opened
        self.threads: Mapping[str, Sequence[Thread]] = {}  # questions on figures, by measure code
        super().__init__(*args, **kwargs)
        for measure in rulebook.measures:
            self._add_figure(measure)
        for name, label in NARRATIVE_LABELS.items():
            self.fields[name] = forms.CharField(
                label=label, required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
            )
        estimate = "Số liệu ước, sẽ đính chính khi có số chính thức"
        self.fields[ESTIMATE] = forms.BooleanField(label=estimate, required=False)

    def _add_figure(self, measure: Measure) -> None:
        code = measure.code
        self.fields[code] = FigureField(measure)
        self.fields[beside_name(code, NOTE)] = forms.CharField(label="Ghi chú, lý do", required=False, max_length=500)
        self.fields[beside_name(code, NOT_APPLICABLE)] = forms.BooleanField(label="Không áp dụng", required=False)
        self.fields[beside_name(code, REASON)] = forms.CharField(
            label="Lý do không áp dụng", required=False, max_length=300
        )
        self.fields[beside_name(code, NOTHING)] = forms.BooleanField(label="Không phát sinh trong kỳ", required=False)

    @property
    def helper(self) -> FormHelper:
        """How crispy lays the form out; asked for when it is shown, so that it knows the warnings."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            "version",
            *[Section(section, [self._row(m) for m in measures]) for section, measures in self.rulebook.sections()],
            Card("Thuyết minh", "thuyet-minh", *[Field(name) for name in NARRATIVE_LABELS], Field(ESTIMATE)),
        )
        return helper

    def _row(self, measure: Measure) -> FigureRow:
        code = measure.code
        said = self.faults.get(code, ""), self.warnings.get(code, ""), self.threads.get(code, ())
        return FigureRow(measure, self.beside.get(code, Beside()), *said)

    @staticmethod
    def initial_of(report: Report, entries: Mapping[str, Entry]) -> dict[str, object]:
        """The report as the form shows it: figures spelt in Vietnamese, blanks blank, zeros zero."""
        initial: dict[str, object] = {"version": report.version, ESTIMATE: report.is_estimate}
        initial |= {name: getattr(report, name) for name in Report.NARRATIVE}
        for code, entry in entries.items():
            if entry.value is not None:
                initial[code] = spell(entry.value)
            initial[beside_name(code, NOTE)] = entry.note
            initial[beside_name(code, NOT_APPLICABLE)] = entry.not_applicable
            initial[beside_name(code, REASON)] = entry.reason
        return initial

    def clean(self) -> dict[str, object]:
        for measure in self.rulebook.measures:
            self._clean_figure(measure.code)
        return self.cleaned_data

    def _clean_figure(self, code: str) -> None:
        """Ticking "nothing happened" writes 0 into a blank; "not applicable" takes a reason and no number (R2)."""
        said = self.cleaned_data
        if said.get(beside_name(code, NOTHING)) and code in said and said[code] is None:
            said[code] = Decimal(0)
        if not said.get(beside_name(code, NOT_APPLICABLE)):
            return
        if said.get(code) is not None:
            self.add_error(code, ValidationError("Đã chọn không áp dụng thì để trống ô số.", code="not_applicable"))
        elif not said.get(beside_name(code, REASON)):
            self.add_error(code, ValidationError("Ghi lý do không áp dụng.", code="not_applicable"))

    def readable_entries(self, stored: Mapping[str, Entry], only: Iterable[str] | None = None) -> dict[Measure, Entry]:
        """The figures that could be read; what could not stays on the page as typed, and as it was in the database.

        `only`: names of the fields that were sent. What a page does not send about a figure stays as it is stored.
        """
        sent = set(self.data if only is None else only)
        read = {}
        for measure in self.rulebook.measures:
            code, before = measure.code, stored.get(measure.code, Entry())
            touched = code in sent or any(beside_name(code, what) in sent for what in (NOTE, REASON, NOT_APPLICABLE))
            if touched and code in self.cleaned_data:
                read[measure] = self._entry(code, before, self.data)
        return read

    def _entry(self, code: str, before: Entry, sent: Mapping[str, object]) -> Entry:
        said, value = self.cleaned_data, self.cleaned_data[code]
        note = said[beside_name(code, NOTE)] if beside_name(code, NOTE) in sent else before.note
        if value is not None:
            return Entry(value, note=note, origin=before.origin if value == before.value else None)
        if beside_name(code, REASON) not in sent:
            return Entry(None, before.not_applicable, before.reason, note)
        if said.get(beside_name(code, NOT_APPLICABLE)):
            return Entry(None, not_applicable=True, reason=said[beside_name(code, REASON)], note=note)
        return Entry(None, note=note)

    def texts(self) -> dict[str, str]:
        """With the line ends of the database: browsers send others."""
        sent = self.data.keys() & self.cleaned_data.keys()
        return {name: self.cleaned_data[name].replace("\r\n", "\n") for name in Report.NARRATIVE if name in sent}

    def estimate(self) -> bool | None:
        """None where the page did not ask: an unticked box is sent by nobody, but its form sends the narrative."""
        return self.cleaned_data.get(ESTIMATE, False) if NARRATIVE_MARK in self.data else None

    def agreeing(self, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        """What is stored for the figures that could be read: one that could not be is compared with nothing."""
        return {code: entry for code, entry in entries.items() if code not in self.errors}

    def add_problems(self, found: list[checks.Problem]) -> None:
        """Put what stops a hand-in beside the figures it is about."""
        for problem in found:
            if not self.is_bound:
                self.faults.setdefault(problem.measure.code, problem.message)
            elif problem.measure.code not in self.errors:
                self.add_error(problem.measure.code, ValidationError(problem.message, code=problem.code))

    def add_warnings(self, found: list[checks.Problem]) -> None:
        """Put what is odd beside its figure, where nothing worse stands."""
        self.warnings = {p.measure.code: p.message for p in found if not self._is_wrong(p.measure.code)}

    def _is_wrong(self, code: str) -> bool:
        return code in self.errors or code in self.faults

    @property
    def count(self) -> str:
        """For the bar: "1 lỗi · 2 lưu ý"."""
        wrong = sum(self._is_wrong(measure.code) for measure in self.rulebook.measures)
        counted = [(wrong, "lỗi"), (len(self.warnings), "lưu ý")]
        return " · ".join(f"{n} {what}" for n, what in counted if n)

    def continue_from(self, version: int) -> None:
        """The next save of this page builds on `version`."""
        self.data = self.data.copy()
        self.data["version"] = version

    def show_conflict(self, stored: Mapping[str, Entry], version: int) -> None:
        """Someone else saved meanwhile: keep what was typed here, show what is stored beside it, lose neither."""
        for measure, entry in self.readable_entries(stored).items():
            theirs = stored.get(measure.code, Entry())
            if not theirs.reads_as(entry):
                there = theirs.spelt()
                message = f"Ô này đã được sửa ở nơi khác. Trên máy chủ: {there}. Lưu lại để giữ số ở đây."
                self.add_error(measure.code, message)
        for name, text in self.texts().items():
            theirs = getattr(self.report, name)
            if text != theirs:
                there = f"“{theirs}”" if theirs else "để trống"
                self.add_error(name, f"Mục này đã được sửa ở nơi khác. Trên máy chủ: {there}. Lưu lại để giữ ở đây.")
        if self.estimate() not in (None, self.report.is_estimate):
            there = "có chọn" if self.report.is_estimate else "không chọn"
            self.add_error(ESTIMATE, f"Mục này đã được sửa ở nơi khác. Trên máy chủ: {there}. Lưu lại để giữ ở đây.")
        self.in_conflict = True
        self.continue_from(version)

    @property
    def rail(self) -> list[dict[str, object]]:
        """The sections of the form with how each stands, for the list beside it."""
        return [self._rail_item(section, measures) for section, measures in self.rulebook.sections()]

    def _rail_item(self, section: Indicator | None, measures: list[Measure]) -> dict[str, object]:
        wrong = sum(self._is_wrong(m.code) for m in measures)
        odd = sum(m.code in self.warnings for m in measures)
        open_ = [m for m in measures if m.code in self.rulebook.required and self._is_open(m.code)]
        if wrong:
            state, text = "error", f"{wrong} lỗi"
        elif open_:
            state, text = "empty", "Chưa nhập"
        elif section is None:
            state, text = "done" if any(self[m.code].value() for m in measures) else "empty", "Không bắt buộc"
        else:
            state, text = ("warn", f"{odd} lưu ý") if odd else ("done", "Đủ")
        return {"section": section, "state": state, "text": text}

    def _is_open(self, code: str) -> bool:
        return not self[code].value() and not self[beside_name(code, NOT_APPLICABLE)].value()

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
