"""Workbooks out: the file as it came, the same with its errors marked, the template, all reports of a period."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import quote

import openpyxl
import pytest

from tests.imports import books
from tests.imports.test_wizard_preview import FAULTY
from tests.imports.wizard import Person, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(reviewer, plan) -> Person:
    return Person(reviewer, plan)


@pytest.fixture
def district(reporter, plan) -> Person:
    return Person(reporter, plan)


def opened(response) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(response.content))


def headers(response) -> tuple[str, str, str]:
    return tuple(response[name] for name in ("Content-Disposition", "Cache-Control", "X-Content-Type-Options"))


def test_the_file_comes_back_as_it_was_sent_under_its_own_name(officer):
    content = books.plain()
    response = officer.see("original", officer.sent(content, "Tổng hợp “2023”.xlsx"))
    assert b"".join(response.streaming_content) == content
    name = quote("Tổng hợp “2023”.xlsx")
    assert headers(response) == (f"attachment; filename*=utf-8''{name}", "no-store", "nosniff")
    assert response["Content-Type"] == "application/octet-stream"


def test_the_marked_file_says_at_each_cell_what_is_wrong(officer):
    response = officer.see("annotated", officer.sent(books.plain(FAULTY)))
    assert headers(response)[0] == f"attachment; filename*=utf-8''{quote('Tổng hợp (lỗi).xlsx')}"
    sheet = opened(response)["Biểu 1"]
    assert [sheet[cell].comment is not None for cell in ("B5", "F6", "C4")] == [True, True, False]
    assert (sheet["K3"].value, sheet["K6"].value) == ("Lỗi", "Ô F6: “hai nghìn”: Chỉ nhập số nguyên, ví dụ 1.234.")


def test_errors_of_rows_that_were_left_out_are_in_it_after_confirming(officer):
    batch = officer.sent(books.plain(FAULTY))
    officer.answer(batch, "without_errors")
    officer.confirm(batch)
    assert opened(officer.see("annotated", batch))["Biểu 1"]["B5"].comment is not None


def test_a_marked_file_that_is_mended_and_sent_again_goes_through(officer):
    book = opened(officer.see("annotated", officer.sent(books.plain(FAULTY))))
    book["Biểu 1"]["B5"].value, book["Biểu 1"]["F6"].value = "Huyện Quảng Hòa", 6343
    stream = BytesIO()
    book.save(stream)
    batch = officer.sent(stream.getvalue())
    assert (batch.outcome["errors"], officer.see("preview", batch).context["to_write"]) == ([], 3)


def test_a_reporter_gets_the_template_of_the_own_agency(district):
    sheet = opened(district.see("template", ky="2024-H1")).active
    assert sheet["C3"].value == "Đơn vị báo cáo: Hội LHPN huyện Hạ Lang"


def test_but_of_no_other(district, other_district):
    assert district.see("template", ky="2024-H1", co_quan=other_district.code).status_code == 404


def test_the_province_gets_it_of_any_agency(officer, other_district):
    sheet = opened(officer.see("template", ky="2024-H1", co_quan=other_district.code)).active
    assert sheet["C3"].value == "Đơn vị báo cáo: Hội LHPN huyện Bảo Lâm"


@pytest.mark.parametrize(
    "asked", [{}, {"ky": "2024-H1"}, {"ky": "1999", "co_quan": "hoi-lhpn-tinh"}, {"ky": "2024-H1", "co_quan": "x\x00"}]
)
def test_a_template_of_nothing_is_not_found(officer, asked):
    assert officer.see("template", **asked).status_code == 404


def test_the_export_holds_the_reports_of_the_period_and_changes_nothing_when_read_back(officer, draft, approved):
    response = officer.see("export", ky="2024-H1")
    assert headers(response)[:2] == ('attachment; filename="So lieu bao cao 2024-H1.xlsx"', "no-store")
    page = officer.see("preview", officer.sent(response.content))
    assert [(line.row.name, line.row.kind) for line in page.context["page"]] == [("Hạ Lang", "same")]


def test_a_reporter_exports_the_own_report_only(district, stranger, plan, draft):
    assert opened(district.see("export", ky="2024-H1"))["Số liệu"]["C8"].value == "Hội LHPN huyện Hạ Lang"
    assert opened(Person(stranger, plan).see("export", ky="2024-H1"))["Số liệu"]["C8"].value is None


def test_the_export_asks_first_for_the_period(officer, draft):
    page = officer.see("export")
    assert [(period.code, count) for period, count in page.context["periods"]] == [("2024-H1", 1)]


def test_the_template_is_one_click_from_what_is_owed(district):
    page = district.client.get("/bao-cao/").content.decode()
    assert f"{url('template')}?ke_hoach=503/KH-UBND&amp;ky=2024-H1" in page
