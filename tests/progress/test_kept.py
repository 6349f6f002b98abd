"""Pages of figures are made once for each state of the data, and not sent again to a browser that has them."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from targets.models import Target
from targets.progress.kept import KeptPage
from targets.reports import periods, workflow
from tests.conftest import FIGURES
from tests.imports.staged import confirmed

pytestmark = pytest.mark.django_db

PAGES = [
    ("progress:dashboard", []),
    ("progress:indicators", []),
    ("progress:indicator", ["CT3"]),
    ("progress:unit", [1]),
]
OF_FIGURES = ("targets_approvedfigure", "targets_figure", "targets_report")


@pytest.fixture(params=PAGES, ids=lambda page: page[0])
def address(request, own_district):
    name, arguments = request.param
    return reverse(name, args=[own_district.unit_id] if arguments == [1] else arguments) + "?ky=2024-H1"


def tables(queries: CaptureQueriesContext) -> set[str]:
    """Those of figures that were asked, but for the shell's own two questions: what waits, what is illustrative."""
    asked = (q["sql"] for q in queries if "is_illustrative" not in q["sql"] and "COUNT(*)" not in q["sql"])
    return {table for sql in asked for table in re.findall(r'FROM "(\w+)"', sql) if table in OF_FIGURES}


def test_a_page_is_made_once_for_all_who_read_it(client, address, report, leader, second_reviewer):
    report("huyen-ha-lang", "2024-H1", CT3=17)
    client.force_login(leader)
    first = client.get(address).content.decode()
    client.force_login(second_reviewer)
    with CaptureQueriesContext(connection) as queries:
        again = client.get(address).content.decode()
    assert tables(queries) <= {"targets_report"}  # which plan to open with, and which reports may be opened
    name = second_reviewer.full_name
    assert ("17" in first, name in again, name in first) == (True, True, False)


def test_of_a_page_made_for_another_a_reporter_gets_the_links_to_own_reports_only(
    client, report, leader, reporter, stranger
):
    made = [report(code, "2024-H1", CT3=17) for code in ("huyen-ha-lang", "huyen-bao-lam")]
    links = [f'href="{reverse("reports:detail", args=[one.pk])}"' for one in made]
    led_to = {}
    for person in (leader, reporter, stranger, leader):
        client.force_login(person)
        page = client.get(reverse("progress:indicator", args=["CT3"]), {"ky": "2024-H1"}).content.decode()
        led_to[person.username] = [link in page for link in links]
        assert ("data-opens" in page, all(one.agency.name in page for one in made)) == (False, True)
    assert [led_to[one.username] for one in (leader, reporter, stranger)] == [[True] * 2, [True, False], [False, True]]


def test_of_a_unit_s_page_made_for_another_each_gets_the_links_within_reach(
    client, report, own_district, leader, reporter, stranger
):
    made = report("huyen-ha-lang", "2024-H1", CT3=17)
    links = [
        f'href="{reverse("reports:detail", args=[made.pk])}"',
        f'"{reverse("agencies:detail", args=[own_district.pk])}"',
    ]
    for person, sees in ((leader, True), (reporter, True), (stranger, False), (leader, True), (reporter, True)):
        client.force_login(person)
        page = client.get(reverse("progress:unit", args=[own_district.unit_id]), {"ky": "2024-H1"}).content.decode()
        assert [link in page for link in links] == [sees, sees], person


@pytest.mark.parametrize(("name", "arguments"), [("progress:dashboard", []), ("progress:figure", [])])
def test_of_a_page_made_for_another_each_gets_the_links_to_files_within_reach(
    name, arguments, client, own_district, period, reporter, reviewer, second_reviewer, leader, stranger
):
    batch = confirmed(period, {own_district: FIGURES}, reviewer, submit=True)
    link = f'href="{reverse("imports:preview", args=[batch.pk])}"'
    for person, sees in (
        (leader, False),
        (reviewer, True),
        (stranger, False),
        (reporter, False),
        (second_reviewer, True),
    ):
        client.force_login(person)
        page = client.get(reverse(name, args=arguments), {"ky": "2024-H1", "tam_tinh": "1", "chi_tieu": "CT3"})
        assert (batch.name in page.content.decode(), link in page.content.decode()) == (True, sees), person


def test_every_mark_of_a_link_is_one_that_is_looked_for():
    marks = [
        line[place:]
        for template in (settings.BASE_DIR / "templates").rglob("*.html")
        for line in template.read_text().splitlines()
        for place in (found.start() for found in re.finditer("data-opens", line))
    ]
    assert [
        mark for mark in marks if not re.match(r'data-opens="(report|file):\{\{ [a-z_.]+pk \}\}" href="', mark)
    ] == []
    assert len(marks) == 4


