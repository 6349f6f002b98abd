"""The database goes away under a running site, and comes back; nobody restarts anything. A cluster of our own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from khoinghiep import unavailable

from .cluster import Cluster, own_cluster, programs
from .site import PASSWORD, Server, Site

pytestmark = pytest.mark.skipif(not programs(), reason="no PostgreSQL server programs on this machine")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with own_cluster() as made:
        yield made


@pytest.fixture(scope="module")
def site(cluster, tmp_path_factory) -> Site:
    made = Site(tmp_path_factory.mktemp("away"), cluster.url)
    made.manage("migrate", "--noinput")
    made.manage("load_plan", "plan503", "plan2415")
    made.manage("load_demo", "--password", PASSWORD)
    return made


@pytest.fixture
def server(site) -> Iterator[Server]:
    with site.serve() as running:
        yield running


@pytest.fixture
def away(cluster) -> Iterator[Cluster]:
    """It is up when the test is over, whatever came of it."""
    yield cluster
    cluster.run("pg_ctl", "restart", "-w", "-m", "immediate", "-D", cluster.folder / "data")


def test_while_the_database_is_away_people_are_told_and_afterwards_go_on(server, away):
    workers, visitor = server.workers(), server.visitor().sign_in("tinh")
    away.crash()
    page = visitor.get("/tong-quan/")
    assert (page.status, page.headers["Retry-After"], page.headers["Cache-Control"]) == (503, "5", "no-store")
    assert "Tạm thời chưa dùng được" in page.text
    assert page.text.count("/static/css/") == 3
    monitor = server.visitor()
    assert [monitor.get(path).status for path in ("/healthz", "/static/img/mark.svg")] == [200, 200]
    ready = monitor.get("/readyz")
    assert (ready.status, ready.text) == (503, "database\n")
    problem = visitor.get("/api/v1/plans", Authorization="Bearer kn_" + "x" * 43)
    assert (problem.status, problem.headers["Content-Type"]) == (503, "application/problem+json")
    assert json.loads(problem.text)["code"] == "unavailable"

    away.start()
    assert [visitor.get(path).status for path in ("/readyz", "/tong-quan/")] == [200, 200]
    assert server.workers() == workers  # nothing was restarted


def test_requests_that_are_cut_off_in_the_middle_get_the_same_page(server, away):
    visitors = [server.visitor().sign_in("tinh") for _ in range(4)]
    with ThreadPoolExecutor(len(visitors)) as pool:
        pages = [pool.submit(visitor.get, "/tong-quan/") for visitor in visitors for _ in range(3)]
        away.crash()
        assert {page.result().status for page in pages} <= {200, 503}
    away.start()
    assert {visitor.get("/tong-quan/").status for visitor in visitors} == {200}


def test_a_site_whose_tables_are_behind_is_not_ready(site, server):
    site.manage("migrate", "targets", "0006")
    answer = server.visitor().get("/readyz")
    site.manage("migrate")
    assert (answer.status, answer.text) == (503, "migrations\n")
    assert server.visitor().get("/readyz").text == "ok\n"


def test_a_page_that_asks_too_long_is_broken_off(site, cluster):
    """Somebody holds the table that it needs; the process is free again for others."""
    hold = "from django.db import connection as c, transaction as t; x = t.atomic(); x.__enter__(); "
    hold += "c.cursor().execute('LOCK TABLE targets_report'); print('held', flush=True); input()"
    with site.serve(STATEMENT_TIMEOUT="1") as server:
        visitor = server.visitor().sign_in("xa-co-ba")
        with site.started("shell", "--no-imports", "-c", hold) as holder:
            assert holder.stdout.readline() == "held\n"
            assert visitor.get("/bao-cao/").status == 503
            assert server.visitor().get("/healthz").status == 200
    with site.serve() as server:
        assert visitor.at(server.url).get("/bao-cao/").status == 200


def test_an_error_that_goes_back_to_itself_is_looked_through_once():
    one, other = ValueError("one"), OSError("other")
    one.__cause__, other.__cause__ = other, one
    assert list(unavailable.causes(one)) == [one, other]
