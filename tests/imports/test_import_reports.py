"""A workbook read, previewed, confirmed: exact values, exact places of what is wrong, all or nothing."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency
from targets.imports import staging
from targets.imports.assessment import assess
from targets.models import ApprovedFigure, Figure, FigureChange, ImportBatch, Report
from targets.reference import PLANS, load_reference
from targets.reports import workflow
from targets.reports.workflow import NotAllowed

from . import books
from .books import MEASURES, TWO_ROWS, official, plain

pytestmark = pytest.mark.django_db


def values(found) -> dict[str, dict[str, int | None]]:
    read: dict[str, dict] = {}
    for cell in found.cells:
        read.setdefault(cell.unit.full_name, {})[cell.measure.code] = cell.value
    return read


def errors(found) -> list[tuple[int | None, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in found.errors]


TRUTH = {name: dict(zip(MEASURES, numbers, strict=True)) for name, *numbers in TWO_ROWS}


@pytest.mark.parametrize("book", [plain, official])
def test_a_workbook_is_read_as_it_is_sent(book, plan):
    found = assess(book(), "a.xlsx", plan=plan)
    assert (found.outcome, found.period.code, found.rows_read, found.errors) == ("ok", "2023", 2, [])
    assert values(found) == TRUTH


def test_total_and_signature_rows_are_no_units_and_totals_are_checked(plan):
    found = assess(official(), "a.xlsx", plan=plan)
    assert [skipped.row for skipped in found.skipped] == [7, 10, 12]
    assert [(t.cell.address, t.stated, t.agrees) for t in found.totals][:2] == [("C10", 295, True), ("D10", 240, True)]
    wrong = assess(official(total=[295, 240, 17993, 12051, 27, 2, 17]), "a.xlsx", plan=plan)
    assert errors(wrong) == [(10, "G", "total_differs")]
    assert wrong.errors[0].message == "Dòng tổng ghi 27, cộng các đơn vị được 26."


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (("Huyện Bảo Lâm", 181, 190, 9388, 5708, 23, 2, 8), (4, "D", "over_base")),
        (("Huyện Bảo Lâm", 181, 132, 9388, 5708, "12,5", 2, 8), (4, "G", "not_whole")),
        (("Huyện Bảo Lâm", 181, 132, 5.321, 5, 23, 2, 8), (4, "E", "not_whole")),
        (("Huyện Bảo Lâm", 181, 132, 9388, 5708, dt.date(2023, 12, 3), 2, 8), (4, "G", "date")),
        (("Huyện Bảo Lâm", 181, 132, 9388, 5708, -1, 2, 8), (4, "G", "negative")),
        (("Huyện Bảo Lâm", 181, 132, 9388, 5708, "hai mươi", 2, 8), (4, "G", "not_a_number")),
        (("Huyện Phục Hòa", 181, 132, 9388, 5708, 23, 2, 8), (4, "B", "unit_not_in_period")),
        (("Huyện Bảo Lấm", 181, 132, 9388, 5708, 23, 2, 8), (4, "B", "unknown_unit")),
    ],
)
def test_what_is_wrong_is_named_with_its_cell_and_nothing_can_be_confirmed(row, place, plan, reviewer):
    content = plain([row, TWO_ROWS[1]])
    found = assess(content, "a.xlsx", plan=plan)
    assert (found.outcome, errors(found)) == ("error", [place])
    batch = staging.stage(found, content, by=reviewer)
    with pytest.raises(NotAllowed, match="còn lỗi"):
        staging.confirm(batch, by=reviewer)
    assert not Report.objects.exists()


def test_a_unit_that_ended_is_an_error_that_offers_its_successor(plan):
    found = assess(plain([("Huyện Phục Hòa", 1, 1, 1, 1, 1, 1, 1), TWO_ROWS[1]]), "a.xlsx", plan=plan)
    assert "đã nhập vào huyện Quảng Hòa từ 01/3/2020" in found.errors[0].message


def test_the_same_unit_twice_is_an_error_at_the_second(plan):
    found = assess(plain([*TWO_ROWS, TWO_ROWS[0]]), "a.xlsx", plan=plan)
    assert errors(found) == [(6, "B", "duplicate_unit")]


def test_districts_of_before_2020_are_read_for_their_time(plan):
    rows = [("Quảng Uyên", 167, 159, 10488, 6091, 21, 2, 8), ("H. Trà Lĩnh", 108, 82, 5724, 3040, 24, 0, 1)]
    found = assess(plain(rows, title="Kỳ báo cáo: Năm 2019"), "a.xlsx", plan=plan)
    assert (found.outcome, {cell.unit.slug for cell in found.cells}) == (
        "ok",
        {"huyen-quang-uyen", "huyen-tra-linh"},
    )


def test_the_period_must_be_known(plan, year):
    content = plain(title="Kỳ báo cáo")
    assert [p.code for p in assess(content, "a.xlsx", plan=plan).errors] == ["period_unknown"]
    assert assess(content, "a.xlsx", plan=plan, period=year).outcome == "ok"


def test_another_period_than_the_title_says_is_pointed_out(plan, period):
    found = assess(plain(), "a.xlsx", plan=plan, period=period)
    assert [w.code for w in found.warnings] == ["period_differs"]


@pytest.mark.parametrize("empty", [None, "-", "x", "…", ""])
def test_r2_no_data_is_listed_and_never_zero_and_overwrites_nothing(empty, plan, reviewer, second_reviewer):
    row = ("Huyện Hạ Lang", 114, 108, 8605, 6343, empty, 0, 9)
    content = plain([row])
    batch = confirmed(content, plan, reviewer)
    assert batch.cells.get(measure__code="CT3").outcome == "empty"
    report = Report.objects.get()
    assert not report.figures.filter(measure__code="CT3").exists()
    assert report.figures.get(measure__code="CT4").value == 0


def confirmed(content: bytes, plan, by) -> ImportBatch:
    batch = staging.stage(assess(content, "a.xlsx", plan=plan), content, by=by)
    staging.confirm(batch, by=by)
    batch.refresh_from_db()
    return batch


def test_confirming_makes_drafts_whose_figures_name_their_cell(plan, reviewer):
    batch = confirmed(official(), plan, reviewer)
    assert (batch.state, batch.confirmed_by, batch.message) == ("confirmed", reviewer, "Đã ghi 2 báo cáo: 2 mới.")
    report = Report.objects.get(agency__code="hoi-lhpn-huyen-ha-lang")
    assert (report.status, report.period.code) == ("draft", "2023")
    figure = report.figures.get(measure__code="CT5")
    assert (figure.value, figure.origin.sheet, figure.origin.column, figure.origin.row, figure.origin.raw) == (
        9,
        "Biểu tổng hợp",
        "I",
        9,
        "9",
    )
    assert figure.origin.figure == figure
    assert FigureChange.objects.filter(event__report=report, event__verb="save").count() == 7


def test_the_file_is_kept_under_its_checksum(plan, reviewer):
    content = plain()
    batch = staging.stage(assess(content, "../../x.xlsx", plan=plan), content, by=reviewer)
    with batch.file.open() as kept:
        assert (kept.read(), batch.size, len(batch.sha256)) == (content, len(content), 64)
    assert batch.file.name.startswith(f"imports/{batch.sha256}")


def test_the_same_file_again_changes_nothing(plan, reviewer):
    confirmed(plain(), plan, reviewer)
    version = Report.objects.get(agency__code="hoi-lhpn-huyen-ha-lang").version
    again = assess(plain(), "a.xlsx", plan=plan)
    assert ({cell.outcome for cell in again.cells}, again.message) == ({"same"}, "Không có thay đổi.")
    batch = confirmed(plain(), plan, reviewer)
    assert batch.message == "Không có thay đổi, không ghi gì."
    assert Report.objects.get(agency__code="hoi-lhpn-huyen-ha-lang").version == version


def test_what_was_handed_in_or_approved_is_locked(plan, reviewer, second_reviewer):
    confirmed(plain(), plan, reviewer)
    report = Report.objects.get(agency__code="hoi-lhpn-huyen-ha-lang")
    workflow.submit(report, by=reviewer, version=report.version)
    changed = plain([TWO_ROWS[0], ("Huyện Hạ Lang", 114, 108, 8605, 6343, 99, 0, 9)])
    found = assess(changed, "a.xlsx", plan=plan)
    cell = next(c for c in found.cells if c.value == 99)
    assert (cell.outcome, cell.old_value) == ("locked", 3)
    confirmed(changed, plan, reviewer)
    assert report.figures.get(measure__code="CT3").value == 3


def test_a_report_that_moved_since_the_preview_stops_the_whole_file(plan, reviewer, entries):
    content = plain()
    batch = staging.stage(assess(content, "a.xlsx", plan=plan), content, by=reviewer)
    agency = Agency.objects.get(code="hoi-lhpn-huyen-ha-lang")
    report = workflow.start(agency, plan.periods.get(code="2023"), by=reviewer)
    workflow.save(report, entries(CT3=7), by=reviewer, version=report.version)
    with pytest.raises(NotAllowed, match="đã thay đổi sau khi xem trước"):
        staging.confirm(batch, by=reviewer)
    assert Report.objects.count() == 1
    assert Figure.objects.get(measure__code="CT3").value == 7


def test_confirming_twice_is_refused(plan, reviewer):
    batch = confirmed(plain(), plan, reviewer)
    with pytest.raises(NotAllowed, match="đã nhập"):
        staging.confirm(batch, by=reviewer)


@pytest.mark.parametrize(
    "content", [b"", b"MZ\x90", b"%PDF-1.7", b"\xff\xfea\x00", b"PK\x03\x04rubbish", b"Huy\xc3\xaan;1;2"]
)
def test_what_is_no_workbook_is_refused_with_a_reason(content, plan):
    found = assess(content, "a.xlsx", plan=plan)
    assert found.outcome == "refused"
    assert found.message


def test_a_cut_off_workbook_is_refused(plan):
    assert assess(plain()[:-100], "a.xlsx", plan=plan).outcome == "refused"


def run(*files, code: int = 0, **options) -> list[dict]:
    out = StringIO()
    if code:
        with pytest.raises(SystemExit) as stopped:
            call_command("import_reports", *map(str, files), json=True, stdout=out, **options)
        assert stopped.value.code == code
    else:
        call_command("import_reports", *map(str, files), json=True, stdout=out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture
def file(tmp_path):
    def write(content: bytes, name: str = "a.xlsx"):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return write


def test_the_command_is_a_dry_run_with_the_contracts_keys(plan, file):
    (said,) = run(file(official()))
    assert list(said) == [
        "file", "outcome", "message", "period", "sheet", "layout", "rows_read", "rows_skipped", "values", "errors",
        "warnings", "totals", "batch",
    ]  # fmt: skip
    assert said["values"][-1] == {
        "unit_code": "048", "unit": "Huyện Hạ Lang", "measure": "CT5", "value": 9, "sheet": "Biểu tổng hợp",
        "cell": "I9", "change": "new",
    }  # fmt: skip
    assert said["totals"][0] == {"cell": "C10", "stated": 295, "computed": 295, "agrees": True}
    assert (said["batch"], Report.objects.count(), ImportBatch.objects.count()) == (None, 0, 0)


def test_a_file_finds_the_plan_that_has_its_period(plan, file):
    """No plan has results yet, so pages would open with the newest; the title says 2023."""
    load_reference(PLANS / "plan2415")
    assert (run(file(plain()))[0]["period"], run(file(plain()), plan="2415/QĐ-TTg", code=1)[0]["outcome"]) == (
        "2023",
        "error",
    )


def test_the_command_exits_by_the_worst_file(plan, file):
    bad = plain([("Huyện Bảo Lâm", 1, 2, 1, 1, 1, 1, 1)])
    good, wrong, refused = file(plain(), "1.xlsx"), file(bad, "2.xlsx"), file(b"MZ", "3.xlsx")
    assert [said["outcome"] for said in run(good, wrong, code=1)] == ["ok", "error"]
    assert [said["outcome"] for said in run(good, wrong, refused, code=2)] == ["ok", "error", "refused"]
    (said,) = run(wrong, code=1)
    assert said["errors"] == [
        {
            "sheet": "Biểu 1", "row": 4, "column": "D", "cell": "D4", "value": "2", "code": "over_base",
            "message": "2 lớn hơn tổng số cán bộ thuộc diện tập huấn 1 (ô 1.1). Kiểm tra lại một trong hai số.",
        }
    ]  # fmt: skip


def test_commit_and_approve_take_two_officers_and_fill_the_ledger(plan, file, reviewer, second_reviewer):
    (said,) = run(file(plain()), commit=True, approve=True, by="hanh")
    assert ImportBatch.objects.get(pk=said["batch"]).sent_by == reviewer
    assert set(Report.objects.values_list("status", "submitted_by", "approved_by")) == {
        ("approved", reviewer.pk, second_reviewer.pk)
    }
    assert ApprovedFigure.objects.current().get(unit__slug="huyen-ha-lang", measure__code="CT3").value == 3


def test_approving_alone_is_refused_and_nothing_is_left(plan, file, reviewer):
    with pytest.raises(CommandError, match="cán bộ tỉnh thứ hai"):
        call_command("import_reports", str(file(plain())), commit=True, approve=True, stdout=StringIO())
    assert (Report.objects.count(), ImportBatch.objects.count()) == (0, 0)


def test_a_wrong_figure_is_an_error_though_its_report_is_locked(plan, file, reviewer, second_reviewer):
    run(file(plain()), commit=True, approve=True)
    wrong = plain([("Huyện Bảo Lâm", 181, 999, 9388, 5708, 23, 2, 8)])
    assert errors(assess(wrong, "a.xlsx", plan=plan)) == [(4, "D", "over_base")]


def test_a_problem_stands_at_its_measure_though_another_cell_changed(plan, file, reviewer):
    run(file(plain()), commit=True)
    fewer = plain([("Huyện Bảo Lâm", 100, 132, 9388, 5708, 23, 2, 8)])
    assert errors(assess(fewer, "a.xlsx", plan=plan)) == [(4, "D", "over_base")]


def test_drafts_of_an_earlier_run_are_approved_by_a_later_one(plan, file, reviewer, second_reviewer):
    run(file(plain()), commit=True)
    assert set(Report.objects.values_list("status", flat=True)) == {"draft"}
    (said,) = run(file(plain()), commit=True, approve=True)
    assert said["message"] == "Không có thay đổi, không ghi gì."
    assert set(Report.objects.values_list("status", flat=True)) == {"approved"}


def test_what_stops_a_file_at_the_last_step_is_in_its_outcome_and_nothing_is_left(
    plan, file, reviewer, second_reviewer
):
    """A required figure is blank: a draft may be, a report handed in may not."""
    blank = plain([("Huyện Bảo Lâm", 181, 132, 9388, 5708, 23, 2, "x")])
    (said,) = run(file(blank), code=1, commit=True, approve=True)
    assert (said["outcome"], said["batch"]) == ("error", None)
    assert [error["code"] for error in said["errors"]] == ["not_allowed"]
    assert "Chưa nhập" in said["message"]
    assert (Report.objects.count(), ImportBatch.objects.count()) == (0, 0)


def test_a_file_that_cannot_be_opened_does_not_stop_the_others(plan, file, tmp_path):
    said = run(tmp_path / "thieu.xlsx", file(plain()), code=2)
    assert [one["outcome"] for one in said] == ["refused", "ok"]


def test_a_closed_period_is_said_before_anybody_confirms(plan, year, administrator):
    year.closed_at, year.closed_by = timezone.now(), administrator
    year.save()
    found = assess(plain(), "a.xlsx", plan=plan)
    assert [(problem.code, found.outcome) for problem in found.errors] == [("period_closed", "error")]


def test_a_file_over_ten_megabytes_is_refused_on_the_page_and_not_kept(client, plan, reviewer):
    client.force_login(reviewer)
    sent = {"plan": plan.pk, "file": SimpleUploadedFile("a.xlsx", bytes(10 * 1024 * 1024 + 1))}
    page = client.post(reverse("imports:upload"), sent)
    assert (page.status_code, "Tệp lớn hơn 10 MB" in page.content.decode()) == (422, True)
    assert not ImportBatch.objects.exists()


def test_an_upload_without_a_file_says_so(client, plan, reviewer):
    client.force_login(reviewer)
    page = client.post(reverse("imports:upload"), {"plan": plan.pk})
    assert (page.status_code, "Chọn tệp Excel." in page.content.decode()) == (422, True)


def test_text_numbers_are_read_the_vietnamese_way(plan):
    row = ("UBND huyện  hạ lang", "114", " 108 ", "8.605", "6\u00a0343", "1.234,0", "0", "9")
    found = assess(books.plain([row]), "a.xlsx", plan=plan)
    assert [cell.value for cell in found.cells] == [Decimal(n) for n in (114, 108, 8605, 6343, 1234, 0, 9)]


def test_the_preview_counts_as_many_errors_as_its_message_says(client, plan, reviewer):
    content = plain([("Huyện Phục Hòa", 1, 1, 1, 1, 1, 1, 1), ("Huyện Hạ Lang", 114, 108, 8605, 6343, "12,5", 0, 9)])
    batch = staging.stage(assess(content, "a.xlsx", plan=plan), content, by=reviewer)
    client.force_login(reviewer)
    page = client.get(reverse("imports:preview", args=[batch.pk]))
    assert {word: count for _, word, count, _ in page.context["stats"]}["Lỗi"] == 2
    assert batch.message == "Có 2 lỗi. Sửa tại đây, hoặc sửa trong tệp rồi tải lại."
