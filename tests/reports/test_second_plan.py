"""The whole way of a report under another plan: nothing of it is in the code."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agencies.models import Agency
from targets.models import Plan, Report
from targets.progress.progress import progress
from targets.reference import PLANS, load_reference
from tests.conftest import make_user

pytestmark = pytest.mark.django_db
TYPED = {
    "CT1_TS": "1.200", "CT1_TT": "900", "CT2_TS": "9", "CT2_NL": "8", "CT3": "4", "CT4": "3", "CT5": "2", "CT6": "1",
    "CT7": "0", "CT8_TS": "20", "CT8_NU": "7",
}  # fmt: skip


@pytest.fixture
def second_plan(db) -> Plan:
    load_reference(PLANS / "plan2415")
    return Plan.objects.get(number="2415/QĐ-TTg")


def test_a_commune_reports_the_province_approves_and_every_page_shows_it(second_plan, client, reviewer):
    commune = Agency.objects.get(code="hoi-lhpn-xa-ly-quoc")
    period = second_plan.periods.get(code="2026-H1")
    client.force_login(make_user("lyquoc", "reporter", commune))
    assert period.name in client.get(reverse("mine")).content.decode()
    client.post(reverse("reports:start", args=[period.pk]))
    report = Report.objects.get(agency=commune, period=period)
    typed = {"version": report.version, "submit": "1", **TYPED}
    saved = client.post(reverse("reports:edit", args=[report.pk]), typed)
    assert saved.url == reverse("reports:submit", args=[report.pk])
    report.refresh_from_db()
    client.post(reverse("reports:submit", args=[report.pk]), {"version": report.version})

    client.force_login(reviewer)
    report.refresh_from_db()
    client.post(reverse("reports:approve", args=[report.pk]), {"version": report.version, "confirmed": "1"})
    ct1, *_, ct8 = progress(period).indicators
    assert (ct1.reached, ct1.base, ct1.percent, ct8.percent) == (900, 1200, 75, 35)
    asked = {"ke_hoach": second_plan.number}
    for page in ("progress:dashboard", "progress:method", "completeness:grid", "agencies:every", "periods:list"):
        text = client.get(reverse(page), asked).content.decode()
        assert second_plan.called in text or second_plan.title in text or str(second_plan) in text, page
    assert "75,0\u00a0%" in client.get(reverse("progress:dashboard"), asked).content.decode()
