"""The stage of tests/progress: reports handed in and approved in one line."""

from tests.progress.conftest import report  # noqa: F401
