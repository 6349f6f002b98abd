"""The two commands of the README: what is done again, what is told at the end, what counts as failure."""

import socket
import subprocess
import sys

import pytest

import dev
from tests import run
from tests.run import Outcome

SQLITE = Outcome("SQLite", status=0, passed=310, failed=0, skipped=0)
POSTGRES = Outcome("PostgreSQL", status=0, passed=310, failed=0, skipped=0)
NOTHING = Outcome("PostgreSQL", status=5, passed=0, failed=0, skipped=0)


@pytest.fixture
def steps(tmp_path, monkeypatch):
    """Call it with a key: does the step that makes `made`, and returns how often it has been done so far."""
    monkeypatch.setattr(dev, "VAR", tmp_path / "var")
    made, done = tmp_path / "made", []

    def step(key, action=made.touch):
        dev.once("step", key, [made], lambda: (done.append(key), action()))
        return len(done)

    step.made = made
    return step


def test_a_step_is_done_once_for_the_same_inputs(steps):
    assert [steps("lock A"), steps("lock A"), steps("lock B"), steps("lock B")] == [1, 1, 2, 2]


def test_a_step_is_done_again_when_what_it_made_was_deleted(steps):
    steps("lock A")
    steps.made.unlink()
    assert steps("lock A") == 2


def test_a_step_that_broke_off_is_done_again_even_if_it_left_something_behind(steps):
    def break_off():
        steps.made.touch()
        raise dev.SetupFailed

    steps("lock A")
    with pytest.raises(dev.SetupFailed):
        steps("lock B", break_off)
    assert steps("lock A") == 3


def test_a_fingerprint_changes_with_contents_and_names_and_with_nothing_else(tmp_path):
    page = tmp_path / "css" / "page.css"
    page.parent.mkdir()
    page.write_text("a{}")
    first = dev.fingerprint(tmp_path, "3.11")
    page.touch()
    assert dev.fingerprint(tmp_path, "3.11") == first
    assert dev.fingerprint(tmp_path, "3.12") != first
    page.write_text("b{}")
    changed = dev.fingerprint(tmp_path, "3.11")
    assert changed != first
    page.rename(page.with_name("print.css"))
    assert dev.fingerprint(tmp_path, "3.11") not in (first, changed)


def test_a_secret_is_readable_by_its_owner_alone(tmp_path):
    dev.keep_secret(tmp_path / "secret_key", "bí mật")
    assert (tmp_path / "secret_key").read_text() == "bí mật"
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_secret_key_is_made_once_and_the_callers_own_goes_before_it(tmp_path, monkeypatch):
    monkeypatch.setattr(dev, "VAR", tmp_path)
    monkeypatch.delenv("SECRET_KEY", raising=False)
    made = dev.site_environment()["SECRET_KEY"]
    assert len(made) >= 50
    assert dev.site_environment()["SECRET_KEY"] == made
    monkeypatch.setenv("SECRET_KEY", "my own")
    assert dev.site_environment()["SECRET_KEY"] == "my own"


def test_a_failed_command_shows_what_it_printed():
    with pytest.raises(dev.SetupFailed, match="no such wheel"):
        dev.quietly(sys.executable, "-c", "import sys; print('no such wheel'); sys.exit(3)")


