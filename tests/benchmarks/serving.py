"""The site as it runs in production, over HTTP: pages per second, and 200 people who save and read at the same time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from agencies.models import Agency, User
from targets.models import Figure, Period, Plan, Report, calendar
from targets.reports import together
from tests.operations.site import Server, Site

from . import approvals, databases, world
from .results import Line, median, percentile
from .visiting import cookie_of

SECONDS, CONNECTIONS = 8, 8
WRITERS, READERS = 160, 39  # and one who approves
SPENT_YEAR = world.LAST_YEAR + 1  # its first months are what the drafts are for
EMPTY, DASHBOARD = "/tai-khoan/doi-mat-khau/xong/", f"/tong-quan/?ky={world.LAST_YEAR}-M12"


def measure_rate(name: str) -> list[Line]:
    """Pages per second with one worker and with two, the same person on eight connections."""
    databases.use(name)
    leader = User.objects.filter(role=User.Role.LEADER).first()
    lines = []
    for what, path, asks_again in (
        ("empty signed-in page", EMPTY, False),
        ("dashboard", DASHBOARD, False),
        ("dashboard, 304", DASHBOARD, True),
    ):
        who = {"does": "hurry", "path": path, "asks_again": asks_again, "cookie": cookie_of(leader)}
        rates = [_rate(name, workers, who) for workers in (1, 2)]
        for workers, rate in zip((1, 2), rates, strict=True):
            to = "1 worker" if workers > 1 else ""
            said = f"{rate:,.0f} pages a second with {workers} worker{'s' * (workers > 1)}"
            lines.append(Line(f"over HTTP: {what}", None, rate / rates[0] if to else None, to, said=said))
    return lines


def _rate(name: str, workers: int, who: dict) -> float:
    with tempfile.TemporaryDirectory() as folder, _site(folder, name).serve(workers=workers) as server:
        _send(server, [who], 2)  # every process has opened what it needs
        seen = _send(server, [who] * CONNECTIONS, SECONDS)
    assert not seen["errors"], seen["errors"][:3]
    return len(seen["took"]["page"]) / SECONDS


def measure_staff(name: str, minutes: float, cache: str = "") -> list[Line]:
    """200 signed-in people, each doing something every 5 to 10 seconds; then what the database holds is compared.

    `cache`: the one that both web processes share, if any.
    """
    databases.use(name)
    people = _people()
    connection.close()
    with tempfile.TemporaryDirectory() as folder, _site(folder, name, cache).serve(workers=2) as server:
        _send(server, [{"does": "hurry", "path": DASHBOARD, "asks_again": False, "cookie": people[-1]["cookie"]}], 2)
        seen = _send(server, people, minutes * 60)
        lost = _lost(seen["acknowledged"])
    shared = ", one cache" if cache else ""
    return list(_told(f"{len(people)} people, {minutes:g} minutes{shared}", seen, lost))


def _told(head: str, seen: dict, lost: Sequence[str]) -> Iterator[Line]:
    took, errors, saved = seen["took"], seen["errors"], sum(map(len, seen["acknowledged"].values()))
    pages = [ms for kind, some in took.items() if kind not in ("save", "approve") for ms in some]
    for kind, some in sorted({**took, "all pages": pages}.items()):
        yield _line(f"{head}: {kind}", some, 500 if kind in ("all pages", "save") else None)
    said = f"{len(errors)} {'; '.join(errors[:3])}"
    yield Line(f"{head}: errors", ratio=float(len(errors)), asked="<= 0", said=said)
    said = f"of {saved} figures, {len(took.get('save', ()))} saves; {seen['in_doubt']} without answer {lost[:3] or ''}"
    yield Line(f"{head}: acknowledged and not stored", ratio=float(len(lost)), asked="<= 0", said=said)


def _line(what: str, took: Sequence[float], at_most: int | None) -> Line:
    """`at_most`: what was asked of the 95th percentile, in milliseconds."""
    p95 = percentile(took, 95)
    said = f"{len(took)} times, median {median(took):.0f} ms, p95 {p95:.0f} ms, slowest {max(took):.0f} ms"
    if at_most is None:
        return Line(what, p95, said=said)
    return Line(what, p95, p95 / at_most, f"{at_most} ms", "<= 1", said=said)


def _site(folder: str, name: str, cache: str = "") -> Site:
    """With this process's own key, by which the sessions were made."""
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = {"SECRET_KEY": settings.SECRET_KEY} | ({"CACHE_URL": cache} if cache else {})
    return Site(Path(folder), f"{server}/{name}", environment)


