"""Pages of a long list of reports, cut out of it without putting all of it in order."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import cached_property

from django.db.models import Count

from targets.models import Period, Report
from targets.models.report import ReportQuerySet


class ByPeriod:
    """As `newest_period_first` has them; for a Paginator, which asks how many there are and for a slice.

    Only reports of the periods that a slice falls into are sorted: one statement counts, two find the slice.
    """

    def __init__(self, reports: ReportQuerySet) -> None:
        self.reports = reports

    def count(self) -> int:
        return sum(many for _, many in self._spans)

    def __getitem__(self, part: slice) -> list[Report]:
        periods, skipped, passed = [], 0, 0
        for some, many in self._spans:
            if passed + many <= part.start:
                skipped += many
            elif passed < part.stop:
                periods += some
            passed += many
        found = self.reports.filter(period__in=periods).newest_period_first()
        return list(found[part.start - skipped : part.stop - skipped])

    @cached_property
    def _spans(self) -> list[tuple[list[int], int]]:
        """Periods that span the same days, newest first, and how many reports these have."""
        many = dict(self.reports.order_by().values_list("period").annotate(many=Count("*")))  # an index answers that
        found: dict[tuple[dt.date, dt.date], list[int]] = defaultdict(list)
        for pk, starts_on, ends_on in Period.objects.order_by().values_list("pk", "starts_on", "ends_on"):
            if pk in many:
                found[ends_on, starts_on].append(pk)
        in_order = sorted(found, key=lambda span: (-span[0].toordinal(), span[1]))
        return [(found[span], sum(many[pk] for pk in found[span])) for span in in_order]
