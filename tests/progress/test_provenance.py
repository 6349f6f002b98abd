"""R13: from a number to formula, territories, reports, approvals, and the form or the cell; and back from a file."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from agencies.models import Agency, Unit
from targets.imports import undoing
from targets.models import ApprovedFigure, Figure, ImportBatch, Report
from targets.progress.figures import PROVINCE_ROW
from targets.progress.progress import VIEWS, progress
from targets.progress.provenance import Provenance, Source, Use, counted_from, provenance
from targets.reports import workflow
from tests.conftest import FIGURES
from tests.imports.staged import confirmed, sent

from .histories import INDICATORS, approve, histories, sandbox, staged
from .test_histories import few

pytestmark = pytest.mark.django_db


def added(sources, *, is_base: bool) -> Decimal:
    return sum((one.value for one in sources if one.is_base == is_base), Decimal(0))


def check_adds_up(found: Provenance) -> None:
    """Sources to the territory's number, what each territory brings to the number shown."""
    figure = found.figure
    for one in found.contributions:
        assert added(one.sources, is_base=False) == one.whole
        assert one.whole_base is None or added(one.sources, is_base=True) == one.whole_base
        assert one.is_shared or (one.reached, one.base) == (one.whole, one.whole_base)
    if figure.reached is None:
        assert found.contributions == ()
        return
    assert sum(one.reached for one in found.contributions) == figure.reached
    assert figure.base is None or sum(one.base for one in found.contributions) == figure.base


# Generated histories --------------------------------------------------------------------------------------------------


@few(4)
@given(histories(), st.sampled_from(VIEWS), st.sampled_from(["2020-H1", "2020-H2", "2021-H2", "2022"]), st.data())
def test_sources_add_up_to_every_number_in_every_view(history, by, code, data):
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        period = stage.periods[code]
        shown = progress(period, by=by)
        rows = data.draw(st.lists(st.sampled_from(shown.rows), min_size=1, max_size=2, unique_by=lambda r: r.unit_pk))
        for place, indicator in enumerate(INDICATORS):
            whole = provenance(period, indicator, by=by)
            assert whole.figure == shown.indicators[place]
            check_adds_up(whole)
            for row in rows:
                found = provenance(period, indicator, unit_pk=row.unit_pk, by=by)
                assert (found.figure, found.unit) == (row.figures[place], row.unit)
                check_adds_up(found)


@few(3)
@given(histories(), st.data())
def test_r9_r10_sources_of_an_instant_tell_what_was_approved_before_it(history, data):
    with sandbox():
        stage = staged(history)
        approve(stage, history.events)
        for event in history.corrections[:3]:
            found = provenance(stage.periods["2022"], "COUNT", as_of=event.at)
            check_adds_up(found)
            for source in found.sources:
                assert source.approved_at <= event.at
                assert all(one.superseded_at <= source.approved_at for one in source.earlier)
            assert {s.report_pk for s in found.sources if s.corrected} == {
                row.report for row in found.figure.sources.rows if row.corrected
            }


# By example -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def hand_in(reviewer, second_reviewer):
    """`hand_in(report)`: handed in and approved."""

    def do(report: Report, at: dt.datetime | None = None) -> Report:
        report = Report.objects.get(pk=report.pk)
        report = workflow.submit(report, by=reviewer, version=report.version, at=at)
        return workflow.approve(report, by=second_reviewer, version=report.version, at=at)

    return do


@pytest.fixture
def write(reviewer, entries):
    """`write(report, CT3=3)`: typed on the form."""

    def do(report: Report, **values) -> Report:
        report = Report.objects.get(pk=report.pk)
        return workflow.save(report, entries(**values), by=reviewer, version=report.version)

    return do


@pytest.fixture
def reopen(reviewer):
    def do(report: Report, reason: str = "Trùng 3 người") -> Report:
        report = Report.objects.get(pk=report.pk)
        return workflow.reopen(report, by=reviewer, version=report.version, reason=reason)

    return do


@pytest.fixture
def imported(own_district, period, reviewer, hand_in):
    """Hạ Lang's report of 2024-H1 as a file brought it, approved."""
    batch = confirmed(period, {own_district: FIGURES}, reviewer)
    return batch, hand_in(Report.objects.get(agency=own_district, period=period))


def only_source(period, code: str, **how) -> Source:
    (source,) = provenance(period, code, **how).sources
    return source


def test_the_formula_is_told_in_words(plan, period):
    ratio = "1.2 Số cán bộ đã được tập huấn ÷ 1.1 Tổng số cán bộ thuộc diện tập huấn × 100\u00a0%"
    assert provenance(period, "CT1").formula == ratio
    assert provenance(period, "CT3").formula.endswith("(người, lũy kế)")


