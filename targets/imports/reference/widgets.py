"""Cells of reference workbooks: Vietnamese numbers and dates, words for codes, references by stable codes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from import_export import widgets

from agencies.models.agency import AgencyKind, AgencyLevel
from targets.models.numbers import NotANumber, parse_number, spell

YES, NO = "có", "không"
MEND = "Sửa mã, hoặc thêm dòng mang mã này trước."
PLAN = "Kế hoạch"  # the column that says which plan a line's codes belong to


class NumberWidget(widgets.Widget):
    """Numbers as officials type them: the text "1.000" is a thousand, never one. A real number cell is itself."""

    def __init__(self, *, whole: bool = False):
        super().__init__()
        self.whole = whole

    def clean(self, value, row=None, **kwargs) -> Decimal | int | None:
        number = self._read(value)
        if number is None or not self.whole:
            return number
        if number != number.to_integral_value():
            raise ValueError(f"{spell(number)}: chỉ nhập số nguyên.")
        return int(number)

    @staticmethod
    def _read(value) -> Decimal | None:
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            return Decimal(str(value))
        try:
            return parse_number("" if value is None else str(value))
        except NotANumber as why:
            message = "ghi 90, không ghi 90%." if why.code == "percent" else why.message
            raise ValueError(f"“{value}”: {message}") from why

    def render(self, value, obj=None, **kwargs):
        """Numbers stay numbers in a workbook; in text they are written the way they are read."""
        if value is None:
            return ""
        return int(value) if self.whole or value == int(value) else spell(Decimal(value))


class DateWidget(widgets.Widget):
    """dd/mm/yyyy, or a real date cell. 03/09/2018 is the third of September."""

    FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S")

    def clean(self, value, row=None, **kwargs) -> dt.date | None:
        if value is None or value == "":
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        for form in self.FORMATS:
            try:
                return dt.datetime.strptime(str(value).strip(), form).date()  # noqa: DTZ007  (a day has no zone)
            except ValueError:
                continue
        raise ValueError(f"“{value}” không phải ngày. Ghi ngày/tháng/năm, ví dụ 03/9/2018.")

    def render(self, value, obj=None, **kwargs) -> str:
        return f"{value:%d/%m/%Y}" if value else ""


class YesNoWidget(widgets.Widget):
    def clean(self, value, row=None, **kwargs) -> bool:
        text = str(value or "").strip().casefold()
        if text in (YES, "x", "1", "true", "1.0"):
            return True
        if text in ("", NO, "0", "false", "0.0"):
            return False
        raise ValueError(f"“{value}”: ghi có hoặc không.")

    def render(self, value, obj=None, **kwargs) -> str:
        return YES if value else NO


class ChoiceWidget(widgets.Widget):
    """A choice by its word, as exported, or by its code."""

    def __init__(self, choices):
        super().__init__()
        self.choices = dict(choices)

    def clean(self, value, row=None, **kwargs) -> str:
        text = str(value or "").strip()
        by_word = {word.casefold(): code for code, word in self.choices.items()}
        code = by_word.get(text.casefold(), text)
        if code and code not in self.choices:
            raise ValueError(f"“{text}” không có trong danh mục: {', '.join(self.choices.values())}.")
        return code

    def render(self, value, obj=None, **kwargs) -> str:
        return self.choices.get(value, "")


class TextWidget(widgets.Widget):
    """Text as it is; a code that a workbook turned into a number keeps its digits."""

    def clean(self, value, row=None, **kwargs) -> str:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else str(value).strip()


class ReferenceWidget(widgets.ForeignKeyWidget):
    """A row of another table by its stable code; says which code was not found."""

    def clean(self, value, row=None, **kwargs):
        text = TextWidget().clean(value)
        if not text:
            return None
        try:
            return self.get_queryset(text, row or {}).get(**{self.field: text})
        except self.model.DoesNotExist:
            raise ValueError(f"Không có {self.model._meta.verbose_name} mang mã “{text}”. {MEND}") from None


class OfThePlanWidget(ReferenceWidget):
    """A row of another table by its code within the plan that the same line names."""

    def get_queryset(self, value, row, *args, **kwargs):
        return self.model.objects.filter(plan__number=str(row.get(PLAN, "")).strip())


class OwnersWidget(widgets.Widget):
    """Bodies by kind and level, parted by ";": "Hội LHPN cấp huyện; Sở, ban, ngành cấp tỉnh", or by their codes."""

    BODIES = {
        (kind, level): f"{kind.label} {level.label.lower()}" for kind in AgencyKind for level in AgencyLevel
    }  # fmt: skip
    EXAMPLE = f"{AgencyKind.WOMENS_UNION.label} {AgencyLevel.PROVINCE.label.lower()}"

    def clean(self, value, row=None, **kwargs) -> frozenset[tuple[str, str]]:
        words = [word.strip() for word in TextWidget().clean(value).split(";")]
        return frozenset(self._body(word) for word in words if word)

    def _body(self, word: str) -> tuple[str, str]:
        for (kind, level), name in self.BODIES.items():
            if word.casefold() in (name.casefold(), f"{kind}:{level}"):
                return str(kind), str(level)
        raise ValueError(f"“{word}” không phải loại và cấp cơ quan, ví dụ: {self.EXAMPLE}.")

    def render(self, value, obj=None, **kwargs) -> str:
        return "; ".join(name for body, name in self.BODIES.items() if body in (value or ()))


class OfThePlanManyWidget(widgets.ManyToManyWidget):
    """Several codes of the plan that the same line names, parted by spaces."""

    def clean(self, value, row=None, **kwargs):
        codes = TextWidget().clean(value).split()
        found = self.model.objects.filter(plan__number=str((row or {}).get(PLAN, "")).strip(), code__in=codes)
        missing = set(codes) - set(found.values_list("code", flat=True))
        if missing:
            raise ValueError(f"Không có {self.model._meta.verbose_name} mang mã {', '.join(sorted(missing))}. {MEND}")
        return found

    def render(self, value, obj=None, **kwargs) -> str:
        """A row that is not stored yet has none."""
        return " ".join(sorted(row.code for row in value.all())) if value else ""
