"""One workbook for a plan: what is wrong is said cell by cell, nothing is written in part, and nothing by looking."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from agencies.models import Unit
from targets.imports.reader import Refused
from targets.imports.reference import loading
from targets.imports.reference.sheets import SHEETS
from targets.imports.reference.template import template
from targets.models import Indicator, Measure, Period, Plan, Target
from targets.reference import PLANS, load_reference
from tests.admin.plan_books import NEW_PLAN, NUMBER, saved, written

pytestmark = pytest.mark.django_db


def changed(sheet: str, row: int = 0, **cells: object) -> dict:
    """The new plan's lines with some cells of one line typed otherwise; `_` in a name stands for a space."""
    lines = {name: [dict(line) for line in found] for name, found in NEW_PLAN.items()}
    lines[sheet][row] |= {heading.replace("_", " "): value for heading, value in cells.items()}
    return lines


def faults(content: bytes) -> list[tuple[str, str, str, str]]:
    return [(fault.sheet, fault.cell, fault.value, fault.message) for fault in loading.preview(content).faults]


@pytest.mark.parametrize("folder", ["plan503", "plan2415"])
def test_a_plan_taken_out_and_read_back_changes_nothing(folder):
    load_reference(PLANS / folder)
    plan = Plan.objects.get(number={"plan503": "503/KH-UBND", "plan2415": "2415/QĐ-TTg"}[folder])
    outcome = loading.preview(template(plan))
    assert outcome.changes_nothing, (outcome.faults, [table.to_write for table in outcome.tables])
    assert sum(table.counts["same"] for table in outcome.tables) > 400


def test_an_empty_template_changes_nothing_and_has_every_sheet(plan):
    book = load_workbook(BytesIO(template()))
    assert book.sheetnames == [*(table.name for table in SHEETS), "Hướng dẫn"]
    assert [book[name].max_row for name in ("Kế hoạch", "Kỳ", "Số liệu", "Chỉ tiêu", "Mục tiêu", "Nhiệm vụ")] == [1] * 6
    assert loading.preview(template()).changes_nothing


def test_the_next_plan_begins_with_the_measures_and_duties_of_the_one_before(plan):
    book = load_workbook(BytesIO(template(plan, for_next=True)))
    heads, line = book["Kế hoạch"].iter_rows(values_only=True)
    assert {heading: value for heading, value in zip(heads, line, strict=True) if value is not None} == {
        "Chế độ báo cáo": "6 tháng và năm", "Tiếp theo kế hoạch": "503/KH-UBND", "Ngưỡng chậm nhiều (%)": 75,
        "Ngưỡng đúng lộ trình (%)": 95, "Ngưỡng vượt lộ trình (%)": 105,
    }  # fmt: skip
    assert (book["Kỳ"].max_row, book["Mục tiêu"].max_row) == (1, 1)
    assert book["Số liệu"].max_row - 1 == plan.measures.count()
    assert book["Nhiệm vụ"].max_row - 1 == plan.duties.filter(agency__valid_to=None).count()


