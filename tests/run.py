# ruff: noqa: T201  (a command line: it talks to the person at the keyboard)
"""The suite on every database there is, with one line at the end that says what was tested and what was left out.

`python3 dev.py test` calls this inside the set-up. `--nothing-left-out` makes a part left out, or a skipped test, a
failure; `--races` or `--fuzz` runs the slow proofs instead; all other arguments go to pytest.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "var"
STRICT = "--nothing-left-out"
RACES, FUZZ = "--races", "--fuzz"
FUZZED = "tests/imports/test_fuzz.py"
POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
SQLITE = "SQLite"  # always there, and first
NO_TESTS = 5  # pytest's exit status
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
# Settings of an installation: they must not decide whether a test passes.
NOT_FOR_TESTS = (
    "DEBUG", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "HTTPS", "MEDIA_ROOT", "EMAIL_URL", "DEMO_PASSWORD",
    "DATABASE_REPLICA_URL", "REPLICA_LAG", "CACHE_URL",
    "PYTHONDONTWRITEBYTECODE",  # hundreds of processes that tests start would each compile all they import
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """One run of pytest: on which database, its exit status, how many tests passed, failed and were skipped."""

    database: str
    status: int
    passed: int
    failed: int
    skipped: int

    @classmethod
    def read(cls, database: str, status: int, report: Path) -> "Outcome":
        """From pytest's JUnit report. A failure that was expected is no skip; no report means nothing passed."""
        cases = list(ET.parse(report).iter("testcase")) if report.exists() else []
        failed = sum(any(part.tag in ("failure", "error") for part in case) for case in cases)
        skipped = sum(case.find("skipped[@type='pytest.skip']") is not None for case in cases)
        return cls(database, status, len(cases) - failed - skipped, failed, skipped)

    def __str__(self) -> str:
        return f"{self.database} ({self.passed} passed{f', {self.failed} failed' if self.failed else ''})"


def main(arguments: list[str]) -> int:
    """Test on SQLite, and on PostgreSQL if one answers; 0 if all is well and, when strict, nothing was left out."""
    strict, chosen = split_arguments(arguments)
    for option, proofs in ((RACES, run_races), (FUZZ, run_fuzz)):
        if option in chosen:
            return proofs([argument for argument in chosen if argument != option])
    no_journeys = why_no_journeys()
    databases = databases_here()
    # SQLite in memory locks whole tables; several requests at once, as a browser makes them, need a real server.
    journeys_on = None if no_journeys else list(databases)[-1]
    runs = [
        Run.start(name, url, ["-m", marked(name, journeys_on=journeys_on), *chosen]) for name, url in databases.items()
    ]
    outcomes = [run.finish() for run in runs]
    left_out = what_is_left_out(outcomes, no_journeys)
    print(closing_line(outcomes, left_out))
    return exit_status(outcomes, left_out, strict)


def split_arguments(arguments: list[str]) -> tuple[bool, list[str]]:
    """Whether nothing may be left out, and the arguments that are pytest's."""
    return STRICT in arguments, [argument for argument in arguments if argument != STRICT]


def marked(database: str, *, journeys_on: str | None) -> str:
    """Which tests a database gets, as pytest's -m: all but the slow; journeys, which are about pages, on one of them.

    Tests that touch no database run beside SQLite only. One more -m among the arguments takes its place.
    """
    left_out = ["slow", *(["journey"] if database != journeys_on else []), *(["pure"] if database != SQLITE else [])]
    return " and ".join(f"not {mark}" for mark in left_out)


def run_races(chosen: list[str]) -> int:
    """The slow proofs: real threads at one report. Only PostgreSQL can have them; none answering is a failure."""
    url = databases_here().get("PostgreSQL")
    if url is None:
        print("The races need PostgreSQL; none answers.")
        return 1
    outcome = Run.start("PostgreSQL", url, ["-m", "slow and not fuzz", *chosen]).finish()
    print(closing_line([outcome], []))
    return exit_status([outcome], [f"{outcome.skipped} skipped"] * bool(outcome.skipped), strict=True)


