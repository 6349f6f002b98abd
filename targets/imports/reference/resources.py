"""Reference tables as workbooks: django-import-export resources with natural keys, Vietnamese numbers and dates.

What is exported can be imported again and changes nothing. Rows are matched by stable codes, never by database id;
nothing is deleted by an import.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from import_export import fields, resources
from import_export.widgets import Widget

from agencies.models import Agency, Unit, UnitSuccession
from targets.models import CountingOwner, Indicator, Measure, Period, Plan, Target
from targets.models.words import upper_first

from .results import WorkbookDiff, WorkbookResult
from .widgets import (
    PLAN,
    ChoiceWidget,
    DateWidget,
    NumberWidget,
    OfThePlanManyWidget,
    OfThePlanWidget,
    OwnersWidget,
    ReferenceWidget,
    TextWidget,
    YesNoWidget,
)


def column(model, name: str, widget: Widget | None = None, title: str = "") -> fields.Field:
    """A column headed by the field's Vietnamese name; text unless said otherwise."""
    heading = title or upper_first(str(model._meta.get_field(name).verbose_name))
    return fields.Field(attribute=name, column_name=heading, widget=widget or TextWidget())


class OwnersField(fields.Field):
    """Whose reports enter a measure's totals (R7): as the line says, else as stored."""

    def get_value(self, measure: Measure) -> frozenset[tuple[str, str]]:
        if self.attribute in measure.__dict__:
            return measure.__dict__[self.attribute]
        owners = measure.counted_by.values_list("agency_kind", "agency_level") if measure.pk else ()
        return frozenset(owners)


class ReferenceResource(resources.ModelResource):
    class Meta:
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        clean_model_instances = True  # so that the constraints' own messages are shown, line by line

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.fields.pop("id", None)

    @classmethod
    def get_result_class(cls) -> type[WorkbookResult]:
        return WorkbookResult

    @classmethod
    def get_diff_class(cls) -> type[WorkbookDiff]:
        return WorkbookDiff

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True) -> None:
        """What is wrong with a line, under the headings of the workbook instead of the names of the code."""
        try:
            super().validate_instance(instance, import_validation_errors, validate_unique)
        except ValidationError as refusal:
            headings = {field.attribute: field.column_name for field in self.fields.values()}
            named = {headings.get(name, name): errors for name, errors in refusal.error_dict.items()}
            raise ValidationError(named) from refusal


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
    weight = column(UnitSuccession, "weight", NumberWidget(whole=True))
    legal_basis = column(UnitSuccession, "legal_basis")

    class Meta(ReferenceResource.Meta):
        model = UnitSuccession
        import_id_fields = ("predecessor", "successor")
        fields = ("predecessor", "successor", "on", "main", "exact", "weight", "legal_basis")


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
    contact_name = column(Agency, "contact_name")
    contact_phone = column(Agency, "contact_phone")
    contact_email = column(Agency, "contact_email")

    class Meta(ReferenceResource.Meta):
        model = Agency
        import_id_fields = ("code",)
        fields = (
            "code", "name", "short_name", "kind", "level", "unit", "parent", "valid_from", "valid_to", "confirmed",
            "note", "contact_name", "contact_phone", "contact_email",
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
    counted_by = OwnersField("counting_owners", "Cơ quan được tính số", OwnersWidget())

    class Meta(OfPlanResource.Meta):
        model = Measure
        fields = (
            "plan", "code", "number", "name", "short_name", "unit_of_measure", "help_text", "accumulation", "kind",
            "section", "part_of", "relation", "required", "order", "aliases", "counted_by",
        )  # fmt: skip

    def after_save_instance(self, measure: Measure, row, **kwargs) -> None:
        """A workbook without the column leaves the owners as they are."""
        wanted = measure.__dict__.get("counting_owners")
        if wanted is None:
            return
        stored = {(owner.agency_kind, owner.agency_level): owner for owner in measure.counted_by.all()}
        for body in stored.keys() - wanted:
            stored[body].delete()
        CountingOwner.objects.bulk_create(
            CountingOwner(measure=measure, agency_kind=kind, agency_level=level)
            for kind, level in sorted(wanted - stored.keys())
        )


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

    plan = fields.Field("indicator__plan__number", PLAN, TextWidget(), readonly=True)
    indicator = column(Target, "indicator", OfThePlanWidget(Indicator, "code"))
    unit = column(Target, "unit", ReferenceWidget(Unit, "slug"))
    agency = column(Target, "agency", ReferenceWidget(Agency, "code"))
    counts_from = column(Target, "counts_from", DateWidget())
    due_on = column(Target, "due_on", DateWidget())
    value = column(Target, "value", NumberWidget())
    baseline = column(Target, "baseline", NumberWidget())
    is_national = column(Target, "is_national", YesNoWidget())
    legal_basis = column(Target, "legal_basis")

    class Meta(ReferenceResource.Meta):
        model = Target
        import_id_fields = ("indicator", "unit", "agency", "is_national", "due_on")
        fields = (
            "plan", "indicator", "unit", "agency", "is_national", "counts_from", "due_on", "value", "baseline",
            "legal_basis",
        )  # fmt: skip
