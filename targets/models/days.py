"""Days as officials write them. Pure: messages and pages share it."""

from __future__ import annotations

import datetime as dt


def spell_day(day: dt.date) -> str:
    """ "01/7/2024", but "05/02/2025": months 1 and 2 take a zero, so that nobody can put a 1 before them."""
    return f"{day:%d}/{day.month:02d}/{day.year}" if day.month <= 2 else f"{day:%d}/{day.month}/{day.year}"
