"""What the tests of reporting share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from targets.models import Measure, Report
from targets.reports import comments, workflow


@pytest.fixture
def signed_in(client):
    """`signed_in(user)` -> a client at work as that person."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def measure(plan) -> Callable[[str], Measure]:
    """`measure("CT3")`"""
    return lambda code: plan.measures.get(code=code)


@pytest.fixture
def asked(submitted, reviewer, measure):
    """A question on figure 3.1 that nobody has sent yet."""
    return comments.add(submitted, measure("CT3"), "17 gấp 3 kỳ trước. Đối chiếu danh sách.", by=reviewer)


@pytest.fixture
def returned(submitted, reviewer, asked) -> Report:
    """Sent back with that question and no other reason."""
    return workflow.return_(submitted, by=reviewer, version=submitted.version)


@pytest.fixture
def second_round(returned, reporter, entries) -> Report:
    """Corrected and handed in again: CT3 12 instead of 17."""
    report = workflow.save(returned, entries(CT3=12), by=reporter, version=returned.version)
    return workflow.submit(report, by=reporter, version=report.version)


@pytest.fixture
def in_status(draft, reporter, reviewer):
    """`in_status("returned")` -> the report, brought there by the verbs."""

    def bring(status: str) -> Report:
        report = draft
        if status != Report.Status.DRAFT:
            report = workflow.submit(report, by=reporter, version=report.version)
        if status == Report.Status.RETURNED:
            return workflow.return_(report, by=reviewer, version=report.version, reason="Xem lại 3.1")
        if status == Report.Status.APPROVED:
            return workflow.approve(report, by=reviewer, version=report.version)
        return report

    return bring