def test_a_browser_that_has_the_page_is_told_so_without_a_look_at_the_figures(client, address, report, leader):
    report("huyen-ha-lang", "2024-H1", CT3=17)
    client.force_login(leader)
    first = client.get(address)
    with CaptureQueriesContext(connection) as queries:
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == again["Cache-Control"] == "private, no-cache"
    assert tables(queries) <= {"targets_report"}


def test_every_turn_of_a_report_and_every_change_behind_it_is_seen(
    client, address, report, plan, leader, second_reviewer
):
    client.force_login(leader)
    tags = [client.get(address)["ETag"]]
    made = report("huyen-ha-lang", "2024-H1", CT3=17, approve=False)
    tags.append(client.get(address)["ETag"])
    made = workflow.return_(made, by=second_reviewer, version=made.version, reason="Đếm lại")
    tags.append(client.get(address)["ETag"])
    periods.extend(
        made.agency, made.period, until=timezone.localdate() + dt.timedelta(3), reason="Bão", by=second_reviewer
    )
    tags.append(client.get(address)["ETag"])
    target = Target.objects.filter(indicator__plan=plan, unit__isnull=True, indicator__code="CT3").first()
    target.value = 801
    target.save()
    tags.append(client.get(address)["ETag"])
    assert len(set(tags)) == 5


def test_what_was_approved_is_on_the_page_at_once(client, address, report, leader):
    client.force_login(leader)
    assert "4.321" not in client.get(address).content.decode()
    report("huyen-ha-lang", "2024-H1", CT3=4321)
    assert "4.321" in client.get(address).content.decode()


def test_saving_a_draft_leaves_the_pages_as_they_are(client, address, report, leader, reporter, entries, period):
    report("huyen-bao-lam", "2023-H2", CT3=3)
    draft = workflow.start(reporter.agency, period, by=reporter)
    client.force_login(leader)
    tag = client.get(address)["ETag"]
    workflow.save(draft, entries(CT3=5), by=reporter, version=draft.version)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_another_person_or_session_or_day_is_another_page(client, address, report, leader, reviewer, monkeypatch):
    report("huyen-ha-lang", "2024-H1", CT3=17)
    client.force_login(leader)
    tags = [client.get(address)["ETag"]]
    client.logout()
    client.force_login(leader)
    tags.append(client.get(address)["ETag"])
    client.force_login(reviewer)
    tags.append(client.get(address)["ETag"])
    today = timezone.localdate()
    monkeypatch.setattr("targets.progress.kept.timezone.localdate", lambda: today.replace(year=today.year + 1))
    tags.append(client.get(address)["ETag"])
    assert len(set(tags)) == 4


def test_a_reporters_page_is_the_own_one(client, address, report, reporter, stranger):
    """Links lead to what one may open: the same address is another page for another agency."""
    report("huyen-ha-lang", "2024-H1", CT3=17)
    pages = []
    for person in (reporter, stranger):
        client.force_login(person)
        pages.append(client.get(address)["ETag"])
    assert pages[0] != pages[1]


def test_a_message_is_not_kept(client, address, report, leader):
    report("huyen-ha-lang", "2024-H1", CT3=17)
    client.force_login(leader)
    refused = client.get(address + "&tinh_den=hom-qua")
    assert ("Ngày tính đến không đúng" in refused.content.decode(), "ETag" in refused) == (True, False)
    assert "Ngày tính đến không đúng" not in client.get(address).content.decode()


def test_what_two_ask_for_at_the_same_moment_is_made_once(rf, leader):
    """Were it made twice, both would be at it, and the barrier would open; alone one waits for it in vain."""
    both, made = Barrier(2), []

    def make() -> dict[str, str]:
        made.append(1)
        with suppress(BrokenBarrierError):
            both.wait(timeout=1)
        return {"css": "s-nop", "picture": "send", "word": "Đã nộp"}

    request = rf.get("/")
    request.user, request.page_is_of = leader, ((1, "revision"),)
    page = KeptPage(request, SimpleNamespace(plan=SimpleNamespace(pk=1), query=""))
    with ThreadPoolExecutor(2) as people:
        pages = list(people.map(lambda _: page._html("components/status_chip.html", make), range(2)))
    assert (pages[0], "Đã nộp" in pages[0], len(made)) == (pages[1], True, 1)