def test_the_next_plan_is_the_one_before_under_another_number(plan):
    """Only the plan's own line is typed; everything else comes with the template."""
    book = load_workbook(BytesIO(template(plan, for_next=True)))
    heads = {cell.value: cell.column for cell in book["Kế hoạch"][1]}
    typed = {"Số, ký hiệu": NUMBER, "Tên kế hoạch": "Năm 2026", "Tên gọn": "Năm 2026",
             "Bắt đầu": dt.date(2025, 12, 15), "Kết thúc": dt.date(2026, 12, 31)}  # fmt: skip
    for heading, value in typed.items():
        book["Kế hoạch"].cell(2, heads[heading], value)
    content = saved(book)
    outcome = loading.preview(content)
    assert outcome.faults == []
    assert [message for _, message in outcome.unsound] == [
        "Chưa có kỳ báo cáo nào. Tạo kỳ báo cáo theo lịch.", "Chưa có mục tiêu của tỉnh: CT1, CT2, CT3, CT4, CT5.",
    ]  # fmt: skip
    loading.load(content, mark=outcome.mark)
    new, said = Plan.objects.get(number=NUMBER), ("code", "name", "accumulation", "part_of__code", "section__code")
    assert list(new.measures.values_list(*said)) == list(plan.measures.values_list(*said))
    assert [i.numerator.get().plan for i in new.indicators.all()] == [new] * 5


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (changed("Kỳ", Hạn_nộp="mai"), ("Kỳ", "F2", "mai", "không phải ngày")),
        (changed("Mục tiêu", Mục_tiêu="90%"), ("Mục tiêu", "G2", "90%", "ghi 90, không ghi 90%.")),
        (changed("Chỉ tiêu", Tử_số="A_TS A_XX"), ("Chỉ tiêu", "E2", "A_TS A_XX", "mang mã A_XX. Sửa mã")),
        (changed("Số liệu", Cách_cộng="Cộng"), ("Số liệu", "G2", "Cộng", "không có trong danh mục: Trong kỳ")),
        (changed("Số liệu", Thuộc_số_tổng="A_XX"), ("Số liệu", "J2", "A_XX", "mang mã “A_XX”. Sửa mã")),
        (changed("Số liệu", Quan_hệ_với_số_tổng=""), ("Số liệu", "2", "", "Chọn cả số tổng và quan hệ")),
        (changed("Số liệu", 1, Mã="A_NU"), ("Số liệu", "A3", "A_NU", "Trùng với dòng 2.")),
        (changed("Số liệu", Cách_cộng="Tại thời điểm cuối kỳ"), ("Số liệu", "G2", "Tại", "phải như số tổng A_TS")),
        (changed("Kỳ", Chốt_số_liệu_ngày="14/6/2025"), ("Kỳ", "2", "", "Ngày chốt số liệu phải sau ngày đầu kỳ.")),
        (changed("Mục tiêu", 2, Tính_từ_ngày="01/01/2026"), ("Mục tiêu", "E4", "01/01/2026", "Tính từ cùng ngày")),
        (changed("Nhiệm vụ", Cơ_quan="so-ldtbxh"), ("Nhiệm vụ", "A2", "so-ldtbxh", "đã kết thúc trước khi")),
        (changed("Kế hoạch", Kết_thúc="15/12/2024"), ("Kế hoạch", "2", "", "Ngày kết thúc phải sau ngày bắt đầu.")),
        (changed("Kế hoạch", Tiếp_theo_kế_hoạch=NUMBER), ("Kế hoạch", "I2", NUMBER, "Không có kế hoạch mang mã")),
    ],
    ids=lambda value: "-".join(value[:2]) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_cell_alone_and_nothing_can_be_written(lines, fault):
    """One fault each: that others do not find a refused line is not said again for each of them."""
    content, before = written(lines), Plan.objects.count()
    outcome = loading.preview(content)
    (found,) = [(one.sheet, one.cell, one.value, one.message) for one in outcome.faults]
    assert found[:2] == fault[:2]
    assert found[2].startswith(fault[2])
    assert fault[3] in found[3]
    with pytest.raises(loading.ShownDiffers):
        loading.load(content, mark=outcome.mark)
    assert (Plan.objects.count(), Unit.objects.filter(slug="xa-moi").exists()) == (before, False)


