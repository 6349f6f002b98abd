"""The workbook made for an agency: what stands in it, what may be typed, and that reading it back changes nothing."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from agencies.models import Agency
from targets.imports.assessment import assess
from targets.imports.books.template import template
from targets.imports.reader import read_workbook
from targets.models import Plan, Report
from targets.reference import PLANS, load_reference
from targets.reports import workflow
from targets.reports.workflow import Entry
from tests.conftest import FIGURES

pytestmark = pytest.mark.django_db

HEADINGS = ["STT", "Mã số liệu", "Nội dung", "ĐVT", "Số kỳ trước", "Số liệu kỳ này", "Ghi chú"]


def sheet_of(content: bytes):
    return load_workbook(BytesIO(content))["Báo cáo"]


def rows(content: bytes) -> dict[str, dict[str, object]]:
    """By measure code, its row under the headings."""
    sheet = sheet_of(content)
    lines = [dict(zip(HEADINGS, [cell.value for cell in line], strict=True)) for line in sheet.iter_rows(min_row=6)]
    return {line["Mã số liệu"]: line for line in lines if line["Mã số liệu"]}


def row_of(sheet, code: str) -> int:
    return next(cell.row for cell in sheet["B"] if cell.value == code)


@pytest.fixture
def before(own_district, plan, reporter, entries) -> Report:
    """What the agency handed in for the half-year before."""
    report = workflow.start(own_district, plan.periods.get(code="2023-H2"), by=reporter)
    report = workflow.save(report, entries(**FIGURES, VON="1250.5"), by=reporter, version=report.version)
    return workflow.submit(report, by=reporter, version=report.version)


def test_it_names_plan_period_and_agency_above_one_row_of_headings(own_district, period):
    sheet = sheet_of(template(own_district, period))
    assert [sheet["C1"].value, sheet["C2"].value, sheet["C3"].value, sheet["B3"].value] == [
        "BÁO CÁO KẾT QUẢ THỰC HIỆN KẾ HOẠCH 503/KH-UBND",
        "Kỳ báo cáo: 6 tháng đầu năm 2024",
        "Đơn vị báo cáo: Hội LHPN huyện Hạ Lang",
        "hoi-lhpn-huyen-ha-lang",
    ]
    assert [cell.value for cell in sheet[5]] == HEADINGS
    assert [letter for letter, column in sheet.column_dimensions.items() if column.hidden] == ["B"]


def test_every_measure_has_its_row_in_the_order_of_the_form(own_district, period, plan):
    found = rows(template(own_district, period))
    measures = plan.measures.order_by("order")
    assert list(found) == [measure.code for measure in measures]
    assert [line["Nội dung"] for line in found.values()] == [measure.name for measure in measures]
    assert (found["CT4_HTX"]["STT"], found["CT4_HTX"]["ĐVT"]) == ("4.2", "hợp tác xã")


def test_groups_and_remarks_stand_between_the_measures_and_parts_are_indented(own_district, period):
    sheet = sheet_of(template(own_district, period))
    between = [line[2].value for line in sheet.iter_rows(min_row=6) if not line[1].value]
    assert between[2:5] == [
        "CT3. Phụ nữ được hỗ trợ khởi sự kinh doanh, khởi nghiệp",
        "Trong đó (một người có thể thuộc nhiều nhóm)",
        "Chia ra (cộng lại bằng dòng 3.1)",
    ]
    assert [sheet.cell(row_of(sheet, code), 3).alignment.indent for code in ("CT3", "CT3_HN", "CT3_KN")] == [0, 2, 2]


def test_it_shows_last_period_and_what_the_draft_says_and_leaves_the_rest_empty(draft, before, own_district, period):
    found = rows(template(own_district, period))
    said = {code: (line["Số kỳ trước"], line["Số liệu kỳ này"]) for code, line in found.items()}
    assert [said[code] for code in ("CT2_TS", "CT5", "VON", "LOP")] == [
        (4651, 4651), (0, 0), (1250.5, None), (None, None),
    ]  # fmt: skip


def test_r2_a_figure_that_does_not_apply_says_so_with_its_reason(draft, reporter, entries, own_district, period):
    entry = Entry(None, not_applicable=True, reason="Không có hội viên vay vốn")
    workflow.save(draft, entries(VON=entry), by=reporter, version=draft.version)
    line = rows(template(own_district, period))["VON"]
    assert (line["Số liệu kỳ này"], line["Ghi chú"]) == ("Không áp dụng", "Không có hội viên vay vốn")


@pytest.mark.parametrize("start", "=+-@\t\r")
def test_a_note_that_looks_like_a_formula_stays_text(start, draft, reporter, entries, own_district, period):
    note = f"{start}1+1"
    workflow.save(draft, entries(CT3=Entry(Decimal(17), note=note)), by=reporter, version=draft.version)
    content = template(own_district, period)
    sheet = sheet_of(content)
    cell = sheet.cell(row_of(sheet, "CT3"), 7)
    assert (cell.data_type, read_workbook(content).named("Báo cáo").at(cell.row, 7).value) == ("s", note)


def test_only_figures_and_notes_can_be_changed(own_district, period):
    sheet = sheet_of(template(own_district, period))
    row = row_of(sheet, "CT3")
    assert sheet.protection.sheet is True
    assert sheet.protection.password is None
    assert [cell.column_letter for cell in sheet[row] if not cell.protection.locked] == ["F", "G"]


def test_each_figure_has_its_help_and_its_limits(own_district, period):
    sheet = sheet_of(template(own_district, period))
    found = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    people, money = (found[f"F{row_of(sheet, code)}"] for code in ("CT3", "VON"))
    row = row_of(sheet, "CT3")
    assert people.formula1 == (
        f'IF(ISNUMBER(F{row}),AND(F{row}>=0,F{row}<1E12,F{row}=ROUND(F{row},0)),TRIM(F{row})="Không áp dụng")'
    )
    assert people.promptTitle == "3.1 Phụ nữ"
    assert people.prompt.startswith("Phụ nữ được hỗ trợ khởi sự kinh doanh hoặc khởi nghiệp lần đầu trong kỳ;")
    assert people.error.startswith("Nhập số nguyên từ 0 trở lên")
    assert "ROUND(F" + str(row_of(sheet, "VON")) + ",2)" in money.formula1
    assert money.error.startswith("Nhập số từ 0 trở lên")
    assert len(found) == 25


def test_help_longer_than_excel_takes_is_cut_at_a_word(own_district, period, plan):
    plan.measures.filter(code="CT3").update(help_text="Chỉ tính người. " * 40, short_name="Phụ nữ " * 8)
    sheet = sheet_of(template(own_district, period))
    found = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    rule = found[f"F{row_of(sheet, 'CT3')}"]
    assert (rule.prompt, rule.promptTitle) == (
        "Chỉ tính người. " * 15 + "Chỉ tính…",
        "3.1 Phụ nữ Phụ nữ Phụ nữ Phụ nữ…",
    )


def test_it_prints_on_a4_as_wide_as_the_paper_with_the_headings_on_every_page(own_district, period):
    sheet = sheet_of(template(own_district, period))
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (
        9, 0, True,
    )  # fmt: skip
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$5:$5", "A6")


def test_the_sheet_of_instructions_is_one_column_of_sentences(own_district, period):
    guide = load_workbook(BytesIO(template(own_district, period)))["Hướng dẫn"]
    assert (guide.max_column, guide["A3"].value) == (1, "1. Số liệu tính từ 15/12/2023 đến hết 14/6/2024.")


def test_making_it_stores_nothing(own_district, period):
    template(own_district, period)
    assert not Report.objects.exists()


def test_another_plan_has_its_own_workbook_and_every_column_still_fits(db):
    """Nothing of a plan is in the code: measures as long as they come, and another kind of document in the title."""
    load_reference(PLANS / "plan2415")
    plan = Plan.objects.get(number="2415/QĐ-TTg")
    period, commune = plan.periods.get(code="2026-H1"), Agency.objects.get(code="hoi-lhpn-xa-ly-quoc")
    content = template(commune, period)
    assert sheet_of(content)["C1"].value == "BÁO CÁO KẾT QUẢ THỰC HIỆN QUYẾT ĐỊNH 2415/QĐ-TTg"
    assert list(rows(content)) == list(plan.measures.order_by("order").values_list("code", flat=True))
    found = assess(content, "a.xlsx", plan=plan)
    assert (found.outcome, found.errors, found.warnings) == ("ok", [], [])
    assert {cell.outcome for cell in found.cells} == {"empty"}


def outcomes(found) -> dict[str, str]:
    return {cell.measure.code: cell.outcome for cell in found.cells}


@pytest.mark.parametrize("code", ["hoi-lhpn-huyen-ha-lang", "hoi-lhpn-tinh", "so-tai-chinh"])
def test_an_untouched_workbook_of_a_new_report_asks_nothing_and_changes_nothing(code, period, plan):
    agency = Agency.objects.get(code=code)
    found = assess(template(agency, period), "a.xlsx", plan=plan)
    assert (found.outcome, found.errors, found.warnings, found.period) == ("ok", [], [], period)
    assert (set(outcomes(found).values()), len(found.cells)) == ({"empty"}, 25)
    assert {cell.agency for cell in found.cells} == {agency}


def test_an_untouched_workbook_of_a_draft_asks_nothing_and_changes_nothing(
    draft, before, reporter, entries, own_district, period, plan
):
    not_asked = Entry(None, not_applicable=True, reason="Không vay")
    said = entries(CT3=Entry(Decimal(17), note="Quang Long 5"), VON=not_asked, KP_NS="2.5")
    workflow.save(draft, said, by=reporter, version=draft.version)
    found = assess(template(own_district, period), "a.xlsx", plan=plan)
    assert (found.outcome, found.errors, found.warnings) == ("ok", [], [])
    same = {code for code, outcome in outcomes(found).items() if outcome == "same"}
    assert same == {*FIGURES, "VON", "KP_NS"}
    assert set(outcomes(found).values()) == {"same", "empty"}


def test_what_is_typed_into_it_is_read(own_district, period, plan):
    book = load_workbook(BytesIO(template(own_district, period)))
    sheet = book["Báo cáo"]
    for code, value in {"CT3": 12, "CT5": 0, "VON": "Không áp dụng", "KP_NS": 2.5}.items():
        sheet.cell(row_of(sheet, code), 6).value = value
    sheet.cell(row_of(sheet, "VON"), 7).value = "Không có vốn vay"
    stream = BytesIO()
    book.save(stream)
    found = assess(stream.getvalue(), "a.xlsx", plan=plan)
    new = {c.measure.code: (c.value, c.not_applicable) for c in found.cells if c.outcome == "new"}
    assert found.errors == []
    assert new == {"CT3": (12, False), "CT5": (0, False), "VON": (None, True), "KP_NS": (Decimal("2.5"), False)}
    assert next(cell.note for cell in found.cells if cell.measure.code == "VON") == "Không có vốn vay"
