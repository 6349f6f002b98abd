"""Papers as downloads: their names, their kinds, and the dashboard's own filters."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from . import reading

pytestmark = pytest.mark.django_db

OFFICE = "application/vnd.openxmlformats-officedocument"
PAGES = ("workbook", "table", "figures", "report")


@pytest.fixture
def ask(client, leader):
    """`ask("workbook", ky="2024-H1")`, as a leader."""
    client.force_login(leader)
    return lambda page, **asked: client.get(reverse(f"papers:{page}"), asked)


@pytest.mark.parametrize(
    ("page", "kind", "plain", "spelt"),
    [
        ("workbook", f"{OFFICE}.spreadsheetml.sheet", "Tong quan 2024-H1.xlsx", "T%E1%BB%95ng%20quan%202024-H1.xlsx"),
        ("table", "text/csv; charset=utf-8", "Tong quan 2024-H1.csv", "T%E1%BB%95ng%20quan%202024-H1.csv"),
        ("figures", "application/json", "Tong quan 2024-H1.json", "T%E1%BB%95ng%20quan%202024-H1.json"),
        ("report", f"{OFFICE}.wordprocessingml.document", "Bao cao 2024-H1.docx", "B%C3%A1o%20c%C3%A1o%202024-H1.docx"),
    ],
)
def test_a_paper_is_a_download_named_in_plain_letters_and_in_vietnamese(page, kind, plain, spelt, ask, plan):
    found = ask(page, ky="2024-H1")
    assert (found.status_code, found["Content-Type"], found["Cache-Control"]) == (200, kind, "no-store")
    assert found["Content-Disposition"] == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{spelt}"


def test_the_filters_are_those_of_the_dashboard(ask, plan, report):
    report("huyen-ha-lang", "2024-H1", approve=False, CT3=17)
    asked = {"ke_hoach": plan.number, "ky": "2024-H1"}
    assert json.loads(ask("figures", **asked).content)["indicators"][2]["reached"] is None
    said = json.loads(ask("figures", **asked, tam_tinh="1", theo="xa", trong_ky="1").content)
    assert (said["by"], said["provisional"]) == ("communes", True)
    assert (said["indicators"][2]["reached"], said["indicators"][2]["in_period"]) == (17, 17)
    lines = reading.lines(ask("table", **asked, tam_tinh="1").content)
    assert {line["Bộ lọc"] for line in lines} == {"Đã nộp và đã duyệt, theo đơn vị báo cáo"}
    book = reading.opened(ask("workbook", **asked, tam_tinh="1").content)
    assert book["Tổng quan"]["A3"].value.startswith("Đã nộp và đã duyệt")
    assert any("Đã nộp và đã duyệt" in text for text in reading.texts(ask("report", **asked, tam_tinh="1").content))


def test_a_paper_without_filters_is_of_the_period_that_the_dashboard_opens_with(ask, plan):
    assert json.loads(ask("figures").content)["period"] == "2025-H2"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("wrong", [{"ky": "1999"}, {"ke_hoach": "1/KH"}, {"theo": "thon"}, {"tam_tinh": "x"}])
def test_a_wrong_filter_is_refused_instead_of_giving_another_paper(page, wrong, ask, plan):
    assert ask(page, **{"ky": "2024-H1"} | wrong).status_code == 404


def test_the_report_comes_in_two_styles_and_no_third(ask, plan):
    union, committee = (ask("report", ky="2024-H1", mau=style).content for style in ("hoi", "ubnd"))
    assert "BAN THƯỜNG VỤ" in reading.document(union).tables[0].rows[0].cells[0].text
    assert "ỦY BAN NHÂN DÂN" in reading.document(committee).tables[0].rows[0].cells[0].text
    assert ask("report", ky="2024-H1", mau="so").status_code == 404


@pytest.mark.parametrize(("page", "queries"), [("workbook", 25), ("table", 24), ("figures", 24), ("report", 25)])
def test_a_download_asks_the_database_a_fixed_number_of_times(
    page, queries, ask, plan, report, django_assert_num_queries
):
    report("huyen-ha-lang", "2024-H1", CT3=17)
    ask(page, ky="2024-H1")
    with django_assert_num_queries(queries):
        ask(page, ky="2024-H1")
    report("huyen-bao-lam", "2024-H1", CT3=5)
    report("huyen-bao-lam", "2023-H2", CT3=5)
    with django_assert_num_queries(queries):
        ask(page, ky="2024-H1")
