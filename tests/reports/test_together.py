"""Many reports at once: the same rules and events as one by one, all or none."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.models import Agency
from targets.models import Figure, FigureChange, Report, ReportEvent, bulk
from targets.reports import periods, together, workflow
from targets.reports.entries import Entry
from targets.reports.workflow import NotAllowed
from tests.conftest import FIGURES

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(entries):
    """`said(CT3=17)` -> what `save` takes of one report, by primary key of the measure."""
    return lambda **values: {measure.pk: entry for measure, entry in entries(**values).items()}


def alike(report: Report) -> tuple:
    """All that a reader of a report and its history could tell apart, but for the moments."""
    report = Report.objects.get(pk=report.pk)
    figures = report.figures.values_list("measure__code", "value", "not_applicable", "reason", "note")
    events = report.events.values_list("verb", "by", "from_status", "to_status", "round", "reason")
    changes = FigureChange.objects.filter(event__report=report).order_by("event", "measure__order")
    told = changes.values_list(
        "event__verb", "measure__code", "old_value", "new_value", "old_not_applicable", "new_not_applicable"
    )
    handed_in = report.submitted_by, report.submitted_at == report.first_submitted_at
    return report.status, report.version, report.round, handed_in, list(figures), list(events), list(told)


def test_together_is_the_same_as_one_by_one(own_district, other_district, period, reviewer, entries, said):
    first = FIGURES | {"VON": Decimal("12.5"), "KP_NS": Entry(not_applicable=True, reason="Không giao", note="CV 12")}
    second = {"CT3": Entry(Decimal(18), note="mới"), "KP_NS": 3, "VON": Entry(not_applicable=True, reason="Không giao")}
    alone = workflow.start(own_district, period, by=reviewer)
    for values in (first, second):
        alone = workflow.save(alone, entries(**values), by=reviewer, version=alone.version)
    alone = workflow.submit(alone, by=reviewer, version=alone.version)
    for values in (first, second):
        held = together.start([other_district], period, by=reviewer)
        together.save(held, {pk: said(**values) for pk in held.reports}, by=reviewer)
    (report,) = held.reports.values()
    together.submit([report], by=reviewer)
    assert alike(report) == alike(alone)


def test_starting_takes_what_is_open_and_begins_the_rest(draft, own_district, other_district, period, reviewer):
    held = together.start([other_district, own_district], period, by=reviewer)
    begun = Report.objects.get(agency=other_district)
    assert (set(held.reports), held.begun, held.versions) == (
        {draft.pk, begun.pk},
        {begun.pk},
        {draft.pk: 2, begun.pk: 1},
    )
    assert {pk: len(figures) for pk, figures in held.figures.items()} == {draft.pk: len(FIGURES), begun.pk: 0}
    assert [(event.verb, event.by, event.to_status) for event in begun.events.all()] == [("start", reviewer, "draft")]
    assert together.start([other_district], period, by=reviewer).begun == frozenset()


def test_nobody_begins_or_holds_a_report_of_another_agency(own_district, other_district, period, reporter, stranger):
    for who, agency in ((reporter, other_district), (stranger, own_district)):
        with pytest.raises(NotAllowed, match="không nhập được báo cáo"):
            together.start([agency], period, by=who)
    held = together.start([own_district], period, by=reporter)
    with pytest.raises(NotAllowed, match="không nhập được báo cáo"):
        together.hold(held.reports, by=stranger)


def test_an_agency_that_is_gone_by_the_periods_end_begins_nothing(own_district, period, reviewer):
    own_district.valid_to = period.starts_on
    with pytest.raises(NotAllowed, match="không hoạt động vào ngày chốt số liệu"):
        together.start([own_district], period, by=reviewer)


def test_a_reporter_begins_only_what_is_owed_the_province_more(own_district, period, reporter, reviewer):
    own_district.duties.all().delete()
    with pytest.raises(NotAllowed, match="không phải nộp báo cáo"):
        together.start([own_district], period, by=reporter)
    assert together.start([own_district], period, by=reviewer).begun


def test_a_closed_period_takes_nothing_but_from_who_has_more_time(own_district, other_district, period, reviewer):
    held = together.start([own_district], period, by=reviewer)
    period, later = periods.close(period, by=reviewer), timezone.localdate() + dt.timedelta(days=3)
    periods.extend(other_district, period, until=later, reason="Mưa lũ", by=reviewer)
    for act in (
        lambda: together.start([own_district], period, by=reviewer),
        lambda: together.hold(held.reports, by=reviewer),
    ):
        with pytest.raises(NotAllowed, match=f"{own_district}: kỳ .* đã khóa"):
            act()
    assert together.start([other_district], period, by=reviewer).begun


def test_reports_are_held_in_one_order_whoever_asks(own_district, other_district, period, reviewer):
    one = together.start([own_district, other_district], period, by=reviewer)
    other = together.start([other_district, own_district], period, by=reviewer)
    assert list(one.reports) == list(other.reports) == sorted(one.reports)
    assert list(together.hold(reversed(list(one.reports)), by=reviewer).reports) == sorted(one.reports)


def test_saying_the_same_again_is_no_event(draft, own_district, period, reviewer, said):
    held = together.start([own_district], period, by=reviewer)
    assert together.save(held, {draft.pk: said(**FIGURES)}, by=reviewer) == []
    assert draft.events.count() == 2


def test_a_figure_can_be_taken_out(draft, reviewer, said, plan):
    held = together.hold([draft.pk], by=reviewer)
    taken_out = {plan.measures.get(code=code).pk: None for code in ("CT3", "VON")}  # of VON nothing was said
    together.save(held, {draft.pk: taken_out}, by=reviewer, reason="Nhầm")
    event = draft.events.last()
    assert (event.reason, draft.figures.filter(measure__code="CT3").exists()) == ("Nhầm", False)
    assert list(event.changes.values_list("measure__code", "old_value", "new_value")) == [("CT3", 17, None)]


def test_one_that_is_handed_in_stops_all(draft, other_district, period, reviewer, reporter, said):
    workflow.submit(draft, by=reporter, version=draft.version)
    held = together.start([draft.agency, other_district], period, by=reviewer)
    entries = {pk: said(CT3=99) for pk in held.reports}
    with (
        pytest.raises(NotAllowed, match=r"^Hội LHPN huyện Hạ Lang: báo cáo đã nộp hoặc đã duyệt"),
        transaction.atomic(),
    ):
        together.save(held, entries, by=reviewer)
    assert not Figure.objects.filter(value=99).exists()


def test_a_figure_the_database_refuses_leaves_nothing(draft, reviewer, said):
    events = ReportEvent.objects.count()
    held = together.hold([draft.pk], by=reviewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        together.save(held, {draft.pk: said(CT3=3, VON=-1)}, by=reviewer)
    assert (ReportEvent.objects.count(), draft.figures.get(measure__code="CT3").value) == (events, 17)


def test_handing_in_needs_every_required_figure_of_every_report(draft, other_district, period, reviewer, said):
    held = together.start([draft.agency, other_district], period, by=reviewer)
    with pytest.raises(NotAllowed, match=r"báo cáo của Hội LHPN huyện Bảo Lâm: .*Chưa nhập"):
        together.submit(list(held.reports.values()), by=reviewer)
    assert set(Report.objects.values_list("status", flat=True)) == {"draft"}


def test_only_a_report_that_waits_can_be_recalled(draft, reviewer):
    held = together.hold([draft.pk], by=reviewer)
    with pytest.raises(NotAllowed, match="Hội LHPN huyện Hạ Lang: chỉ rút lại được báo cáo đang chờ duyệt"):
        together.recall(list(held.reports.values()), by=reviewer, reason="Hoàn tác")


def test_what_is_copied_comes_out_as_it_went_in(draft, plan):
    """PostgreSQL's COPY has a grammar of its own: tabs, line ends, backslashes, \\N."""
    texts = ["\\N", "\\.", "a\tb", "a\nb\r\nc", "a\\\"b'", "", "Hạ Lang", "%s %(x)s"]
    measures = list(plan.measures.filter(figures=None)[: len(texts)])
    columns = ("report_id", "measure_id", "value", "not_applicable", "reason", "note", "origin_id")
    rows = [(draft.pk, m.pk, None, False, "", text, None) for m, text in zip(measures, texts, strict=True)]
    bulk.insert(Figure, columns, rows)
    kept = Figure.objects.filter(measure__in=measures).order_by("pk")
    assert [figure.note for figure in kept] == texts
    bulk.update(Figure, ("note", "value"), [(figure.pk, figure.note[::-1], Decimal("1.5")) for figure in kept])
    assert [(figure.note, figure.value) for figure in kept.all()] == [(text[::-1], Decimal("1.5")) for text in texts]


def test_agencies_that_exist_may_all_be_started_at_once(plan, period, reviewer, django_assert_num_queries):
    agencies = list(Agency.objects.in_force_on(period.ends_on))
    for some in (agencies[:2], agencies[2:]):
        with django_assert_num_queries(6):
            together.start(some, period, by=reviewer)