def test_an_unknown_command_gets_the_help_text_and_status_2():
    done = subprocess.run([sys.executable, dev.__file__, "serve"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, dev.__doc__ + "\n", "")


def test_a_port_in_use_is_seen():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert dev.port_taken("127.0.0.1", listener.getsockname()[1]) is True
        port = listener.getsockname()[1]
    assert dev.port_taken("127.0.0.1", port) is False


def test_pytest_gets_every_argument_but_ours():
    assert run.split_arguments(["-k", "pace", "--nothing-left-out", "-x"]) == (True, ["-k", "pace", "-x"])
    assert run.split_arguments([]) == (False, [])


def test_the_closing_line_names_databases_and_counts():
    assert run.closing_line([SQLITE, POSTGRES], []) == (
        "Tested on SQLite (310 passed) and PostgreSQL (310 passed). Left out: nothing."
    )
    failed = Outcome("SQLite", status=1, passed=308, failed=2, skipped=0)
    assert run.closing_line([failed], ["journeys (no Chromium)", "1 skipped on SQLite"]) == (
        "Tested on SQLite (308 passed, 2 failed). Left out: journeys (no Chromium), 1 skipped on SQLite."
    )


@pytest.mark.parametrize(
    ("database", "journeys_on", "marks"),
    [
        ("SQLite", "PostgreSQL", "not slow and not journey"),
        ("PostgreSQL", "PostgreSQL", "not slow and not pure"),
        ("SQLite", "SQLite", "not slow"),
        ("SQLite", None, "not slow and not journey"),
    ],
)
def test_slow_proofs_have_their_own_command_and_journeys_and_pure_tests_run_once(database, journeys_on, marks):
    assert run.marked(database, journeys_on=journeys_on) == marks


@pytest.mark.parametrize(
    ("databases", "runs"),
    [
        (["SQLite", "PostgreSQL"], [("SQLite", "even"), ("PostgreSQL", "odd")]),
        (["SQLite"], [("SQLite", "")]),
    ],
)
def test_the_broken_workbooks_are_shared_among_the_databases_there_are(databases, runs, monkeypatch):
    started = []

    class Started:
        def __init__(self, database, _, arguments):
            started.append((database, arguments))
            self.database = database

        def finish(self):
            return Outcome(self.database, status=0, passed=10, failed=0, skipped=0)

    monkeypatch.setattr(run, "databases_here", lambda: dict.fromkeys(databases, "url"))
    monkeypatch.setattr(run.Run, "start", Started)
    assert run.main(["--fuzz", "-x"]) == 0
    assert started == [(database, [run.FUZZED, "-m", "fuzz", "-k", half, "-x"]) for database, half in runs]


def test_races_without_a_server_are_a_failure(monkeypatch, capsys):
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://nobody@127.0.0.1:1/x")
    assert run.main(["--races"]) == 1
    assert capsys.readouterr().out == "The races need PostgreSQL; none answers.\n"


def test_what_is_left_out_is_named_without_the_password_of_the_server(monkeypatch):
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://me:s3cret@db.example:6543/x")
    skipping = Outcome("SQLite", status=0, passed=300, failed=0, skipped=10)
    assert run.what_is_left_out([skipping], no_journeys="no Chromium") == [
        "10 skipped on SQLite",
        "journeys (no Chromium)",
        "PostgreSQL (none answers at db.example:6543)",
    ]
    assert run.what_is_left_out([SQLITE, POSTGRES], no_journeys="") == []
    assert run.what_is_left_out([SQLITE, NOTHING], no_journeys="") == ["every test on PostgreSQL"]


@pytest.mark.parametrize(
    ("outcomes", "left_out", "strict", "status"),
    [
        ([SQLITE], ["PostgreSQL"], False, 0),
        ([SQLITE], ["PostgreSQL"], True, 1),
        ([SQLITE, POSTGRES], [], True, 0),
        ([SQLITE, Outcome("PostgreSQL", status=1, passed=309, failed=1, skipped=0)], [], False, 1),
        ([NOTHING], [], False, 1),
        ([SQLITE, NOTHING], [], False, 0),
        ([SQLITE, NOTHING], ["every test on PostgreSQL"], True, 1),
    ],
)
def test_a_failed_run_is_a_failure_and_so_is_a_part_left_out_if_none_may_be(outcomes, left_out, strict, status):
    assert run.exit_status(outcomes, left_out, strict) == status


def test_counts_are_read_from_the_report_of_pytest(tmp_path):
    report = tmp_path / "test-sqlite.xml"
    report.write_text(
        """<testsuites><testsuite name="pytest">
        <testcase name="a"/><testcase name="b"/>
        <testcase name="c"><failure message="assert 1 == 2"/></testcase>
        <testcase name="d"><error message="no such fixture"/></testcase>
        <testcase name="e"><skipped type="pytest.skip" message="no server"/></testcase>
        <testcase name="f"><skipped type="pytest.xfail" message="known"/></testcase>
        </testsuite></testsuites>"""
    )
    assert Outcome.read("SQLite", 1, report) == Outcome("SQLite", status=1, passed=3, failed=2, skipped=1)
    assert Outcome.read("SQLite", 4, tmp_path / "none.xml") == Outcome("SQLite", 4, passed=0, failed=0, skipped=0)
