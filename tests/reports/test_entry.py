"""What may be said beside a figure, what is odd about it, and saving while somebody types."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from targets.models import Attachment, Report, ReportEvent
from targets.reports import attachments, checks, workflow
from targets.reports.beside import Beside, beside
from targets.reports.entries import entries_of
from targets.reports.rules import NotAllowed
from targets.reports.soft_checks import warnings
from tests.conftest import FIGURES

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 danh sach"


@pytest.fixture
def as_reporter(client, reporter):
    client.force_login(reporter)
    return client


def figure(report: Report, code: str):
    return report.figures.get(measure__code=code)


def post(client, report: Report, **fields):
    data = {"version": str(report.version), **{k: str(v) for k, v in FIGURES.items()}, **fields}
    return client.post(reverse("reports:edit", args=[report.pk]), data)


def autosave(client, report: Report, version: int | None = None, **fields):
    asked = {"version": report.version if version is None else version, "fields": fields}
    return client.post(
        reverse("reports:autosave", args=[report.pk]), json.dumps(asked), content_type="application/json"
    )


# --- Beside a figure


def test_r2_not_applicable_is_said_with_its_reason(as_reporter, draft):
    post(as_reporter, draft, **{"CT4": "", "CT4-khong-ap-dung": "on", "CT4-ly-do": "Không giao", "CT4-ghi-chu": ""})
    assert (figure(draft, "CT4").value, figure(draft, "CT4").not_applicable) == (None, True)
    assert figure(draft, "CT4").reason == "Không giao"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"CT4": "", "CT4-khong-ap-dung": "on", "CT4-ly-do": ""}, "Ghi lý do không áp dụng."),
        ({"CT4": "3", "CT4-khong-ap-dung": "on", "CT4-ly-do": "x"}, "Đã chọn không áp dụng thì để trống ô số."),
    ],
)
def test_r2_not_applicable_takes_a_reason_and_no_number(fields, message, as_reporter, draft):
    page = post(as_reporter, draft, **fields)
    assert page.status_code == 422
    assert page.context["form"].errors["CT4"] == [message]
    assert figure(draft, "CT4").value == 1  # as it was


def test_nothing_happened_writes_a_zero_and_only_into_a_blank(as_reporter, draft):
    post(as_reporter, draft, **{"CT4": "", "CT4-khong-phat-sinh": "on", "CT3": "17", "CT3-khong-phat-sinh": "on"})
    assert (figure(draft, "CT4").value, figure(draft, "CT3").value) == (0, 17)


def test_a_note_stays_with_its_figure_and_a_page_without_notes_leaves_it(as_reporter, draft):
    post(as_reporter, draft, **{"CT3-ghi-chu": "12 hộ ở Quang Long", "CT3-ly-do": ""})
    draft.refresh_from_db()
    post(as_reporter, draft, CT3="18")
    assert (figure(draft, "CT3").value, figure(draft, "CT3").note) == (18, "12 hộ ở Quang Long")


def test_an_estimate_is_marked_and_taken_back(as_reporter, draft):
    post(as_reporter, draft, leadership="", is_estimate="on")
    draft.refresh_from_db()
    assert draft.is_estimate is True
    post(as_reporter, draft, leadership="")
    draft.refresh_from_db()
    assert draft.is_estimate is False


# --- What is odd


@pytest.fixture
def odd(plan, own_district):
    """`odd(CT3=60, near={"CT3": Beside(previous=17)})` -> (measure, code) of each warning."""
    rulebook = checks.Rulebook.of(plan, own_district)

    def ask(near: dict[str, Beside], **values) -> list[tuple[str, str]]:
        said = {code: workflow.Entry(Decimal(value)) for code, value in values.items()}
        return [(p.measure.code, p.code) for p in warnings(rulebook, said, near)]

    return ask


@pytest.mark.parametrize(
    ("code", "value", "near", "found"),
    [
        ("CT3", 51, Beside(previous=Decimal(17)), []),
        ("CT3", 52, Beside(previous=Decimal(17)), ["jumped"]),
        ("CT3", 6, Beside(previous=Decimal(17)), []),
        ("CT3", 5, Beside(previous=Decimal(17)), ["dropped"]),
        ("CT3", 50, Beside(previous=Decimal(2)), []),
        ("CT2_TT", 2603, Beside(previous=Decimal(2604)), ["fell"]),
        ("CT2_TT", 2604, Beside(previous=Decimal(2604)), []),
        ("CT2_TS", 5581, Beside(previous=Decimal(4651)), []),
        ("CT2_TS", 5582, Beside(previous=Decimal(4651)), ["base_changed"]),
        ("CT2_TS", 3700, Beside(previous=Decimal(4651)), ["base_changed"]),
        ("CT3", 3, Beside(before=Decimal(48), target=Decimal(50)), ["over_target"]),
        ("CT3", 2, Beside(before=Decimal(48), target=Decimal(50)), []),
        ("CT3", 3, Beside(before=Decimal(51), target=Decimal(50)), []),  # said already when it was crossed
    ],
)
def test_what_is_odd_beside_last_period_or_the_allocation(code, value, near, found, odd):
    assert odd({code: near}, **{code: value}) == [(code, one) for one in found]


def test_what_stands_beside_a_figure_is_counted_from_the_ledger(
    approved, plan, own_district, reporter, reviewer, entries
):
    report = workflow.start(own_district, plan.periods.get(code="2024-H2"), by=reporter)
    near = beside(report, checks.Rulebook.of(plan, own_district))
    assert near["CT3"] == Beside(previous=Decimal(17), before=Decimal(17))
    assert near["CT2_TT"] == Beside(previous=Decimal(2604), base="CT2_TS")
    year = workflow.start(own_district, plan.periods.get(code="2024"), by=reviewer)
    year = workflow.save(year, entries(**FIGURES | {"CT3": 40}), by=reporter, version=year.version)
    year = workflow.submit(year, by=reporter, version=year.version)
    workflow.approve(year, by=reviewer, version=year.version)
    later = workflow.start(own_district, plan.periods.get(code="2025-H1"), by=reporter)
    assert beside(later, checks.Rulebook.of(plan, own_district))["CT3"].before == 40  # R5: not 57
    # Seen from within the year, it is not over and replaces nothing.
    assert beside(report, checks.Rulebook.of(plan, own_district))["CT3"].before == 17


def test_a_warning_is_beside_its_figure_and_does_not_stop_the_hand_in(
    as_reporter, approved, plan, own_district, reporter
):
    report = workflow.start(own_district, plan.periods.get(code="2024-H2"), by=reporter)
    page = post(as_reporter, report, CT3="60", submit="1")
    assert page.url == reverse("reports:submit", args=[report.pk])
    text = as_reporter.get(reverse("reports:edit", args=[report.pk])).content.decode()
    assert "Gấp 3,5 lần kỳ trước (17 → 60). Nếu đúng, ghi lý do để tỉnh duyệt nhanh hơn." in text


def test_a_draft_that_is_opened_again_says_at_once_what_stops_it(as_reporter, draft):
    autosave(as_reporter, draft, CT2_TT="4902", CT5="")
    page = as_reporter.get(reverse("reports:edit", args=[draft.pk]))
    form = page.context["form"]
    assert form.faults["CT2_TT"].startswith("4.902 lớn hơn tổng số hội viên 4.651")
    assert {item["section"] and item["section"].code: item["text"] for item in form.rail} == {
        "CT1": "Đủ", "CT2": "1 lỗi", "CT3": "Đủ", "CT4": "Đủ", "CT5": "Chưa nhập", None: "Không bắt buộc",
    }  # fmt: skip
    assert form.count == "1 lỗi"


# --- Saving while somebody types


def test_only_the_fields_that_were_sent_are_written(as_reporter, draft):
    answer = autosave(as_reporter, draft, CT3="1.018", results="Ra mắt tổ hợp tác").json()
    draft.refresh_from_db()
    assert (answer["version"], answer["unread"], answer["errors"]) == (draft.version, [], {})
    assert (figure(draft, "CT3").value, draft.results) == (1018, "Ra mắt tổ hợp tác")
    assert {code: entry.value for code, entry in entries_of(draft).items()} == {
        code: Decimal(value) for code, value in (FIGURES | {"CT3": 1018}).items()
    }


def test_what_cannot_be_read_is_named_and_the_rest_is_kept(as_reporter, draft):
    answer = autosave(as_reporter, draft, CT3="12,5", CT4="2").json()
    assert answer["unread"] == ["CT3"]
    assert "số nguyên" in answer["errors"]["CT3"]
    assert (figure(draft, "CT3").value, figure(draft, "CT4").value) == (17, 2)


def test_a_figure_that_does_not_agree_is_kept_and_named(as_reporter, draft):
    answer = autosave(as_reporter, draft, CT2_TT="4902").json()
    assert answer["unread"] == []
    assert answer["errors"]["CT2_TT"].startswith("4.902 lớn hơn tổng số hội viên 4.651")
    assert figure(draft, "CT2_TT").value == 4902


def test_a_box_and_its_reason_are_saved_together(as_reporter, draft):
    autosave(as_reporter, draft, **{"CT4": "", "CT4-khong-ap-dung": "on", "CT4-ly-do": "Không giao"})
    assert figure(draft, "CT4").not_applicable is True
    draft.refresh_from_db()
    autosave(as_reporter, draft, **{"CT4-khong-ap-dung": "", "CT4-ly-do": "", "CT4": "3"})
    assert (figure(draft, "CT4").not_applicable, figure(draft, "CT4").value) == (False, 3)


def test_an_old_version_writes_nothing_and_is_shown_what_is_stored(as_reporter, draft, colleague, entries):
    seen = draft.version
    workflow.save(draft, entries(CT3=15), by=colleague, version=draft.version)
    response = autosave(as_reporter, draft, version=seen, CT3="19")
    answer = response.json()
    assert (response.status_code, answer["stored"]["CT3"], answer["version"]) == (409, "15", seen + 1)
    assert figure(draft, "CT3").value == 15


def test_saving_what_is_stored_already_makes_no_event(as_reporter, draft):
    before = ReportEvent.objects.count()
    answer = autosave(as_reporter, draft, CT3="17").json()
    assert (ReportEvent.objects.count(), answer["version"]) == (before, draft.version)


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"version": "1", "fields": {}}', '{"version": 1, "fields": {"CT3": 5}}']
)
def test_what_is_no_autosave_is_refused(body, as_reporter, draft):
    address = reverse("reports:autosave", args=[draft.pk])
    assert as_reporter.post(address, body, content_type="application/json").status_code == 400


def test_a_report_that_was_handed_in_is_no_longer_saved(as_reporter, submitted):
    response = autosave(as_reporter, submitted, CT3="99")
    assert (response.status_code, figure(submitted, "CT3").value) == (403, 17)


def test_what_a_field_takes_is_what_is_defined_now(as_reporter, draft, plan):
    refused = autosave(as_reporter, draft, CT3="1,5")
    assert refused.json()["unread"] == ["CT3"]
    measure = plan.measures.get(code="CT3")
    measure.kind = measure.Kind.MONEY
    measure.save()
    assert autosave(as_reporter, draft, refused.json()["version"], CT3="1,5").json()["unread"] == []


def test_saving_takes_as_many_queries_for_many_fields_as_for_one(as_reporter, draft, django_assert_num_queries):
    autosave(as_reporter, draft, CT3="18")
    draft.refresh_from_db()
    with django_assert_num_queries(17):
        autosave(as_reporter, draft, CT3="19")
    draft.refresh_from_db()
    with django_assert_num_queries(17):
        autosave(as_reporter, draft, CT3="20", CT4="2", CT5="3", CT1_TH="120")


def test_a_conflict_shows_what_is_said_beside_a_figure_too(as_reporter, draft, colleague, entries):
    seen = draft.version
    theirs = entries(
        CT3=workflow.Entry(Decimal(17), note="Của đồng nghiệp"), CT4=workflow.Entry(None, True, "Không giao")
    )
    workflow.save(draft, theirs, by=colleague, version=seen, estimate=True)
    fields = {"CT3-ghi-chu": "", "CT3-ly-do": "", "CT4-ly-do": "", "CT4-ghi-chu": "", "leadership": ""}
    page = post(as_reporter, draft, **fields)
    errors = page.context["form"].errors
    assert "Trên máy chủ: 17, ghi chú “Của đồng nghiệp”" in errors["CT3"][0]
    assert "Trên máy chủ: không áp dụng (Không giao)" in errors["CT4"][0]
    assert "Trên máy chủ: có chọn" in errors["is_estimate"][0]
    assert figure(draft, "CT3").note == "Của đồng nghiệp"


def test_line_ends_of_a_browser_change_nothing(as_reporter, draft):
    autosave(as_reporter, draft, results="một\nhai")
    draft.refresh_from_db()
    before = draft.version
    post(as_reporter, draft, results="một\r\nhai")
    draft.refresh_from_db()
    assert (draft.results, draft.version) == ("một\nhai", before)


def test_a_reporter_begins_only_what_the_agency_owes(as_reporter, own_district, plan):
    year = plan.periods.get(code="2024")
    as_reporter.post(reverse("reports:start", args=[year.pk]))
    assert not Report.objects.filter(agency=own_district, period=year).exists()


# --- Evidence


def upload(client, report: Report, *files: SimpleUploadedFile):
    return client.post(reverse("reports:attach", args=[report.pk]), {"files": files}, follow=True)


def said(page) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def test_a_file_is_kept_and_comes_back_as_a_download_under_its_own_name(as_reporter, draft):
    page = upload(as_reporter, draft, SimpleUploadedFile("Danh sách 17 phụ nữ.pdf", PDF))
    assert said(page) == ["Đã thêm Danh sách 17 phụ nữ.pdf."]
    kept = draft.attachments.get()
    response = as_reporter.get(reverse("reports:download", args=[draft.pk, kept.pk]))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Danh%20s%C3%A1ch")
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.exe", b"MZ", "Tệp a.exe không nhận được. Gửi PDF, ảnh JPG hoặc PNG, Excel, Word."),
        ("a.pdf", b"<html>", "Tệp a.pdf không nhận được. Gửi PDF, ảnh JPG hoặc PNG, Excel, Word."),
        ("a.html", PDF, "Tệp a.html không nhận được. Gửi PDF, ảnh JPG hoặc PNG, Excel, Word."),
        ("a.pdf", PDF + b"x" * attachments.MOST_BYTES, "Tệp a.pdf lớn hơn 10 MB. Giảm dung lượng rồi gửi lại."),
    ],
)
def test_what_is_no_evidence_is_refused_by_name(name, content, message, as_reporter, draft):
    assert said(upload(as_reporter, draft, SimpleUploadedFile(name, content))) == [message]
    assert not Attachment.objects.exists()


def test_the_same_file_is_kept_once_and_may_come_back_after_it_was_taken_out(as_reporter, draft):
    upload(as_reporter, draft, SimpleUploadedFile("a.pdf", PDF))
    page = upload(
        as_reporter, draft, SimpleUploadedFile("b.pdf", PDF), SimpleUploadedFile("c.png", b"\x89PNG\r\n\x1a\n1")
    )
    assert said(page) == ["Tệp b.pdf đã có trong báo cáo.", "Đã thêm c.png."]
    first = draft.attachments.get(name="a.pdf")
    as_reporter.post(reverse("reports:detach", args=[draft.pk, first.pk]))
    assert as_reporter.get(reverse("reports:download", args=[draft.pk, first.pk])).status_code == 404
    upload(as_reporter, draft, SimpleUploadedFile("b.pdf", PDF))
    assert [one.name for one in draft.attachments.present()] == ["c.png", "b.pdf"]
    assert draft.attachments.count() == 3  # what was taken out is not gone


def test_evidence_of_a_report_that_was_handed_in_stays_as_it_is(draft, reporter, reviewer):
    kept = attachments.attach(draft, SimpleUploadedFile("a.pdf", PDF), "a.pdf", by=reporter)
    workflow.submit(draft, by=reporter, version=draft.version)
    for attempt in (
        lambda: attachments.remove(kept, by=reporter),
        lambda: attachments.attach(draft, SimpleUploadedFile("b.pdf", PDF + b"2"), "b.pdf", by=reporter),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert [one.name for one in draft.attachments.present()] == ["a.pdf"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("..\\..\\a.pdf", "a.pdf"),
        ("/etc/a.pdf", "a.pdf"),
        ("a\u202efdp.pdf", "afdp.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_files_name_is_a_name_and_nothing_else(name, shown):
    assert attachments.clean_name(name) == shown
