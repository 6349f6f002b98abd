"""deploy/: what is copied to a server is understood by systemd and nginx, and leaves nothing out."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import get_commands

from .site import ROOT, Site, eventually

DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in (DEPLOY / "systemd").iterdir() if path.is_file())
SERVICES = ("khoinghiep-web.service", "khoinghiep-backup.service", "khoinghiep-task@clearsessions.service")
MOST_EXPOSED = 20  # of systemd's own 100, of which 100 is a service without any protection
NOT_FOR_AN_INSTALLATION = {"DEBUG"}

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze")
needs_nginx = pytest.mark.skipif(not shutil.which("nginx") or not shutil.which("openssl"), reason="no nginx or openssl")


@pytest.fixture
def units(tmp_path) -> Path:
    """The units as on a server, but for paths, and a user that this machine has."""
    folder = tmp_path / "units"
    shutil.copytree(DEPLOY / "systemd", folder)
    shutil.copyfile(folder / "khoinghiep-task@.service", folder / "khoinghiep-task@clearsessions.service")
    for path in (one for one in folder.rglob("*") if one.is_file()):
        text = path.read_text().replace("/opt/khoinghiep", str(ROOT)).replace("EnvironmentFile=", "#")
        path.write_text(re.sub(r"^(User|Group)=.*$", r"\1=daemon", text, flags=re.MULTILINE))
    return folder


def verified(unit: Path) -> str:
    """What systemd finds wrong with a unit, and with those that it names."""
    done = subprocess.run(("systemd-analyze", "verify", "--man=no", unit), capture_output=True, text=True)
    return done.stderr if done.returncode or "khoinghiep" in done.stderr else ""


@needs_systemd
@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".timer")] + [SERVICES[0]])
def test_systemd_understands_each_unit(name, units):
    assert verified(units / name) == ""


@needs_systemd
def test_a_mistake_in_a_unit_would_be_found(units):
    unit = units / SERVICES[0]
    unit.write_text(unit.read_text().replace("Restart=always", "Restart=allways"))
    assert "restart specifier" in verified(unit)


@needs_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_confined(name, units):
    asked = ("systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", units / name)
    done = subprocess.run(asked, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]


def test_every_task_with_a_timer_is_a_command():
    tasks = {name.partition("@")[2].removesuffix(".timer") for name in UNITS if "@" in name and name.endswith(".timer")}
    assert tasks <= set(get_commands())
    enabled = re.findall(r"khoinghiep-task@(\w+)\.timer", (ROOT / "docs/van-hanh.md").read_text())
    assert tasks == set(enabled)


def test_the_example_names_every_setting_and_no_other():
    said = set(re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "khoinghiep.env.example").read_text(), re.MULTILINE))
    asked = re.findall(r"env\.\w+\(\s*[\"']([A-Z_]+)", (ROOT / "khoinghiep/settings.py").read_text())
    asked += re.findall(r"environ\.get\(\"([A-Z_]+)", (ROOT / "khoinghiep/gunicorn.py").read_text())
    assert said == set(asked) - NOT_FOR_AN_INSTALLATION


def test_a_site_set_up_by_the_example_has_nothing_to_complain_of(tmp_path):
    """Production refuses to start with anything missing, and Django's own checks find nothing either."""
    example = re.findall(r"^([A-Z_]+)=(.*)$", (DEPLOY / "khoinghiep.env.example").read_text(), re.MULTILINE)
    example = dict(example) | {"SECRET_KEY": "only-for-this-test-" * 4}
    site = Site(tmp_path, example["DATABASE_URL"], example)
    assert "no issues" in site.manage("check", "--deploy", "--fail-level", "WARNING")


def test_the_handbook_names_commands_units_and_files_that_are_there():
    text = (ROOT / "docs/van-hanh.md").read_text()
    commands = set(re.findall(r"(?:khoinghiep-manage|dev\.py manage) (\w+)", text))
    assert commands <= set(get_commands())
    assert {"backup", "restore", "migrate", "load_plan"} <= commands
    units = set(re.findall(r"khoinghiep-[\w@]+\.(?:timer|service)", text))
    assert units == {name for name in UNITS if name.endswith(".timer")}
    for path in re.findall(r"\b(?:deploy|docs)/[\w./-]*\w", text):
        assert (ROOT / path).exists(), path


