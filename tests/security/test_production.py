"""An installation that officials work with: what it refuses to start with, and why."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command

from khoinghiep import production

KEY = "0123456789abcdef" * 4
POSTGRESQL = "postgres://nobody@127.0.0.1:1/none"
FIT = {
    "SECRET_KEY": KEY,
    "DEBUG": False,
    "ALLOWED_HOSTS": ["khoinghiep.example.vn"],
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "HTTPS": True,
    "TRUSTED_PROXIES": ["127.0.0.1"],
}
SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3"}}


def started(*command: str, **env: str) -> subprocess.CompletedProcess:
    """manage.py with these settings and no others of ours."""
    ours = {"SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS", "HTTPS", "DEBUG", "PRODUCTION", "TRUSTED_PROXIES"}
    plain = {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("DJANGO_")}
    return subprocess.run(
        [sys.executable, *command], cwd=project.BASE_DIR, env=plain | env, capture_output=True, text=True, check=False
    )


def test_an_installation_that_is_fit_has_nothing_to_mend():
    assert list(production.faults(FIT)) == []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"DEBUG": True}, "DEBUG"),
        ({"SECRET_KEY": "x"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"SECRET_KEY": f"django-insecure-{KEY}"}, "SECRET_KEY"),
        ({"DATABASES": SQLITE}, "SQLite"),
        ({"ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"]}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ["*"]}, "ALLOWED_HOSTS"),
        ({"HTTPS": False}, "HTTPS"),
        ({"TRUSTED_PROXIES": []}, "TRUSTED_PROXIES"),
    ],
)
def test_each_fault_is_named_alone(wrong, reason):
    (said,) = production.faults({**FIT, **wrong})
    assert reason in said


def test_all_faults_are_told_at_once_and_nothing_starts():
    done = started("manage.py", "check", PRODUCTION="on", SECRET_KEY="x", DEBUG="on", HTTPS="off")
    assert done.returncode == 1
    for word in ("DEBUG", "SECRET_KEY", "SQLite", "ALLOWED_HOSTS", "HTTPS", "TRUSTED_PROXIES"):
        assert f"- {word}" in done.stderr or f" {word}" in done.stderr


def test_without_a_secret_key_nothing_starts_anywhere():
    done = started("-c", "import khoinghiep.settings")
    assert (done.returncode, "Set the SECRET_KEY environment variable" in done.stderr) == (1, True)


def test_in_production_django_s_own_deployment_check_has_nothing_to_say():
    fit = {"PRODUCTION": "on", "SECRET_KEY": KEY, "ALLOWED_HOSTS": "khoinghiep.example.vn", "DATABASE_URL": POSTGRESQL,
           "TRUSTED_PROXIES": "127.0.0.1"}  # fmt: skip
    done = started("-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING", **fit)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues (0 silenced)" in done.stdout


@pytest.mark.django_db
def test_no_demo_accounts_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="không nạp dữ liệu minh họa"):
        call_command("load_demo")