def test_a_source_tells_who_said_it_and_who_approved_it(period, report, second_reviewer):
    at = dt.datetime(2024, 6, 18, 9, tzinfo=timezone.get_default_timezone())
    made = report("huyen-ha-lang", "2024-H1", CT3=17, at=at)
    source = only_source(period, "CT3")
    assert (source.report_pk, source.agency, source.value) == (made.pk, "Hội LHPN huyện Hạ Lang", 17)
    assert (source.period, source.period_name) == ("2024-H1", "6 tháng đầu năm 2024")
    assert (source.approved_at, source.approved_by, source.submitted_by) == (at, "Bế Thị Nga", "Nông Thị Hạnh")
    assert (source.corrected, source.first_value, source.moved_on) == (False, None, False)
    assert (source.origin, source.is_origin_known) == (None, True)


def test_a_ratio_names_what_is_above_and_what_is_below_the_line(period, report):
    report("huyen-ha-lang", "2023-H2", CT1_TS=141, CT1_TH=126)
    (one,) = provenance(period, "CT1").contributions
    assert (one.unit, one.reached, one.base, one.share, one.exact) == ("Huyện Hạ Lang", 126, 141, 1, True)
    assert [(s.measure_code, s.is_base, s.value) for s in one.sources] == [
        ("CT1_TH", False, 126),
        ("CT1_TS", True, 141),
    ]


def test_the_provinces_own_bodies_are_one_contribution(period, report):
    report("hoi-lhpn-tinh", "2024-H1", CT3=2)
    (one,) = provenance(period, "CT3").contributions
    assert one.unit == PROVINCE_ROW


def test_r8_a_divided_territory_says_what_share_of_it_is_estimated_here(plan, report):
    report("huyen-ha-lang", "2025-H1", CT3=17)
    commune = Unit.objects.get(slug="xa-vinh-quy")
    found = provenance(plan.periods.get(code="2025-H2"), "CT3", unit_pk=commune.pk, by="communes")
    (one,) = found.contributions
    assert (one.unit, one.share, one.exact, one.reached, one.whole) == ("Huyện Hạ Lang", Fraction(4, 13), False, 5, 17)
    assert [source.value for source in one.sources] == [17]


def test_r10_a_correction_shows_what_had_counted_and_why_it_was_changed(period, report, reopen, write, hand_in):
    made = report("huyen-ha-lang", "2024-H1", CT3=17)
    reopen(made)
    write(made, CT3=14)
    hand_in(made)
    source = only_source(period, "CT3")
    (earlier,) = source.earlier
    assert (source.value, source.corrected, source.first_value) == (14, True, 17)
    assert (earlier.value, earlier.reason, earlier.superseded_by) == (17, "Trùng 3 người", "Bế Thị Nga")
    assert earlier.superseded_at == source.approved_at


def test_r10_every_correction_has_its_own_reason(period, report, reopen, write, hand_in):
    made = report("huyen-ha-lang", "2024-H1", CT3=17)
    for value, reason in ((14, "Trùng 3 người"), (15, "Bỏ sót 1 người")):
        reopen(made, reason)
        write(made, CT3=value)
        hand_in(made)
    source = only_source(period, "CT3")
    assert [(one.value, one.reason) for one in source.earlier] == [(17, "Trùng 3 người"), (14, "Bỏ sót 1 người")]
    assert (source.value, source.first_value) == (15, 17)


def test_r1_what_is_only_handed_in_has_no_approval_yet(period, report):
    report("huyen-ha-lang", "2024-H1", CT3=5, approve=False)
    source = only_source(period, "CT3", provisional=True)
    assert (source.value, source.approved_at, source.approved_by, source.submitted_by) == (5, None, "", "Nông Thị Hạnh")


def test_an_imported_number_names_file_sheet_and_cell(imported, period):
    batch, _ = imported
    origin = only_source(period, "CT3").origin
    cell = batch.cells.get(measure__code="CT3")
    assert (origin.batch_pk, origin.cell_pk, origin.file, origin.sheet) == (batch.pk, cell.pk, "a.xlsx", "Biểu 1")
    assert (origin.cell, origin.raw, origin.typed) == ("G4", "17", "")
    assert (origin.sent_by, origin.sent_at) == ("Nông Thị Hạnh", batch.sent_at)


