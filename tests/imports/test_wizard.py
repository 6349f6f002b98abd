"""A file on its way through the pages: sent, looked at, confirmed, taken back, thrown away."""

from __future__ import annotations

import pytest

from targets.models import Figure, ImportBatch, Report
from targets.reports import workflow
from targets.reports.workflow import Entry
from tests.imports import books
from tests.imports.wizard import Person, latest, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(reviewer, plan) -> Person:
    return Person(reviewer, plan)


def results(page) -> list[tuple[str, str, str, str]]:
    return [(one.where, one.name, one.kind, one.detail) for one in page.context["page"]]


def test_a_file_goes_from_upload_to_reports_and_back(officer):
    assert officer.send(books.plain()).url == url("preview", latest())
    page = officer.see("preview", latest())
    assert (page.context["will_do"], page.context["may_go_on"]) == ("Sẽ ghi 2 báo cáo (2 mới)", True)
    assert Report.objects.count() == 0  # nothing is written before it is confirmed

    assert officer.see("confirm", latest()).context["page"].said == "Năm 2023: Bảo Lâm, Hạ Lang (mới)."
    done = officer.confirm(latest(), note="Theo công văn")
    assert (Report.objects.count(), Figure.objects.count(), latest().note) == (2, 14, "Theo công văn")
    assert results(done) == [
        ("4", "Bảo Lâm", "new", "Tạo báo cáo, trạng thái Nháp"),
        ("5", "Hạ Lang", "new", "Tạo báo cáo, trạng thái Nháp"),
    ]
    assert [what for _, what in officer.see("undo", latest()).context["reports"]] == [
        "bỏ 7 số đã nhập, còn bản nháp trống"
    ] * 2

    officer.client.post(url("undo", latest()))
    assert (Figure.objects.count(), latest().state) == (0, "undone")


def test_a_period_may_be_chosen_for_a_file_that_does_not_say(officer, year):
    assert officer.send(books.plain(title="Biểu số 1")).url == url("columns", latest())
    assert officer.sent(books.plain(title="Biểu số 1"), period=year.pk).period == year


def test_it_refuses_what_is_no_workbook_and_keeps_nothing_of_it(officer):
    page = officer.send(b"MZ\x90\x00", "mau.xlsx")
    assert (page.status_code, ImportBatch.objects.count()) == (422, 0)
    (why,) = page.context["form"].errors["file"]
    assert why.startswith("Chỉ nhận .xlsx, .xls, .ods hoặc .csv.")


def test_what_was_chosen_stays_when_a_file_is_refused(officer, year):
    page = officer.send(b"MZ", "a.exe", period=year.pk)
    assert page.context["form"]["period"].value() == str(year.pk)


def test_it_refuses_a_form_without_a_file(officer):
    page = officer.client.post(url("upload"), {"plan": officer.plan.pk})
    assert (page.status_code, page.context["form"].errors["file"]) == (422, ["Chọn tệp Excel."])


def test_a_period_of_another_plan_is_refused(officer, period):
    other = type(officer.plan).objects.create(
        number="1/KH", title="x", short_title="x", signed_on="2026-01-01", starts_on="2026-01-01", ends_on="2030-12-31"
    )
    page = officer.send(books.plain(), plan=other.pk, period=period.pk)
    assert page.context["form"].errors["period"] == ["Kỳ báo cáo này thuộc kế hoạch khác."]


def test_the_same_file_again_says_when_it_came_in(officer):
    content = books.plain()
    officer.confirm(officer.sent(content))
    page = officer.see("preview", officer.sent(content))
    assert (page.context["to_write"], page.context["may_go_on"]) == (0, False)
    assert page.context["same_as_at"] == ImportBatch.objects.earliest("pk").confirmed_at
    assert "Không có thay đổi." in page.context["batch"].message


def test_changes_are_told_figure_by_figure(officer, draft, period):
    content = books.plain([("Huyện Hạ Lang", 141, 126, 4651, 2700, 17, 1, 3)], title="Kỳ: 6 tháng đầu năm 2024")
    done = officer.confirm(officer.sent(content))
    assert results(done) == [("4", "Hạ Lang", "changed", "2.2: 2.604 → 2.700; 5.1: 0 → 3")]


