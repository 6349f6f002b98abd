"""Cao Bằng's own history from 2018 to 2025 in exact numbers: the mergers of 2020, and ten districts into 56 communes.

A district reports as many as it had old communes (or 60 of 100 members for each), so that portions come out whole.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from agencies.models import Agency, UnitSuccession
from targets.models import Measure
from targets.progress.figures import Progress, UnitFigure
from targets.progress.progress import VIEWS, progress
from targets.reports import workflow

from .conftest import NOT_OURS
from .histories import Event, Stage, approve

pytestmark = pytest.mark.django_db

# Old communes that went the main way, and the communes they became.
DISTRICTS = {
    "Thành phố Cao Bằng": ("thanh-pho-cao-bang", 11, 3),
    "Huyện Bảo Lâm": ("huyen-bao-lam", 12, 5),
    "Huyện Bảo Lạc": ("huyen-bao-lac", 17, 8),
    "Huyện Hà Quảng": ("huyen-ha-quang", 21, 7),
    "Huyện Trùng Khánh": ("huyen-trung-khanh", 21, 7),
    "Huyện Hạ Lang": ("huyen-ha-lang", 13, 4),
    "Huyện Quảng Hòa": ("huyen-quang-hoa", 17, 5),
    "Huyện Hòa An": ("huyen-hoa-an", 11, 4),
    "Huyện Nguyên Bình": ("huyen-nguyen-binh", 16, 7),
    "Huyện Thạch An": ("huyen-thach-an", 14, 6),
}
LATE = ("xa-vinh-quy", "xa-coc-pang")  # of Hạ Lang; of Bảo Lạc, with a part of Bảo Lâm
PROVINCE = "Cấp tỉnh, sở ngành"
ON_TIME = dt.datetime(2025, 12, 16, 9, tzinfo=timezone.get_default_timezone())
TOO_LATE = ON_TIME + dt.timedelta(days=30)

Shown = dict[str, tuple[Decimal | None, Decimal | None]]


def read(plan, period: str, **how) -> Progress:
    return progress(plan.periods.get(code=period), **how)


def indicator(found: Progress, code: str):
    return next(one for one in found.indicators if one.code == code)


def figures(found: Progress, code: str) -> dict[str, UnitFigure]:
    """By unit, those that show a number."""
    place = [one.code for one in found.indicators].index(code)
    return {row.unit: row.figures[place] for row in found.rows if row.figures[place].reached is not None}


def counts(found: Progress, code: str) -> dict[str, Decimal]:
    return {unit: figure.reached for unit, figure in figures(found, code).items()}


def ratios(found: Progress, code: str) -> Shown:
    return {unit: (figure.reached, figure.base) for unit, figure in figures(found, code).items()}


def approximate(found: Progress, code: str) -> set[str]:
    return {unit for unit, figure in figures(found, code).items() if figure.approximate}


# 2020: mergers -------------------------------------------------------------------------------------------------------


@pytest.fixture
def year_2019(report):
    """Before the mergers; Thông Nông had members and no new women, Trà Lĩnh new women and no members to tell of."""
    report("huyen-quang-uyen", "2019-H2", CT2_TS=12, CT2_TT=10, CT3=10, CT4=12)
    report("huyen-phuc-hoa", "2019-H2", CT2_TS=13, CT2_TT=11, CT3=11, CT4=13)
    report("huyen-thong-nong", "2019-H2", CT2_TS=40, CT2_TT=20, CT3=21)
    report("huyen-ha-quang", "2019-H2", CT2_TS=60, CT2_TT=30, CT3=42)


def test_r8_two_merged_districts_are_shown_as_their_sum_and_exactly(plan, year_2019):
    """10 + 11 and 12 + 13 give 21 and 25, as flows and as a ratio; Thông Nông is whole inside Hà Quảng."""
    found = read(plan, "2020-H1", by="districts")
    assert counts(found, "CT3") == {"Huyện Quảng Hòa": 21, "Huyện Hà Quảng": 63}
    assert counts(found, "CT4") == {"Huyện Quảng Hòa": 25}
    assert ratios(found, "CT2") == {"Huyện Quảng Hòa": (21, 25), "Huyện Hà Quảng": (50, 100)}
    assert figures(found, "CT2")["Huyện Quảng Hòa"].percent == 84
    assert not found.is_estimated


def test_r8_merged_districts_count_on_as_reported_until_the_new_one_speaks(plan, report, year_2019):
    before = read(plan, "2020-H1")
    report("huyen-quang-hoa", "2020-H1", CT2_TS=26, CT2_TT=22, CT3=1)
    after = read(plan, "2020-H1")
    old = {"Huyện Thông Nông": (20, 40), "Huyện Hà Quảng": (30, 60)}
    assert ratios(before, "CT2") == old | {"Huyện Quảng Uyên": (10, 12), "Huyện Phục Hòa": (11, 13)}
    assert ratios(after, "CT2") == old | {"Huyện Quảng Hòa": (22, 26)}
    assert counts(after, "CT3") == {
        "Huyện Quảng Uyên": 10, "Huyện Phục Hòa": 11, "Huyện Quảng Hòa": 1, "Huyện Thông Nông": 21,
        "Huyện Hà Quảng": 42,
    }  # fmt: skip


def test_r8_a_district_that_grew_replaces_itself_and_what_it_absorbed_at_once(plan, report, year_2019):
    report("huyen-ha-quang", "2020-H1", CT2_TS=101, CT2_TT=66)
    found = read(plan, "2020-H1")
    assert ratios(found, "CT2")["Huyện Hà Quảng"] == (66, 101)
    assert "Huyện Thông Nông" not in ratios(found, "CT2")
    assert (indicator(found, "CT2").reached, indicator(found, "CT2").base) == (87, 126)


def test_r8_tra_linh_is_shown_whole_under_trung_khanh_and_both_it_and_quang_hoa_are_labelled(plan, report, year_2019):
    """Its xã Quốc Toản went to Quảng Hòa, which therefore shows too little, as Trùng Khánh shows too much."""
    report("huyen-tra-linh", "2019-H2", CT2_TS=30, CT2_TT=15, CT3=7)
    found = read(plan, "2020-H1", by="districts")
    assert counts(found, "CT3") == {"Huyện Quảng Hòa": 21, "Huyện Hà Quảng": 63, "Huyện Trùng Khánh": 7}
    assert approximate(found, "CT3") == {"Huyện Trùng Khánh", "Huyện Quảng Hòa"}
    assert approximate(found, "CT2") == {"Huyện Trùng Khánh", "Huyện Quảng Hòa"}


def test_r8_tra_linh_gives_way_to_trung_khanh_alone(plan, report):
    """Only the main succession holds a state: Quảng Hòa's report neither waits for Trà Lĩnh nor replaces it."""
    report("huyen-tra-linh", "2019-H2", CT2_TS=30, CT2_TT=15)
    report("huyen-quang-hoa", "2020-H1", CT2_TS=20, CT2_TT=10)
    assert ratios(read(plan, "2020-H1"), "CT2") == {"Huyện Trà Lĩnh": (15, 30), "Huyện Quảng Hòa": (10, 20)}
    report("huyen-trung-khanh", "2020-H1", CT2_TS=70, CT2_TT=35)
    assert ratios(read(plan, "2020-H1"), "CT2") == {"Huyện Trùng Khánh": (35, 70), "Huyện Quảng Hòa": (10, 20)}


