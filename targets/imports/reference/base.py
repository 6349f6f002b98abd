"""What the resources of reference tables share: columns under Vietnamese headings, faults that name their column.

What is exported can be imported again and changes nothing. Rows are matched by stable codes, never by database id;
nothing is deleted by an import.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from import_export import fields, resources
from import_export.widgets import Widget

from targets.models import resting
from targets.models.words import upper_first

from .results import WorkbookDiff, WorkbookResult
from .widgets import TextWidget


class CellRefused(ValueError):
    """A value that cannot be taken, under the heading it stands below."""

    def __init__(self, heading: str, why: ValueError):
        super().__init__(str(why))
        self.heading = heading


class Column(fields.Field):
    def clean(self, row, **kwargs):
        """Raises CellRefused: also codes of a line's key and lists of codes are refused by their heading."""
        try:
            return super().clean(row, **kwargs)
        except ValueError as why:
            raise CellRefused(self.column_name, why) from why


def column(model: type[models.Model], name: str, widget: Widget | None = None, title: str = "") -> Column:
    """A column headed by the field's Vietnamese name; text unless said otherwise."""
    heading = title or upper_first(str(model._meta.get_field(name).verbose_name))
    return Column(attribute=name, column_name=heading, widget=widget or TextWidget())


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
            resting.check(instance)
        except ValidationError as refusal:
            headings = {field.attribute: field.column_name for field in self.fields.values()}
            named = {headings.get(name, name): errors for name, errors in refusal.error_dict.items()}
            raise ValidationError(named) from refusal


class OfPlanResource(ReferenceResource):
    """Rows known by their plan and their code in it."""

    class Meta(ReferenceResource.Meta):
        import_id_fields = ("plan", "code")