def test_a_draft_that_moved_on_leaves_the_approved_number_with_its_cell(imported, period, reopen, write):
    batch, report = imported
    reopen(report)
    write(report, CT3=15)
    source = only_source(period, "CT3")
    assert (source.value, source.moved_on, source.draft) == (17, True, 15)
    assert (source.origin.batch_pk, source.origin.raw) == (batch.pk, "17")


def test_a_second_file_does_not_pass_for_the_origin_of_what_was_approved_before_it(
    imported, period, own_district, reviewer, reopen
):
    first, report = imported
    reopen(report)
    confirmed(period, {own_district: {"CT3": 15}}, reviewer)
    assert only_source(period, "CT3").origin.batch_pk == first.pk


def test_a_number_typed_over_a_file_came_from_the_form_even_when_a_file_says_it_again(
    period, own_district, reviewer, write, reopen, hand_in
):
    confirmed(period, {own_district: FIGURES}, reviewer)
    report = Report.objects.get(agency=own_district, period=period)
    write(report, CT3=20)
    hand_in(report)
    reopen(report)
    write(report, CT3=18)
    again = confirmed(period, {own_district: {"CT3": 20}}, reviewer)
    source = only_source(period, "CT3")
    assert (source.value, source.origin, source.is_origin_known, source.moved_on) == (20, None, True, False)
    assert Figure.objects.get(report=report, measure__code="CT3").origin.batch == again


def test_a_note_added_on_the_form_leaves_the_number_with_its_cell(
    period, own_district, reviewer, entries, hand_in, reopen, write
):
    batch = confirmed(period, {own_district: FIGURES}, reviewer)
    report = Report.objects.get(agency=own_district, period=period)
    cell = batch.cells.get(measure__code="CT3")
    noted = entries(CT3=workflow.Entry(Decimal(17), note="Đã đối chiếu", origin=cell.pk))
    hand_in(workflow.save(report, noted, by=reviewer, version=report.version))
    reopen(report)
    write(report, CT3=15)
    assert only_source(period, "CT3").origin.cell_pk == cell.pk


def test_a_file_taken_back_gives_the_number_back_to_what_had_written_it(
    period, own_district, reviewer, reopen, hand_in, write
):
    first = confirmed(period, {own_district: FIGURES}, reviewer)
    second = confirmed(period, {own_district: {"CT3": 30}}, reviewer)
    undoing.undo(second, by=reviewer)
    report = Report.objects.get(agency=own_district, period=period)
    hand_in(report)
    reopen(report)
    write(report, CT3=1)
    assert only_source(period, "CT3").origin.batch_pk == first.pk


def test_without_a_record_of_who_wrote_a_number_nothing_is_claimed(period, own_district, reviewer, second_reviewer):
    """As with figures loaded from elsewhere: no event, and by now the report says otherwise."""
    now = timezone.now()
    report = Report.objects.create(agency=own_district, period=period, created_at=now, created_by=reviewer)
    ApprovedFigure.objects.create(
        report=report, agency=own_district, unit=own_district.unit, measure=period.plan.measures.get(code="CT3"),
        period=period, value=9, approved_at=now, approved_by=second_reviewer,
    )  # fmt: skip
    source = only_source(period, "CT3")
    assert (source.value, source.origin, source.is_origin_known) == (9, None, False)


def test_what_is_not_there_is_an_error(period, own_district):
    for asked in ({"code": "CT9"}, {"code": "CT3", "unit_pk": 0}):
        with pytest.raises(LookupError):
            provenance(period, **asked)


def approved_by(count: int, period, reviewer, second_reviewer) -> None:
    now = timezone.now()
    unions = Agency.objects.in_force_on(period.ends_on).filter(level="commune", kind="womens_union")
    reports = Report.objects.bulk_create(
        Report(agency=agency, period=period, created_at=now, created_by=reviewer) for agency in unions[:count]
    )
    ApprovedFigure.objects.bulk_create(
        ApprovedFigure(
            report=one, agency=one.agency, unit_id=one.agency.unit_id, measure=measure, period=period, value=9,
            approved_at=now, approved_by=second_reviewer,
        )
        for one in reports
        for measure in period.plan.measures.filter(code__in=["CT1_TS", "CT1_TH", "CT3"])
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, 40])
def test_it_takes_as_many_queries_for_forty_territories_as_for_one(
    count, plan, reviewer, second_reviewer, django_assert_num_queries
):
    period = plan.periods.get(code="2025-H2")
    approved_by(count, period, reviewer, second_reviewer)
    with django_assert_num_queries(30):
        found = provenance(period, "CT1")
    assert (len(found.contributions), len(found.sources)) == (count, 2 * count)