def test_r8_what_a_district_merged_in_2020_did_is_divided_among_communes_of_2025(plan, year_2019):
    """Thông Nông's 21 and Hà Quảng's 42 by the old communes that went to each of the seven."""
    found = read(plan, "2025-H2", by="communes")
    of_ha_quang = {
        "Xã Thông Nông": 9, "Xã Cần Yên": 9, "Xã Thanh Long": 9, "Xã Trường Hà": 12, "Xã Lũng Nặm": 6,
        "Xã Tổng Cọt": 9, "Xã Hà Quảng": 9,
    }  # fmt: skip
    shown = counts(found, "CT3")
    assert {unit: shown[unit] for unit in of_ha_quang} == of_ha_quang
    assert (len(shown), sum(shown.values())) == (12, 84)
    assert approximate(found, "CT3") == set(shown)


# 2025: from districts to communes ------------------------------------------------------------------------------------


@pytest.fixture
def year_2025(plan, reviewer, second_reviewer):
    """Ten districts, then 56 communes, two of them a month late; the province's own 2 women and 20 of 22 officers.

    Entered in bulk, since it is 67 reports for every test that reads them.
    """
    old = {slug: {"CT2_TS": 100 * old, "CT2_TT": 60 * old, "CT3": old} for slug, old, _ in DISTRICTS.values()}
    new = {slug: {"CT2_TS": 50, "CT2_TT": 40, "CT3": 1} for slug in communes()}
    in_june = ON_TIME - dt.timedelta(days=180)
    said = [Event(in_june, f"hoi-lhpn-{slug}", "2025-H1", values) for slug, values in old.items()]
    said += [
        Event(TOO_LATE if slug in LATE else ON_TIME, f"hoi-lhpn-{slug}", "2025-H2", values)
        for slug, values in new.items()
    ]
    said.append(Event(ON_TIME, "hoi-lhpn-tinh", "2025-H2", {"CT1_TS": 22, "CT1_TH": 20, "CT3": 2}))
    stage = Stage(
        plan=plan,
        periods={one.code: one for one in plan.periods.all()},
        agencies=Agency.objects.in_bulk([one.agency for one in said], field_name="code"),
        measures={one.code: one for one in Measure.objects.of_indicators(plan)},
        submitter=reviewer,
        approver=second_reviewer,
    )
    approve(stage, said)