@contextmanager
def nginx(folder: Path, site_at: str) -> Iterator[tuple[int, int]]:
    """nginx with deploy/nginx.conf, in front of a site at `host:port`; the ports for http and https."""
    certificate = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost")
    files = ("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem")
    subprocess.run((*certificate, *files), check=True, capture_output=True)
    ports = free_ports(2)
    (folder / "site.conf").write_text(adapted(folder, site_at, ports))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    main = f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}} "
    (folder / "nginx.conf").write_text(f"{main} http {{ {temporary} include {folder}/site.conf; }}")
    command = ("nginx", "-e", folder / "error.log", "-c", folder / "nginx.conf")
    tested = subprocess.run((*command, "-t"), capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr
    assert "[warn]" not in tested.stderr
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            eventually(lambda: listens(ports[1]))
            yield ports
        finally:
            process.terminate()


def adapted(folder: Path, site_at: str, ports: tuple[int, int]) -> str:
    text = re.sub(r" *listen \[::\].*\n", "", (DEPLOY / "nginx.conf").read_text())
    changes = {
        "listen 80;": f"listen 127.0.0.1:{ports[0]};",
        "listen 443": f"listen 127.0.0.1:{ports[1]}",
        "127.0.0.1:8000": site_at,
        "/etc/khoinghiep/tls": str(folder),
        "/var/log/nginx": str(folder),
        "/opt/khoinghiep": str(ROOT),
    }
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


def free_ports(count: int) -> tuple[int, ...]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = tuple(probe.getsockname()[1] for probe in probes)
    for probe in probes:
        probe.close()
    return ports


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def ask(url: str, path: str = "/", **headers: str):
    """(status, headers, text) of an answer, through any certificate."""
    context = ssl._create_unverified_context()
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context), urllib.request.ProxyHandler({}), NoRedirect
    )
    try:
        answer = opener.open(urllib.request.Request(url + path, headers=headers), timeout=20)
    except urllib.error.HTTPError as refused:
        answer = refused
    with answer:
        return answer.status, answer.headers, answer.read().decode()


@needs_nginx
def test_the_site_behind_nginx(tmp_path):
    folder = tmp_path / "nginx"
    folder.mkdir(mode=0o755)
    site = Site(tmp_path, f"sqlite:///{tmp_path / 'a.sqlite3'}", {"HTTPS": "on", "TRUSTED_PROXIES": "127.0.0.1"})
    site.manage("migrate", "--noinput")
    with site.serve() as server, nginx(folder, server.url.removeprefix("http://")) as (http, https):
        plain, secure = f"http://127.0.0.1:{http}", f"https://127.0.0.1:{https}"
        status, headers, _ = ask(plain, "/bao-cao/?a=b")
        assert (status, headers["Location"]) == (301, "https://127.0.0.1/bao-cao/?a=b")

        status, headers, text = ask(secure, "/tai-khoan/dang-nhap/", **{"X-Request-ID": "a" * 32})
        assert (status, "Đăng nhập" in text) == (200, True)
        assert all("Secure" in cookie for cookie in headers.get_all("Set-Cookie"))
        assert headers["X-Request-ID"] != "a" * 32  # the visitor's own does not get in
        assert headers["X-Request-ID"] in {line.get("request") for line in server.lines()}
        assert ask(secure, "/readyz")[0] == 404

        context = ssl._create_unverified_context()
        context.set_alpn_protocols(["h2", "http/1.1"])
        with socket.create_connection(("127.0.0.1", https)) as raw, context.wrap_socket(raw) as line:
            assert (line.selected_alpn_protocol(), line.version()) == ("h2", "TLSv1.3")

        server.process.terminate()
        server.process.wait()
        status, headers, text = ask(secure)
        assert (status, headers["Retry-After"], "Đang bảo trì" in text) == (503, "60", True)
    assert headers["Strict-Transport-Security"].startswith("max-age=63072000")
    logged = (folder / "khoinghiep.log").read_text()
    assert "dang-nhap" not in logged
    assert server.lines()[-1]["logger"] == "gunicorn.error"
