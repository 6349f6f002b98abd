"""Markup that somebody types, or puts into a workbook, is shown as text on every page that shows it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agencies.models import Agency, Unit, User
from targets.imports import sending
from targets.models import LearnedHeading, Plan, Report
from targets.reports import comments, workflow
from targets.reports.workflow import Entry
from tests.conftest import FIGURES
from tests.imports import books

from .conftest import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
# Out of an attribute, out of a script or a JSON block, a handler, and a link that runs.
EVIL = "\"'></script><img class=evil src=x onerror=alert(1)><svg onload=alert(1)>{{7*7}}"
SHORT = "\"'><img class=evil src=x onerror=alert(1)>"  # for names


@pytest.fixture
def poisoned(stage) -> dict[str, object]:
    """EVIL in every text that people or their files can put in."""
    plan, agency = Plan.objects.get(number="503/KH-UBND"), Agency.objects.get(code="hoi-lhpn-huyen-ha-lang")
    User.objects.create_user("quan", PASSWORD, full_name=f"Hoàng {SHORT}", role=User.Role.ADMIN)
    Agency.objects.filter(pk=agency.pk).update(name=f"Hội {SHORT}", short_name=f"Ha {SHORT}")
    Unit.objects.filter(pk=agency.unit_id).update(name=f"Lang {SHORT}")
    Plan.objects.filter(pk=plan.pk).update(short_title=SHORT, decision=EVIL)
    plan.indicators.filter(code="CT3").update(short_name=SHORT, name=EVIL)
    plan.measures.filter(code="CT3").update(short_name=SHORT, name=EVIL, help_text=EVIL)
    measures = {m.code: m for m in plan.measures.all()}
    agency.refresh_from_db()
    report = workflow.start(agency, plan.periods.get(code="2024-H1"), by=stage["thanh"])
    entries = {measures[code]: Entry(value, note=EVIL) for code, value in FIGURES.items()}
    texts = dict.fromkeys(Report.NARRATIVE, EVIL)
    report = workflow.save(report, entries, by=stage["thanh"], version=report.version, texts=texts)
    report = workflow.submit(report, by=stage["thanh"], version=report.version)
    comments.add(report, measures["CT3"], EVIL, by=stage["hanh"])
    report = workflow.return_(report, by=stage["hanh"], version=report.version, reason=EVIL)
    report = workflow.submit(report, by=stage["thanh"], version=report.version)
    report = workflow.approve(report, by=stage["hanh"], version=report.version, note=EVIL)
    content = books.plain([(EVIL, EVIL, 1), ("Huyện Hòa An", EVIL, 132, 9388, 5708, 23, 2, 8)], title=EVIL,
                          headings=[*books.HEADINGS[:6], EVIL])  # fmt: skip
    batch = sending.receive(content, f"{EVIL}.xlsx", plan=plan, period=None, by=stage["hanh"])
    LearnedHeading.objects.create(
        plan=plan, agency=agency, key=SHORT, heading=SHORT, measure=measures["CT3"], learned_by=stage["hanh"]
    )
    return {"report": report, "batch": batch, "agency": agency}


def test_it_is_text_wherever_it_is_shown(page, sign_in, poisoned):
    report, batch, agency = poisoned["report"], poisoned["batch"], poisoned["agency"]
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    told = set()
    sign_in("quan")
    page.goto("/")
    for address in (
        "/tong-quan/?ky=2024-H1", "/chi-tieu/?ky=2024-H1", "/chi-tieu/CT3/?ky=2024-H1",
        f"/don-vi/{agency.unit_id}/?ky=2024-H1", "/tong-quan/nguon/?ky=2024-H1&chi_tieu=CT3",
        "/tong-quan/thay-doi/?ky=2024-H1&tu=2020-01-01", "/tong-quan/cach-tinh/",
        reverse("reports:detail", args=[report.pk]), reverse("reports:all"), "/tinh-hinh-nop/?den=2024-H1",
        reverse("agencies:every") + "?cap=moi-cap", reverse("agencies:detail", args=[agency.pk]),
        reverse("imports:history"), reverse("imports:preview", args=[batch.pk]),
        "/quan-tri/", "/quan-tri/targets/plan/", "/quan-tri/agencies/agency/", "/quan-tri/targets/learnedheading/",
        f"/quan-tri/agencies/agency/{agency.pk}/change/", f"/quan-tri/agencies/agency/{agency.pk}/history/",
    ):  # fmt: skip
        assert (address, page.goto(address).status) == (address, 200)
        made = page.locator("img.evil, svg[onload], [onerror]").count()
        assert (address, made, dialogs) == (address, 0, [])
        if "<img class=evil" in page.locator("body").inner_text():
            told.add(address)
    assert len(told) >= 15  # it was there to be run


def test_the_form_and_the_queue_show_it_as_text_too(page, sign_in, poisoned, stage):
    report = poisoned["report"]
    report = workflow.reopen(report, by=stage["hanh"], version=report.version, reason=EVIL)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for who, address in (
        ("thanh", reverse("reports:edit", args=[report.pk])),
        ("thanh", reverse("reports:submit", args=[report.pk])),
        ("thanh", reverse("mine")),
        ("hanh", reverse("reports:queue")),
        ("hanh", reverse("imports:columns", args=[poisoned["batch"].pk])),
    ):
        sign_in(who)
        assert (address, page.goto(address).status) == (address, 200)
        made = page.locator("img.evil, svg[onload], [onerror]").count()
        assert (address, made, dialogs) == (address, 0, [])
