"""Reports on the stage of tests/conftest.py, handed in and approved in one line."""

from __future__ import annotations

import pytest

from agencies.models import Agency
from targets.reports import workflow
from targets.reports.workflow import Entry

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
