"""Things that begin and end: units come and go with resolutions, agencies with reorganisations."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q


class ValidityQuerySet(models.QuerySet):
    def in_force_on(self, day: dt.date) -> ValidityQuerySet:
        """Those that exist on `day`; both ends count, an open end is unlimited."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )


class Validity(models.Model):
    """First and last day of existence; an empty first day means "before the plan", an empty last day "still"."""

    valid_from = models.DateField("có hiệu lực từ", null=True, blank=True)
    valid_to = models.DateField("hết hiệu lực sau ngày", null=True, blank=True)

    class Meta:
        abstract = True

    def is_in_force_on(self, day: dt.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or self.valid_to >= day)


def validity_constraint(name: str) -> models.CheckConstraint:
    """The last day is not before the first."""
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
        violation_error_message="Ngày hết hiệu lực phải sau ngày có hiệu lực.",
    )