def communes() -> list[str]:
    edges = UnitSuccession.objects.main().filter(on=dt.date(2025, 7, 1))
    return sorted(edges.values_list("successor__slug", flat=True))


def weights(district: str) -> dict[str, int]:
    """How many old communes each new one has of the district."""
    edges = UnitSuccession.objects.main().filter(predecessor__slug=DISTRICTS[district][0], on=dt.date(2025, 7, 1))
    return {edge.successor.full_name: edge.weight for edge in edges.select_related("successor")}


def test_the_reference_data_are_the_districts_and_communes_of_the_resolutions(plan):
    assert {district: (sum(weights(district).values()), len(weights(district))) for district in DISTRICTS} == {
        district: (old, new) for district, (_, old, new) in DISTRICTS.items()
    }
    assert len(communes()) == 56
    straddling = UnitSuccession.objects.filter(on=dt.date(2025, 7, 1), main=False)
    assert straddling.values("successor").distinct().count() == 8


def test_r8_two_late_communes_keep_two_districts_counting(plan, year_2025):
    for view in VIEWS:
        found = read(plan, "2025-H2", by=view, as_of=ON_TIME)
        assert indicator(found, "CT3").reached == 153 + 54 + 2
        ct1, ct2 = indicator(found, "CT1"), indicator(found, "CT2")
        assert (ct1.reached, ct1.base) == (20, 22)
        assert (ct2.reached, ct2.base) == (44 * 40 + 30 * 60, 44 * 50 + 30 * 100)
    reported = ratios(read(plan, "2025-H2", as_of=ON_TIME), "CT2")
    assert {unit for unit in reported if unit in DISTRICTS} == {"Huyện Hạ Lang", "Huyện Bảo Lạc"}
    assert (reported["Huyện Hạ Lang"], reported["Huyện Bảo Lạc"], len(reported)) == ((780, 1300), (1020, 1700), 46)


