"""Reports on the stage of tests/conftest.py, handed in and approved in one line."""

from __future__ import annotations

import pytest
from django.utils import timezone

from agencies.models import Agency
from targets.models import ApprovedFigure, Plan, Report
from targets.reports import workflow
from targets.reports.workflow import Entry
from targets.totals import keeping

NOT_OURS = Entry(not_applicable=True, reason="Không thuộc phạm vi")


@pytest.fixture
def report(plan, reviewer, second_reviewer, entries):
    """`report("huyen-ha-lang", "2024-H1", CT3=5)`: hand in and approve; required figures left out do not apply."""

    def make(slug: str, code: str, *, approve: bool = True, at=None, **values):
        agency = Agency.objects.get(code=f"hoi-lhpn-{slug}" if slug[:2] in ("hu", "th", "xa", "ti") else slug)
        period = plan.periods.get(code=code)
        required = {m.code: NOT_OURS for m in plan.measures.all() if m.required}
        made = workflow.start(agency, period, by=reviewer)
        made = workflow.save(made, entries(**(required | values)), by=reviewer, version=made.version)
        made = workflow.submit(made, by=reviewer, version=made.version, at=at)
        return workflow.approve(made, by=second_reviewer, version=made.version, at=at) if approve else made

    return make


@pytest.fixture
def approved_by_all(plan, reviewer, second_reviewer):
    """`approved_by_all(50, "2025-H2")`: so many communes' figures in the ledger, written at once."""

    def make(count: int, code: str) -> None:
        period, now = plan.periods.get(code=code), timezone.now()
        unions = Agency.objects.in_force_on(period.ends_on).filter(level="commune", kind="womens_union")
        agencies = list(unions.order_by("pk")[:count])
        reports = Report.objects.bulk_create(
            Report(agency=agency, period=period, created_at=now, created_by=reviewer) for agency in agencies
        )
        ApprovedFigure.objects.bulk_create(
            ApprovedFigure(
                report=one, agency=one.agency, unit_id=one.agency.unit_id, measure=measure, period=period, value=9,
                approved_at=now, approved_by=second_reviewer,
            )
            for one in reports
            for measure in plan.measures.filter(code__in=["CT1_TS", "CT1_TH", "CT2_TS", "CT2_TT", "CT3"])
        )  # fmt: skip
        Plan.objects.filter(pk=plan.pk).have_new_data()
        keeping.rebuild(plan)

    return make