def _send(server: Server, people: Sequence[dict], seconds: float) -> dict:
    """What these people saw."""
    asked = {"host": server.url.removeprefix("http://"), "people": people, "seconds": seconds}
    command = (sys.executable, "-m", "tests.benchmarks.load")
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def _people() -> list[dict]:
    """Whoever writes has a draft of their own; leaders and officers read; one officer approves what waits."""
    plan = world.measured_plan()
    codes = list(plan.measures.order_by("order").values_list("code", flat=True))
    writers = [
        {"does": "write", "report": report.pk, "measures": codes, "cookie": cookie_of(user)}
        for report, user in _drafts(plan)[:WRITERS]
    ]
    officer = approvals.second_officer()
    readers = [{"does": "read", "pages": _pages(user), "cookie": cookie_of(user)} for user in _readers(officer.agency)]
    reports = [report.pk for report in approvals.waiting_reports()]
    return [*writers, *readers, {"does": "approve", "reports": reports, "cookie": cookie_of(officer)}]


@transaction.atomic
def _drafts(plan: Plan) -> list[tuple[Report, User]]:
    """Of every commune for each of the first months after the history, each with a reporter of its own."""
    months = [one for one in calendar.periods_of(plan, SPENT_YEAR, due_after=5) if one.kind == Period.Kind.MONTH]
    agencies = list(Agency.objects.filter(duties__plan=plan).order_by("code"))
    officer = approvals.second_officer()
    found = []
    for period in months[: -(-WRITERS // len(agencies))]:
        period.save()
        reports = together.start(agencies, period, by=officer).by_agency()
        users = User.objects.bulk_create(
            User(
                username=f"{agency.code}-{period.code.lower()}", full_name=agency.code, password="!", agency=agency,
                role=User.Role.REPORTER,
            )
            for agency in agencies
        )  # fmt: skip
        found += [(reports[user.agency_id], user) for user in users]
    return found


def _readers(agency: Agency) -> list[User]:
    return User.objects.bulk_create(
        User(
            username=f"doc-{n}", full_name=f"Người đọc {n}", password="!", agency=agency,
            role=User.Role.LEADER if n % 3 else User.Role.REVIEWER,
        )
        for n in range(READERS)
    )  # fmt: skip


def _pages(user: User) -> list[tuple[str, str]]:
    """(kind, address): the dashboard as often as all others."""
    asked = f"?ky={world.LAST_YEAR}-M12"
    others = [
        *(("indicator", f"/chi-tieu/CT{n}/{asked}") for n in range(1, 6)),
        ("completeness", "/tinh-hinh-nop/"),
        ("reports", "/bao-cao/tat-ca/"),
        *([("queue", "/bao-cao/duyet/")] if user.is_reviewer else []),
    ]
    return others + [("dashboard", DASHBOARD)] * len(others)


def _lost(acknowledged: dict[str, dict[str, str]]) -> list[str]:
    """What the site said it had stored and has not."""
    figures = Figure.objects.filter(report__in=acknowledged).values_list("report_id", "measure__code", "value")
    stored = {(report, code): value for report, code, value in figures}
    said = {(int(report), code): Decimal(v) for report, values in acknowledged.items() for code, v in values.items()}
    return [f"{key}: {value}, stored {stored.get(key)}" for key, value in said.items() if stored.get(key) != value]
