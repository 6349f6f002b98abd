"""What the endpoints answer: the same numbers as every page, by value, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.models import Agency
from targets.api import shapes
from targets.models import ApprovedFigure, Indicator, Target
from targets.progress.progress import VIEWS, progress
from targets.reports import workflow
from tests.conftest import FIGURES
from tests.participation.conftest import moment

from .conftest import PLAN

pytestmark = pytest.mark.django_db


def of(rows: list[dict], **wanted) -> dict:
    """The one row that says this."""
    (found,) = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return found


def test_plans_are_listed_with_what_follows_them(ask, plan):
    assert of(ask("/plans").json()["plans"], number=PLAN) == {
        "number": PLAN,
        "title": plan.title,
        "short_title": plan.short_title,
        "decision": plan.decision,
        "signed_on": "2018-03-09",
        "starts_on": plan.starts_on.isoformat(),
        "ends_on": plan.ends_on.isoformat(),
        "calendar": "half",
        "successor": None,
    }


@pytest.mark.parametrize("number", [PLAN, "503%2FKH-UBND"])
def test_indicators_say_what_they_are_counted_from_and_what_was_promised(number, ask, client, token):
    answer = client.get(f"/api/v1/plans/{number}/indicators", headers={"Authorization": f"Bearer {token}"}).json()
    ct2 = of(answer["indicators"], code="CT2")
    assert (ct2["numerator"], ct2["denominator"], ct2["direction"]) == (["CT2_TT"], ["CT2_TS"], "up")
    last = ct2["targets"][-1]
    assert (last["of"], last["value"], last["unit_code"], last["baseline"]) == ("province", 70, None, None)
    part = of(answer["measures"], code="CT3_KN")
    assert (part["part_of"], part["relation"], part["accumulation"]) == ("CT3", "partition", "flow")
    assert {"kind": "womens_union", "level": "district"} in part["counted_by"]
    assert of(answer["measures"], code="CT3")["relation"] is None


def test_a_target_says_whose_it_is(ask, plan, own_district):
    indicator = plan.indicators.get(code="CT3")
    begins, ends = plan.starts_on, plan.ends_on - dt.timedelta(days=1)
    Target.objects.create(indicator=indicator, unit=own_district.unit, counts_from=begins, due_on=ends, value="12.5")
    Target.objects.create(indicator=indicator, agency=own_district, counts_from=begins, due_on=ends, value=7)
    Target.objects.create(indicator=indicator, is_national=True, counts_from=begins, due_on=ends, value=20_000)
    targets = of(ask(f"/plans/{PLAN}/indicators").json()["indicators"], code="CT3")["targets"]
    here = {one["of"]: one["value"] for one in targets if one["due_on"] == ends.isoformat()}
    assert here == {"unit": 12.5, "agency": 7, "country": 20_000}
    unit = of(targets, of="unit")
    assert (unit["unit_code"], unit["unit_id"], unit["agency_code"]) == ("048", "huyen-ha-lang", None)
    assert of(targets, of="agency")["agency_code"] == "hoi-lhpn-huyen-ha-lang"


def test_periods_say_when_they_were_cut_off_and_closed(ask, period, administrator):
    closed = moment("2024-07-01 08:30")
    period.closed_at, period.closed_by = closed, administrator
    period.save()
    assert of(ask(f"/plans/{PLAN}/periods").json()["periods"], code="2024-H1") == {
        "code": "2024-H1",
        "name": period.name,
        "kind": "half",
        "starts_on": "2023-12-15",
        "ends_on": "2024-06-14",
        "due_on": "2024-06-19",
        "closed_at": "2024-07-01T08:30:00+07:00",
    }


@pytest.mark.parametrize("by", VIEWS)
@pytest.mark.parametrize("provisional", [False, True])
def test_progress_is_exactly_what_every_page_reads(by, provisional, ask, report, period):
    report("huyen-ha-lang", "2024-H1", CT1_TS=141, CT1_TH=126, CT3=17)
    report("huyen-bao-lam", "2024-H1", CT3=3, approve=False)
    said = ask("/progress", plan=PLAN, period="2024-H1", by=by, provisional=json.dumps(provisional)).json()
    assert said == json.loads(json.dumps(progress(period, by=by, provisional=provisional).as_json()))
    assert of(said["indicators"], code="CT3")["reached"] == (20 if provisional else 17)


def test_progress_of_an_instant_is_what_was_known_then(ask, report, period):
    signed = moment("2024-07-01 12:00")
    report("huyen-ha-lang", "2024-H1", CT3=17, at=signed - dt.timedelta(hours=1))
    report("huyen-bao-lam", "2024-H1", CT3=3, at=signed + dt.timedelta(hours=1))
    said = ask("/progress", plan=PLAN, period="2024-H1", as_of="2024-07-01T12:00:00+07:00").json()
    assert (said["as_of"], of(said["indicators"], code="CT3")["reached"]) == ("2024-07-01T12:00:00+07:00", 17)
    assert of(ask("/progress", plan=PLAN, period="2024-H1").json()["indicators"], code="CT3")["reached"] == 20


def test_figures_are_the_ledger_with_what_was_corrected(ask, approved, reporter, reviewer, entries):
    first = ApprovedFigure.objects.get(measure__code="CT3")
    report = workflow.reopen(approved, by=reviewer, version=approved.version, reason="Đếm nhầm")
    report = workflow.save(report, entries(**FIGURES | {"CT3": 16}), by=reporter, version=report.version)
    report = workflow.submit(report, by=reporter, version=report.version)
    workflow.approve(report, by=reviewer, version=report.version)
    answer = ask("/figures", plan=PLAN, period="2024-H1").json()
    old, new = (one for one in answer["figures"] if one["measure"] == "CT3")
    assert old == {
        "agency_code": "hoi-lhpn-huyen-ha-lang",
        "agency": "Hội LHPN huyện Hạ Lang",
        "unit_id": "huyen-ha-lang",
        "unit_code": "048",
        "unit": "Huyện Hạ Lang",
        "measure": "CT3",
        "period": "2024-H1",
        "value": 17,
        "approved_at": timezone.localtime(first.approved_at).isoformat(),
        "superseded_at": new["approved_at"],
        "illustrative": False,
    }
    assert (new["value"], new["superseded_at"]) == (16, None)
    total = ApprovedFigure.objects.count()
    assert (answer["page"], answer["pages"], answer["total"], len(answer["figures"])) == (1, 1, total, total)


def test_what_is_said_of_when_it_was_approved_is_an_instant_to_ask_for(ask, approved):
    at = ask("/figures", plan=PLAN).json()["figures"][0]["approved_at"]
    said = ask("/progress", plan=PLAN, period="2024-H1", as_of=at).json()
    assert of(said["indicators"], code="CT3")["reached"] == 17


def test_figures_of_one_period_or_of_all(ask, report):
    report("huyen-ha-lang", "2024-H1", CT3=17)
    report("huyen-ha-lang", "2023-H2", CT3=3)
    one, every = ask("/figures", plan=PLAN, period="2023-H2").json(), ask("/figures", plan=PLAN).json()
    assert [row["value"] for row in one["figures"] if row["measure"] == "CT3"] == [3]
    assert [row["value"] for row in every["figures"] if row["measure"] == "CT3"] == [17, 3]
    assert (one["period"], every["period"]) == ("2023-H2", None)


def test_pages_together_are_every_row_once_and_stay_when_rows_come(ask, report, monkeypatch):
    monkeypatch.setattr(shapes, "PAGE_SIZE", 2)
    report("huyen-ha-lang", "2024-H1", CT3=17, CT4=1, CT5=0)
    first, second = (ask("/figures", plan=PLAN, page=str(page)).json() for page in (1, 2))
    assert [row["measure"] for row in first["figures"] + second["figures"]] == ["CT3", "CT4", "CT5"]
    assert (first["pages"], first["total"], second["page"]) == (2, 3, 2)
    report("huyen-bao-lam", "2023-H2", CT3=3)
    assert ask("/figures", plan=PLAN, page="1").json()["figures"] == first["figures"]


def test_a_figure_of_a_demonstration_says_so(ask, approved):
    approved.is_illustrative = True
    approved.save()
    assert {row["illustrative"] for row in ask("/figures", plan=PLAN).json()["figures"]} == {True}


def test_completeness_says_how_each_agency_stands(ask, submitted, own_district):
    answer = ask("/completeness", plan=PLAN, period="2024-H1").json()
    handed_in_at = timezone.localtime(submitted.first_submitted_at)
    late = (handed_in_at.date() - submitted.period.due_on).days
    assert of(answer["agencies"], agency_code=own_district.code) == {
        "agency_code": own_district.code,
        "agency": own_district.name,
        "unit_id": "huyen-ha-lang",
        "unit_code": "048",
        "unit": "Huyện Hạ Lang",
        "expected": True,
        "state": "waiting",
        "report": "submitted",
        "due_on": "2024-06-19",
        "first_submitted_at": handed_in_at.isoformat(),
        "approved_at": None,
        "days_late": late,
        "days_overdue": 0,
        "days_waiting": 0,
    }
    other = of(answer["agencies"], agency_code="hoi-lhpn-huyen-bao-lam")
    assert (other["state"], other["report"], other["days_overdue"]) == ("overdue", None, late)
    assert (answer["handed_in"], answer["on_time"], answer["approved"], answer["returned"]) == (1, 0, 0, 0)
    assert answer["expected"] == len([one for one in answer["agencies"] if one["expected"]])
    assert [one["unit_code"] for one in answer["agencies"]] == sorted(one["unit_code"] for one in answer["agencies"])


def reached_by_ct3(answer: dict) -> int:
    return of(answer["indicators"], code="CT3")["reached"]


# What is asked for, and where the answer says how many units there are.
@pytest.mark.parametrize(
    ("path", "params", "units"),
    [
        ("/progress", {}, reached_by_ct3),
        ("/progress", {"by": "communes", "provisional": "true"}, reached_by_ct3),
        ("/figures", {}, lambda answer: answer["total"]),
        ("/completeness", {}, lambda answer: answer["approved"]),
    ],
)
def test_forty_units_cost_no_more_queries_than_one(path, params, units, ask, report):
    communes = list(Agency.objects.filter(level="commune", valid_to=None).order_by("code")[:40])
    ask("/plans")  # the token's use is noted
    asked, found = {"plan": PLAN, "period": "2025-H2"} | params, []
    for some in (communes[:1], communes[1:]):
        for commune in some:
            report(commune.code, "2025-H2", CT3=1)
        with CaptureQueriesContext(connection) as made:
            answer = ask(path, **asked).json()
        found.append((units(answer), len(made)))
    assert found == [(1, found[0][1]), (40, found[0][1])]


def test_lists_of_a_plan_cost_the_same_however_long(ask, plan):
    ask("/plans")
    found = []
    for code in ("X1", "X2"):
        with CaptureQueriesContext(connection) as queries:
            ask(f"/plans/{PLAN}/indicators")
        found.append(len(queries))
        more = Indicator.objects.create(plan=plan, code=code, name=code, short_name=code, unit_of_measure="người")
        more.numerator.add(plan.measures.get(code="CT3"))
    assert found[0] == found[1]
