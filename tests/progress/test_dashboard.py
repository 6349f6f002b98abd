"""What the dashboard and the command show: the same numbers, with nothing invented where nothing was said."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse

from targets.progress.progress import VIEWS, progress
from targets.templatetags.kn import PACES
from tests.conftest import make_user

pytestmark = pytest.mark.django_db


def run(**options) -> dict:
    out = StringIO()
    call_command("progress", json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def test_the_json_says_what_the_dashboard_says(plan, report, client, leader):
    report("huyen-ha-lang", "2024-H1", CT1_TS=141, CT1_TH=126, CT3=17, CT4=0)
    report("huyen-bao-lam", "2023-H2", CT3=3)
    client.force_login(leader)
    page = client.get(reverse("progress:dashboard"), {"ky": "2024-H1"})
    said = run(period="2024-H1")
    assert said == json.loads(json.dumps(page.context["progress"].as_json()))
    ct1, ct3, ct4 = (next(i for i in said["indicators"] if i["code"] == code) for code in ("CT1", "CT3", "CT4"))
    assert (ct1["reached"], ct1["base"], round(ct1["percent"], 2), ct1["target"]) == (126, 141, 89.36, 90)
    assert (ct3["reached"], ct3["percent_of_target"], ct4["reached"]) == (20, 2.5, 0)
    assert {u["unit_code"]: u["reached"] for u in ct3["units"]} == {"048": 17, "042": 3}
    text = page.content.decode()
    assert "89,3\u00a0%" in text  # 89.36: cut, not rounded
    assert "126/141 cán bộ" in text


def test_the_json_has_just_the_keys_of_the_contract(plan, report):
    report("huyen-ha-lang", "2024-H1", CT3=17)
    said = run(plan=plan.number, period="2024-H1")
    assert list(said) == ["plan", "period", "as_of", "by", "indicators", "missing"]
    assert set(said["indicators"][0]) == {
        "code", "reached", "base", "percent", "target", "percent_of_target", "pace", "expected", "forecast", "units",
        "reference",
    }  # fmt: skip
    ct3 = said["indicators"][2]
    assert ct3["units"] == [
        {
            "unit_code": "048", "unit": "Huyện Hạ Lang", "reached": 17, "base": None, "percent": None, "target": None,
            "from_period": "2024-H1", "approximate": False,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"plan": "1/KH"}, "Không có kế hoạch 1/KH"),
        ({"period": "2031-H1"}, "không có kỳ 2031-H1"),
        ({"period": "2024-H1", "as_of": "hôm qua"}, "không phải thời điểm"),
        ({"period": "2024-H1", "as_of": "2025-13-45T00:00"}, "không phải thời điểm"),
        ({"as_of": "2025-12-14T17:00+07:00", "provisional": True}, "chỉ có ở hiện tại"),
    ],
)
def test_the_command_says_what_it_could_not_find(plan, options, message):
    with pytest.raises(CommandError, match=message):
        run(**options)


def test_the_dashboard_opens_at_the_last_period_cut_off_and_an_unknown_one_falls_back(plan, client, leader):
    client.force_login(leader)
    assert client.get(reverse("progress:dashboard")).context["period"].code == "2025-H2"
    page = client.get(reverse("progress:dashboard"), {"ky": "1999"})
    assert (page.status_code, page.context["period"].code) == (200, "2025-H2")
    assert "Không có kỳ báo cáo này" in page.content.decode()


def test_a_wrong_filter_does_not_spoil_the_other(plan, client, leader):
    client.force_login(leader)
    page = client.get(reverse("progress:dashboard"), {"ky": "2024-H1", "tam_tinh": "x"})
    assert (page.context["period"].code, page.context["progress"].provisional) == ("2024-H1", False)


def test_a_count_without_an_allocated_target_is_not_read_out_as_no_data(plan, report, client, leader):
    report("hoi-lhpn-tinh", "2024-H1", CT3=2)
    client.force_login(leader)
    text = client.get(reverse("progress:dashboard"), {"ky": "2024-H1"}).content.decode()
    row = text.split("Cấp tỉnh, sở ngành</th>")[1].split("</tr>")[0]
    ct3 = row.split("</td>")[2]
    assert "<strong>2</strong>" in ct3
    assert "Chưa có số liệu" not in ct3


def test_nothing_reported_yet_shows_no_data_and_never_a_zero(plan, client, leader):
    client.force_login(leader)
    page = client.get(reverse("progress:dashboard"), {"ky": "2024-H1"})
    text = page.content.decode()
    assert text.count('<span class="v v-none">Chưa có số liệu</span>') == 5
    assert "0/5 chỉ tiêu đúng hoặc vượt lộ trình" in text


@pytest.mark.parametrize("by", VIEWS)
def test_the_figures_take_as_many_queries_for_fifty_units_as_for_one(
    by, plan, report, approved_by_all, django_assert_num_queries
):
    period = plan.periods.get(code="2025-H2")
    report("huyen-ha-lang", "2025-H1", CT3=5, CT1_TS=10, CT1_TH=9)
    with django_assert_num_queries(20):
        one = progress(period, by=by)
    approved_by_all(50, "2025-H2")
    report("huyen-ha-lang", "2024-H1", CT3=5, CT1_TS=10, CT1_TH=9)
    report("huyen-bao-lam", "2024-H2", CT3=5)
    with django_assert_num_queries(20):
        fifty = progress(period, by=by)
    assert (one.units_with_figures, fifty.units_with_figures) == (0, 50)
    assert (one.indicators[2].reached, fifty.indicators[2].reached) == (5, 465)


def test_the_dashboard_asks_the_database_as_often_for_many_reports_as_for_one(
    plan, report, approved_by_all, client, leader, django_assert_num_queries
):
    client.force_login(leader)
    report("huyen-ha-lang", "2025-H1", CT3=5, CT1_TS=10, CT1_TH=9)
    client.get(reverse("progress:dashboard"))
    cache.clear()
    with django_assert_num_queries(30):
        client.get(reverse("progress:dashboard"))
    approved_by_all(50, "2025-H2")
    with django_assert_num_queries(30):
        client.get(reverse("progress:dashboard"))


@pytest.mark.parametrize(
    ("theo", "by", "rows"), [("", "reported", 57), ("huyen", "districts", 10), ("xa", "communes", 56)]
)
def test_r8_the_rows_can_be_seen_under_districts_or_communes(theo, by, rows, plan, report, client, leader):
    report("huyen-ha-lang", "2025-H1", CT3=17)
    client.force_login(leader)
    page = client.get(reverse("progress:dashboard"), {"ky": "2025-H2", "theo": theo})
    found = page.context["progress"]
    assert (found.by, len(found.rows), found.indicators[2].reached) == (by, rows, 17)
    assert sum(row.figures[2].reached or 0 for row in found.rows) == 17
    text = page.content.decode()
    assert ("≈ Ước tính" in text) == (by == "communes")
    assert "10 huyện, TP</label>" in text
    assert "56 xã, phường</label>" in text


def test_the_command_shows_the_same_view(plan, report):
    report("huyen-ha-lang", "2025-H1", CT3=17)
    said = run(period="2025-H2", by="communes")
    ct3 = said["indicators"][2]
    assert said["by"] == "communes"
    assert {u["unit"]: (u["reached"], u["approximate"]) for u in ct3["units"]} == {
        "Xã Lý Quốc": (4, True), "Xã Quang Long": (4, True), "Xã Hạ Lang": (4, True), "Xã Vinh Quý": (5, True),
    }  # fmt: skip


def test_a_units_page_is_the_same_for_every_role(plan, report, client, own_district):
    report("huyen-ha-lang", "2024-H1", CT3=5)
    seen = set()
    for role in ("reporter", "reviewer", "leader", "admin"):
        client.force_login(make_user(f"u-{role}", role, own_district if role == "reporter" else None))
        cache.clear()
        seen.add(client.get(reverse("progress:dashboard"), {"ky": "2024-H1"}).context["content"])
    assert len(seen) == 1


def test_the_legend_names_every_pace(plan, report, client, leader):
    report("huyen-ha-lang", "2024-H1", CT3=5)
    client.force_login(leader)
    page = client.get(reverse("progress:dashboard"), {"ky": "2024-H1"}).content.decode()
    legend = page[page.index('class="kn-card-f kn-legend"') :].partition("</div>")[0]
    assert [word for _, _, word in PACES.values() if word not in legend] == []


def test_the_dashboard_leads_to_what_changed_and_to_both_letterheads(client, leader, report):
    report("huyen-ha-lang", "2024-H1", CT3=17)
    client.force_login(leader)
    text = client.get(reverse("progress:dashboard"), {"ky": "2024-H1"}).content.decode().replace("&amp;", "&")
    asked = "ke_hoach=503%2FKH-UBND&ky=2024-H1"
    for address in (f"{reverse('progress:changes')}?{asked}", f"{reverse('papers:report')}?{asked}"):
        assert f'href="{address}"' in text
    assert f'href="{reverse("papers:report")}?{asked}&mau=ubnd"' in text
