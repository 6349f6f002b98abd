"""A system that has the newest figures is told so without counting; one that has older ones never is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency, Unit
from targets.api import versions
from targets.models import CountingOwner, Target
from targets.reports import workflow
from tests.conftest import FIGURES

from .conftest import PLAN
from .test_door import ENDPOINTS

pytestmark = pytest.mark.django_db


def status_again(ask, path: str, params: dict[str, str], tag: str) -> int:
    return ask(path, headers={"If-None-Match": tag}, **params).status_code


@pytest.mark.parametrize("path", [*ENDPOINTS, "/openapi.json"])
def test_what_has_not_changed_is_not_sent_again(path, ask, approved):
    params = ENDPOINTS.get(path, ({}, ""))[0]
    tag = ask(path, **params)["ETag"]
    again = ask(path, headers={"If-None-Match": tag}, **params)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert set(again["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert status_again(ask, path, params, f'W/{tag}, "other"') == 304
    assert status_again(ask, path, params, '"other"') == 200


def test_a_token_that_may_not_read_learns_nothing_from_a_tag(ask, issued):
    params = {"plan": PLAN, "period": "2024-H1"}
    tag = ask("/progress", **params)["ETag"]
    refused = ask("/progress", using=issued("plans"), headers={"If-None-Match": tag}, **params)
    assert refused.status_code == 403


def test_figures_are_not_read_for_who_has_them(ask, approved):
    params = {"plan": PLAN, "period": "2024-H1"}
    tag = ask("/progress", **params)["ETag"]
    with CaptureQueriesContext(connection) as queries:
        assert status_again(ask, "/progress", params, tag) == 304
    rows = [one["sql"] for one in queries if "targets_approvedfigure" in one["sql"]]
    assert rows == []


@pytest.fixture
def moves(plan, own_district):
    """By name: everything an administrator or a verb may write that figures are counted from."""
    indicator, measure = plan.indicators.get(code="CT3"), plan.measures.get(code="CT3")

    def altered(row, **values):
        type(row).objects.filter(pk=row.pk).update(**values)  # not even a history row tells of it

    return {
        "a target": lambda: altered(Target.objects.filter(indicator=indicator).first(), value=801),
        "an allocation": lambda: Target.objects.create(
            indicator=indicator, unit=own_district.unit, counts_from=plan.starts_on, due_on=plan.ends_on, value=5
        ),
        "a threshold": lambda: altered(plan, pace_on=96),
        "a numerator": lambda: indicator.numerator.add(plan.measures.get(code="CT4")),
        "how it adds up": lambda: altered(measure, accumulation="state"),
        "who counts": lambda: CountingOwner.objects.filter(measure=measure).first().delete(),
        "a cut-off": lambda: altered(plan.periods.get(code="2024-H1"), ends_on=dt.date(2024, 6, 15)),
        "a duty": lambda: altered(plan.duties.reporting().first(), reports_every=""),
        "a unit's name": lambda: altered(Unit.objects.get(slug="huyen-ha-lang"), name="Hạ Lạng"),
        "a life": lambda: altered(Agency.objects.get(pk=own_district.pk), valid_to=dt.date(2024, 1, 1)),
        "a succession": lambda: altered(own_district.unit.succeeded_by.first(), weight=99),
        "a duty taken over": lambda: own_district.took_over_from.create(
            predecessor=Agency.objects.exclude(pk=own_district.pk).first(), on=dt.date(2024, 1, 1)
        ),
    }


@pytest.mark.parametrize(
    "name",
    ["a target", "an allocation", "a threshold", "a numerator", "how it adds up", "who counts", "a cut-off", "a duty",
     "a unit's name", "a life", "a succession", "a duty taken over"],
)  # fmt: skip
def test_whatever_is_changed_behind_the_figures_is_told(name, moves, ask, approved):
    params = {"plan": PLAN, "period": "2024-H1"}
    tag = ask("/progress", **params)["ETag"]
    moves[name]()
    assert status_again(ask, "/progress", params, tag) == 200


def test_approving_and_correcting_are_told_and_drafts_are_not(ask, draft, reporter, reviewer, entries):
    asked = {"plan": PLAN, "period": "2024-H1"}

    def tags() -> tuple[str, str]:
        return ask("/progress", **asked)["ETag"], ask("/progress", **asked, provisional="true")["ETag"]

    seen = [tags()]
    report = workflow.submit(draft, by=reporter, version=draft.version)
    seen.append(tags())
    report = workflow.approve(report, by=reviewer, version=report.version)
    seen.append(tags())
    report = workflow.reopen(report, by=reviewer, version=report.version, reason="Đếm nhầm")
    report = workflow.save(report, entries(**FIGURES | {"CT3": 16}), by=reporter, version=report.version)
    report = workflow.submit(report, by=reporter, version=report.version)
    seen.append(tags())
    workflow.approve(report, by=reviewer, version=report.version)
    seen.append(tags())
    assert len(set(seen)) == 5


def test_a_report_in_which_nothing_applies_is_told_though_it_leaves_no_figure(ask, report):
    params = {"plan": PLAN, "period": "2024-H1"}
    tag = ask("/progress", **params)["ETag"]
    report("huyen-ha-lang", "2024-H1")
    assert status_again(ask, "/progress", params, tag) == 200


def test_what_happens_to_another_plan_moves_nothing_here(plan, approved, report):
    before = versions.data_version(plan)
    other = type(plan).objects.create(number="9/KH", title="x", short_title="x", starts_on=plan.starts_on,
                                      ends_on=plan.ends_on)  # fmt: skip
    other.indicators.create(code="CT1", name="x", short_name="x", unit_of_measure="người")
    assert versions.data_version(plan) == before


def test_a_new_release_is_told(plan, monkeypatch):
    before = versions.data_version(plan)
    monkeypatch.setattr(versions, "release", lambda: "another")
    assert versions.data_version(plan) != before


def test_who_is_late_is_told_the_next_day(ask, monkeypatch, period):
    params = {"plan": PLAN, "period": "2024-H1"}
    tag = ask("/completeness", **params)["ETag"]
    tomorrow = dt.date.today() + dt.timedelta(days=2)  # noqa: DTZ011 - any later day
    monkeypatch.setattr("targets.participation.completeness.timezone.localdate", lambda *_: tomorrow)
    assert status_again(ask, "/completeness", params, tag) == 200
