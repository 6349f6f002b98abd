"""Reference tables in and out through the admin's pages: what the preview says, what confirming writes, for whom."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
import tablib
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from agencies.models import Unit
from targets.imports.reference.formats import TextSafeCSV, TextSafeXLSX
from targets.imports.reference.plans import IndicatorResource, PeriodResource, TargetResource
from targets.models import Indicator, Measure, Target

from ..imports.open_document import cell, open_document, row, table
from .conftest import address, inline_code

pytestmark = pytest.mark.django_db
FORMATS = [TextSafeXLSX, TextSafeCSV]
XLSX, CSV = "0", "1"
CONFIRM = ("import_file_name", "original_file_name", "format", "resource")


@pytest.fixture
def province_target(plan) -> Target:
    return Target.objects.get(indicator__plan=plan, indicator__code="CT3", unit=None)


def file_of(resource, rows, change: dict[str, object], form: str = XLSX) -> SimpleUploadedFile:
    """What the table exports for `rows`, with some columns changed, as a file to send."""
    sheet = resource().export(rows)
    lines = [list((dict(zip(sheet.headers, line, strict=True)) | change).values()) for line in sheet]
    content = FORMATS[int(form)]().export_data(tablib.Dataset(*lines, headers=sheet.headers))
    return SimpleUploadedFile("bang", content if form == XLSX else content.encode())


def send(client, model, file: SimpleUploadedFile, form: str = XLSX):
    return client.post(address(model, "import"), {"import_file": file, "format": form, "resource": ""})


def confirm(client, model, preview):
    initial = preview.context["confirm_form"].initial
    return client.post(address(model, "process_import"), {name: initial.get(name, "") for name in CONFIRM})


@pytest.mark.parametrize("form", [XLSX, CSV], ids=["xlsx", "csv"])
def test_a_file_is_shown_first_and_written_once_confirmed(form, as_admin, administrator, province_target):
    change = {"Mục tiêu": "1.200", "Tính từ ngày": "03/09/2018"}
    page = send(
        as_admin, Target, file_of(TargetResource, Target.objects.filter(pk=province_target.pk), change, form), form
    )
    assert [row.import_type for row in page.context["result"]] == ["update"]
    assert page.context["result"].rows[0].diff == [
        "503/KH-UBND", "CT3", "", "", "không", "<del>15/12/2017</del> <ins>03/09/2018</ins>", "14/12/2025",
        "<del>800</del> <ins>1200</ins>", "", "503/KH-UBND ngày 09/3/2018",
    ]  # fmt: skip
    assert inline_code(page) == []
    province_target.refresh_from_db()
    assert province_target.value == 800
    assert confirm(as_admin, Target, page).status_code == 302
    province_target.refresh_from_db()
    assert (province_target.value, province_target.counts_from) == (1200, dt.date(2018, 9, 3))
    assert province_target.history.latest().history_user == administrator


def test_a_refused_line_is_named_as_the_workbook_numbers_and_heads_it(as_admin, plan):
    change = {"Hạn nộp": "ngày mai"}
    page = send(as_admin, plan.periods.model, file_of(PeriodResource, plan.periods.filter(code="2024-H1"), change))
    (line,) = page.context["result"].invalid_rows
    assert line.number == 2
    assert line.field_specific_errors == {
        "Hạn nộp": ["“ngày mai” không phải ngày. Ghi ngày/tháng/năm, ví dụ 03/9/2018."]
    }
    assert "<li>Hạn nộp: “ngày mai” không phải ngày." in page.content.decode()
    assert "confirm_form" not in page.context
    assert inline_code(page) == []


def test_an_unknown_code_is_named_with_its_line(as_admin, plan):
    page = send(as_admin, Indicator, file_of(IndicatorResource, plan.indicators.filter(code="CT3"), {"Tử số": "CT9"}))
    assert "Dòng: 2 - Không có số liệu báo cáo mang mã CT9." in page.content.decode()


def wrong_workbook() -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["Mã", "Tên"])
        sheet.write_formula("B2", "=A9", None, "#REF!")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"khong phai tep Excel", "Chỉ nhận .xlsx, .xls, .ods hoặc .csv. Đây là tệp văn bản, không phải bảng."),
        (b"MZ\x90\x00", "Đây là chương trình, không phải bảng tính."),
        (b"PK\x03\x04rubbish", "Tệp bị hỏng hoặc tải lên chưa trọn."),
        (wrong_workbook(), "Ô B2 có lỗi #REF!."),
        (bytes(10 * 1024 * 1024 + 1), "Tệp lớn hơn 10 MB."),
    ],
    ids=["text", "program", "damaged", "error", "too big"],
)
def test_a_file_that_cannot_be_taken_is_refused_with_the_reason(as_admin, content, reason):
    page = send(as_admin, Unit, SimpleUploadedFile("a.xlsx", content))
    assert page.status_code == 200
    (error,) = page.context["form"].errors["import_file"]
    assert error.startswith(reason) or reason in error


def test_letters_that_are_none_in_a_csv_are_refused_in_vietnamese(as_admin):
    page = send(as_admin, Unit, SimpleUploadedFile("a.csv", b"\xff\xfe\x00\xd8a"), CSV)
    assert "Kiểm tra đã chọn đúng định dạng tệp." in page.content.decode()


def test_a_file_that_cannot_be_read_again_when_confirmed_writes_nothing(as_admin, province_target, monkeypatch):
    rows = Target.objects.filter(pk=province_target.pk)
    preview = send(as_admin, Target, file_of(TargetResource, rows, {"Mục tiêu": "1.200"}))
    monkeypatch.setattr("targets.imports.isolation.MOST_SECONDS", 0)
    page = confirm(as_admin, Target, preview)
    assert (page.status_code, page["Location"]) == (302, "..")
    said = [str(message) for message in as_admin.get(address(Target, "import")).context["messages"]]
    assert [message.partition(".")[0] for message in said] == ["Đọc tệp quá lâu hoặc tốn quá nhiều bộ nhớ"]
    province_target.refresh_from_db()
    assert province_target.value == 800


def test_a_table_is_taken_from_any_workbook_that_reports_are_read_from(as_admin, plan):
    period = plan.periods.get(code="2024-H1")
    sheet = PeriodResource().export(plan.periods.filter(pk=period.pk))
    line = dict(zip(sheet.headers, sheet[0], strict=True)) | {"Hạn nộp": "20/06/2024"}
    lines = [[cell(str(value), value_type="string") for value in values] for values in (line, line.values())]
    content = open_document(table(*(row(*cells) for cells in lines)))
    page = send(as_admin, plan.periods.model, SimpleUploadedFile("ky.ods", content))
    assert confirm(as_admin, plan.periods.model, page).status_code == 302
    period.refresh_from_db()
    assert period.due_on == dt.date(2024, 6, 20)


@pytest.mark.parametrize("who", ["reporter", "reviewer", "leader"])
def test_nobody_else_can_send_or_confirm_a_file(who, client, request, province_target):
    client.force_login(request.getfixturevalue(who))
    rows = Target.objects.filter(pk=province_target.pk)
    assert send(client, Target, file_of(TargetResource, rows, {"Mục tiêu": "1.200"})).status_code == 302
    assert client.post(address(Target, "process_import"), {"format": XLSX}).status_code == 302
    province_target.refresh_from_db()
    assert province_target.value == 800


def test_the_export_is_a_workbook_with_numbers_as_numbers_and_codes_as_text(as_admin, province_target):
    response = as_admin.get(address(Target, "export"), {"pk__in": province_target.pk})
    headings, line = load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True)
    assert dict(zip(headings, line, strict=True)) == {
        "Kế hoạch": "503/KH-UBND",
        "Chỉ tiêu": "CT3",
        "Giao cho đơn vị": None,
        "Giao cho cơ quan": None,
        "Tính từ ngày": f"{province_target.counts_from:%d/%m/%Y}",
        "Đến ngày": f"{province_target.due_on:%d/%m/%Y}",
        "Mục tiêu": 800,
        "Giá trị ban đầu": None,
        "Của cả nước": "không",
        "Căn cứ": province_target.legal_basis,
    }


def test_an_export_of_what_is_searched_holds_just_that(as_admin, plan):
    response = as_admin.get(address(Measure, "export"), {"q": "CT1_"})
    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in rows] == ["CT1_TS", "CT1_TH"]
