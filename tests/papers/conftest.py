"""Reports on the stage of tests/conftest.py, as the figures' tests make them."""

from tests.progress.conftest import report

__all__ = ["report"]
