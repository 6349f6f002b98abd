"""Names of the entry form's fields: a measure's code for its figure, and endings for what is said beside it."""

from __future__ import annotations

NOTE, NOT_APPLICABLE, REASON, NOTHING = "ghi-chu", "khong-ap-dung", "ly-do", "khong-phat-sinh"


def beside_name(code: str, what: str) -> str:
    """ "CT3", NOTE -> "CT3-ghi-chu"."""
    return f"{code}-{what}"
