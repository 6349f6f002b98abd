"""The same rules through the database, on plan 503's own reference data."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from targets.models import Target
from targets.progress.progress import progress
from targets.reports import workflow

from .conftest import NOT_OURS

pytestmark = pytest.mark.django_db


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


def test_r8_departments_that_share_a_successor_are_neither_lost_nor_counted_twice(plan, report):
    """Nội vụ 2025 took over Nội vụ and a part of LĐTBXH, whose other part has not spoken yet: both old values stay."""
    report("so-ldtbxh", "2024", CT1_TS=7, CT1_TH=5)
    report("so-nong-nghiep-va-ptnt", "2024", CT1_TS=4, CT1_TH=4)
    report("so-noi-vu-2025", "2025", CT1_TS=9, CT1_TH=9)
    assert shown(plan, "2025", "CT1").base == 11
    report("so-nong-nghiep-va-moi-truong", "2025", CT1_TS=6, CT1_TH=6)
    assert shown(plan, "2025", "CT1").base == 15


def absences(plan, period: str, code: str) -> dict[str, str | None]:
    found = progress(plan.periods.get(code=period))
    place = [i.code for i in found.indicators].index(code)
    return {row.unit: row.figures[place].absence for row in found.rows}


def test_r8_a_unit_whose_number_counts_elsewhere_is_not_called_silent(plan, report):
    report("huyen-ha-lang", "2025-H1", CT2_TS=4302, CT2_TT=3000, CT3=1)
    communes = ["xa-ly-quoc", "xa-quang-long", "xa-ha-lang", "xa-vinh-quy"]
    for slug in communes[:3]:
        report(slug, "2025-H2", CT2_TS=1000, CT2_TT=700)
    said = absences(plan, "2025-H2", "CT2")
    assert (said["Xã Lý Quốc"], said["Xã Vinh Quý"]) == ("Đang tính ở đơn vị cũ", "Chưa có số liệu")
    report(communes[3], "2025-H2", CT2_TS=1300, CT2_TT=900)
    said = absences(plan, "2025-H2", "CT2")
    assert (said["Xã Lý Quốc"], said["Huyện Hạ Lang"]) == (None, "Tính ở đơn vị mới")


def test_r6_half_a_ratio_says_which_half_is_there(plan, report):
    report("huyen-ha-lang", "2024-H1", CT1_TH=5)
    report("huyen-bao-lam", "2024-H1", CT1_TS=9)
    said = absences(plan, "2024-H1", "CT1")
    assert (said["Huyện Hạ Lang"], said["Huyện Bảo Lâm"]) == ("Chưa có mẫu số", "Mới có mẫu số")


def test_r7_the_province_is_not_missing_where_nothing_was_asked_of_it(plan, report):
    report("hoi-lhpn-tinh", "2024-H1", CT1_TS=22, CT1_TH=20)
    assert absences(plan, "2024-H1", "CT2")["Cấp tỉnh, sở ngành"] == "Không giao chỉ tiêu"
    assert absences(plan, "2024-H1", "CT3")["Cấp tỉnh, sở ngành"] == "Chưa có số liệu"


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


def test_r2_a_report_in_which_nothing_applies_is_not_missing(plan, report):
    report("huyen-ha-lang", "2024-H1")
    assert "Hội LHPN huyện Hạ Lang" not in {m.agency for m in progress(plan.periods.get(code="2024-H1")).missing}
    report("huyen-bao-lam", "2024-H1", approve=False)
    found = progress(plan.periods.get(code="2024-H1"))
    assert "Hội LHPN huyện Bảo Lâm" in {m.agency for m in found.missing}
    found = progress(plan.periods.get(code="2024-H1"), provisional=True)
    assert "Hội LHPN huyện Bảo Lâm" not in {m.agency for m in found.missing}


def test_r9_the_last_approval_is_of_figures_that_were_known_by_the_period(plan, report):
    zone = timezone.get_default_timezone()
    report("huyen-ha-lang", "2024-H1", CT3=5, at=dt.datetime(2024, 6, 20, 9, tzinfo=zone))
    report("huyen-ha-lang", "2025-H1", CT3=5, at=dt.datetime(2025, 6, 20, 9, tzinfo=zone))
    found = progress(plan.periods.get(code="2024-H1"))
    assert found.last_approved_at == dt.datetime(2024, 6, 20, 9, tzinfo=zone)


def test_r5_a_year_report_answers_for_its_second_half(plan, report):
    report("huyen-ha-lang", "2023", CT2_TS=100, CT2_TT=50, CT3=5)
    for code in ("2023", "2023-H2"):
        found = progress(plan.periods.get(code=code))
        row = next(r for r in found.rows if r.short_name == "Hạ Lang")
        assert (found.units_with_figures, row.figures[1].carried, row.figures[1].reached) == (1, False, 50)
        assert "Hội LHPN huyện Hạ Lang" not in {m.agency for m in found.missing}
    assert progress(plan.periods.get(code="2023-H1")).units_with_figures == 0


def test_r1_a_correction_that_takes_a_figure_away_takes_it_from_the_provisional_total_too(
    plan, report, reviewer, entries
):
    made = report("huyen-ha-lang", "2024-H1", CT3=50)
    made = workflow.reopen(made, by=reviewer, version=made.version, reason="Không có")
    made = workflow.save(made, entries(CT3=NOT_OURS), by=reviewer, version=made.version)
    workflow.submit(made, by=reviewer, version=made.version)
    assert shown(plan, "2024-H1", "CT3").reached == 50
    assert shown(plan, "2024-H1", "CT3", provisional=True).reached is None


def test_an_allocation_is_counted_from_the_same_day_as_the_provinces_target(plan, own_district):
    indicator = plan.indicators.get(code="CT3")
    later = Target(indicator=indicator, unit=own_district.unit, value=10, counts_from=dt.date(2023, 12, 15),
                   due_on=dt.date(2024, 12, 14))  # fmt: skip
    with pytest.raises(ValidationError, match="Tính từ cùng ngày với mục tiêu của tỉnh: 15/12/2017"):
        later.full_clean()
    later.counts_from = dt.date(2017, 12, 15)
    later.full_clean()


@pytest.mark.parametrize("number", ["\x00", "1/KH", "'"])
def test_an_address_that_names_no_plan_shows_the_newest(number, plan, client, leader):
    client.force_login(leader)
    assert client.get(reverse("progress:dashboard"), {"ke_hoach": number}).context["plan"] == plan
