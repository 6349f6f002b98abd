"""The page "Cách tính": what it says comes from the definitions, and every number leads to it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils.html import escape

from targets.models import CountingOwner, Measure
from targets.progress.explanation import explain, owners
from targets.reference import PLANS, load_reference
from targets.templatetags.kn import source_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, leader):
    client.force_login(leader)

    def get(**params) -> str:
        """The page's text with its spaces made one."""
        text = client.get(reverse("progress:method"), params).content.decode()
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text).replace("\u00a0", " ").replace("&nbsp;", " "))

    return get


def test_a_ratio_and_a_count_are_explained_by_their_own_measures(plan, page):
    text = page()
    assert "1.2 Số cán bộ đã được tập huấn ÷ chia cho 1.1 Tổng số cán bộ thuộc diện tập huấn × 100 %" in text
    assert "3.1 Số phụ nữ được hỗ trợ trong kỳ (người, lũy kế)" in text
    assert "Mục tiêu của tỉnh đến 14/12/2025: 800 người" in text
    assert "tính từ 15/12/2017" in text
    assert "dưới 75 % là chậm nhiều" in text


def test_what_an_administrator_changes_is_what_the_page_says(plan, page):
    measure = plan.measures.get(code="CT3")
    measure.help_text = "Đếm người, không đếm lượt."
    measure.accumulation = Measure.Accumulation.STATE
    measure.save()
    CountingOwner.objects.filter(measure=measure).exclude(agency_level="commune").delete()
    plan.pace_on = 90
    plan.save()
    text = page()
    row = text.split("3.1 Số phụ nữ được hỗ trợ trong kỳ")[2]
    counting = "Số tại ngày chốt, lấy số mới nhất của từng nơi"
    assert f"Đếm người, không đếm lượt. {counting} Cộng báo cáo của Hội LHPN cấp xã." in row
    assert "từ 75 đến dưới 90 % là chậm" in text


def test_whose_reports_are_added_up_in_one_phrase(plan):
    assert owners(plan.measures.get(code="CT1_TS").counted_by.all()) == (
        "Hội LHPN cấp xã, cấp huyện, cấp tỉnh; Sở, ban, ngành cấp tỉnh"
    )


def test_an_indicator_without_measures_says_so(plan, page):
    plan.indicators.get(code="CT4").numerator.clear()
    assert "Chưa khai báo số liệu để tính chỉ tiêu này." in page()


def test_the_second_plan_is_explained_with_the_countrys_targets_marked(plan, page):
    load_reference(PLANS / "plan2415")
    text = page(ke_hoach="2415/QĐ-TTg")
    assert "Mức của cả nước đến 14/12/2030: 500.000 đơn vị, chỉ để đối chiếu" in text
    assert "Tỉnh chưa giao mục tiêu cho chỉ tiêu này, nên không so với lộ trình." in text


def test_every_number_of_the_dashboard_leads_to_its_sources(plan, report, client, leader):
    figures = {"CT1_TS": 10, "CT1_TH": 9, "CT2_TS": 10, "CT2_TT": 9, "CT3": 5, "CT4": 1, "CT5": 2}
    unit = report("huyen-ha-lang", "2024-H1", **figures).agency.unit_id
    client.force_login(leader)
    page = client.get(reverse("progress:dashboard"), {"ky": "2024-H1"})
    text, filters = page.content.decode(), page.context["filters"]
    for code in ("CT1", "CT2", "CT3", "CT4", "CT5"):
        assert f'href="{escape(source_of(filters, code))}"' in text
        assert f'href="{escape(source_of(filters, code, unit))}"' in text


def test_explaining_takes_as_many_queries_for_two_plans_as_for_one(plan, django_assert_num_queries):
    with django_assert_num_queries(6):
        explain(plan)
    load_reference(PLANS / "plan2415")
    second = type(plan).objects.get(number="2415/QĐ-TTg")
    with django_assert_num_queries(6):
        explain(second)