def run_fuzz(chosen: list[str]) -> int:
    """Ten thousand broken workbooks: half of them on each database, side by side; all on the one that there is."""
    databases = databases_here()
    halves = ("even", "odd") if len(databases) > 1 else ("",)
    runs = [
        Run.start(name, url, [FUZZED, "-m", "fuzz", "-k", half, *chosen])
        for (name, url), half in zip(databases.items(), halves, strict=True)
    ]
    outcomes = [run.finish() for run in runs]
    print(closing_line(outcomes, []))
    return exit_status(outcomes, [], strict=True)


def postgres_url() -> str:
    """The server to test on: Django makes and drops a database of its own there."""
    return os.environ.get("TEST_DATABASE_URL") or POSTGRES


def databases_here() -> dict[str, str]:
    """Name and URL of each database to test on. SQLite's tests run in memory; its file is never made."""
    databases = {SQLITE: f"sqlite:///{(REPORTS / 'test.sqlite3').as_posix()}"}
    try:
        psycopg2.connect(postgres_url(), connect_timeout=3).close()
    except psycopg2.Error:
        return databases
    return databases | {"PostgreSQL": postgres_url()}


def why_no_journeys() -> str:
    """What this machine lacks for the journeys, or "": a browser, or a library for Playwright's driver (libatomic1)."""
    if not any(map(shutil.which, CHROMIUM_NAMES)):
        return "no Chromium"
    driver = subprocess.run((sys.executable, "-m", "playwright", "--version"), capture_output=True, text=True)
    return "Playwright does not start: " + driver.stderr.strip().rpartition("\n")[2] if driver.returncode else ""


@dataclass(frozen=True)
class Run:
    """One pytest at work on one database; they run side by side, each in a process of its own."""

    database: str
    process: subprocess.Popen
    said: IO[bytes]

    @classmethod
    def start(cls, database: str, url: str, arguments: list[str]) -> "Run":
        cls.report_of(database).unlink(missing_ok=True)
        env = {name: value for name, value in os.environ.items() if name not in NOT_FOR_TESTS}
        command = (sys.executable, "-m", "pytest", f"--junit-xml={cls.report_of(database)}", *arguments)
        said = tempfile.TemporaryFile()  # noqa: SIM115  (closed by finish, in another place than it is opened)
        started = subprocess.Popen(
            command, cwd=ROOT, env=env | {"DATABASE_URL": url}, stdout=said, stderr=subprocess.STDOUT
        )
        return cls(database, started, said)

    def finish(self) -> Outcome:
        """Wait, print what pytest said, and read the counts from its JUnit report."""
        print(f"== {self.database}", flush=True)
        status = self.process.wait()
        self.said.seek(0)
        print(self.said.read().decode(errors="replace"), flush=True)
        self.said.close()
        return Outcome.read(self.database, status, self.report_of(self.database))

    @staticmethod
    def report_of(database: str) -> Path:
        return REPORTS / f"test-{database.lower()}.xml"


def what_is_left_out(outcomes: list[Outcome], no_journeys: str) -> list[str]:
    """In words, what this run did not test; PostgreSQL is named by host and port only, its URL may hold a password."""
    left_out = [f"{outcome.skipped} skipped on {outcome.database}" for outcome in outcomes if outcome.skipped]
    left_out += [f"every test on {outcome.database}" for outcome in outcomes if outcome.status == NO_TESTS]
    if no_journeys:
        left_out.append(f"journeys ({no_journeys})")
    if "PostgreSQL" not in {outcome.database for outcome in outcomes}:
        server = urlsplit(postgres_url())
        left_out.append(f"PostgreSQL (none answers at {server.hostname}:{server.port or 5432})")
    return left_out


def closing_line(outcomes: list[Outcome], left_out: list[str]) -> str:
    """What the suite ran on and what it left out, in one line."""
    return f"Tested on {' and '.join(map(str, outcomes))}. Left out: {', '.join(left_out) or 'nothing'}."


def exit_status(outcomes: list[Outcome], left_out: list[str], strict: bool) -> int:
    """1 if a run failed, if none found a test or, when strict, if anything was left out; else 0."""
    statuses = {outcome.status for outcome in outcomes}
    return int(bool(statuses - {0, NO_TESTS}) or 0 not in statuses or (strict and bool(left_out)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
