"""Reference tables as workbooks: django-import-export resources with natural keys, Vietnamese numbers and dates.

What is exported can be imported again and changes nothing. Rows are matched by stable codes, never by database id;
nothing is deleted by an import.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from import_export import fields, resources, widgets

from agencies.models import Agency, Unit, UnitSuccession
from targets.models import Indicator, Measure, Period, Plan, Target
from targets.models.numbers import NotANumber, parse_number, spell


class NumberWidget(widgets.Widget):
    """Numbers as officials type them: the text "1.000" is a thousand, never one. A real number cell is itself."""

    def __init__(self, *, whole: bool = False):
        super().__init__()
        self.whole = whole

    def clean(self, value, row=None, **kwargs) -> Decimal | int | None:
        if value is None or value == "":
            return None
        number = self._read(value)
        if not self.whole:
            return number
        if number != number.to_integral_value():
            raise ValueError(f"{spell(number)}: chỉ nhập số nguyên.")
        return int(number)

    @staticmethod
    def _read(value) -> Decimal:
        if not isinstance(value, str):
            return Decimal(str(value))
        try:
            number = parse_number(value)
        except NotANumber as why:
            raise ValueError(f"“{value}”: {why.message}") from why
        return number if number is not None else Decimal(0)

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
        if text in ("có", "x", "1", "true", "1.0"):
            return True
        if text in ("", "không", "0", "false", "0.0"):
            return False
        raise ValueError(f"“{value}”: ghi có hoặc không.")

    def render(self, value, obj=None, **kwargs) -> str:
        return "có" if value else "không"


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
            raise ValueError(f"Không có {self.model._meta.verbose_name} mang mã “{text}”.") from None


class OfThePlanWidget(ReferenceWidget):
    """A row of another table by its code within the plan that the same line names."""

    def get_queryset(self, value, row, *args, **kwargs):
        return self.model.objects.filter(plan__number=str(row.get(PLAN, "")).strip())


class OfThePlanManyWidget(widgets.ManyToManyWidget):
    """Several codes of the plan that the same line names, parted by spaces."""

    def clean(self, value, row=None, **kwargs):
        codes = TextWidget().clean(value).split()
        found = self.model.objects.filter(plan__number=str((row or {}).get(PLAN, "")).strip(), code__in=codes)
        missing = set(codes) - set(found.values_list("code", flat=True))
        if missing:
            raise ValueError(f"Không có {self.model._meta.verbose_name} mang mã {', '.join(sorted(missing))}.")
        return found

    def render(self, value, obj=None, **kwargs) -> str:
        return " ".join(sorted(row.code for row in value.all()))


PLAN = "Kế hoạch"


def column(model, name: str, widget: widgets.Widget | None = None, title: str = "") -> fields.Field:
    """A column headed by the field's Vietnamese name; text unless said otherwise."""
    heading = title or str(model._meta.get_field(name).verbose_name).capitalize()
    return fields.Field(attribute=name, column_name=heading, widget=widget or TextWidget())


class ReferenceResource(resources.ModelResource):
    class Meta:
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        clean_model_instances = True  # so that the constraints' own messages are shown, line by line

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.fields.pop("id", None)


class OfPlanResource(ReferenceResource):
    """Rows known by their plan and their code in it."""

    class Meta(ReferenceResource.Meta):
        import_id_fields = ("plan", "code")


class UnitResource(ReferenceResource):
    slug = column(Unit, "slug")
    code = column(Unit, "code")
    name = column(Unit, "name")
    kind = column(Unit, "kind", ChoiceWidget(Unit.Kind.choices))
    parent = column(Unit, "parent", ReferenceWidget(Unit, "slug"))
    valid_from = column(Unit, "valid_from", DateWidget())
    valid_to = column(Unit, "valid_to", DateWidget())
    aliases = column(Unit, "aliases")
    legal_basis = column(Unit, "legal_basis")

    class Meta(ReferenceResource.Meta):
        model = Unit
        import_id_fields = ("slug",)
        fields = ("slug", "code", "name", "kind", "parent", "valid_from", "valid_to", "aliases", "legal_basis")


class UnitSuccessionResource(ReferenceResource):
    predecessor = column(UnitSuccession, "predecessor", ReferenceWidget(Unit, "slug"))
    successor = column(UnitSuccession, "successor", ReferenceWidget(Unit, "slug"))
    on = column(UnitSuccession, "on", DateWidget())
    main = column(UnitSuccession, "main", YesNoWidget())
    exact = column(UnitSuccession, "exact", YesNoWidget())
    legal_basis = column(UnitSuccession, "legal_basis")

    class Meta(ReferenceResource.Meta):
        model = UnitSuccession
        import_id_fields = ("predecessor", "successor")
        fields = ("predecessor", "successor", "on", "main", "exact", "legal_basis")


