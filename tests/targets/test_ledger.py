"""The ledger of approved figures is written once: the model refuses changes, and so does the database."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from targets.models import ApprovedFigure
from targets.models.ledger import LedgerIsAppendOnly

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(approved) -> ApprovedFigure:
    """Hạ Lang's 17 women of the first half of 2024."""
    return approved.approved_figures.get(measure__code="CT3")


def by_sql(statement: str, *values) -> int:
    """Past the model, as from a console; gives the number of rows touched."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def test_r9_the_model_refuses_to_change_or_delete_a_row(row, reviewer):
    row.value = 18
    for attempt in (row.save, row.delete):
        with pytest.raises(LedgerIsAppendOnly), transaction.atomic():
            attempt()
    rows = ApprovedFigure.objects.all()
    for attempt in (
        rows.delete,
        lambda: rows.update(value=1),
        lambda: ApprovedFigure.objects.bulk_update([row], ["value"]),
    ):
        with pytest.raises(LedgerIsAppendOnly), transaction.atomic():
            attempt()
    assert ApprovedFigure.objects.get(pk=row.pk).value == 17


@pytest.mark.parametrize(
    "column", ["report_id", "agency_id", "unit_id", "measure_id", "period_id", "value", "approved_by_id"]
)
def test_r9_the_database_refuses_to_change_what_was_approved(row, column):
    with pytest.raises(IntegrityError, match="chi ghi them"):
        by_sql(f"UPDATE targets_approvedfigure SET {column} = {column} + 1 WHERE id = %s", row.pk)
    assert ApprovedFigure.objects.filter(pk=row.pk, value=17).exists()


def test_r9_the_database_refuses_to_move_an_approval_in_time(row):
    with pytest.raises(IntegrityError, match="chi ghi them"):
        by_sql("UPDATE targets_approvedfigure SET approved_at = %s WHERE id = %s", timezone.now(), row.pk)


def test_r9_the_database_refuses_to_delete(row):
    with pytest.raises(IntegrityError, match="chi ghi them"):
        by_sql("DELETE FROM targets_approvedfigure WHERE id = %s", row.pk)
    assert ApprovedFigure.objects.filter(pk=row.pk).exists()


def test_r9_the_database_refuses_to_empty_the_ledger(row):
    connection.check_constraints()  # nothing deferred is left that would refuse first
    statement = {"sqlite": "DELETE FROM", "postgresql": "TRUNCATE"}[connection.vendor] + " targets_approvedfigure"
    with pytest.raises(IntegrityError, match="chi ghi them"):
        by_sql(statement)


def test_r10_a_row_is_superseded_once_and_stays_so(row, reviewer, second_reviewer):
    first = row.approved_at + dt.timedelta(days=1)
    rows = ApprovedFigure.objects.filter(pk=row.pk)
    assert rows.supersede(by=reviewer, at=first) == 1
    assert rows.supersede(by=second_reviewer, at=first + dt.timedelta(days=1)) == 0
    row.refresh_from_db()
    assert (row.superseded_at, row.superseded_by, row.value) == (first, reviewer, Decimal(17))
    for change in ("superseded_at = %s", "superseded_at = NULL, superseded_by_id = NULL, approved_at = %s"):
        with pytest.raises(IntegrityError, match="chi ghi them"):
            by_sql(f"UPDATE targets_approvedfigure SET {change} WHERE id = %s", row.approved_at, row.pk)