def book_of(**sheets: list[list[object]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    return saved(book)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (book_of(Bảng=[["a"]]), ("", "", "", "Không thấy trang nào của mẫu: Kế hoạch, Kỳ")),
        (book_of(Kỳ=[["Mã", "Màu"], ["a", "đỏ"]]), ("Kỳ", "B1", "Màu", "Không có cột này trong mẫu.")),
        (book_of(Kỳ=[["Mã", "mã"], ["a", "b"]]), ("Kỳ", "B1", "mã", "Cột này có hai lần.")),
        (book_of(Kỳ=[["Tên kỳ"], ["a"]]), ("Kỳ", "1", "", "Thiếu cột Mã.")),
        (book_of(Kỳ=[["Mã"], ["a"]]), ("Kỳ", "2", "", "Chưa rõ thuộc kế hoạch nào.")),
        (book_of(Kỳ=[["Mã"], ["=1/0"]], Kế_hoạch=[["Số, ký hiệu"], ["x"]]), ("Kỳ", "A2", "", "công thức chưa tính")),
        (book_of(Kế_hoạch=[["Số, ký hiệu"], ["a"], ["b"]]), ("Kế hoạch", "A3", "b", "Mỗi tệp một kế hoạch.")),
    ],
    ids=["no sheet", "column", "twice", "no key", "no plan", "formula", "two plans"],
)
def test_a_workbook_that_is_not_like_the_template_is_refused_with_the_reason(content, fault):
    (found,) = faults(content)
    assert found[:3] == fault[:3]
    assert fault[3] in found[3]


def test_a_sheet_of_another_kind_is_passed_over_and_said(plan):
    outcome = loading.preview(book_of(Kỳ=[["Mã"]], Nháp=[["a"]]))
    assert (outcome.passed_over, outcome.changes_nothing) == (["Nháp"], True)


def test_what_is_no_workbook_is_refused():
    with pytest.raises(Refused, match="không phải bảng"):
        loading.preview(b"khong phai tep Excel")


def test_a_column_left_out_keeps_what_is_there_and_a_blank_cell_empties_it(plan):
    period = plan.periods.get(code="2024-H1")
    sheets = {"Kế_hoạch": [["Số, ký hiệu"], [plan.number]]}
    content = book_of(**sheets, Kỳ=[["Mã", "Hạn nộp"], ["2024-H1", dt.date(2024, 6, 25)]])
    (change,) = [change for table in loading.preview(content).tables for change in table.to_write]
    assert (change.key, change.values) == ("2024-H1", [("Hạn nộp", "<del>19/06/2024</del> <ins>25/06/2024</ins>")])
    loading.load(content, mark=loading.preview(content).mark)
    period.refresh_from_db()
    assert (period.due_on, period.name) == (dt.date(2024, 6, 25), "6 tháng đầu năm 2024")
    content = book_of(**sheets, Mục_tiêu=[
        ["Chỉ tiêu", "Giao cho đơn vị", "Giao cho cơ quan", "Của cả nước", "Đến ngày", "Căn cứ"],
        ["CT3", "", "", "không", "14/12/2025", ""],
    ])  # fmt: skip
    loading.load(content, mark=loading.preview(content).mark)
    target = Target.objects.of_the_province().get(indicator__plan=plan, indicator__code="CT3")
    assert (target.legal_basis, target.value) == ("", 800)


def test_what_is_written_is_what_was_shown(plan):
    """Somebody else changed the plan between the preview and the confirmation."""
    content = book_of(Kế_hoạch=[["Số, ký hiệu"], [plan.number]], Kỳ=[["Mã", "Hạn nộp"], ["2024-H1", "25/6/2024"]])
    shown = loading.preview(content)
    Period.objects.filter(plan=plan, code="2024-H1").update(due_on=dt.date(2024, 6, 30))
    with pytest.raises(loading.ShownDiffers) as refusal:
        loading.load(content, mark=shown.mark)
    (change,) = [change for table in refusal.value.outcome.tables for change in table.to_write]
    assert change.values == [("Hạn nộp", "<del>30/06/2024</del> <ins>25/06/2024</ins>")]
    assert plan.periods.get(code="2024-H1").due_on == dt.date(2024, 6, 30)


def test_rows_that_the_file_leaves_out_stay(plan):
    counts = [model.objects.count() for model in (Measure, Indicator, Target, Period)]
    content = book_of(Kế_hoạch=[["Số, ký hiệu", "Tên gọn"], [plan.number, "Khởi nghiệp"]])
    loading.load(content, mark=loading.preview(content).mark)
    assert [model.objects.count() for model in (Measure, Indicator, Target, Period)] == counts