def test_r8_the_ten_districts_with_two_communes_late(plan, year_2025):
    found = read(plan, "2025-H2", by="districts", as_of=ON_TIME)
    assert (len(found.rows), len(found.ended_rows)) == (11, 0)
    assert counts(found, "CT3") == {
        "Thành phố Cao Bằng": 14, "Huyện Bảo Lâm": 17, "Huyện Bảo Lạc": 24, "Huyện Hà Quảng": 28,
        "Huyện Trùng Khánh": 28, "Huyện Hạ Lang": 16, "Huyện Quảng Hòa": 22, "Huyện Hòa An": 15,
        "Huyện Nguyên Bình": 23, "Huyện Thạch An": 20, PROVINCE: 2,
    }  # fmt: skip
    assert ratios(found, "CT2") == {
        "Thành phố Cao Bằng": (120, 150), "Huyện Bảo Lâm": (200, 250), "Huyện Bảo Lạc": (1020, 1700),
        "Huyện Hà Quảng": (280, 350), "Huyện Trùng Khánh": (280, 350), "Huyện Hạ Lang": (780, 1300),
        "Huyện Quảng Hòa": (200, 250), "Huyện Hòa An": (160, 200), "Huyện Nguyên Bình": (280, 350),
        "Huyện Thạch An": (240, 300),
    }  # fmt: skip
    exact = {"Huyện Bảo Lâm", "Huyện Bảo Lạc", "Huyện Hà Quảng", "Huyện Hạ Lang"}
    assert approximate(found, "CT3") == approximate(found, "CT2") == DISTRICTS.keys() - exact


def test_r8_the_ten_districts_when_all_communes_have_reported(plan, year_2025):
    """Cốc Pàng now counts under Bảo Lạc, with a part that was Bảo Lâm's: both are labelled."""
    found = read(plan, "2025-H2", by="districts")
    assert (len(found.rows), indicator(found, "CT3").reached) == (11, 153 + 56 + 2)
    assert counts(found, "CT3") == {unit: old + new for unit, (_, old, new) in DISTRICTS.items()} | {PROVINCE: 2}
    assert ratios(found, "CT2") == {unit: (40 * new, 50 * new) for unit, (_, _, new) in DISTRICTS.items()}
    exact = {"Huyện Hà Quảng", "Huyện Hạ Lang"}
    assert approximate(found, "CT3") == approximate(found, "CT2") == DISTRICTS.keys() - exact


def test_r8_the_56_communes_with_two_late(plan, year_2025):
    found = read(plan, "2025-H2", by="communes", as_of=ON_TIME)
    assert (len(found.rows), len(found.ended_rows)) == (57, 0)
    divided = {unit: weight for district in DISTRICTS for unit, weight in weights(district).items()}
    new = {unit: 0 if unit in ("Xã Vinh Quý", "Xã Cốc Pàng") else 1 for unit in divided}
    assert counts(found, "CT3") == {unit: divided[unit] + new[unit] for unit in divided} | {PROVINCE: 2}
    assert approximate(found, "CT3") == set(divided)
    held = {
        unit: weight for district in ("Huyện Hạ Lang", "Huyện Bảo Lạc") for unit, weight in weights(district).items()
    }
    assert ratios(found, "CT2") == dict.fromkeys(divided, (40, 50)) | {
        unit: (60 * weight, 100 * weight) for unit, weight in held.items()
    }
    assert approximate(found, "CT2") == set(held)
    carried = {unit for unit, figure in figures(found, "CT2").items() if figure.from_period == "2025-H1"}
    assert carried == set(held)


def test_r8_the_56_communes_when_all_have_reported(plan, year_2025):
    found = read(plan, "2025-H2", by="communes")
    assert len(found.rows) == 57
    ct2 = indicator(found, "CT2")
    assert set(ratios(found, "CT2").values()) == {(40, 50)}
    assert (ct2.reached, ct2.base, ct2.percent) == (2240, 2800, 80)
    assert approximate(found, "CT2") == set()


def test_r3_the_second_half_of_2025_is_what_its_communes_did(plan, year_2025):
    for view in VIEWS:
        found = read(plan, "2025-H2", by=view)
        assert indicator(found, "CT3").in_period == 56 + 2
        place = [one.code for one in found.indicators].index("CT3")
        assert sum(row.figures[place].in_period or 0 for row in found.rows) == 56 + 2


