"""What the reports of a period say before a file is read into them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agencies.models import Agency
from targets.models import Figure, Measure, Period, Report
from targets.reports.entries import Entry
from targets.reports.storing import SAID

BLANK = Entry()


@dataclass(frozen=True)
class Stored:
    """Reports by agency, and what their figures say by agency and measure code."""

    reports: dict[int, Report]
    said: dict[int, dict[str, Entry]]

    @classmethod
    def of(cls, agencies: Iterable[Agency], period: Period) -> Stored:
        reports = {report.pk: report for report in Report.objects.of_period(period, agencies)}
        said: dict[int, dict[str, Entry]] = {}
        figures = Figure.objects.filter(report__in=reports).order_by()
        for report, code, *entry in figures.values_list("report_id", "measure__code", *SAID):
            said.setdefault(reports[report].agency_id, {})[code] = Entry(*entry)
        return cls({report.agency_id: report for report in reports.values()}, said)

    def entry(self, agency: Agency | None, measure: Measure) -> Entry:
        return self.said.get(agency.pk, {}).get(measure.code, BLANK) if agency else BLANK

    def entries(self, agency: Agency) -> dict[str, Entry]:
        return dict(self.said.get(agency.pk, {}))

    def is_locked(self, agency: Agency | None) -> bool:
        report = self.reports.get(agency.pk) if agency else None
        return report is not None and not report.is_editable