# Back from a file -----------------------------------------------------------------------------------------------------


def uses(batch: ImportBatch) -> dict[str, Use]:
    batch.refresh_from_db()
    return {use.measure_code: use for use in counted_from(batch)}


def test_a_file_knows_in_which_indicators_its_numbers_count(imported):
    batch, report = imported
    found = uses(batch)
    assert set(found) == set(FIGURES)
    use = found["CT3"]
    assert (use.state, use.indicators, use.is_counted) == ("Đã duyệt, đang tính", ("CT3",), True)
    assert (use.sheet, use.cell, use.report_pk, use.period, use.value) == ("Biểu 1", "G4", report.pk, "2024-H1", 17)
    assert found["CT1_TS"].indicators == ("CT1",)
    assert use.successor is None


def test_a_number_that_was_corrected_says_by_what_and_why(imported, reopen, write, hand_in):
    batch, report = imported
    reopen(report)
    write(report, CT3=14)
    assert uses(batch)["CT3"].state == "Đã duyệt, đang tính"
    hand_in(report)
    use = uses(batch)["CT3"]
    assert (use.state, use.indicators) == ("Đã đính chính", ())
    assert (use.successor.value, use.successor.by, use.successor.reason) == (14, "Bế Thị Nga", "Trùng 3 người")


def test_a_number_in_hand_says_how_far_it_got(period, own_district, reviewer):
    batch = confirmed(period, {own_district: FIGURES}, reviewer)
    report = Report.objects.get(agency=own_district, period=period)
    assert uses(batch)["CT3"].state == "Còn trong bản nháp"
    workflow.submit(report, by=reviewer, version=report.version)
    assert uses(batch)["CT3"].state == "Chờ duyệt"


def test_a_number_typed_over_before_approval_says_by_whom(period, own_district, reviewer, write, hand_in):
    batch = confirmed(period, {own_district: FIGURES}, reviewer)
    report = Report.objects.get(agency=own_district, period=period)
    write(report, CT3=18)
    hand_in(report)
    use = uses(batch)["CT3"]
    assert (use.state, use.successor.value, use.successor.by) == ("Đã sửa trước khi duyệt", 18, "Nông Thị Hạnh")


def test_a_file_taken_back_counts_nowhere(period, own_district, reviewer):
    batch = confirmed(period, {own_district: FIGURES}, reviewer)
    undoing.undo(batch, by=reviewer)
    use = uses(batch)["CT3"]
    assert (use.state, use.successor.reason) == ("Đã hoàn tác", "Hoàn tác nhập tệp a.xlsx")


def test_a_file_that_waits_wrote_nothing(period, own_district, reviewer):
    assert counted_from(sent(period, {own_district: FIGURES}, reviewer)) == []


def test_r7_r5_r6_what_is_approved_and_not_in_the_total_says_why(plan, reviewer, hand_in, report, own_district):
    year, half = plan.periods.get(code="2023"), plan.periods.get(code="2023-H2")
    department = Agency.objects.get(code="so-cong-thuong")
    beside = confirmed(year, {department: {"CT1_TS": 5, "CT1_TH": 4, "CT2_TS": 0, "CT2_TT": 0, "CT3": 30}}, reviewer)
    beside_report = Report.objects.get(agency=department, period=year)
    hand_in(beside_report)
    assert uses(beside)["CT3"].state == "Đã duyệt, để tham khảo"
    assert uses(beside)["CT1_TH"].state == "Đã duyệt, đang tính"
    halves = confirmed(half, {own_district: FIGURES | {"CT3": 4}}, reviewer)
    hand_in(Report.objects.get(agency=own_district, period=half))
    assert (uses(halves)["CT3"].state, uses(halves)["CT3"].replaced_by) == ("Đã duyệt, đang tính", "")
    report("huyen-ha-lang", "2023", CT3=12)
    assert (uses(halves)["CT3"].state, uses(halves)["CT3"].replaced_by) == ("Đã duyệt, báo cáo năm thay", "Năm 2023")
    assert uses(halves)["CT2_TS"].state == "Đã duyệt, đang tính"


def test_looking_back_takes_as_many_queries_for_many_figures_as_for_one(
    period, own_district, other_district, reviewer, django_assert_num_queries
):
    one = confirmed(period, {own_district: {"CT3": 1}}, reviewer)
    with django_assert_num_queries(27):
        counted_from(one)
    many = confirmed(period, {own_district: FIGURES, other_district: FIGURES}, reviewer)
    with django_assert_num_queries(27):
        assert len(counted_from(many)) == 14
