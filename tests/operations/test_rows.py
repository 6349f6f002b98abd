"""Rows as text: whatever a table may hold comes back as it was, on each database and from either."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import models

from khoinghiep.backup import rows
from targets.models import ImportBatch, Period, Plan

pytestmark = pytest.mark.django_db

ODD = [
    "",
    "\\N",
    "\\",
    "\\t",
    "\t\n\r\n\x0b\x0c\x1f\x85\u2028",
    "Hội LHPN xã Cô Ba",
    "Hoà\u0300",
    "😀\\\n\\",
    "a'b\"c;--",
    "\\.",
]


@pytest.fixture
def batches(plan, reporter) -> list[dict]:
    """One batch for each odd text, in a text column and inside JSON."""
    for place, text in enumerate(ODD):
        ImportBatch.objects.create(
            plan=plan, name=f"{place}", size=place, sha256="0" * 64, sent_by=reporter, message=text,
            sent_at=datetime(2026, 1, 2, 3, 4, 5, place, tzinfo=UTC), choices={text: [text, None, 1, 1.5, True]},
        )  # fmt: skip
    return everything(ImportBatch)


def everything(model: type[models.Model]) -> list[dict]:
    return list(model.objects.order_by("pk").values())


def test_odd_texts_and_json_come_back_as_they_were(batches):
    stream = BytesIO()
    assert rows.write(ImportBatch, stream) == len(ODD)
    ImportBatch.objects.all().delete()
    stream.seek(0)
    rows.load(ImportBatch, stream)
    assert everything(ImportBatch) == batches


def test_a_row_is_the_same_line_on_each_database(plan):
    """A backup from one is restored on the other."""
    period = Period.objects.create(
        plan=plan, code="2030-X", name="Kỳ\tthử", kind="half", starts_on=date(2030, 1, 1), ends_on=date(2030, 6, 1),
        due_on=date(2030, 6, 5),
    )  # fmt: skip
    stream = BytesIO()
    rows.write(Period, stream)
    line = stream.getvalue().decode().splitlines()[-1].split("\t")
    fields = dict(zip(rows.columns_of(Period), line, strict=True))
    assert fields["id"] == str(period.pk)
    assert [fields[name] for name in ("name", "starts_on", "closed_at")] == ["Kỳ\\tthử", "2030-01-01", "\\N"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "\\N"),
        (True, "t"),
        (-7, "-7"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.50"), "0.50"),
        (datetime(2026, 1, 2, 3, 4, 5, 60, tzinfo=UTC), "2026-01-02 03:04:05.000060+00:00"),
    ],
)
def test_how_values_are_spelled(value, text):
    assert rows.SPELLED[type(value)](value) == text


def test_a_kind_of_value_that_nobody_thought_of_is_refused(plan):
    with pytest.raises(KeyError):
        rows._line((Plan,), [])
