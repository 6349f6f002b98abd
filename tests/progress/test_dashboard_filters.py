"""The filters of the dashboard: what an address asks for, what is said where that cannot be shown, what links keep."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from targets.progress.forms import FilterForm
from targets.progress.handed_in import handed_in
from targets.reports import periods, workflow
from tests.conftest import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, leader):
    client.force_login(leader)
    return lambda **params: client.get(reverse("progress:dashboard"), params)


def asked(plan, **params) -> FilterForm:
    return FilterForm(params | {"ke_hoach": plan.number}, plan)


@pytest.mark.parametrize("day", ["14/8/2024", "14/08/2024", "2024-08-14"])
def test_r9_a_day_means_its_end_in_cao_bang(plan, day):
    filters = asked(plan, tinh_den=day)
    assert filters.as_of.isoformat() == "2024-08-14T23:59:59.999999+07:00"
    assert "tinh_den=2024-08-14" in filters.query
    assert "tinh_den" not in filters.query_today


def test_r9_the_page_as_known_on_a_day_says_so_and_leads_back_to_today(plan, report, page):
    at = dt.datetime(2024, 7, 20, 9, tzinfo=dt.UTC)
    report("huyen-ha-lang", "2024-H1", CT3=5, at=at)
    report("huyen-bao-lam", "2024-H1", CT3=7, at=at + dt.timedelta(days=30))
    then, now = page(ky="2024-H1", tinh_den="01/8/2024"), page(ky="2024-H1")
    assert [p.context["progress"].indicators[2].reached for p in (then, now)] == [5, 12]
    text = then.content.decode()
    assert "Số liệu tính đến hết 01/8/2024" in text
    assert 'href="?ke_hoach=503%2FKH-UBND&amp;ky=2024-H1">Xem số liệu hiện nay</a>' in text
    assert "Xem số liệu hiện nay" not in now.content.decode()
    assert then.context["handed_in"] is None  # who is late is known for today only


def test_a_day_that_is_none_is_named_and_todays_figures_shown(plan, page):
    found = page(tinh_den="hôm qua")
    assert "Ngày tính đến không đúng" in found.content.decode()
    assert found.context["progress"].as_of is None


def test_provisional_figures_are_not_shown_as_of_a_day_and_the_page_says_why(plan, page):
    found = page(ky="2024-H1", tinh_den="01/8/2024", tam_tinh="1")
    assert "Số tạm tính chỉ có ở hiện tại" in found.content.decode()
    assert found.context["progress"].provisional is False
    assert "tam_tinh" not in found.context["filters"].query


def test_in_the_period_shows_what_it_brought_beside_the_cumulative_number(plan, report, page):
    report("huyen-ha-lang", "2023-H2", CT3=5)
    report("huyen-ha-lang", "2024-H1", CT3=7)
    row = page(ky="2024-H1", cach="trong_ky").content.decode().split('data-unit="048"')[1].split("</tr>")[0]
    assert "<strong>+7</strong>" in row
    assert "lũy kế 12" in row


def test_exports_keep_the_filters(plan, page):
    text = page(ky="2024-H1", theo="huyen", tinh_den="01/8/2024").content.decode()
    query = "?ke_hoach=503%2FKH-UBND&amp;ky=2024-H1&amp;theo=huyen&amp;tinh_den=2024-08-01"
    assert f'href="{reverse("papers:workbook")}{query}"' in text
    assert f'href="{reverse("papers:report")}{query}"' in text


def test_the_map_shows_the_indicator_asked_for(plan, report, page):
    report("huyen-ha-lang", "2024-H1", CT3=5)
    found = page(ky="2024-H1", ban_do="CT3").context["map"]
    assert found.indicator.code == "CT3"
    assert {(tile.row.short_name, tile.column, tile.line) for tile in found.placed} >= {("Hạ Lang", 5, 2)}
    assert found.groups == ()


def test_after_the_districts_ended_communes_stand_under_their_former_district(plan, report, page):
    report("huyen-ha-lang", "2025-H1", CT3=17)
    found = page(ky="2025-H2", theo="xa").context["map"]
    groups = {name: [tile.row.short_name for tile in some] for name, some in found.groups}
    assert len(groups) == 10
    assert sum(len(some) for some in groups.values()) == 56
    assert len(groups["Hạ Lang"]) == 4


def test_a_district_that_handed_in_nothing_after_the_due_day_is_to_be_chased(plan, report, period, reviewer):
    report("huyen-ha-lang", "2024-H1", CT3=5)
    found = handed_in(period)
    chips = {one.agency: one.chip for one in found.standings}
    assert found.on_form == 1
    assert sum(chip == "approved" for chip in chips.values()) == 1
    assert set(chips.values()) == {"approved", "overdue"}
    assert len(found.to_chase) == len(chips) - 1


def test_who_was_given_more_time_is_not_late(plan, own_district, other_district, period, reviewer):
    workflow.start(own_district, period, by=reviewer)
    for agency in (own_district, other_district):
        until = timezone.localdate() + dt.timedelta(days=3)
        periods.extend(agency, period, until=until, reason="Bão", by=reviewer)
    chips = {one.unit_pk: one.chip for one in handed_in(period).standings}
    assert (chips[own_district.unit_id], chips[other_district.unit_id]) == ("draft", "none")


def test_who_is_late_takes_as_many_queries_for_one_report_as_for_more(plan, report, period, django_assert_num_queries):
    report("huyen-ha-lang", "2024-H1", CT3=5)
    with django_assert_num_queries(3):
        handed_in(period)
    report("huyen-bao-lam", "2024-H1", CT3=5)
    with django_assert_num_queries(3):
        handed_in(period)


def test_every_role_sees_who_is_late(plan, client, own_district):
    for role in ("reporter", "reviewer", "leader", "admin"):
        client.force_login(make_user(f"u-{role}", role, own_district if role == "reporter" else None))
        assert "Cần đôn đốc" in client.get(reverse("progress:dashboard"), {"ky": "2024-H1"}).content.decode()
