"""What approved figures rest on and what therefore stays: one rule for the admin's forms and its workbooks."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from agencies.models import Agency, Unit
from agencies.models.validity import Validity

from .days import spell_day
from .ledger import ApprovedFigure, ApprovedFigureQuerySet
from .measure import CountingOwner, Measure
from .period import Period

# Changing one of these would give another meaning to figures that were approved, without anybody approving it.
RESTED_ON = {
    Measure: ("accumulation", "kind"),
    Period: ("kind", "starts_on", "ends_on"),
    Agency: ("kind", "level", "unit"),
    Unit: ("kind",),
}


def check(row: models.Model) -> None:
    """Raises ValidationError by field for what `row` would change although approved figures rest on it."""
    stored = type(row)._default_manager.filter(pk=row.pk).first() if type(row) in RESTED_ON and row.pk else None
    if stored is None:
        return
    changed = [name for name in RESTED_ON[type(row)] if _value(row, name) != _value(stored, name)]
    dated = isinstance(row, Validity) and (row.valid_from, row.valid_to) != (stored.valid_from, stored.valid_to)
    if changed or dated:
        _refuse(row, changed, figures_on(row))


def check_owner_may_go(owner: CountingOwner) -> None:
    """Raises ValidationError when approved figures of such agencies count in the measure's total (R7)."""
    if figures_on(owner.measure).filter(agency__kind=owner.agency_kind, agency__level=owner.agency_level).exists():
        raise ValidationError(f"Số liệu đã duyệt của {owner} đang được tính. Không bỏ được.")


def figures_on(row: models.Model) -> ApprovedFigureQuerySet:
    """The ledger's rows about this measure, period, agency or unit, also those that were superseded."""
    return ApprovedFigure.objects.filter(**{row._meta.model_name: row.pk})


def _refuse(row: models.Model, changed: list[str], figures: ApprovedFigureQuerySet) -> None:
    newest = figures.select_related("period").order_by("period__ends_on").last()
    if newest is None:
        return
    why = f"Đã có số liệu được duyệt (kỳ gần nhất: {newest.period}). Giữ nguyên mục này."
    refused = dict.fromkeys(changed, why)
    if isinstance(row, Validity):
        first, last = figures.order_by("period__ends_on").first().period.ends_on, newest.period.ends_on
        if row.valid_from and row.valid_from > first:
            refused["valid_from"] = f"Đã có số liệu được duyệt chốt ngày {spell_day(first)}. Chọn ngày không muộn hơn."
        if row.valid_to and row.valid_to < last:
            refused["valid_to"] = f"Đã có số liệu được duyệt chốt ngày {spell_day(last)}. Chọn ngày không sớm hơn."
    if refused:
        raise ValidationError(refused)


def _value(row: models.Model, name: str) -> object:
    return getattr(row, row._meta.get_field(name).attname)
