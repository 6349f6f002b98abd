"""Headings that senders explained: the administrator sees them all, corrects one, forgets one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from targets.models import LearnedHeading

from .conftest import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def learned(plan, own_district, reviewer):
    """`learned("Số mô hình", "CT4")`"""

    def learn(heading: str, code: str) -> LearnedHeading:
        return LearnedHeading.objects.create(
            plan=plan, agency=own_district, key=heading.casefold(), heading=heading,
            measure=plan.measures.get(code=code), learned_by=reviewer,
        )  # fmt: skip

    return learn


def test_what_a_heading_means_can_be_corrected(as_admin, learned, plan):
    heading = learned("Số mô hình", "CT4")
    as_admin.post(address(LearnedHeading, "change", heading.pk), {"measure": plan.measures.get(code="CT5").pk})
    heading.refresh_from_db()
    assert (heading.measure.code, heading.key) == ("CT5", "số mô hình")


def test_a_heading_can_be_made_one_to_pass_over(as_admin, learned):
    heading = learned("Số mô hình", "CT4")
    as_admin.post(address(LearnedHeading, "change", heading.pk), {"measure": ""})
    heading.refresh_from_db()
    assert heading.measure is None


def test_it_means_a_measure_of_its_own_plan(as_admin, learned, plan):
    page = as_admin.get(address(LearnedHeading, "change", learned("Số mô hình", "CT4").pk))
    offered = page.context["adminform"].form.fields["measure"].queryset
    assert {measure.plan for measure in offered} == {plan}


def test_a_heading_can_be_forgotten(as_admin, learned):
    as_admin.post(address(LearnedHeading, "delete", learned("Số mô hình", "CT4").pk), {"post": "yes"})
    assert not LearnedHeading.objects.exists()


def test_the_list_asks_the_database_as_often_for_three_as_for_one(as_admin, learned):
    learned("Số mô hình", "CT4")
    asked = []
    for more in ((), ("Tổ mới", "Tư vấn DN")):
        for heading in more:
            learned(heading, "CT5")
        as_admin.get(address(LearnedHeading, "changelist"))
        with CaptureQueriesContext(connection) as queries:
            page = as_admin.get(address(LearnedHeading, "changelist"))
        asked.append((page.context["cl"].result_count, len(queries)))
    assert asked == [(1, asked[0][1]), (3, asked[0][1])]
