"""Pages of all reports are what the list in order would be cut into, and ask as often however long it is."""

from __future__ import annotations

import pytest
from django.core.paginator import Paginator
from django.utils import timezone

from agencies.models import Agency
from targets.models import Report
from targets.reports.listing import ByPeriod

pytestmark = pytest.mark.django_db


@pytest.fixture
def reports(plan, reviewer):
    """Of halves and years, two of which span the same days."""
    twin = plan.periods.get(code="2023-H1")
    twin.pk, twin._state.adding, twin.code = None, True, "2023-6T"
    twin.save()
    agencies = list(Agency.objects.filter(level="district", kind="womens_union").order_by("-name")[:3])
    codes = ("2023-H2", "2023", "2024-H1", "2023-H1", "2023-6T")
    Report.objects.bulk_create(
        Report(agency=agency, period=plan.periods.get(code=code), created_at=timezone.now(), created_by=reviewer)
        for code in codes
        for agency in agencies
    )
    return Report.objects.with_names()


@pytest.mark.parametrize("size", [1, 2, 4, 50])
def test_pages_are_the_list_in_order_cut_up(size, reports):
    pages = Paginator(ByPeriod(reports), size)
    assert (pages.count, pages.num_pages) == (15, -(-15 // size))
    assert [one for page in pages for one in page.object_list] == list(reports.newest_period_first())


def test_nothing_is_an_empty_page():
    page = Paginator(ByPeriod(Report.objects.with_names()), 50).get_page(None)
    assert (list(page.object_list), page.paginator.count) == ([], 0)


@pytest.mark.parametrize("size", [2, 50])
def test_it_asks_three_times_for_a_page(size, reports, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert len(list(Paginator(ByPeriod(reports), size).get_page(1).object_list)) == min(size, 15)
