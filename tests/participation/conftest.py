"""Agencies that owe, and reports handed in at a chosen moment in Cao Bằng."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from agencies.models import Agency
from targets.models import Duty, Extension
from targets.participation.completeness import cells, completeness
from targets.reports import workflow
from tests.conftest import FIGURES


def moment(text: str) -> dt.datetime:
    """ "2024-06-19 23:59:59" in Cao Bằng."""
    return timezone.make_aware(dt.datetime.fromisoformat(text))


@pytest.fixture
def as_(client):
    """`as_(user)` -> a client signed in as that person."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def handed_in(own_district, period, reporter, entries):
    """`handed_in("2024-06-19 09:00")` -> Hạ Lang's report for the first half of 2024, submitted then."""

    def hand_in(at: str, agency: Agency = own_district, of=period, by=reporter):
        report = workflow.start(agency, of, by=by, at=moment(at))
        report = workflow.save(report, entries(**FIGURES), by=by, version=report.version, at=moment(at))
        return workflow.submit(report, by=by, version=report.version, at=moment(at))

    return hand_in


@pytest.fixture
def more_time(own_district, period, reviewer):
    """`more_time(until, granted)` -> an extension of Hạ Lang's for the period."""

    def grant(until: str, granted: str) -> Extension:
        return Extension.objects.create(
            agency=own_district, period=period, until=dt.date.fromisoformat(until), reason="Lũ quét",
            granted_by=reviewer, granted_at=moment(granted),
        )  # fmt: skip

    return grant


@pytest.fixture
def cell(plan, own_district, period):
    """`cell("2024-06-25")` -> how Hạ Lang stands in the period on that day."""

    def on(today: str, agency: Agency = own_district, of=period):
        duty = Duty.objects.of_plan(plan).by_unit().get(agency=agency)
        return cells([duty], [of], dt.date.fromisoformat(today))[agency.pk, of.pk]

    return on


@pytest.fixture
def grid(plan):
    """`grid("2024-06-25", "2023-H2", "2024-H1")` -> the figures of those periods on that day."""

    def on(today: str, *codes: str):
        return completeness(plan, plan.periods.coded(set(codes)), dt.date.fromisoformat(today))

    return on
