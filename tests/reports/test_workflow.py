"""The life of a report: every turn, right and wrong, and what it leaves behind."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from targets.models import ApprovedFigure, FigureChange, Report, ReportEvent
from targets.reports import together, workflow
from targets.reports.workflow import TRANSITIONS, Entry, NotAllowed, Stale
from tests.conftest import FIGURES

pytestmark = pytest.mark.django_db

Status = Report.Status
VERBS = {
    "save": lambda report, by: workflow.save(report, {}, by=by, version=report.version),
    "submit": lambda report, by: workflow.submit(report, by=by, version=report.version),
    "recall": lambda report, by: recalled(report, by),
    "return": lambda report, by: workflow.return_(report, by=by, version=report.version, reason="Xem lại 3.1"),
    "approve": lambda report, by: workflow.approve(report, by=by, version=report.version),
    "reopen": lambda report, by: workflow.reopen(report, by=by, version=report.version, reason="Sai số"),
}


def recalled(report: Report, by) -> Report:
    held = together.hold([report.pk], by=by)
    together.recall(list(held.reports.values()), by=by, reason="Hoàn tác")
    return held.reports[report.pk]


def current(report: Report) -> dict[str, Decimal]:
    return dict(report.approved_figures.current().values_list("measure__code", "value"))


@pytest.mark.parametrize("verb", list(VERBS))
@pytest.mark.parametrize("status", Status.values)
def test_each_verb_works_from_just_the_statuses_of_the_table(verb, status, in_status, reporter, second_reviewer):
    report = in_status(status)
    by = reporter if verb in ("save", "submit") else second_reviewer
    transition = TRANSITIONS[verb]
    if status in transition.from_statuses:
        assert VERBS[verb](report, by).status == (transition.to_status or status)
    else:
        with pytest.raises(NotAllowed, match="(?i)" + transition.refusal.rstrip(".")):
            VERBS[verb](report, by)
        report.refresh_from_db()
        assert report.status == status


def test_the_table_names_every_verb_that_moves_a_report():
    assert set(TRANSITIONS) == set(ReportEvent.Verb.values) - {"start"}


def test_starting_twice_gives_the_same_report_and_one_event(own_district, period, reporter, colleague):
    first = workflow.start(own_district, period, by=reporter)
    again = workflow.start(own_district, period, by=colleague)
    assert again.pk == first.pk
    assert [(e.verb, e.by) for e in first.events.all()] == [("start", reporter)]


def test_saving_keeps_blank_zero_and_not_applicable_apart(draft, reporter, entries):
    """R2"""
    said = entries(CT3=0, CT4=None, CT5=Entry(not_applicable=True, reason="Không có doanh nghiệp"))
    workflow.save(draft, said, by=reporter, version=draft.version)
    kept = {f.measure.code: (f.value, f.not_applicable) for f in draft.figures.select_related("measure")}
    assert kept["CT3"] == (Decimal(0), False)
    assert kept["CT4"] == (None, False)
    assert kept["CT5"] == (None, True)


def test_saving_writes_down_old_and_new_value_of_what_changed_only(draft, reporter, entries):
    workflow.save(draft, entries(CT3=18, CT4=1), by=reporter, version=draft.version)
    last = draft.events.newest_first()[0]
    assert [(c.measure.code, c.old_value, c.new_value) for c in last.changes.all()] == [
        ("CT3", Decimal(17), Decimal(18))
    ]


def test_saving_nothing_new_leaves_no_event_and_the_version(draft, reporter, entries):
    before = draft.events.count()
    same = workflow.save(draft, entries(**FIGURES), by=reporter, version=draft.version)
    assert (same.version, draft.events.count()) == (draft.version, before)


def test_an_old_version_is_refused_and_nothing_is_lost(draft, reporter, colleague, entries):
    workflow.save(draft, entries(CT3=15), by=colleague, version=draft.version)
    with pytest.raises(Stale):
        workflow.save(draft, entries(CT3=18), by=reporter, version=draft.version)
    assert draft.figures.get(measure__code="CT3").value == 15


def test_texts_are_saved_with_the_figures(draft, reporter):
    saved = workflow.save(draft, {}, by=reporter, version=draft.version, texts={"results": "Mở 4 lớp"})
    saved.refresh_from_db()
    assert saved.results == "Mở 4 lớp"


def test_submitting_is_refused_while_a_required_figure_is_blank(draft, reporter, entries):
    emptied = workflow.save(draft, entries(CT5=None), by=reporter, version=draft.version)
    with pytest.raises(NotAllowed, match="Chưa nhập"):
        workflow.submit(emptied, by=reporter, version=emptied.version)


def test_submitting_counts_the_rounds_and_keeps_the_first_day(draft, reporter, reviewer):
    first_day = timezone.now() - dt.timedelta(days=9)
    report = workflow.submit(draft, by=reporter, version=draft.version, at=first_day)
    report = workflow.return_(report, by=reviewer, version=report.version, reason="Xem lại 3.1")
    assert report.return_comment == "Xem lại 3.1"
    report = workflow.submit(report, by=reporter, version=report.version)
    assert (report.round, report.first_submitted_at, report.return_comment) == (2, first_day, "")


def test_returning_without_a_reason_is_refused(submitted, reviewer):
    with pytest.raises(NotAllowed, match="Ghi lý do"):
        workflow.return_(submitted, by=reviewer, version=submitted.version, reason="  ")


def test_approving_writes_the_ledger_with_exactly_the_figures(approved, reviewer):
    assert current(approved) == {code: Decimal(value) for code, value in FIGURES.items()}
    row = approved.approved_figures.get(measure__code="CT3")
    assert (row.agency, row.unit, row.period) == (approved.agency, approved.agency.unit, approved.period)
    assert (row.approved_by, row.approved_at) == (reviewer, approved.approved_at)


def test_nobody_approves_what_they_handed_in_themselves(draft, reviewer, second_reviewer):
    report = workflow.submit(draft, by=reviewer, version=draft.version)
    with pytest.raises(NotAllowed, match="Bạn đã nộp báo cáo này"):
        workflow.approve(report, by=reviewer, version=report.version)
    assert workflow.approve(report, by=second_reviewer, version=report.version).status == Status.APPROVED


@pytest.mark.parametrize("who", ["reporter", "leader", "administrator"])
def test_only_provincial_officers_decide(who, submitted, request):
    with pytest.raises(NotAllowed, match="Chỉ cán bộ Hội LHPN tỉnh"):
        workflow.approve(submitted, by=request.getfixturevalue(who), version=submitted.version)


@pytest.mark.parametrize("who", ["stranger", "leader"])
def test_others_cannot_write_a_districts_report(who, draft, entries, request):
    with pytest.raises(NotAllowed, match="không nhập được báo cáo"):
        workflow.save(draft, entries(CT3=1), by=request.getfixturevalue(who), version=draft.version)


def test_what_was_approved_counts_on_until_the_correction_is_approved(approved, reporter, reviewer, entries):
    """R10"""
    report = workflow.reopen(approved, by=reviewer, version=approved.version, reason="Trùng 3 người")
    report = workflow.save(report, entries(CT3=14, CT4=None), by=reporter, version=report.version)
    assert current(report)["CT3"] == 17
    with pytest.raises(NotAllowed, match="Chưa nhập"):
        workflow.submit(report, by=reporter, version=report.version)
    report = workflow.save(report, entries(CT4=0), by=reporter, version=report.version)
    report = workflow.submit(report, by=reporter, version=report.version)
    assert current(report)["CT3"] == 17
    report = workflow.approve(report, by=reviewer, version=report.version)
    assert (current(report)["CT3"], current(report)["CT4"]) == (14, 0)
    old = ApprovedFigure.objects.get(report=report, measure__code="CT3", value=17)
    assert (old.superseded_at, old.superseded_by) == (report.approved_at, reviewer)
    unchanged = ApprovedFigure.objects.get(report=report, measure__code="CT2_TS")
    assert unchanged.superseded_at is None


def test_a_closed_period_refuses_changes_and_says_who_can_reopen_it(draft, reporter, administrator, entries):
    period = draft.period
    period.closed_at, period.closed_by = timezone.now(), administrator
    period.save()
    with pytest.raises(
        NotAllowed, match=r"đã khóa từ .*, người khóa: Quản trị. Cán bộ Hội LHPN tỉnh hoặc quản trị có thể mở lại kỳ"
    ):
        workflow.save(draft, entries(CT3=1), by=reporter, version=draft.version)


def test_an_agency_that_no_longer_exists_does_not_report(own_district, plan, reporter):
    with pytest.raises(NotAllowed, match="không hoạt động vào ngày chốt số liệu"):
        workflow.start(own_district, plan.periods.get(code="2025-H2"), by=reporter)


def test_a_failed_verb_leaves_nothing_behind(draft, reporter, entries):
    """All or nothing: a figure the database refuses takes the whole save with it."""
    events = ReportEvent.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        workflow.save(draft, entries(CT3=3, CT4=-1), by=reporter, version=draft.version)
    assert draft.figures.get(measure__code="CT3").value == 17
    assert (ReportEvent.objects.count(), FigureChange.objects.filter(new_value=3).count()) == (events, 0)


def goes_to(transition: workflow.Transition) -> str:
    return " or ".join(filter(None, (transition.to_status, transition.or_back_to))) or "(stays)"


def test_the_documented_table_is_the_table_of_the_code():
    rows = [
        f"| {verb} | {', '.join(s for s in Status.values if s in t.from_statuses)} | {goes_to(t)} |"
        for verb, t in TRANSITIONS.items()
    ]
    page = (settings.BASE_DIR / "docs" / "workflow.md").read_text()
    assert [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| verb")] == rows
