"""The same rules through the database, the dashboard and the JSON, on plan 503's own reference data."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency
from targets.progress.progress import progress
from targets.reports import workflow
from targets.reports.workflow import Entry
from tests.conftest import make_user

pytestmark = pytest.mark.django_db
NOT_OURS = Entry(not_applicable=True, reason="Không thuộc phạm vi")


@pytest.fixture
def report(plan, reviewer, second_reviewer, entries):
    """`report("huyen-ha-lang", "2024-H1", CT3=5)`: hand in and approve; required figures left out do not apply."""

    def make(slug: str, code: str, *, approve: bool = True, at=None, **values):
        agency = Agency.objects.get(code=f"hoi-lhpn-{slug}" if slug[:2] in ("hu", "th", "xa", "ti") else slug)
        period = plan.periods.get(code=code)
        required = {m.code: NOT_OURS for m in plan.measures.all() if m.required}
        made = workflow.start(agency, period, by=reviewer)
        made = workflow.save(made, entries(**(required | values)), by=reviewer, version=made.version)
        made = workflow.submit(made, by=reviewer, version=made.version, at=at)
        return workflow.approve(made, by=second_reviewer, version=made.version, at=at) if approve else made

    return make


def shown(plan, period: str, code: str, **how):
    found = progress(plan.periods.get(code=period), **how)
    return next(i for i in found.indicators if i.code == code)


def units(plan, period: str, code: str, **how) -> dict[str, Decimal | None]:
    found = progress(plan.periods.get(code=period), **how)
    place = [i.code for i in found.indicators].index(code)
    return {row.unit: row.figures[place].reached for row in found.rows if row.figures[place].reached is not None}


def test_r1_submitted_figures_count_only_when_asked_for(plan, report):
    report("huyen-ha-lang", "2024-H1", CT3=5)
    report("huyen-bao-lam", "2024-H1", CT3=7, approve=False)
    assert shown(plan, "2024-H1", "CT3").reached == 5
    assert shown(plan, "2024-H1", "CT3", provisional=True).reached == 12


def test_r1_a_correction_handed_in_replaces_the_approved_figure_when_asked_for(
    plan, report, reviewer, second_reviewer, entries
):
    made = report("huyen-ha-lang", "2024-H1", CT3=5)
    made = workflow.reopen(made, by=reviewer, version=made.version, reason="Sai")
    made = workflow.save(made, entries(CT3=3), by=reviewer, version=made.version)
    workflow.submit(made, by=reviewer, version=made.version)
    assert shown(plan, "2024-H1", "CT3").reached == 5
    assert shown(plan, "2024-H1", "CT3", provisional=True).reached == 3


def test_r2_no_data_is_none_and_a_reported_zero_is_zero(plan, report):
    report("huyen-ha-lang", "2024-H1", CT3=0)
    assert shown(plan, "2024-H1", "CT3").reached == 0
    ct4 = shown(plan, "2024-H1", "CT4")
    assert (ct4.reached, ct4.percent_of_target, ct4.pace) == (None, None, None)


def test_r3_r5_flows_add_up_over_time_and_a_year_report_replaces_its_halves(plan, report):
    report("huyen-ha-lang", "2023-H1", CT3=4)
    report("huyen-ha-lang", "2023-H2", CT3=5)
    assert shown(plan, "2023", "CT3").reached == 9
    report("huyen-ha-lang", "2023", CT3=12)
    assert shown(plan, "2023", "CT3").reached == 12
    assert shown(plan, "2023-H1", "CT3").reached == 4
    report("huyen-ha-lang", "2024-H1", CT3=1)
    assert shown(plan, "2024-H1", "CT3").reached == 13


def test_r4_r6_ratios_are_of_latest_states_summed(plan, report):
    report("huyen-ha-lang", "2023-H2", CT2_TS=100, CT2_TT=90)
    report("huyen-ha-lang", "2024-H1", CT2_TS=100, CT2_TT=95)
    report("huyen-bao-lam", "2023-H2", CT2_TS=900, CT2_TT=105)
    ct2 = shown(plan, "2024-H1", "CT2")
    assert (ct2.reached, ct2.base, ct2.percent) == (200, 1000, 20)
    found = progress(plan.periods.get(code="2024-H1"))
    carried = {row.short_name: (row.figures[1].carried, row.figures[1].from_period) for row in found.rows}
    assert carried["Hạ Lang"] == (False, "2024-H1")
    assert carried["Bảo Lâm"] == (True, "2023-H2")


def test_r7_only_counting_owners_enter_totals_and_others_are_shown_beside(plan, report):
    report("huyen-ha-lang", "2024-H1", CT3=5)
    report("so-cong-thuong", "2024", CT1_TS=5, CT1_TH=4, CT3=30)
    report("hoi-lhpn-tinh", "2024-H2", CT1_TS=22, CT1_TH=20, CT2_TS=1000, CT2_TT=1000, CT3=2)
    ct1, ct2, ct3 = (shown(plan, "2024", code) for code in ("CT1", "CT2", "CT3"))
    assert (ct1.reached, ct1.base) == (24, 27)  # departments and the province Union count here
    assert ct2.reached is None  # members are counted where they live
    assert ct3.reached == 7
    assert [(r.agency, r.reached) for r in ct3.reference] == [("Sở Công Thương", 30)]


def test_r8_the_real_merger_of_quang_hoa(plan, report):
    for slug, members in (("huyen-quang-uyen", 10488), ("huyen-phuc-hoa", 6977)):
        report(slug, "2019-H2", CT2_TS=members, CT2_TT=members // 2, CT3=10)
    assert shown(plan, "2020-H1", "CT2").base == 10488 + 6977
    report("huyen-quang-hoa", "2020-H1", CT2_TS=17400, CT2_TT=9000, CT3=1)
    assert shown(plan, "2020-H1", "CT2").base == 17400
    assert units(plan, "2020-H1", "CT3") == {"Huyện Quảng Uyên": 10, "Huyện Phục Hòa": 10, "Huyện Quảng Hòa": 1}


def test_r8_districts_give_way_to_communes_only_when_all_their_communes_have_reported(plan, report):
    report("huyen-ha-lang", "2025-H1", CT2_TS=4302, CT2_TT=3000)
    communes = ["xa-ly-quoc", "xa-quang-long", "xa-ha-lang", "xa-vinh-quy"]
    for slug in communes[:3]:
        report(slug, "2025-H2", CT2_TS=1000, CT2_TT=700)
    assert units(plan, "2025-H2", "CT2") == {"Huyện Hạ Lang": 3000}
    report(communes[3], "2025-H2", CT2_TS=1300, CT2_TT=900)
    assert shown(plan, "2025-H2", "CT2").base == 4300


def test_r8_merged_departments_are_not_counted_beside_their_successor(plan, report):
    report("so-ke-hoach-va-dau-tu", "2024", CT1_TS=3, CT1_TH=2)
    report("so-tai-chinh", "2024", CT1_TS=4, CT1_TH=4)
    assert shown(plan, "2025-H2", "CT1").base == 7
    report("so-tai-chinh-2025", "2025", CT1_TS=6, CT1_TH=5)
    assert shown(plan, "2025-H2", "CT1").base == 6


def test_r9_a_figure_is_reproduced_as_known_at_an_instant(plan, report, reviewer, second_reviewer, entries):
    signed = dt.datetime(2025, 12, 14, 17, tzinfo=timezone.get_default_timezone())
    made = report("huyen-ha-lang", "2024-H1", CT3=17, at=signed - dt.timedelta(days=9))
    made = workflow.reopen(made, by=reviewer, version=made.version, reason="Trùng 3 người")
    made = workflow.save(made, entries(CT3=14), by=reviewer, version=made.version)
    made = workflow.submit(made, by=reviewer, version=made.version)
    workflow.approve(made, by=second_reviewer, version=made.version)
    assert shown(plan, "2024-H1", "CT3").reached == 14
    assert shown(plan, "2024-H1", "CT3", as_of=signed).reached == 17
    assert shown(plan, "2024-H1", "CT3", as_of=signed - dt.timedelta(days=30)).reached is None


def test_r11_far_more_than_the_target_is_shown_whole(plan, report):
    report("huyen-ha-lang", "2024-H1", CT3=4720)
    ct3 = shown(plan, "2024-H1", "CT3")
    assert (ct3.percent_of_target, ct3.pace) == (590, "above")


def test_r12_pace_compares_with_the_straight_line_to_the_target(plan, report):
    report("huyen-ha-lang", "2025-H1", CT3=700)
    ct3 = shown(plan, "2025", "CT3")
    assert (ct3.expected, ct3.gap, ct3.pace) == (800, -100, "below")


def test_agencies_that_owe_the_period_and_have_nothing_counted_are_missing(plan, report):
    report("huyen-ha-lang", "2024-H1", CT3=5)
    report("huyen-bao-lam", "2024-H1", CT3=7, approve=False)
    found = progress(plan.periods.get(code="2024-H1"))
    names = {m.agency for m in found.missing}
    assert len(names) == 10  # nine districts and the province Union
    assert "Hội LHPN huyện Bảo Lâm" in names
    assert "Hội LHPN huyện Hạ Lang" not in names
    assert (found.units_with_figures, found.units_expected) == (1, 10)


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


def test_nothing_reported_yet_shows_no_data_and_never_a_zero(plan, client, leader):
    client.force_login(leader)
    page = client.get(reverse("progress:dashboard"), {"ky": "2024-H1"})
    text = page.content.decode()
    assert text.count('<span class="v v-none">Chưa có số liệu</span>') == 5
    assert "0/5 chỉ tiêu đúng hoặc vượt lộ trình" in text


def test_the_dashboard_asks_the_database_as_often_for_three_reports_as_for_one(
    plan, report, client, leader, django_assert_num_queries
):
    client.force_login(leader)
    report("huyen-ha-lang", "2024-H1", CT3=5, CT1_TS=10, CT1_TH=9)
    client.get(reverse("progress:dashboard"), {"ky": "2024-H1"})
    with django_assert_num_queries(21):
        client.get(reverse("progress:dashboard"), {"ky": "2024-H1"})
    report("huyen-bao-lam", "2024-H1", CT3=5, CT1_TS=10, CT1_TH=9)
    report("huyen-ha-lang", "2023-H2", CT3=5, CT1_TS=10, CT1_TH=9)
    with django_assert_num_queries(21):
        client.get(reverse("progress:dashboard"), {"ky": "2024-H1"})


def test_a_units_page_is_the_same_for_every_role(plan, report, client, own_district):
    report("huyen-ha-lang", "2024-H1", CT3=5)
    seen = set()
    for role in ("reporter", "reviewer", "leader", "admin"):
        client.force_login(make_user(f"u-{role}", role, own_district if role == "reporter" else None))
        seen.add(client.get(reverse("progress:dashboard"), {"ky": "2024-H1"}).context["progress"].indicators[2].reached)
    assert seen == {5}
