"""The product as it is installed: processes of its own, a database of its own, people who come in through the door."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "demo"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE = 20  # seconds, for what should take one


def eventually(holds, *, within: float = PATIENCE) -> float:
    """Ask until it is so; how many seconds that took. Fails when it does not become so."""
    began = time.monotonic()
    while time.monotonic() < began + within:
        if holds():
            return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"Not within {within} s: {holds}")


@dataclass
class Answer:
    status: int
    text: str
    headers: http.client.HTTPMessage
    url: str


class _StaysAsked(urllib.request.HTTPErrorProcessor):
    """An error is an answer, too."""

    def http_response(self, request, response):
        return response if response.status >= 400 else super().http_response(request, response)

    https_response = http_response


@dataclass
class Visitor:
    """A browser without a screen: keeps cookies, follows redirects, sends the form's token."""

    url: str
    token: str = ""
    cookies: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self):
        door = urllib.request.HTTPCookieProcessor(self.cookies)
        self._opener = urllib.request.build_opener(_StaysAsked, door, urllib.request.ProxyHandler({}))

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask(urllib.request.Request(self.url + path, headers=headers))

    def post(self, path: str, body: bytes, kind: str) -> Answer:
        headers = {"Content-Type": kind, "X-CSRFToken": self.token, "Referer": self.url + path}
        return self._ask(urllib.request.Request(self.url + path, body, headers))

    def send(self, path: str, **fields: str) -> Answer:
        return self.post(path, urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def autosave(self, report: int, version: int, **fields: str) -> Answer:
        said = json.dumps({"version": version, "fields": fields}).encode()
        return self.post(f"/bao-cao/{report}/tu-luu/", said, "application/json")

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        """A file in the field "files", as a browser sends it."""
        head = f'--b0\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        return self.post(path, head.encode() + content + b"\r\n--b0--\r\n", "multipart/form-data; boundary=b0")

    def sign_in(self, username: str) -> Visitor:
        self.get("/tai-khoan/dang-nhap/")
        answer = self.send("/tai-khoan/dang-nhap/", username=username, password=PASSWORD)
        assert (answer.status, "Mật khẩu" in answer.text) == (200, False), answer.text[-2000:]
        return self

    def at(self, url: str) -> Visitor:
        """The same person, with the same cookies, at another door."""
        return Visitor(url, self.token, self.cookies)

    def _ask(self, request: urllib.request.Request) -> Answer:
        with self._opener.open(request, timeout=PATIENCE) as response:
            raw = response.read()
            answer = Answer(response.status, raw.decode("utf-8", "replace"), response.headers, response.url)
        self.token = next(iter(TOKEN.findall(answer.text)), self.token)
        return answer


@dataclass
class Server:
    """One gunicorn, with its workers."""

    url: str
    process: subprocess.Popen
    log: Path

    def visitor(self) -> Visitor:
        return Visitor(self.url)

    def answers(self) -> bool:
        try:
            return self.visitor().get("/healthz").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return list(map(int, children))

    def lines(self) -> list[dict]:
        """What it logged; every line must be JSON."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@dataclass
class Site:
    """`environment`: what an installation sets; nothing else of this machine's settings gets in."""

    folder: Path
    database_url: str
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> Path:
        return self.folder / "files"

    def env(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {
            "SECRET_KEY": "only-for-tests-" * 5,
            "PYTHONUTF8": "1",
            "DATABASE_URL": self.database_url,
            "MEDIA_ROOT": str(self.files),
            **self.environment,
        }

    def manage(self, *arguments: object, status: int = 0, limit: int | None = None) -> str:
        """What manage.py says, on both streams; it must end with `status`. `limit`: bytes a file may grow to."""
        command = (sys.executable, str(ROOT / "manage.py"), *map(str, arguments))
        before = (lambda: _limit_files(limit)) if limit is not None else None
        done = subprocess.run(command, env=self.env(), cwd=ROOT, capture_output=True, text=True, preexec_fn=before)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def python(self, code: str, *, status: int = 0) -> str:
        """What a few lines print in the site's own shell."""
        return self.manage("shell", "--no-imports", "-c", code, status=status)

    @contextmanager
    def started(self, *arguments: str) -> Iterator[subprocess.Popen]:
        """manage.py at work beside the test, which may speak with it; ended with the block."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        command = (sys.executable, str(ROOT / "manage.py"), *arguments)
        with subprocess.Popen(command, env=self.env(), cwd=ROOT, **pipes) as process:
            yield process
            process.kill()

    @contextmanager
    def serve(self, *, workers: int = 1, limit: int | None = None, **environment: str) -> Iterator[Server]:
        """gunicorn as it runs in production (khoinghiep/gunicorn.py), on a port of its own, until the block ends."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            bind = f"127.0.0.1:{probe.getsockname()[1]}"
        log = self.folder / f"log-{bind.rpartition(':')[2]}"
        command = (sys.executable, "-m", "gunicorn", "-c", "python:khoinghiep.gunicorn", "khoinghiep.wsgi")
        env = self.env() | {"BIND": bind, "WEB_CONCURRENCY": str(workers), "LOG_FORMAT": "json", **environment}
        before = (lambda: _limit_files(limit)) if limit is not None else None
        with log.open("wb") as out:
            process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out, preexec_fn=before)
        server = Server(f"http://{bind}", process, log)
        try:
            eventually(server.answers)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=PATIENCE)


def _limit_files(size: int) -> None:
    import resource  # POSIX only, as all of these tests

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