def test_reports_can_be_handed_in_at_once(officer):
    done = officer.confirm(officer.sent(books.plain()), submit="1")
    assert {detail for _, _, _, detail in results(done)} == {"Tạo báo cáo, trạng thái Đã nộp"}
    assert set(Report.objects.values_list("status", flat=True)) == {"submitted"}


def test_what_moved_since_the_preview_stops_it_and_is_shown_anew(officer, draft, reporter, entries):
    content = books.plain([("Huyện Hạ Lang", 141, 126, 4651, 2700, 17, 1, 0)], title="Kỳ: 6 tháng đầu năm 2024")
    batch = officer.sent(content)
    workflow.save(draft, entries(CT2_TT=Entry(2650)), by=reporter, version=draft.version)
    page = officer.confirm(batch)
    (told,) = page.context["messages"]
    assert str(told).startswith("Số liệu đã thay đổi sau khi xem trước")
    cell = batch.cells.get(measure__code="CT2_TT")
    assert (cell.old_value, latest().state) == (2650, "staged")
    officer.confirm(batch)
    assert Figure.objects.get(report=draft, measure__code="CT2_TT").value == 2700


def test_it_asks_for_a_look_at_odd_figures_before_writing(officer, approved, plan):
    """Hạ Lang's first half had 126 trained officials; the second says 12."""
    rows = [("Huyện Hạ Lang", 141, 12, 4651, 2604, 17, 1, 0)]
    batch = officer.sent(books.plain(rows, title="Kỳ: 6 tháng cuối năm 2024"))
    page = officer.confirm(batch)
    assert page.status_code == 422
    assert page.context["form"].errors["checked"] == ["Kiểm tra 1 lưu ý rồi đánh dấu vào ô này."]
    assert officer.confirm(batch, checked="1").context["batch"].state == "confirmed"


def test_a_reason_given_in_the_preview_goes_with_the_figure(officer, approved):
    rows = [("Huyện Hạ Lang", 141, 12, 4651, 2604, 17, 1, 0)]
    batch = officer.sent(books.plain(rows, title="Kỳ: 6 tháng cuối năm 2024"))
    officer.answer(batch, "reason", "Biểu 1!D4", "Đếm lại theo danh sách")
    assert officer.confirm(batch).context["batch"].state == "confirmed"
    figure = Figure.objects.get(report__period__code="2024-H2", measure__code="CT1_TH")
    assert figure.note == "Đếm lại theo danh sách"


def test_what_depends_on_a_file_is_named_instead_of_an_undo(officer, own_district, reporter):
    batch = officer.sent(books.plain())
    officer.confirm(batch)
    report = Report.objects.get(agency=own_district)
    workflow.submit(report, by=reporter, version=report.version)
    page = officer.see("undo", batch)
    (one,) = page.context["dependents"]
    assert (one.report, one.why.startswith("đã nộp lúc")) == (report, True)
    officer.client.post(url("undo", batch))
    assert latest().state == "confirmed"


def test_an_upload_is_thrown_away_with_its_file(officer, django_capture_on_commit_callbacks):
    batch = officer.sent(books.plain())
    storage, name = batch.file.storage, batch.file.name
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        officer.client.post(url("discard", batch))
    assert (ImportBatch.objects.count(), storage.exists(name)) == (0, False)


def test_a_confirmed_file_is_not_thrown_away(officer):
    batch = officer.sent(books.plain())
    officer.confirm(batch)
    officer.client.post(url("discard", batch))
    assert latest() == batch


@pytest.mark.parametrize("page", ["columns", "confirm"])
def test_the_steps_of_a_confirmed_file_lead_to_its_result(officer, page):
    batch = officer.sent(books.plain())
    officer.confirm(batch)
    assert officer.see(page, batch).url == url("preview", batch)


def test_a_file_with_errors_cannot_be_confirmed(officer):
    batch = officer.sent(books.plain([("Huyện Hạ Lang", "hai nghìn", 1, 2, 1, 0, 0, 0)]))
    assert officer.client.post(url("confirm", batch)).url == url("preview", batch)
    assert Report.objects.count() == 0
