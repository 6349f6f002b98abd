"""The data that benchmarks are measured on is such as the product itself would have written."""

from __future__ import annotations

from collections import defaultdict

import pytest
from django.core.management import call_command

from agencies.models import Agency
from targets.models import ApprovedFigure, Figure, FigureChange, Measure, Plan, Report, ReportEvent
from targets.reports import checks, workflow
from targets.reports.entries import Entry

from . import approvals, options, world

SHAPE = world.Shape(provinces=1, months=3, whole=2)


@pytest.fixture
def built(db) -> Plan:
    """A small one beside what is there; gives the plan that is measured."""
    world.build(SHAPE)
    return world.measured_plan()


def test_every_report_could_be_handed_in(built):
    said = defaultdict(dict)
    for report, code, value in Figure.objects.values_list("report", "measure__code", "value"):
        said[report][code] = Entry(value)
    some = Agency.objects.filter(code__in=["do-tinh-01", "do-tinh-01-xa-01"])
    rulebooks = {agency.level: checks.Rulebook.of(built, agency) for agency in some}
    reports = Report.objects.of_plan(built).select_related("agency")
    assert [checks.problems(rulebooks[r.agency.level], said[r.pk]) for r in reports] == [[]] * 171


def test_the_ledger_holds_what_approved_reports_say_and_what_was_corrected(built):
    figures = Figure.objects.filter(report__status=Report.Status.APPROVED)
    current = ApprovedFigure.objects.current()
    row = ("report", "measure", "value")
    assert set(current.values_list(*row)) == set(figures.values_list(*row))
    assert current.count() == figures.count()
    new = {one[:2]: one[2:] for one in current.values_list("report", "measure", "value", "approved_at")}
    old = list(ApprovedFigure.objects.superseded().values_list("report", "measure", "value", "superseded_at"))
    assert 0.005 < len(old) / len(new) < 0.02
    for report, measure, value, superseded_at in old:
        assert new[report, measure][1] == superseded_at
        assert new[report, measure][0] != value


def test_what_stands_at_a_time_never_falls(built):
    lines = defaultdict(list)
    standing = ApprovedFigure.objects.current().filter(measure__accumulation=Measure.Accumulation.STATE)
    for agency, measure, value in standing.order_by("period__ends_on").values_list("agency", "measure", "value"):
        lines[agency, measure].append(value)
    assert lines
    assert all(values == sorted(values) for values in lines.values())


def test_every_report_went_the_way_that_the_table_of_the_workflow_has(built):
    events = defaultdict(list)
    for event in ReportEvent.objects.order_by("pk"):
        events[event.report_id].append(event)
    for report in Report.objects.all():
        start, *turns = events[report.pk]
        assert (start.verb, report.version, report.status) == ("start", len(turns) + 1, turns[-1].to_status)
        for before, turn in zip([start, *turns], turns, strict=False):
            assert turn.from_status == before.to_status
            assert turn.from_status in workflow.TRANSITIONS[turn.verb].from_statuses
            assert turn.to_status == (workflow.TRANSITIONS[turn.verb].to_status or turn.from_status)
    assert set(FigureChange.objects.values_list("event__verb", flat=True)) == {"save"}


def test_the_totals_of_it_are_right_also_after_one_more_approval(built):
    waiting = approvals.waiting_reports()
    assert len(waiting) == world.WAITING
    call_command("rebuild_totals", plan=built.number)
    call_command("check_totals", plan=built.number)
    approvals.approve(waiting[0], approvals.second_officer())
    call_command("check_totals", plan=built.number)


def test_the_sizes_that_can_be_asked_for_are_those_that_can_be_built():
    assert tuple(world.SHAPES) == options.SIZES
