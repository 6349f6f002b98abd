"""Plans and all that is promised under them, as tables in and out."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from agencies.models import Agency, Unit
from targets.models import CountingOwner, Duty, Indicator, Measure, Period, Plan, Target, resting

from .base import Column, OfPlanResource, ReferenceResource, column
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

PREDECESSOR = "Tiếp theo kế hoạch"


class PredecessorColumn(Column):
    """The plan that this one follows: as the line says, else as stored, where the earlier plan names its successor."""

    def get_value(self, plan: Plan) -> Plan | None:
        if self.attribute in plan.__dict__:
            return plan.__dict__[self.attribute]
        return plan.predecessors.order_by("starts_on").last() if plan.pk else None


class PlanResource(ReferenceResource):
    number = column(Plan, "number")
    title = column(Plan, "title")
    short_title = column(Plan, "short_title")
    decision = column(Plan, "decision")
    signed_on = column(Plan, "signed_on", DateWidget())
    starts_on = column(Plan, "starts_on", DateWidget())
    ends_on = column(Plan, "ends_on", DateWidget())
    calendar = column(Plan, "calendar", ChoiceWidget(Plan.Calendar.choices))
    predecessor = PredecessorColumn(
        "predecessor", PREDECESSOR, ReferenceWidget(Plan, "number"), saves_null_values=False
    )
    pace_below = column(Plan, "pace_below", NumberWidget(whole=True))
    pace_on = column(Plan, "pace_on", NumberWidget(whole=True))
    pace_above = column(Plan, "pace_above", NumberWidget(whole=True))

    class Meta(ReferenceResource.Meta):
        model = Plan
        import_id_fields = ("number",)
        fields = (
            "number", "title", "short_title", "decision", "signed_on", "starts_on", "ends_on", "calendar",
            "predecessor", "pace_below", "pace_on", "pace_above",
        )  # fmt: skip

    def validate_instance(self, plan: Plan, import_validation_errors=None, validate_unique=True) -> None:
        """An earlier plan has one successor, and is another plan."""
        before = plan.__dict__.get("predecessor")
        if before and before.pk == plan.pk:
            raise ValidationError({PREDECESSOR: "Kế hoạch không tiếp theo chính nó. Để trống ô này."})
        if before and before.successor_id not in (None, plan.pk):
            taken = f"{before.number} đã có kế hoạch tiếp theo là {before.successor.number}. Để trống ô này."
            raise ValidationError({PREDECESSOR: taken})
        super().validate_instance(plan, import_validation_errors, validate_unique)

    def after_save_instance(self, plan: Plan, row, **kwargs) -> None:
        """A blank cell says nothing about the earlier plan: plans are linked here, never unlinked."""
        before = plan.__dict__.get("predecessor")
        if before and before.successor_id is None:
            before.successor = plan
            before.save(update_fields=["successor"])


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


class OwnersField(Column):
    """Whose reports enter a measure's totals (R7): as the line says, else as stored."""

    def get_value(self, measure: Measure) -> frozenset[tuple[str, str]]:
        if self.attribute in measure.__dict__:
            return measure.__dict__[self.attribute]
        owners = measure.counted_by.values_list("agency_kind", "agency_level") if measure.pk else ()
        return frozenset(owners)


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

    def validate_instance(self, measure: Measure, import_validation_errors=None, validate_unique=True) -> None:
        super().validate_instance(measure, import_validation_errors, validate_unique)
        try:
            for owner in self._leaving(measure):
                resting.check_owner_may_go(owner)
        except ValidationError as why:
            raise ValidationError({self.fields["counted_by"].column_name: why.messages}) from why

    def after_save_instance(self, measure: Measure, row, **kwargs) -> None:
        """A workbook without the column leaves the owners as they are."""
        for owner in self._leaving(measure):
            owner.delete()
        wanted = measure.__dict__.get("counting_owners", frozenset())
        stored = set(measure.counted_by.values_list("agency_kind", "agency_level"))
        CountingOwner.objects.bulk_create(
            CountingOwner(measure=measure, agency_kind=kind, agency_level=level)
            for kind, level in sorted(wanted - stored)
        )

    @staticmethod
    def _leaving(measure: Measure) -> list[CountingOwner]:
        """Stored owners that the line does not name, where it has the column."""
        wanted = measure.__dict__.get("counting_owners")
        owners = measure.counted_by.all() if measure.pk and wanted is not None else ()
        return [owner for owner in owners if (owner.agency_kind, owner.agency_level) not in wanted]


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

    plan = Column("indicator__plan__number", PLAN, TextWidget(), readonly=True)
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


class DutyResource(ReferenceResource):
    plan = column(Duty, "plan", ReferenceWidget(Plan, "number"), PLAN)
    agency = column(Duty, "agency", ReferenceWidget(Agency, "code"))
    text = column(Duty, "text")
    leads = column(Duty, "leads", YesNoWidget())
    indicators = column(Duty, "indicators", OfThePlanManyWidget(Indicator))
    reports_every = column(Duty, "reports_every", ChoiceWidget(Duty.Cadence.choices))
    confirmed = column(Duty, "confirmed", YesNoWidget())

    class Meta(ReferenceResource.Meta):
        model = Duty
        import_id_fields = ("plan", "agency")
        fields = ("plan", "agency", "text", "leads", "indicators", "reports_every", "confirmed")
