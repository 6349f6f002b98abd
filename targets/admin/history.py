"""How the history of a row tells what changed: in the words and numbers of the screens, not those of the database."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils import timezone
from simple_history.models import ModelChange
from simple_history.template_utils import HistoricalRecordContextHelper

from targets.models.numbers import spell


class SpokenChanges(HistoricalRecordContextHelper):
    def prepare_delta_change_value(self, change: ModelChange, value: object) -> object:
        labels = dict(getattr(self.model._meta.get_field(change.field), "flatchoices", ()))
        prepared = super().prepare_delta_change_value(change, value)
        return spoken(labels.get(prepared, prepared) if labels else prepared)


def spoken(value: object) -> object:
    """90.00 -> "90", True -> "có", nothing -> "(trống)"; other things as they are."""
    match value:
        case None | "" | []:
            return "(trống)"
        case bool():
            return "có" if value else "không"
        case Decimal():
            return spell(value)
        case dt.datetime():
            return f"{timezone.localtime(value):%H:%M, %d/%m/%Y}"
        case dt.date():
            return f"{value:%d/%m/%Y}"
    return value