# Numbers that others got wrong ---------------------------------------------------------------------------------------


def test_r3_r5_what_a_year_report_adds_to_its_first_half_is_the_second_half(plan, report):
    report("huyen-ha-lang", "2023-H1", CT3=4)
    report("huyen-ha-lang", "2023", CT3=12)
    found = read(plan, "2023-H2")
    assert figures(found, "CT3")["Huyện Hạ Lang"].in_period == 8
    assert (indicator(found, "CT3").reached, indicator(found, "CT3").in_period) == (12, 8)


def test_r4_a_second_officer_of_the_district_replaces_the_number_of_the_first(
    plan, own_district, reporter, colleague, reviewer, entries
):
    measures = {m.code: NOT_OURS for m in plan.measures.all() if m.required}
    for who, code, members in ((reporter, "2024-H1", 100), (colleague, "2024-H2", 150)):
        made = workflow.start(own_district, plan.periods.get(code=code), by=who)
        said = entries(**measures | {"CT2_TS": members, "CT2_TT": 50})
        made = workflow.save(made, said, by=who, version=made.version)
        made = workflow.submit(made, by=who, version=made.version)
        workflow.approve(made, by=reviewer, version=made.version)
    assert indicator(read(plan, "2024-H2"), "CT2").base == 150


def test_r2_a_reported_zero_stays_zero_in_every_view(plan, report):
    report("huyen-ha-lang", "2024-H1", CT3=0)
    for view in VIEWS:
        found = read(plan, "2024-H1", by=view)
        assert set(counts(found, "CT3").values()) == {0}
        assert (indicator(found, "CT3").reached, indicator(found, "CT4").reached) == (0, None)


@pytest.mark.parametrize(("part", "base", "percent"), [(50, 100, 50), (0, 100, 0), (0, 0, None)])
def test_r6_a_percentage_of_nothing_is_none(plan, report, part, base, percent):
    report("huyen-ha-lang", "2024-H1", CT2_TS=base, CT2_TT=part)
    found = read(plan, "2024-H1")
    shown = indicator(found, "CT2"), figures(found, "CT2")["Huyện Hạ Lang"]
    assert [(one.reached, one.base, one.percent) for one in shown] == [(part, base, percent)] * 2


def test_r11_nothing_clips_far_above_the_target(plan, report):
    report("huyen-ha-lang", "2025-H1", CT3=4718)
    ct3 = indicator(read(plan, "2025-H1"), "CT3")
    assert (ct3.reached, ct3.target, ct3.pace) == (4718, 800, "above")
    assert (ct3.percent_of_target, ct3.short_of_target) == (Decimal("589.75"), 800 - 4718)


def test_r11_one_officer_short_of_the_target_is_not_the_target(plan, report):
    report("huyen-ha-lang", "2025-H1", CT1_TS=1000, CT1_TH=899)
    ct1 = indicator(read(plan, "2025"), "CT1")
    assert (ct1.percent, ct1.target, ct1.short_of_target) == (Decimal("89.9"), 90, 1)
    assert ct1.percent_of_target < 100
    assert ct1.gap == Decimal("-0.1")


def test_r10_a_figure_that_a_correction_took_away_leaves_its_mark_on_the_total(
    plan, report, reviewer, second_reviewer, entries
):
    """The province's number fell from 12 to 5 after approval: whoever reads it must be told that it was corrected."""
    report("huyen-ha-lang", "2024-H1", CT3=5)
    made = report("huyen-bao-lam", "2024-H1", CT3=7)
    made = workflow.reopen(made, by=reviewer, version=made.version, reason="Không có")
    made = workflow.save(made, entries(CT3=NOT_OURS), by=reviewer, version=made.version)
    made = workflow.submit(made, by=reviewer, version=made.version)
    workflow.approve(made, by=second_reviewer, version=made.version)
    ct3 = indicator(read(plan, "2024-H1"), "CT3")
    assert (ct3.reached, ct3.sources.corrected) == (5, True)
