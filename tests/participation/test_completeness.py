"""Who owes what and how each of it stands: the edges of the days, extensions, agencies that end, the page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from agencies.models import Agency
from targets.models import Duty, Period, Plan, Report
from targets.participation.completeness import Tally
from targets.reports import workflow

pytestmark = pytest.mark.django_db
PAGE = reverse("completeness:grid")  # the period is due on 19/6/2024


@pytest.mark.parametrize(
    ("at", "word", "days"),
    [
        ("2024-06-10 08:00", "Đúng hạn", 0),
        ("2024-06-19 00:00:00", "Đúng hạn", 0),
        ("2024-06-19 23:59:59", "Đúng hạn", 0),
        ("2024-06-20 00:00:01", "Trễ 1 ngày", 1),
        ("2024-06-28 12:00", "Trễ 9 ngày", 9),
    ],
)
def test_the_due_day_itself_is_on_time_and_a_second_past_midnight_in_cao_bang_is_late(
    at, word, days, handed_in, reviewer, cell
):
    report = handed_in(at)
    workflow.approve(report, by=reviewer, version=report.version)
    found = cell("2024-07-22")
    assert (found.word, found.days_late, found.is_on_time) == (word, days, days == 0)


def test_the_first_submission_counts_whatever_came_after(handed_in, reviewer, reporter, cell):
    report = handed_in("2024-06-19 09:00")
    report = workflow.return_(report, by=reviewer, version=report.version, reason="Đối chiếu danh sách")
    assert (cell("2024-07-01").word, cell("2024-07-01").is_on_time) == ("Trả lại", True)
    report = workflow.submit(report, by=reporter, version=report.version)
    workflow.approve(report, by=reviewer, version=report.version)
    assert cell("2024-07-22").word == "Đúng hạn"


@pytest.mark.parametrize(
    ("today", "unbegun", "begun"),
    [
        ("2024-06-19", ("not_begun", "none"), ("draft", "draft")),
        ("2024-06-20", ("overdue", "overdue"), ("draft_overdue", "overdue")),
    ],
)
def test_what_was_not_handed_in_is_overdue_from_the_day_after(today, unbegun, begun, cell, request):
    assert (cell(today).state, cell(today).chip) == unbegun
    request.getfixturevalue("draft")
    assert (cell(today).state, cell(today).chip) == begun


def test_a_report_that_waits_says_for_how_long_and_is_not_overdue(handed_in, cell):
    handed_in("2024-06-18 22:00")
    found = cell("2024-06-25")
    assert (found.state, found.days_waiting, found.days_overdue, found.is_owed) == ("waiting", 7, 0, False)


def test_a_report_opened_for_correction_is_no_debt(handed_in, reviewer, cell):
    report = handed_in("2024-06-18 09:00")
    report = workflow.approve(report, by=reviewer, version=report.version)
    workflow.reopen(report, by=reviewer, version=report.version, reason="Nhầm số")
    found = cell("2024-07-22")
    assert (found.word, found.is_on_time, found.is_owed) == ("Đang đính chính", True, False)


def test_more_time_granted_before_the_report_came_moves_the_due_day(handed_in, more_time, cell, reviewer):
    more_time("2024-06-25", granted="2024-06-18 09:00")
    assert (cell("2024-06-25").state, cell("2024-06-26").days_overdue) == ("not_begun", 1)
    report = handed_in("2024-06-25 23:59")
    workflow.approve(report, by=reviewer, version=report.version)
    assert cell("2024-07-22").word == "Đúng hạn"


def test_more_time_granted_afterwards_makes_no_late_report_punctual(handed_in, more_time, cell):
    report = handed_in("2024-06-22 09:00")
    more_time("2024-06-30", granted="2024-06-23 09:00")
    assert cell("2024-06-24").days_late == 3
    assert report.status == "submitted"


def test_a_returned_report_with_more_time_is_overdue_only_when_that_runs_out(handed_in, more_time, reviewer, cell):
    report = handed_in("2024-06-18 09:00")
    workflow.return_(report, by=reviewer, version=report.version, reason="Đối chiếu")
    more_time("2024-06-30", granted="2024-06-23 09:00")
    assert (cell("2024-06-30").days_overdue, cell("2024-07-02").days_overdue) == (0, 2)


def test_the_last_extension_granted_holds_and_none_shortens_the_period(more_time, cell):
    more_time("2024-07-10", granted="2024-06-10 09:00")
    more_time("2024-06-15", granted="2024-06-11 09:00")
    assert cell("2024-06-12").due_on == dt.date(2024, 6, 19)


@pytest.mark.parametrize(
    ("ended", "expected"),
    [("2024-06-13", False), ("2024-06-14", True), ("2024-06-30", True)],  # the cut-off is on 14/6/2024
)
def test_an_agency_owes_only_if_it_exists_on_the_cut_off_day(ended, expected, own_district, cell):
    own_district.valid_to = dt.date.fromisoformat(ended)
    own_district.save()
    assert cell("2024-07-22").expected is expected
    assert cell("2024-07-22").is_blank is not expected


def test_each_cadence_is_asked_of_its_own_agencies(grid, plan):
    halves, years = grid("2025-01-10", "2024-H2"), grid("2025-01-10", "2024")
    assert {g.name for g in halves.groups} == {"Huyện, thành phố", "Cấp tỉnh"}
    assert {g.name for g in years.groups} == {"Sở, ban, ngành"}
    assert not {r.agency.pk for r in halves.rows} & {r.agency.pk for r in years.rows}
    owing = Duty.objects.of_plan(plan).owing(Period.Kind.YEAR, dt.date(2024, 12, 14))
    assert {r.agency.pk for r in years.rows} == set(owing.values_list("agency", flat=True))


def test_communes_take_over_from_districts_and_those_come_last(grid):
    found = grid("2026-01-10", "2025-H1", "2025-H2")
    assert [(g.name, len(g.rows)) for g in found.groups] == [
        ("Xã, phường", 56), ("Cấp tỉnh", 1), ("Đã kết thúc hoạt động", 10),
    ]  # fmt: skip
    commune, district = found.groups[0].rows[0], found.groups[2].rows[0]
    assert [cell.is_blank for cell in commune.cells] == [True, False]
    assert [cell.is_blank for cell in district.cells] == [False, True]
    assert [len(g.rows) for g in found.groups_now] == [56, 1]


def test_the_strip_counts_what_the_period_came_to(grid, handed_in, other_district, stranger, reviewer, plan):
    approved = handed_in("2024-06-19 09:00")
    workflow.approve(approved, by=reviewer, version=approved.version)
    handed_in("2024-06-21 09:00", agency=other_district, by=stranger)
    handed_in("2023-06-18 09:00", of=plan.periods.get(code="2023-H1"))
    found = grid("2024-06-25", "2023-H2", "2024-H1")
    assert (found.handed_in, found.on_time, found.approved) == (Tally(2, 11), Tally(1, 11), Tally(1, 11))
    assert (found.returned, len(found.overdue), found.overdue[0].days_overdue) == (0, 9, 6)
    assert [(c.agency, c.days_waiting) for c in found.waiting] == [(other_district, 4)]
    assert found.on_time_a_year_before == Tally(1, 11)
    assert [(period.code, tally) for period, tally in found.columns] == [
        ("2023-H2", Tally(0, 11)), ("2024-H1", Tally(1, 11)),
    ]  # fmt: skip
    row = next(r for r in found.rows if r.agency == approved.agency)
    assert (row.on_time, row.on_time_before) == (Tally(1, 2), Tally(0, 1))


def test_before_the_due_day_an_agency_is_neither_on_time_nor_late(grid, handed_in):
    handed_in("2024-06-16 09:00")
    found = grid("2024-06-16", "2024-H1")
    assert {(row.on_time.count, row.on_time.of) for row in found.rows} == {(1, 1), (0, 0)}
    assert found.overdue == []


def test_who_needs_attention_comes_first(grid, handed_in, reviewer, own_district):
    report = handed_in("2024-06-19 09:00")
    workflow.approve(report, by=reviewer, version=report.version)
    districts = grid("2024-07-01", "2024-H1").groups[0].rows
    assert (districts[0].now.state, districts[-1].agency) == ("overdue", own_district)


def test_the_page_links_each_report_and_opens_with_the_last_period_cut_off(as_, leader, handed_in, plan):
    report = handed_in("2024-06-19 09:00")
    page = as_(leader).get(PAGE, {"den": "2024-H1", "tu": "2023-H1"})
    assert [p.code for p in page.context["found"].periods] == ["2023-H1", "2023-H2", "2024-H1"]
    assert f'href="{report.get_absolute_url()}"' in page.content.decode()
    assert 'name="don_vi"' not in page.content.decode()  # leaders read, they do not chase
    alone = as_(leader).get(PAGE)
    assert alone.context["found"].period == plan.periods.get(code="2025-H2")
    assert len(alone.context["found"].periods) == 7


@pytest.mark.parametrize(
    "asked",
    [
        {"ke_hoach": "không có", "chu_ky": "tuan", "tu": "1999", "den": "\x00"},
        {"tu": "2025-H2", "den": "2024-H1"},
        {"chu_ky": "year", "den": "2024-H1"},
    ],
)
def test_an_address_that_makes_no_sense_shows_something_sensible(asked, as_, reviewer):
    found = as_(reviewer).get(PAGE, asked).context["found"]
    assert found.periods[0].ends_on <= found.period.ends_on
    assert {p.kind for p in found.periods} == {asked.get("chu_ky") if asked.get("chu_ky") == "year" else "half"}


def test_a_plan_without_periods_says_so(as_, reviewer):
    Plan.objects.create(
        number="1/KH-UBND", title="Mới", short_title="Mới", starts_on="2026-01-01", ends_on="2026-12-31"
    )
    assert "Chưa có kỳ báo cáo" in as_(reviewer).get(PAGE, {"ke_hoach": "1/KH-UBND"}).content.decode()


def test_the_grid_asks_the_database_as_often_for_sixty_agencies_as_for_one(
    as_, reviewer, plan, handed_in, django_assert_num_queries
):
    client = as_(reviewer)
    everyone = list(Duty.objects.of_plan(plan).values_list("pk", "reports_every"))
    plan.duties.exclude(agency__code="hoi-lhpn-tinh").update(reports_every="")
    assert len(client.get(PAGE).context["found"].rows) == 1
    with django_assert_num_queries(QUERIES):
        client.get(PAGE)
    for pk, cadence in everyone:
        Duty.objects.filter(pk=pk).update(reports_every=cadence)
    handed_in("2025-06-19 09:00", of=plan.periods.get(code="2025-H1"))
    with django_assert_num_queries(QUERIES):
        page = client.get(PAGE)
    assert len(page.context["found"].rows) == 67


QUERIES = 16


def test_what_the_demo_leaves_out_shows_as_overdue(plan, grid):
    """Bảo Lâm handed nothing in for the second half of 2022 (targets/demo/history.py: MISSING)."""
    bao_lam = Agency.objects.get(code="hoi-lhpn-huyen-bao-lam")
    assert not Report.objects.filter(agency=bao_lam).exists()
    row = next(r for r in grid("2023-01-10", "2022-H2").rows if r.agency == bao_lam)
    assert row.now.word == "Chưa nộp"
