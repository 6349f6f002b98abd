"""Two web hosts as in production, a PostgreSQL with a streaming copy, one Redis: all of them real, each may go away.

Run by `python3 dev.py test --races`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import psycopg2
import pytest
from redis import Redis

from .cluster import Cluster, own_cluster, programs
from .conftest import open_report
from .site import PASSWORD, Answer, Server, Site, Visitor, eventually
from .test_deploy import free_ports

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not programs(), reason="no PostgreSQL server programs on this machine"),
    pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server on this machine"),
]
DASHBOARD = "/tong-quan/"
WRITER = "__Host-kn-ghi"
LONG = "100"  # seconds that a copy may be late: no test lasts as long, so that it is read however late it is
SHORT = "1"
REVIEWED = """
from targets.models import Report
from targets.reports import workflow
from agencies.models import User
report = Report.objects.filter(status="submitted").exclude(submitted_by__username="tinh").first()
workflow.approve(report, by=User.objects.get(username="tinh"), version=report.version)
"""


@dataclass
class Copy(Cluster):
    """A standby that follows a primary. It logs each statement: that is how a test knows who was read from it."""

    def ask(self, statement: str) -> object:
        """Of the copy itself; as an administrator does, not as the site."""
        with psycopg2.connect(self.url, application_name="test") as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            (answer,) = cursor.fetchone()
        connection.close()
        return answer

    def pages_read(self) -> int:
        """How often the newest state of a plan was asked for, which every page of figures does."""
        return (self.folder / "log").read_text().count('FROM "targets_plan"')

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """It goes on to receive what the primary does, and shows nothing of it."""
        self.ask("SELECT pg_wal_replay_pause()::text")
        eventually(lambda: self.ask("SELECT pg_get_wal_replay_pause_state()") == "paused")
        try:
            yield
        finally:
            self.ask("SELECT pg_wal_replay_resume()::text")


@contextmanager
def copy_of(primary: Cluster) -> Iterator[Copy]:
    with tempfile.TemporaryDirectory() as name:
        copy = Copy(Path(name), *free_ports(1))
        shutil.chown(name, primary.folder.owner(), primary.folder.group())
        there = ("-h", "127.0.0.1", "-p", primary.port, "-U", "postgres")
        program = (programs() / "pg_ctl").resolve().with_name("pg_basebackup")  # pg_ctl alone may be on the path
        copy.run(program, *there, "-D", copy.folder / "data", "-R", "-c", "fast")
        with (copy.folder / "data/postgresql.auto.conf").open("a") as settings:
            settings.write("log_statement = 'all'\n")
        copy.start()
        try:
            yield copy
        finally:
            copy.crash()


@dataclass
class Browser(Visitor):
    """Comes by HTTPS, as the proxy in front of the site says."""

    cookies: CookieJar = field(
        default_factory=lambda: CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
    )

    def _ask(self, request: urllib.request.Request) -> Answer:
        request.add_header("X-Forwarded-Proto", "https")
        if "Referer" in request.headers:
            request.add_header("Referer", request.get_header("Referer").replace("http:", "https:"))
        return super()._ask(request)

    def at(self, server: Server) -> Browser:
        return Browser(server.url, self.token, self.cookies)

    def rested(self) -> Browser:
        """Their last writing, which signing in is too, is long ago."""
        for mark in [cookie for cookie in self.cookies if cookie.name == WRITER]:
            assert (mark.secure, mark.path, mark.domain_specified) == (True, "/", False)  # or browsers refuse __Host-
            self.cookies.clear(mark.domain, mark.path, mark.name)
        return self


def reads_from(copy: Copy, browser: Browser) -> Browser:
    """Who has not written lately is sent to the copy, as soon as that has what the primary had at the first reading."""
    browser.rested()
    before = copy.pages_read()
    eventually(lambda: browser.get(DASHBOARD).status == 200 and copy.pages_read() > before)
    return browser


def came_in(server: Server, username: str) -> Browser:
    browser = Browser(server.url)
    browser.sign_in(username)
    return browser


@pytest.fixture(scope="module")
def primary() -> Iterator[Cluster]:
    with own_cluster() as made:
        yield made


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    """Keeps nothing on disk, as a cache should not."""
    (port,) = free_ports(1)
    command = ("redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process, Redis(port=port, db=1) as asked:
        eventually(lambda: answers(asked))
        yield asked
        process.kill()


def answers(redis: Redis) -> bool:
    try:
        return redis.ping()
    except ConnectionError:
        return False


@pytest.fixture(scope="module")
def site(primary, redis, tmp_path_factory) -> Site:
    made = Site(tmp_path_factory.mktemp("grown"), primary.url)
    made.manage("migrate", "--noinput")
    made.manage("load_plan", "plan503", "plan2415")
    made.manage("load_demo", "--password", PASSWORD)
    made.environment |= {
        "PRODUCTION": "on",
        "ALLOWED_HOSTS": "khoinghiep.example.vn,127.0.0.1",
        "TRUSTED_PROXIES": "127.0.0.1",
        "CACHE_URL": f"rediscache://127.0.0.1:{redis.connection_pool.connection_kwargs['port']}/1",
    }
    return made


@pytest.fixture(scope="module")
def copy(site, primary) -> Iterator[Copy]:
    with copy_of(primary) as made:
        site.environment["DATABASE_REPLICA_URL"] = made.url
        yield made


@pytest.fixture
def hosts(site, copy) -> Iterator[tuple[Server, Server]]:
    with site.serve(REPLICA_LAG=LONG) as one, site.serve(REPLICA_LAG=LONG) as other:
        yield one, other


@pytest.fixture(scope="module")
def report(site) -> int:
    return open_report(site)


def typed(page: Answer) -> str:
    """What stands in the field CT3 of the form."""
    return re.search(r'name="CT3"[^>]*value="([^"]*)"', page.text)[1]


def save(browser: Browser, report: int, value: str) -> None:
    version = re.search(r'name="version" value="(\d+)"', browser.get(f"/bao-cao/{report}/nhap/").text)[1]
    answer = browser.autosave(report, int(version), CT3=value)
    assert answer.status == 200, answer.text


def figures(page: Answer) -> str:
    """A page without what is another one each time."""
    assert page.status == 200
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.text)


def test_one_sign_in_holds_at_every_host_and_is_kept_in_redis(hosts, redis):
    one, other = hosts
    leader = came_in(one, "lanhdao")
    assert "Đăng xuất" in leader.at(other).get(DASHBOARD).text
    assert any(b"cached_db" in key for key in redis.keys("*"))


def test_readers_read_from_the_copy_and_who_just_wrote_from_the_primary(hosts, copy):
    one, other = hosts
    leader = came_in(one, "lanhdao").at(other)
    before = copy.pages_read()
    assert leader.get(DASHBOARD).status == 200
    assert copy.pages_read() == before
    assert reads_from(copy, leader)


def test_who_comes_in_and_who_is_let_in_is_never_read_from_the_copy(hosts, copy):
    one, other = hosts
    leader = reads_from(copy, came_in(one, "lanhdao").at(other))
    assert leader.get("/api/v1/plans", Authorization="Bearer kn_" + "x" * 43).status == 401
    read = (copy.folder / "log").read_text()
    assert not re.findall(r'FROM "(?:django_session|axes_\w+|otp_\w+|agencies_user|targets_apiclient)"', read)


def test_a_writer_sees_it_at_the_other_host_at_once_and_others_when_the_copy_has_it(hosts, copy, report):
    one, other = hosts
    form = f"/bao-cao/{report}/nhap/"
    writer, colleague = came_in(one, "xa-co-ba"), reads_from(copy, came_in(other, "xa-co-ba"))
    save(writer, report, "11")
    eventually(lambda: typed(colleague.get(form)) == "11")
    with copy.standing_still():
        save(writer, report, "12")
        assert typed(writer.at(other).get(form)) == "12"
        assert typed(colleague.get(form)) == "11"  # from the copy, which could not know
    eventually(lambda: typed(colleague.get(form)) == "12")


def test_no_page_of_old_figures_is_kept_as_the_new_one(hosts, site, copy):
    """The pages of both are kept in the Redis that they share, whoever opens theirs first."""
    one, other = hosts
    late, early = reads_from(copy, came_in(one, "lanhdao")), came_in(other, "lanhdao")
    before = figures(late.get(DASHBOARD))
    with copy.standing_still():
        site.python(REVIEWED)
        assert figures(late.get(DASHBOARD)) == before
        after = figures(early.get(DASHBOARD))
        assert after != before
        assert figures(late.get(DASHBOARD)) == before
    eventually(lambda: figures(late.get(DASHBOARD)) == after)


def test_a_copy_that_falls_behind_is_not_read(site, copy, report):
    form = f"/bao-cao/{report}/nhap/"
    with site.serve(REPLICA_LAG=SHORT) as server:
        writer, colleague = came_in(server, "xa-co-ba"), reads_from(copy, came_in(server, "xa-co-ba"))
        with copy.standing_still():
            save(writer, report, "21")
            eventually(lambda: typed(colleague.get(form)) == "21")


def test_without_the_copy_pages_go_on_and_it_is_read_again_when_it_is_back(hosts, copy):
    one, _ = hosts
    leaders = [reads_from(copy, came_in(host, "lanhdao")) for host in hosts]
    copy.crash()
    try:
        assert [leader.get(DASHBOARD).status for leader in leaders * 2] == [200] * 4
        assert [Browser(host.url).get("/readyz").text for host in hosts] == ["ok\n"] * 2
        warned = {line["message"] for line in one.lines() if "replica-1" in line["message"]}
        assert warned == {"replica-1 does not answer; it is not asked for 10 s"}
    finally:
        copy.start()
    assert reads_from(copy, leaders[0])


def test_a_page_whose_copy_breaks_off_in_the_middle_is_made_from_the_primary(hosts, primary, copy):
    one, _ = hosts
    leader = reads_from(copy, came_in(one, "lanhdao"))
    holder = psycopg2.connect(primary.url)
    with ThreadPoolExecutor(1) as pool:
        try:
            holder.cursor().execute("LOCK TABLE targets_plan; SELECT pg_switch_wal()")  # a copy holds it, too
            eventually(lambda: copy.ask("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock'"))
            page = pool.submit(leader.get, DASHBOARD)
            eventually(lambda: copy.ask("SELECT count(*) FROM pg_locks WHERE NOT granted"))
            copy.crash()
        finally:
            holder.close()
        try:
            assert page.result().status == 200
        finally:
            copy.start()
    assert "replica-1 broke off; the page is read from the primary" in [line["message"] for line in one.lines()]


def test_without_redis_sessions_and_pages_go_on(hosts, redis, report):
    """The last test: Redis is not started again."""
    one, other = hosts
    writer = came_in(one, "xa-co-ba")
    redis.shutdown(nosave=True)
    save(writer.at(other), report, "31")
    assert typed(writer.get(f"/bao-cao/{report}/nhap/")) == "31"
    assert "Đăng xuất" in came_in(other, "lanhdao").at(one).get(DASHBOARD).text
