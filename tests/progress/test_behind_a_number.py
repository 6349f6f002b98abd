"""The pages behind a number: indicator, unit, sources, changes. Each shows what the figures say, within one's reach."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse

from agencies.models import Unit

pytestmark = pytest.mark.django_db

H1 = {"ky": "2024-H1"}


@pytest.fixture
def page(client, report, leader):
    """`page("progress:indicator", "CT3")` as the leader sees it, with Hạ Lang's and Bảo Lâm's reports approved."""
    report("huyen-ha-lang", "2024-H1", CT1_TS=141, CT1_TH=126, CT3=17)
    report("huyen-bao-lam", "2023-H2", CT3=3)
    client.force_login(leader)

    def get(name: str, *args, **asked):
        return client.get(reverse(name, args=args), H1 | asked)

    return get


def test_the_indicator_s_page_says_what_the_dashboard_says(page):
    shown = page("progress:indicator", "CT3").context
    on_dashboard = next(one for one in page("progress:dashboard").context["progress"].indicators if one.code == "CT3")
    assert shown["indicator"] == on_dashboard
    assert (shown["indicator"].reached, shown["indicator"].in_period, shown["trend"].now.reached) == (20, 17, 20)


def test_the_reports_of_the_period_add_up_to_what_it_brought(page):
    shown = page("progress:indicator", "CT3").context
    lines = [(line.source.agency, line.value, line.is_wider) for line in shown["brought"].lines]
    assert (lines, shown["brought"].rest, shown["indicator"].in_period) == (
        [("Hội LHPN huyện Hạ Lang", 17, False)],
        0,
        17,
    )


def test_a_year_s_report_adds_up_to_its_second_half_less_what_the_first_half_had(page, report):
    report("huyen-ha-lang", "2024", CT3=30)
    found = page("progress:indicator", "CT3", ky="2024-H2").context
    (line,) = found["brought"].lines
    assert (line.value, line.is_wider, found["brought"].rest, found["indicator"].in_period) == (30, True, -17, 13)


def test_what_stands_from_before_completes_a_ratio_s_reports(page, report):
    report("huyen-bao-lac", "2023-H2", CT1_TS=100, CT1_TH=60)
    found = page("progress:indicator", "CT1").context["brought"]
    assert (found.value, found.base, found.rest, found.rest_base) == (126, 141, 60, 100)


@pytest.mark.parametrize(
    ("asked", "reached"),
    [({}, [["2023-12-14", 3, "6 tháng cuối năm 2023"], ["2024-06-14", 20, "6 tháng đầu năm 2024"]]),
     ({"cach": "trong_ky"}, [["2023-12-14", 3, "6 tháng cuối năm 2023"], ["2024-06-14", 17, "6 tháng đầu năm 2024"]])],
)  # fmt: skip
def test_the_drawing_has_the_numbers_of_its_table(page, asked, reached):
    drawn = page("progress:indicator", "CT3", **asked).context["chart"]
    known = [list(spot) for spot in drawn["reached"] if spot[1] is not None]
    assert (known, drawn["bars"], drawn["percent"]) == (reached, bool(asked), False)


def test_the_drawing_leads_the_pace_to_the_target_and_the_forecast_to_its_day(page):
    drawn = page("progress:indicator", "CT3").context["chart"]
    assert drawn["pace"][-1][:2] == ("2025-12-14", 800)
    assert [spot[:2] for spot in drawn["forecast"]] == [
        ("2024-06-14", 20),
        ("2025-12-14", 50),
        ("2025-12-14", 29),
        ("2025-12-14", 71),
    ]


def test_an_unknown_indicator_is_not_found(page):
    assert page("progress:indicator", "CT9").status_code == 404
    assert page("progress:figure", chi_tieu="CT9").status_code == 404
    assert page("progress:figure", chi_tieu="CT3", don_vi="x").status_code == 404


def test_the_sources_name_the_report_and_the_form(page, own_district):
    shown = page("progress:figure", chi_tieu="CT3", don_vi=own_district.unit_id)
    text = shown.content.decode()
    assert (shown.context["found"].figure.reached, shown.context["found"].unit) == (17, "Huyện Hạ Lang")
    assert ('id="drawer"' in text, "Nhập trên biểu" in text, "Bế Thị Nga" in text) == (True, True, True)


def test_another_district_s_report_is_named_but_no_link_leads_to_it(page, client, stranger):
    client.force_login(stranger)
    shown = page("progress:figure", chi_tieu="CT3")
    sources, text = list(shown.context["found"].sources), shown.content.decode()
    led_to = {int(one.value): f'href="{reverse("reports:detail", args=[one.report_pk])}"' in text for one in sources}
    assert (led_to, [one.agency in text for one in sources]) == ({17: False, 3: True}, [True, True])


def test_the_unit_s_page_follows_each_indicator_and_lists_reports(page, own_district):
    shown = page("progress:unit", own_district.unit_id).context
    reached = {indicator.code: figure.reached for indicator, figure, _ in shown["figures"]}
    assert reached == {"CT1": 126, "CT2": None, "CT3": 17, "CT4": None, "CT5": None}
    assert [one.period.code for one in shown["territory"].reports] == ["2024-H1"]


def test_changes_since_a_day_show_what_came_after_it(page):
    shown = page("progress:changes", tu="2020-01-01").context["comparison"]
    ct3 = next(one for one in shown.indicators if one.code == "CT3")
    assert (ct3.level_before, ct3.level_after, ct3.difference) == (None, 20, 20)
    assert shown.then.date() == dt.date(2020, 1, 1)


def test_two_periods_are_compared(page):
    found = page("progress:changes", ky_truoc="2023-H2").context["differences"]
    ct3 = next(one for one in found if one.code == "CT3" and one.unit_pk is None)
    assert (ct3.level_before, ct3.level_after, ct3.difference) == (3, 20, 17)


def test_days_in_the_wrong_order_are_refused_in_words(page):
    shown = page("progress:changes", tu="14/12/2025", den="01/01/2025")
    assert "Ngày đến phải sau ngày ký" in shown.content.decode()
    assert "comparison" not in shown.context


@pytest.mark.parametrize(
    ("name", "arguments", "asked", "queries"),
    [
        ("progress:dashboard", [], {}, 33),
        ("progress:dashboard", [], {"theo": "huyen", "cach": "trong_ky"}, 33),
        ("progress:dashboard", [], {"theo": "xa", "tam_tinh": "1"}, 33),
        ("progress:dashboard", [], {"tinh_den": "2099-01-01"}, 27),
        ("progress:indicators", [], {}, 30),
        ("progress:indicator", ["CT3"], {}, 42),
        ("progress:indicator", ["CT1"], {"theo": "huyen"}, 41),
        ("progress:figure", [], {"chi_tieu": "CT1"}, 36),
        ("progress:figure", [], {"chi_tieu": "CT3", "theo": "xa"}, 36),
        ("progress:unit", ["huyen-ha-lang"], {}, 36),
        ("progress:changes", [], {"tu": "2020-01-01"}, 46),
        ("progress:changes", [], {"ky_truoc": "2025-H1"}, 50),
    ],
)
def test_each_page_asks_the_database_as_often_for_fifty_units_as_for_one(
    name, arguments, asked, queries, page, report, approved_by_all, django_assert_num_queries
):
    report("tinh", "2025-H2", CT1_TS=9, CT1_TH=8, CT3=1)
    if name == "progress:unit":
        arguments = [Unit.objects.get(slug=arguments[0]).pk]
    asked = {"ky": "2025-H2"} | asked
    page(name, *arguments, **asked)  # what a process reads once
    cache.clear()
    with django_assert_num_queries(queries):
        page(name, *arguments, **asked)
    approved_by_all(50, "2025-H2")
    with django_assert_num_queries(queries):
        page(name, *arguments, **asked)


@pytest.mark.parametrize(
    ("name", "arguments", "entry"),
    [
        ("progress:indicator", ["CT3"], "Chỉ tiêu"),
        ("progress:indicators", [], "Chỉ tiêu"),
        ("progress:changes", [], "Tổng quan"),
        ("progress:method", [], "Tổng quan"),
    ],
)
def test_each_page_stands_under_its_entry_of_the_menu(page, name, arguments, entry):
    assert [item.word for item in page(name, *arguments).context["menu"] if item.current] == [entry]
