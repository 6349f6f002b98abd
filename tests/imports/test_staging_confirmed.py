"""Confirming: the stored cells into reports, once, all or none, in as many queries for forty agencies as for two."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from agencies.models import Agency, User
from targets.imports import staging
from targets.imports.stored import Stored
from targets.models import Extension, Figure, FigureChange, ImportBatch, Period, Report, ReportEvent
from targets.reference import load_plan503
from targets.reports import periods, workflow
from targets.reports.entries import Entry
from targets.reports.workflow import NotAllowed
from tests.conftest import FIGURES, make_user

from .staged import communes, confirmed, read, sent

pytestmark = pytest.mark.django_db


def figures(report: Report) -> dict[str, tuple]:
    rows = report.figures.values_list("measure__code", "value", "not_applicable", "reason", "note")
    return {code: said for code, *said in rows}


def nothing_written() -> bool:
    return not (ReportEvent.objects.exists() or Figure.objects.exists() or Report.objects.exists())


def test_figures_enter_drafts_with_their_cells_and_one_event_each(own_district, other_district, period, reviewer):
    said = {own_district: {"CT3": 17, "CT4": None}, other_district: {"CT3": 23, "CT5": 0}}
    batch = confirmed(period, said, reviewer, note=" Biểu tháng 6 ")
    first, second = Report.objects.order_by("agency__pk")
    assert (batch.state, batch.confirmed_by, batch.note) == ("confirmed", reviewer, "Biểu tháng 6")
    assert batch.message == "Đã ghi 2 báo cáo: 2 mới."
    assert {r.agency: (r.status, r.version, figures(r)) for r in (first, second)} == {
        own_district: ("draft", 2, {"CT3": [17, False, "", ""]}),
        other_district: ("draft", 2, {"CT3": [23, False, "", ""], "CT5": [0, False, "", ""]}),
    }
    assert batch.outcome["written"] == [
        {"report": report.pk, "from": 1, "version": 2, "created": True, "submitted": False}
        for report in (first, second)
    ]
    assert list(ReportEvent.objects.values_list("report", "verb", "by")) == [
        (report.pk, verb, reviewer.pk) for report in (first, second) for verb in ("start", "save")
    ]
    cell = batch.cells.get(agency=own_district, measure__code="CT3")
    assert (cell.figure.report.agency, cell.figure.measure.code, cell.figure.origin, cell.before) == (
        own_district,
        "CT3",
        cell,
        None,
    )
    change = FigureChange.objects.get(event__report=Report.objects.get(agency=own_district))
    assert (change.old_value, change.new_value, change.measure.code) == (None, 17, "CT3")


def test_a_figure_that_stood_there_is_kept_on_its_cell(draft, own_district, period, reviewer, reporter, entries):
    told = entries(
        CT4=Entry(not_applicable=True, reason="Không giao", note="CV 12"), CT5=Entry(Decimal("3"), note="cũ")
    )
    workflow.save(draft, told, by=reporter, version=draft.version)
    first = confirmed(period, {own_district: {"CT3": 18}}, reviewer)
    batch = confirmed(period, {own_district: {"CT3": 19, "CT4": 2, "CT5": 3}}, reviewer)
    assert {cell.measure.code: cell.before for cell in batch.cells.filter(figure__isnull=False)} == {
        "CT3": {"value": "18.00", "not_applicable": False, "reason": "", "note": "", "origin": first.cells.get().pk},
        "CT4": {"value": None, "not_applicable": True, "reason": "Không giao", "note": "CV 12", "origin": None},
    }
    draft.refresh_from_db()
    assert batch.message == "Đã ghi 1 báo cáo: 1 thay đổi."
    assert batch.outcome["written"] == [
        {"report": draft.pk, "from": draft.version - 1, "version": draft.version, "created": False, "submitted": False}
    ]


def test_a_note_in_the_file_is_kept_and_an_empty_one_keeps_what_was_noted(
    draft, own_district, period, reviewer, reporter, entries
):
    noted = entries(
        CT3=Entry(Decimal(17), note="cũ"), CT4=Entry(Decimal(1), note="cũ"), CT5=Entry(Decimal(0), note="cũ")
    )
    workflow.save(draft, noted, by=reporter, version=draft.version)
    said = {"CT3": 18, "CT4": Entry(Decimal(1), note="mới"), "CT5": Entry(not_applicable=True, reason="Không giao")}
    confirmed(period, {own_district: said}, reviewer)
    now = figures(draft)
    assert (now["CT3"], now["CT4"], now["CT5"]) == (
        [18, False, "", "cũ"],
        [1, False, "", "mới"],
        [None, True, "Không giao", "cũ"],
    )


def test_not_applicable_without_a_reason_is_refused_at_its_cell(own_district, period, reviewer):
    batch = sent(period, {own_district: {"CT3": 17, "CT4": Entry(not_applicable=True)}}, reviewer)
    with pytest.raises(NotAllowed, match="Ô D4: không áp dụng thì ghi lý do"):
        staging.confirm(batch, by=reviewer)
    assert nothing_written()


@pytest.mark.parametrize("outcome", ["locked", "same", "empty", "skipped", "error"])
def test_only_new_and_changed_cells_are_written(outcome, own_district, period, reviewer):
    batch = sent(period, {own_district: {"CT3": 17}}, reviewer)
    batch.cells.update(outcome=outcome)
    assert staging.confirm(batch, by=reviewer) == []
    batch.refresh_from_db()
    assert (batch.message, batch.outcome["written"], nothing_written()) == (
        "Không có thay đổi, không ghi gì.",
        [],
        True,
    )


def test_handing_in_is_one_more_event_of_each_report(own_district, other_district, period, reviewer):
    batch = confirmed(period, {own_district: FIGURES, other_district: FIGURES}, reviewer, submit=True)
    assert batch.message == "Đã ghi 2 báo cáo: 2 mới, đã nộp."
    for report in Report.objects.all():
        assert (report.status, report.round, report.submitted_by, report.version) == ("submitted", 1, reviewer, 3)
        assert report.first_submitted_at == report.submitted_at
        assert [event.verb for event in report.events.all()] == ["start", "save", "submit"]
    assert [(one["version"], one["submitted"]) for one in batch.outcome["written"]] == [(3, True)] * 2


def test_a_report_that_the_file_changes_nothing_of_is_handed_in_too(own_district, other_district, period, reviewer):
    said = {own_district: FIGURES, other_district: FIGURES}
    confirmed(period, said, reviewer)
    again = confirmed(period, said, reviewer, submit=True)
    assert again.message == "Không có thay đổi. Đã nộp 2 báo cáo."
    assert set(Report.objects.values_list("status", flat=True)) == {"submitted"}
    assert confirmed(period, said, reviewer, submit=True).message == "Không có thay đổi, không ghi gì."


def test_one_report_that_cannot_be_handed_in_stops_the_file(own_district, other_district, period, reviewer):
    """CT5 is required of a district, and was left out."""
    incomplete = {code: value for code, value in FIGURES.items() if code != "CT5"}
    batch = sent(period, {own_district: FIGURES, other_district: incomplete}, reviewer)
    with pytest.raises(NotAllowed, match=r"báo cáo của Hội LHPN huyện Bảo Lâm: .*: Chưa nhập"):
        staging.confirm(batch, by=reviewer, submit=True)
    batch.refresh_from_db()
    assert (batch.state, nothing_written()) == ("staged", True)


def test_of_an_agency_whose_figures_do_not_count_nothing_is_required(period, reviewer):
    """R7"""
    newspaper = Agency.objects.filter(kind="press").in_force_on(period.ends_on).first()
    confirmed(period, {newspaper: {"CT3": 2}}, reviewer, submit=True)
    assert Report.objects.get().status == "submitted"


NOT_ASKED = Entry(not_applicable=True, reason="Không giao")


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (1, 7, "là 7"),
        (None, 5, "là 5"),  # what the file says too, but nobody was shown it
        (1, None, "để trống"),
        (1, NOT_ASKED, "không áp dụng"),
        (None, NOT_ASKED, "không áp dụng"),
        (NOT_ASKED, None, "để trống"),
    ],
)
def test_a_figure_that_moved_since_the_preview_is_named(
    before, now, told, own_district, other_district, period, reviewer, draft, entries
):
    draft = workflow.save(draft, entries(CT4=before), by=reviewer, version=draft.version)
    batch = sent(period, {other_district: {"CT3": 1}, own_district: {"CT3": 18, "CT4": 5}}, reviewer)
    workflow.save(draft, entries(CT4=now), by=reviewer, version=draft.version)
    with pytest.raises(NotAllowed, match=rf"xem trước: Hội LHPN huyện Hạ Lang, ô 4.1 nay {told}\."):
        staging.confirm(batch, by=reviewer)
    assert (Report.objects.count(), draft.figures.get(measure__code="CT3").value) == (1, 17)


def test_a_report_handed_in_since_the_preview_is_named(own_district, other_district, period, reviewer, reporter, draft):
    batch = sent(period, {other_district: {"CT3": 1}, own_district: {"CT3": 18}}, reviewer)
    workflow.submit(draft, by=reporter, version=draft.version)
    with pytest.raises(NotAllowed, match="Hội LHPN huyện Hạ Lang: báo cáo đã nộp hoặc đã duyệt"):
        staging.confirm(batch, by=reviewer)
    assert (Report.objects.count(), draft.figures.get(measure__code="CT3").value) == (1, 17)


def test_a_period_closed_since_the_preview_takes_figures_of_agencies_with_more_time_alone(
    own_district, other_district, period, reviewer, administrator
):
    own, both = (
        {agency: {"CT3": 1} for agency in agencies} for agencies in ([own_district], [own_district, other_district])
    )
    one, two = sent(period, own, reviewer), sent(period, both, reviewer)
    periods.close(period, by=administrator)
    for days in (9, -1):  # the last granted holds, and that of Bảo Lâm is over
        more_time(other_district, period, reviewer, days)
    more_time(own_district, period, reviewer, 0)
    with pytest.raises(NotAllowed, match=r"Hội LHPN huyện Bảo Lâm: kỳ .* đã khóa"):
        staging.confirm(two, by=reviewer)
    assert nothing_written()
    assert [report.agency for report in staging.confirm(one, by=reviewer)] == [own_district]


def more_time(agency: Agency, period: Period, by: User, days: int) -> None:
    until = timezone.localdate() + dt.timedelta(days=days)
    granted = {"reason": "Mưa lũ", "granted_by": by, "granted_at": timezone.now()}
    Extension.objects.create(agency=agency, period=period, until=until, **granted)


def test_a_reporter_writes_for_the_own_agency_alone_and_only_what_is_asked_of_it(
    own_district, other_district, period, year, reporter
):
    with pytest.raises(NotAllowed, match="không nhập được báo cáo của Hội LHPN huyện Bảo Lâm"):
        staging.confirm(sent(period, {own_district: {"CT3": 1}, other_district: {"CT3": 1}}, reporter), by=reporter)
    quarter = Period.objects.create(
        plan=period.plan, code="2024-Q1", name="Quý I/2024", kind="quarter", starts_on=dt.date(2023, 12, 15),
        ends_on=dt.date(2024, 3, 14), due_on=dt.date(2024, 3, 20),
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="không phải nộp báo cáo kỳ Quý I/2024"):
        staging.confirm(sent(quarter, {own_district: {"CT3": 1}}, reporter), by=reporter)
    assert nothing_written()
    assert len(staging.confirm(sent(period, {own_district: {"CT3": 1}}, reporter), by=reporter)) == 1


def test_an_agency_that_ended_before_the_period_did_takes_no_figures(own_district, plan, reviewer):
    batch = sent(plan.periods.get(code="2025-H2"), {own_district: {"CT3": 1}}, reviewer)
    with pytest.raises(NotAllowed, match="không hoạt động vào ngày chốt số liệu"):
        staging.confirm(batch, by=reviewer)


def test_an_error_left_in_the_file_stops_it(own_district, period, reviewer):
    found = read(period, {own_district: {"CT3": 1}})
    found.errors = [staging.Problem("x", "Sai.")]
    with pytest.raises(NotAllowed, match="còn lỗi"):
        staging.confirm(staging.stage(found, b"PK", by=reviewer), by=reviewer)
    assert nothing_written()


@pytest.mark.parametrize("submit", [False, True])
@pytest.mark.parametrize("count", [2, 40])
def test_confirming_takes_as_many_queries_for_forty_agencies_as_for_two(
    submit, count, period, reviewer, django_assert_num_queries
):
    """Half of the reports exist and are changed, half are begun; required figures are those of districts, not asked."""
    agencies = communes(count)
    confirmed(period, dict.fromkeys(agencies[::2], FIGURES), reviewer)
    batch = sent(period, {agency: FIGURES | {"CT3": 99, "CT3_KN": 1} for agency in agencies}, reviewer)
    with django_assert_num_queries(29 if submit else 20):
        staging.confirm(batch, by=reviewer, submit=submit)
    assert Figure.objects.filter(measure__code="CT3", value=99).count() == count


@pytest.mark.parametrize("count", [2, 40])
def test_reading_what_the_reports_say_takes_as_many_queries_for_forty_agencies_as_for_two(
    count, period, reviewer, django_assert_num_queries
):
    agencies = communes(count)
    confirmed(period, dict.fromkeys(agencies, FIGURES), reviewer)
    with django_assert_num_queries(2):
        said = Stored.of(agencies, period).said
    assert {entry.value for entries in said.values() for entry in entries.values()} == set(FIGURES.values())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_of_two_who_confirm_one_file_at_once_one_is_told(a_database_to_empty):
    load_plan503()
    period = Period.objects.get(plan__number="503/KH-UBND", code="2024-H1")
    users = [make_user("hanh", User.Role.REVIEWER), make_user("nga", User.Role.REVIEWER)]
    agencies = communes(20)
    for n in range(20):
        batch = sent(period, {agency: {"CT3": n, "CT4": n} for agency in agencies}, users[0])
        results = at_once(batch, users)
        assert sorted(map(type, results), key=str) == sorted([list, NotAllowed], key=str)
        assert [str(one) for one in results if isinstance(one, NotAllowed)] == ["Tệp này đã nhập."]
        assert set(Figure.objects.values_list("value", flat=True)) == {n}
        assert Figure.objects.count() == 40
    assert ImportBatch.objects.filter(state="confirmed").count() == 20
    assert set(Report.objects.values_list("version", flat=True)) == {1 + 20}


def at_once(batch: ImportBatch, users: list[User]) -> list[list[Report] | NotAllowed]:
    signal = Barrier(len(users))

    def run(user: User) -> list[Report] | NotAllowed:
        close_old_connections()
        try:
            signal.wait(timeout=30)
            return staging.confirm(batch, by=user)
        except NotAllowed as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(users)) as pool:
        return [done.result(timeout=60) for done in [pool.submit(run, user) for user in users]]
