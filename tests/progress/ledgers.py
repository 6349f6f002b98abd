"""Ledger rows to count in tests: halves and years of 2018 to 2025, few territories, one agency each unless said."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from targets.totals.counting import Row, Voice

SPANS = {
    f"{year}{part}": (dt.date(*start), dt.date(*end))
    for year in range(2018, 2026)
    for part, start, end in (
        ("-H1", (year - 1, 12, 15), (year, 6, 14)),
        ("-H2", (year, 6, 15), (year, 12, 14)),
        ("", (year - 1, 12, 15), (year, 12, 14)),
    )
}
START = dt.date(2017, 12, 15)
A, B, C, D = 1, 2, 3, 4


def row(
    territory: int, period: str, value: int, *, agency: int | None = None, measure: str = "CT3", body: int | None = None
) -> Row:
    agency = agency or territory * 10
    return Row(territory, agency, agency * 1000, measure, period, *SPANS[period], Decimal(value), body)


def by_voice(*rows: Row) -> dict[Voice, list[Row]]:
    return {one.voice: [one] for one in rows}


def numbers(values) -> dict[int, Decimal]:
    return {key: value.number for key, value in values.items()}


def end(period: str) -> dt.date:
    return SPANS[period][1]


period_names = st.sampled_from(sorted(SPANS))
histories = st.dictionaries(
    st.tuples(st.integers(1, 5), period_names, st.sampled_from([1, 2])), st.integers(0, 500), max_size=40
).map(
    lambda said: [
        row(territory, period, value, agency=territory * 10 + n) for (territory, period, n), value in said.items()
    ]
)