class AgencyResource(ReferenceResource):
    code = column(Agency, "code")
    name = column(Agency, "name")
    short_name = column(Agency, "short_name")
    kind = column(Agency, "kind", ChoiceWidget(Agency._meta.get_field("kind").choices))
    level = column(Agency, "level", ChoiceWidget(Agency._meta.get_field("level").choices))
    unit = column(Agency, "unit", ReferenceWidget(Unit, "slug"))
    parent = column(Agency, "parent", ReferenceWidget(Agency, "code"))
    valid_from = column(Agency, "valid_from", DateWidget())
    valid_to = column(Agency, "valid_to", DateWidget())
    confirmed = column(Agency, "confirmed", YesNoWidget())
    note = column(Agency, "note")

    class Meta(ReferenceResource.Meta):
        model = Agency
        import_id_fields = ("code",)
        fields = (
            "code", "name", "short_name", "kind", "level", "unit", "parent", "valid_from", "valid_to", "confirmed",
            "note",
        )  # fmt: skip


class IndicatorResource(OfPlanResource):
    plan = column(Indicator, "plan", ReferenceWidget(Plan, "number"), PLAN)
    code = column(Indicator, "code")
    name = column(Indicator, "name")
    short_name = column(Indicator, "short_name")
    unit_of_measure = column(Indicator, "unit_of_measure")
    numerator = column(Indicator, "numerator", OfThePlanManyWidget(Measure))
    denominator = column(Indicator, "denominator", OfThePlanManyWidget(Measure))
    direction = column(Indicator, "direction", ChoiceWidget(Indicator.Direction.choices))
    order = column(Indicator, "order", NumberWidget(whole=True))

    class Meta(OfPlanResource.Meta):
        model = Indicator
        fields = (
            "plan", "code", "name", "short_name", "unit_of_measure", "numerator", "denominator", "direction", "order",
        )  # fmt: skip


class MeasureResource(OfPlanResource):
    plan = column(Measure, "plan", ReferenceWidget(Plan, "number"), PLAN)
    code = column(Measure, "code")
    number = column(Measure, "number")
    name = column(Measure, "name")
    short_name = column(Measure, "short_name")
    unit_of_measure = column(Measure, "unit_of_measure")
    help_text = column(Measure, "help_text")
    accumulation = column(Measure, "accumulation", ChoiceWidget(Measure.Accumulation.choices))
    kind = column(Measure, "kind", ChoiceWidget(Measure.Kind.choices))
    section = column(Measure, "section", OfThePlanWidget(Indicator, "code"))
    part_of = column(Measure, "part_of", OfThePlanWidget(Measure, "code"))
    relation = column(Measure, "relation", ChoiceWidget(Measure.Relation.choices))
    required = column(Measure, "required", YesNoWidget())
    order = column(Measure, "order", NumberWidget(whole=True))
    aliases = column(Measure, "aliases")

    class Meta(OfPlanResource.Meta):
        model = Measure
        fields = (
            "plan", "code", "number", "name", "short_name", "unit_of_measure", "help_text", "accumulation", "kind",
            "section", "part_of", "relation", "required", "order", "aliases",
        )  # fmt: skip


class PeriodResource(OfPlanResource):
    plan = column(Period, "plan", ReferenceWidget(Plan, "number"), PLAN)
    code = column(Period, "code")
    name = column(Period, "name")
    kind = column(Period, "kind", ChoiceWidget(Period.Kind.choices))
    starts_on = column(Period, "starts_on", DateWidget())
    ends_on = column(Period, "ends_on", DateWidget())
    due_on = column(Period, "due_on", DateWidget())

    class Meta(OfPlanResource.Meta):
        model = Period
        fields = ("plan", "code", "name", "kind", "starts_on", "ends_on", "due_on")


class TargetResource(ReferenceResource):
    """A target is known by plan, indicator, whom it is for and its day; to move the day, edit it in the admin."""

    plan = fields.Field(column_name=PLAN, readonly=True)
    indicator = column(Target, "indicator", OfThePlanWidget(Indicator, "code"))
    unit = column(Target, "unit", ReferenceWidget(Unit, "slug"))
    agency = column(Target, "agency", ReferenceWidget(Agency, "code"))
    counts_from = column(Target, "counts_from", DateWidget())
    due_on = column(Target, "due_on", DateWidget())
    value = column(Target, "value", NumberWidget())
    legal_basis = column(Target, "legal_basis")

    class Meta(ReferenceResource.Meta):
        model = Target
        import_id_fields = ("indicator", "unit", "agency", "due_on")
        fields = ("plan", "indicator", "unit", "agency", "counts_from", "due_on", "value", "legal_basis")

    def dehydrate_plan(self, target: Target) -> str:
        return target.indicator.plan.number if target.indicator_id else ""
