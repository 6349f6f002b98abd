"""People at their browsers, from a process of its own that knows nothing of the site but its addresses.

`python -m tests.benchmarks.load` reads what to do as JSON from its standard input and answers with what it saw.
"""

from __future__ import annotations

import html
import http.client
import json
import random
import re
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="([0-9]+)"')
STORED = re.compile(r'<script id="da-luu" type="application/json">(.*?)</script>', re.DOTALL)
THINKING = (5, 10)  # seconds between two things that a person does
ARRIVING = 30  # seconds within which everybody has come
APPROVES_EVERY = 12
PATIENCE = 30


class Unexpected(Exception):
    """An answer of another kind than the one due."""


@dataclass
class Seen:
    """Milliseconds by kind of request, what went wrong, and by report the values that the site said it had stored."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    acknowledged: dict[int, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    in_doubt: int = 0  # sent, and no answer came


@dataclass
class Browser:
    host: str
    cookie: str
    seen: Seen
    keep: bool = False  # the connection, for the next request
    etags: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def ask(
        self, kind: str, path: str, body: bytes | None = None, *, due: tuple[int, ...] = (200,), **headers: str
    ) -> str:
        """The answer's text; "" for one that says nothing changed. Raises Unexpected or OSError."""
        headers |= {"Cookie": self.cookie, "Accept-Encoding": "identity"}
        if body is None and path in self.etags:
            headers["If-None-Match"] = self.etags[path]
        began = time.perf_counter()
        connection = self._connection or http.client.HTTPConnection(self.host, timeout=PATIENCE)
        try:
            connection.request("POST" if body is not None else "GET", path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
        except BaseException:
            self._connection = None
            connection.close()
            raise
        self.seen.took[kind].append((time.perf_counter() - began) * 1000)
        self._connection = connection if self.keep and not answer.will_close else None
        if self._connection is None:
            connection.close()
        if answer.status not in (*due, 304):
            raise Unexpected(f"{kind} {path}: {answer.status} {text[:200]!r}")
        if tag := answer.headers.get("ETag"):
            self.etags[path] = tag
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self._take(cookie.partition(";")[0])
        return text.decode()

    def _take(self, cookie: str) -> None:
        name = cookie.partition("=")[0]
        kept = [one for one in self.cookie.split("; ") if not one.startswith(f"{name}=")]
        self.cookie = "; ".join([*kept, cookie])


def write(browser: Browser, who: dict, chance: random.Random) -> Iterator[None]:
    """Opens the form of a draft and fills it in, figure by figure, as static/js/autosave.js sends it."""
    report = who["report"]
    page = browser.ask("form", f"/bao-cao/{report}/nhap/")
    token, version = TOKEN.search(page)[1], int(VERSION.search(page)[1])
    stored = json.loads(html.unescape(STORED.search(page)[1]))
    while True:
        yield
        code = chance.choice(who["measures"])
        value = str(chance.randrange(1, 900))
        group = {name: text for name, text in stored.items() if name == code or name.startswith(f"{code}-")}
        fields = group | {code: value}
        said = json.dumps({"version": version, "fields": fields}).encode()
        headers = {"Content-Type": "application/json", "X-CSRFToken": token}
        browser.seen.in_doubt += 1
        answer = json.loads(browser.ask("save", f"/bao-cao/{report}/tu-luu/", said, **headers))
        browser.seen.in_doubt -= 1
        if answer["unread"]:
            raise Unexpected(f"save {report}: could not read {answer['unread']}")
        version = answer["version"]
        browser.seen.acknowledged[report][code] = value


def read(browser: Browser, who: dict, chance: random.Random) -> Iterator[None]:
    """Opens one page after the other; a browser that has one asks whether it still holds."""
    while True:
        kind, path = chance.choice(who["pages"])
        browser.ask(kind, path)
        yield


def approve(browser: Browser, who: dict, _chance: random.Random) -> Iterator[None]:
    """Now and then a report is approved, after which no page that was kept holds."""
    for report in who["reports"]:
        yield
        page = browser.ask("report", f"/bao-cao/{report}/")
        said = {"csrfmiddlewaretoken": TOKEN.search(page)[1], "version": VERSION.search(page)[1], "confirmed": "1"}
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        browser.ask("approve", f"/bao-cao/{report}/duyet/", urlencode(said).encode(), due=(302,), **form)
        browser.etags.clear()


DOINGS = {"write": write, "read": read, "approve": approve}


def live(host: str, who: dict, number: int, until: float, seen: Seen) -> None:
    """One person, who begins at a moment of their own and goes on after an error."""
    chance = random.Random(number)
    pause = (APPROVES_EVERY, APPROVES_EVERY) if who["does"] == "approve" else THINKING
    time.sleep(chance.uniform(0, ARRIVING))
    while time.monotonic() < until:
        doing = DOINGS[who["does"]](Browser(host, who["cookie"], seen), who, chance)
        try:
            for _ in doing:
                time.sleep(max(min(chance.uniform(*pause), until - time.monotonic()), 0))
                if time.monotonic() >= until:
                    return
            return
        except (OSError, http.client.HTTPException, Unexpected, TypeError, ValueError) as error:
            seen.errors.append(f"{type(error).__name__}: {error}")


def hurry(host: str, who: dict, until: float, seen: Seen) -> None:
    """One connection that asks for the next page as soon as it has the last."""
    browser = Browser(host, who["cookie"], seen, keep=True)
    while time.monotonic() < until:
        try:
            browser.ask("page", who["path"])
            if not who["asks_again"]:
                browser.etags.clear()
        except (OSError, http.client.HTTPException, Unexpected) as error:
            seen.errors.append(f"{type(error).__name__}: {error}")


def main() -> None:
    asked = json.load(sys.stdin)
    until, people = time.monotonic() + asked["seconds"], asked["people"]
    all_seen = [Seen() for _ in people]
    threads = [
        threading.Thread(target=hurry, args=(asked["host"], who, until, seen))
        if who["does"] == "hurry"
        else threading.Thread(target=live, args=(asked["host"], who, number, until, seen))
        for number, (who, seen) in enumerate(zip(people, all_seen, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = Seen()
    for seen in all_seen:
        for kind, took in seen.took.items():
            together.took[kind] += took
        together.errors += seen.errors
        together.acknowledged |= seen.acknowledged
        together.in_doubt += seen.in_doubt
    json.dump(vars(together), sys.stdout)


if __name__ == "__main__":
    main()
