"""A file kept until it is confirmed: what of it is stored, what is said of it, how it is read again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from targets.imports import staging, undoing
from targets.imports.assessment import REFUSED
from targets.imports.layout import Problem
from targets.models import ImportBatch, ImportCell, Report
from targets.reports.entries import Entry
from targets.reports.workflow import NotAllowed

from .staged import confirmed, read, sent

pytestmark = pytest.mark.django_db


def test_all_that_is_known_of_a_cell_is_kept(own_district, period, reviewer):
    found = read(period, {own_district: {"CT3": 17, "CT4": Entry(not_applicable=True, reason="Không giao")}})
    doubt = Problem("much_more", "Gấp 4 lần kỳ trước.\tXem lại\\.\n", 4, "C", "17")
    found.cells[0] = replace(found.cells[0], warning=doubt, typed="17", sheet="Quý I", note="theo biên bản")
    found.cells[1] = replace(found.cells[1], problem=Problem("no_reason", "Ghi lý do."))
    batch = staging.stage(found, b"PK", by=reviewer, agency=own_district, choices={"sheet": "Quý I"})
    assert (batch.agency, batch.choices, batch.state, batch.period) == (
        own_district,
        {"sheet": "Quý I"},
        "staged",
        period,
    )
    first, second = batch.cells.order_by("column")
    assert (first.sheet, str(first), first.raw, first.value, first.typed, first.note) == (
        "Quý I", "Quý I!C4", "17", Decimal(17), "17", "theo biên bản",
    )  # fmt: skip
    assert (first.agency, first.measure.code, first.outcome) == (own_district, "CT3", "new")
    assert (first.warning, first.code, first.message) == (True, "much_more", doubt.message)
    assert (second.sheet, second.value, second.not_applicable, second.note) == ("Biểu 1", None, True, "Không giao")
    assert (second.warning, second.code, second.message) == (False, "no_reason", "Ghi lý do.")
    assert (first.figure, first.before, first.old_value) == (None, None, None)


def test_a_problem_says_on_which_sheet_it_is(own_district, period, reviewer):
    found = read(period, {own_district: {"CT3": 17}})
    found.errors = [Problem("x", "Sai.", 4, "C", "17"), Problem("y", "Sai.", 5, "D", "3", sheet="Quý II")]
    batch = staging.stage(found, b"PK", by=reviewer)
    assert [(error["sheet"], error["cell"]) for error in batch.outcome["errors"]] == [
        ("Biểu 1", "C4"),
        ("Quý II", "D5"),
    ]


def test_staging_touches_no_report_and_takes_as_many_queries_for_many_cells(
    plan, period, own_district, other_district, reviewer, django_assert_num_queries
):
    codes = list(plan.measures.values_list("code", flat=True))
    few = read(period, {own_district: {"CT3": 1}})
    many = read(period, {agency: dict.fromkeys(codes, 1) for agency in (own_district, other_district)})
    for found in (few, many):
        with django_assert_num_queries(6):
            staging.stage(found, found.file.encode(), by=reviewer)
    assert (Report.objects.count(), ImportCell.objects.count()) == (0, 1 + 2 * len(codes))


def test_the_sender_changes_a_choice_and_the_same_file_is_read_again(own_district, period, year, reviewer):
    batch = sent(period, {own_district: {"CT3": 17, "CT4": 1}}, reviewer)
    kept, sent_at = batch.file.name, batch.sent_at
    again = read(year, {own_district: {"CT3": 18}})
    again.errors = [Problem("x", "Sai.")]
    batch = staging.restage(batch, again, {"period": year.code})
    batch.refresh_from_db()
    assert (batch.period, batch.choices, len(batch.outcome["errors"])) == (year, {"period": "2023"}, 1)
    assert [cell.value for cell in batch.cells.all()] == [18]
    assert (batch.file.name, batch.sent_at, ImportBatch.objects.count()) == (kept, sent_at, 1)


def test_a_file_that_could_not_be_read_can_be_read_with_other_choices(own_district, period, reviewer):
    found = read(period, {})
    found.outcome, found.message = REFUSED, "Không mở được."
    batch = staging.stage(found, b"PK", by=reviewer)
    with pytest.raises(NotAllowed, match="không đọc được"):
        staging.confirm(batch, by=reviewer)
    batch = staging.restage(batch, read(period, {own_district: {"CT3": 17}}), {})
    assert (batch.state, [r.agency for r in staging.confirm(batch, by=reviewer)]) == ("staged", [own_district])


@pytest.mark.parametrize("undone", [False, True])
def test_it_refuses_to_read_again_what_was_confirmed(undone, own_district, period, reviewer):
    said = {own_district: {"CT3": 17}}
    batch = confirmed(period, said, reviewer)
    if undone:
        undoing.undo(batch, by=reviewer)
    with pytest.raises(NotAllowed, match="đã nhập"):
        staging.restage(batch, read(period, said), {})
    assert batch.cells.count() == 1


def test_the_same_file_again_is_told_with_when_and_by_whom(own_district, period, reviewer, second_reviewer):
    first = confirmed(period, {own_district: {"CT3": 17}}, reviewer)
    ImportBatch.objects.update(confirmed_at=dt.datetime(2024, 7, 22, 9, 40, tzinfo=dt.UTC))
    again = sent(period, {own_district: {"CT3": 17}}, second_reviewer, name="b.xlsx")
    assert again.outcome["same_as"] == {
        "batch": first.pk, "name": "a.xlsx", "at": "2024-07-22T09:40:00+00:00", "by": "Nông Thị Hạnh",
    }  # fmt: skip
    assert again.message == "Tệp này đã nhập lúc 16:40, 22/7/2024. Không có thay đổi."


def test_the_same_file_again_is_not_said_to_change_nothing_when_it_would(own_district, period, reviewer):
    said = {own_district: {"CT3": 17}}
    confirmed(period, said, reviewer, note="")
    confirmed(period, {own_district: {"CT3": 18}}, reviewer)
    again = sent(period, said, reviewer)
    assert ("same_as" in again.outcome, again.message) == (True, "")


def test_an_upload_that_was_undone_or_never_confirmed_is_not_the_same_file_again(own_district, period, reviewer):
    said = {own_district: {"CT3": 17}}
    sent(period, said, reviewer)
    undoing.undo(confirmed(period, said, reviewer), by=reviewer)
    assert "same_as" not in sent(period, said, reviewer).outcome


def test_abandoned_uploads_go_with_their_files_and_nothing_else_does(
    own_district, other_district, period, reviewer, django_capture_on_commit_callbacks
):
    done = confirmed(period, {own_district: {"CT3": 17}}, reviewer)
    undone = confirmed(period, {other_district: {"CT3": 17}}, reviewer)
    undoing.undo(undone, by=reviewer)
    old = sent(period, {own_district: {"CT4": 1}}, reviewer, name="cũ.xlsx")
    failed = sent(period, {own_district: {"CT4": 2}}, reviewer, name="hỏng.xlsx")
    ImportBatch.objects.filter(pk=failed.pk).update(state="failed")
    ImportBatch.objects.update(sent_at=timezone.now() - dt.timedelta(days=7, minutes=1))
    fresh = sent(period, {own_district: {"CT4": 3}}, reviewer)
    assert purged("--dry-run") == ["cũ.xlsx", "hỏng.xlsx", "Sẽ xóa: 2 tệp chưa xác nhận."]
    assert ImportBatch.objects.count() == 5
    with django_capture_on_commit_callbacks(execute=True):
        assert purged() == ["cũ.xlsx", "hỏng.xlsx", "Đã xóa: 2 tệp chưa xác nhận."]
    assert set(ImportBatch.objects.all()) == {done, undone, fresh}
    assert [default_storage.exists(batch.file.name) for batch in (old, failed, done, fresh)] == [
        False,
        False,
        True,
        True,
    ]
    assert purged() == ["Đã xóa: 0 tệp chưa xác nhận."]


def purged(*arguments: str) -> list[str]:
    """The lines that the command prints, without who sent each file and when."""
    out = StringIO()
    call_command("purge_imports", *arguments, stdout=out)
    return [line.split(", Nông Thị Hạnh gửi lúc ")[0] for line in out.getvalue().splitlines()]
