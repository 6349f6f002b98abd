"""Behind a number stand reports and files: each reader is led to those within reach, never to another district's."""

from __future__ import annotations

import pytest
from django.urls import reverse

from targets.models import ImportBatch
from targets.progress.behind import files_within_reach
from tests.imports.staged import confirmed, sent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("who", "sees"), [("reporter", 1), ("stranger", 0), ("reviewer", 1), ("leader", 1)])
def test_a_unit_s_page_lists_the_reports_that_its_reader_may_open(who, sees, client, approved, own_district, request):
    client.force_login(request.getfixturevalue(who))
    page = client.get(reverse("progress:unit", args=[own_district.unit_id]), {"ky": "2024-H1"})
    assert list(page.context["territory"].reports) == [approved] * sees


@pytest.mark.parametrize(
    ("who", "sees"), [("reporter", True), ("stranger", False), ("reviewer", True), ("leader", True)]
)
@pytest.mark.parametrize(("name", "arguments"), [("progress:indicator", ["CT3"]), ("progress:figure", [])])
def test_a_number_leads_to_the_reports_that_its_reader_may_open(who, sees, name, arguments, client, approved, request):
    client.force_login(request.getfixturevalue(who))
    page = client.get(reverse(name, args=arguments), {"ky": "2024-H1", "chi_tieu": "CT3"})
    assert approved.agency.name in page.content.decode()
    assert (f'href="{reverse("reports:detail", args=[approved.pk])}"' in page.content.decode()) is sees


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("reporter", {"own", "waiting"}),
        ("colleague", {"own"}),
        ("stranger", set()),
        ("reviewer", {"own", "province"}),
        ("leader", set()),
        ("administrator", {"own", "province", "waiting"}),
    ],
)
def test_a_number_leads_to_the_files_that_its_reader_may_open(
    who, sees, own_district, other_district, period, reporter, reviewer, request
):
    """A leader opens no file at all; one that waits is its sender's."""
    files = {
        "own": confirmed(period, {own_district: {"CT3": 17}}, reporter),
        "province": confirmed(period, {other_district: {"CT3": 3}}, reviewer),
        "waiting": sent(period, {own_district: {"CT3": 18}}, reporter),
    }
    ImportBatch.objects.exclude(pk=files["province"].pk).update(agency=own_district)
    found = files_within_reach(request.getfixturevalue(who), {batch.pk for batch in files.values()})
    assert found == {files[name].pk for name in sees}
