"""What a sender answers on the page of columns: sheets, headings, period, and what each column or row holds."""

from __future__ import annotations

from collections import Counter

from django import forms

from .choices import Choices
from .forms import BY_TITLE
from .pages.columns import OPEN, ColumnLine, ColumnsPage
from .parsing import ENGLISH, VIETNAMESE

STYLES = ((VIETNAMESE, "1.234,5 (Việt Nam)"), (ENGLISH, "1,234.5 (Anh, Mỹ)"))
AGAIN = "again"  # the button that reads the file again and stays on the page


class ColumnsForm(forms.Form):
    sheets = forms.MultipleChoiceField(label="Trang tính", required=False)
    header = forms.TypedChoiceField(label="Dòng tiêu đề", required=False, coerce=int, empty_value=None)
    period = forms.ChoiceField(label="Kỳ báo cáo", required=False)
    values = forms.ChoiceField(label="Cột số liệu kỳ này", required=False)
    agency = forms.ChoiceField(label="Đơn vị", required=False)
    numbers = forms.ChoiceField(label="Số trong tệp viết theo kiểu", choices=STYLES)
    remember = forms.BooleanField(label="Ghi nhớ cách ghép cột cho lần sau", required=False)

    def __init__(self, *args, page: ColumnsPage, **kwargs):
        super().__init__(*args, **kwargs)
        self.page, self.answerable = page, [line for line in page.lines if line.name]
        choices = page.choices
        self._offer("sheets", [(one.name, one.name) for one in page.sheets], [s.name for s in page.sheets if s.chosen])
        automatic = f"Tự nhận (dòng {page.header})" if page.header and not choices.header else "Tự nhận"
        headers = [("", automatic), *((row, f"Dòng {row}: {text}") for row, text in page.header_rows)]
        self._offer("header", headers, choices.header)
        self._offer("period", [("", BY_TITLE), *((one.code, one.name) for one in page.periods)], choices.period)
        columns = [("", "Tự nhận"), *((where, f"{where}: {title}") for where, title in page.value_columns)]
        self._offer("values", columns, choices.values or page.value_column)
        self._offer("agency", [("", BY_TITLE), *page.agencies], choices.agency)
        self.initial |= {"numbers": choices.numbers, "remember": True}
        for line in self.answerable:
            options = [("", "Bỏ qua"), *line.offers, *page.options, (OPEN, "Chọn mục…")]
            self.fields[line.name] = forms.ChoiceField(choices=options, required=False, label=f"Mục cho {line.spoken}")
            self.initial[line.name] = line.value

    def _offer(self, name: str, choices: list, initial: object) -> None:
        self.fields[name].choices, self.initial[name] = choices, initial

    @property
    def rows(self) -> list[tuple[ColumnLine, str]]:
        """Each line of the table with what its select shows."""
        return [(line, self[line.name].value() if line.name else "") for line in self.page.lines]

    def clean(self) -> dict[str, object]:
        """Every line has its answer and no two the same, unless the table is about to be found anew."""
        if self.errors or self.reads_anew:
            return self.cleaned_data
        said = {line: self.cleaned_data[line.name] for line in self.answerable}
        for line, value in said.items():
            if value == OPEN:
                self.add_error(line.name, f"Chọn mục cho {line.spoken}, hoặc Bỏ qua.")
        measures, named = Counter(value for value in said.values() if value not in ("", OPEN)), dict(self.page.options)
        for code in (code for code, count in measures.items() if count > 1):
            lines = [line for line, value in said.items() if value == code]
            if len({line.name.rpartition("-")[0] for line in lines}) < len(lines):  # on one sheet
                names = " và ".join(line.spoken for line in lines)
                self.add_error(lines[-1].name, f"{names[:1].upper()}{names[1:]} cùng ghi vào {named[code]}.")
        self._refuse_twins(said)
        return self.cleaned_data

    def _refuse_twins(self, said: dict[ColumnLine, str]) -> None:
        """Two columns under one heading cannot be told apart by what is remembered: the heading."""
        by_key: dict[str, tuple[ColumnLine, str]] = {}
        for line, value in said.items():
            before, other = by_key.setdefault(line.key, (line, value))
            if other != value:
                message = f"{before.spoken} và {line.spoken} cùng tiêu đề. Đổi tiêu đề trong tệp để phân biệt."
                self.add_error(line.name, f"{message[:1].upper()}{message[1:]}")

    @property
    def reads_anew(self) -> bool:
        """Whether the answers above the table change which table it is."""
        return AGAIN in self.data or any(name in self.changed_data for name in ("sheets", "header", "values"))

    def choices(self) -> Choices:
        """The answers over those given before; a line left as it was recognised is no answer."""
        said, before = self.cleaned_data, self.page.choices
        changed = {line.key: said[line.name] for line in self.answerable if said[line.name] not in (line.value, OPEN)}
        return before.but(
            sheets=tuple(said["sheets"]) if "sheets" in self.changed_data else before.sheets,
            header=said["header"],
            period=said["period"],
            values=said["values"] if "values" in self.changed_data else before.values,
            agency=said["agency"],
            numbers=said["numbers"],
            lines={**before.lines, **changed},
        )
