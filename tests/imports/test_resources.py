"""Reference tables as workbooks: exact values, Vietnamese numbers and dates, round trips, formulas that stay text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
import tablib
from openpyxl import Workbook

from agencies.models import Agency, Unit
from targets.imports.reader import Refused
from targets.imports.reference.formats import TextSafeCSV, TextSafeXLSX
from targets.imports.reference.organisation import (
    AgencyResource,
    AgencySuccessionResource,
    UnitResource,
    UnitSuccessionResource,
)
from targets.imports.reference.plans import (
    DutyResource,
    IndicatorResource,
    MeasureResource,
    PeriodResource,
    PlanResource,
    TargetResource,
)
from targets.imports.reference.results import WorkbookDiff
from targets.imports.reference.widgets import DateWidget, NumberWidget
from targets.models import Indicator, Measure, Target

ALL = [
    UnitResource,
    UnitSuccessionResource,
    AgencyResource,
    AgencySuccessionResource,
    PlanResource,
    IndicatorResource,
    MeasureResource,
    PeriodResource,
    TargetResource,
    DutyResource,
]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1.000", 1000),
        ("1.234,5", Decimal("1234.5")),
        ("90", 90),
        (90, 90),
        (90.5, Decimal("90.5")),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
def test_numbers_are_read_the_vietnamese_way(typed, number):
    assert NumberWidget().clean(typed) == number


@pytest.mark.parametrize("typed", ["1.23", "chín mươi", "90%", True, dt.date(2018, 9, 3)])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValueError, match=str(typed)):
        NumberWidget().clean(typed)


@pytest.mark.parametrize(("typed", "number"), [("12", 12), (12.0, 12), ("1.000", 1000), (" ", None)])
def test_whole_numbers_are_whole(typed, number):
    assert NumberWidget(whole=True).clean(typed) == number


def test_a_part_of_a_whole_number_is_refused():
    with pytest.raises(ValueError, match="12,5: chỉ nhập số nguyên"):
        NumberWidget(whole=True).clean(12.5)


@pytest.mark.parametrize(
    "typed",
    ["03/09/2018", "3/9/2018", "2018-09-03", dt.date(2018, 9, 3), dt.datetime(2018, 9, 3)],  # noqa: DTZ001
)
def test_dates_are_read_day_first(typed):
    assert DateWidget().clean(typed) == dt.date(2018, 9, 3)


def test_what_is_no_date_is_refused():
    with pytest.raises(ValueError, match="không phải ngày"):
        DateWidget().clean("15 tháng 9")


@pytest.mark.django_db
@pytest.mark.parametrize("resource", ALL, ids=lambda r: r.__name__)
@pytest.mark.parametrize("form", [TextSafeXLSX, TextSafeCSV], ids=["xlsx", "csv"])
def test_what_is_exported_is_imported_again_with_no_change(resource, form):
    exported = resource().export()
    assert len(exported) > 0
    again = form().create_dataset(form().export_data(exported))
    result = resource().import_data(again, dry_run=False, raise_errors=True)
    assert {row.import_type for row in result.rows} == {"skip"}


@pytest.mark.django_db
def test_a_workbook_sets_exact_values(plan):
    sheet = TargetResource().export(Target.objects.filter(indicator__code="CT3", unit=None))
    row = dict(zip(sheet.headers, sheet[0], strict=True)) | {"Mục tiêu": "1.200", "Tính từ ngày": "03/09/2018"}
    result = TargetResource().import_data(tablib.Dataset(list(row.values()), headers=list(row)), raise_errors=True)
    assert [r.import_type for r in result.rows] == ["update"]
    target = Target.objects.get(indicator__code="CT3", unit=None)
    assert (target.value, target.counts_from) == (1200, dt.date(2018, 9, 3))


@pytest.mark.django_db
def test_a_new_row_is_created_and_keeps_its_history(plan, administrator):
    sheet = tablib.Dataset(
        ["xa-moi", "09999", "Mới", "Xã", "tinh-cao-bang", "01/07/2026", "", "", ""],
        headers=UnitResource().export(Unit.objects.none()).headers,
    )
    result = UnitResource().import_data(sheet, raise_errors=True, user=administrator)
    assert [r.import_type for r in result.rows] == ["new"]
    unit = Unit.objects.get(slug="xa-moi")
    assert (unit.code, unit.kind, unit.parent.slug, unit.valid_from) == (
        "09999",
        "commune",
        "tinh-cao-bang",
        dt.date(2026, 7, 1),
    )
    assert unit.history.count() == 1


@pytest.mark.django_db
def test_a_row_that_breaks_a_constraint_is_named_in_vietnamese_and_nothing_is_stored(plan):
    headers = UnitResource().export(Unit.objects.none()).headers
    sheet = tablib.Dataset(
        ["xa-moi", "09999", "Mới", "Xã", "tinh-cao-bang", "01/07/2026", "", "", ""],
        ["xa-sai", "09998", "Sai", "Xã", "tinh-cao-bang", "02/07/2026", "01/07/2026", "", ""],
        headers=headers,
    )
    result = UnitResource().import_data(sheet, rollback_on_validation_errors=True)
    assert result.has_validation_errors()
    assert "Ngày hết hiệu lực phải sau ngày có hiệu lực." in str(result.invalid_rows[0].error)
    assert not Unit.objects.filter(slug__in=["xa-moi", "xa-sai"]).exists()


@pytest.mark.django_db
def test_an_unknown_code_is_named(plan):
    sheet = IndicatorResource().export(Indicator.objects.filter(code="CT3"))
    row = dict(zip(sheet.headers, sheet[0], strict=True)) | {"Tử số": "CT9"}
    result = IndicatorResource().import_data(tablib.Dataset(list(row.values()), headers=list(row)))
    errors = [str(e.error) for _, found in result.row_errors() for e in found] + [
        str(r.error) for r in result.invalid_rows
    ]
    assert any("Không có số liệu báo cáo mang mã CT9." in error for error in errors)


@pytest.mark.parametrize("form", [TextSafeXLSX, TextSafeCSV], ids=["xlsx", "csv"])
@pytest.mark.parametrize("text", ["=1+1", "+84", "-x", "@a", "\tx", "Hạ Lang", "'=x"])
def test_text_that_looks_like_a_formula_stays_text_both_ways(form, text):
    data = form().export_data(tablib.Dataset([text, 5], headers=["Tên", "Số"]))
    back = form().create_dataset(data)
    assert back[0][0] == text
    if form is TextSafeCSV and text[0] in "=+-@\t":
        assert f"'{text}" in data
    if form is TextSafeXLSX:
        assert back[0][1] == 5


def workbook(*rows, formats=()) -> bytes:
    """A sheet of `rows`; `formats` are (row, column, number format)."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for row, place, form in formats:
        book.active.cell(row, place).number_format = form
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_percent_cell_is_handed_on_as_the_percent_that_was_typed():
    """Excel keeps a typed 90% as 0.9, which must not become a target of 0,9."""
    found = TextSafeXLSX().create_dataset(workbook(["Mục tiêu"], [0.9], [0.9], formats=[(2, 1, "0%")]))
    assert found["Mục tiêu"] == ["90%", 0.9]
    with pytest.raises(ValueError, match="ghi 90, không ghi 90%"):
        NumberWidget().clean("90%")


def test_a_hidden_sheet_is_passed_over():
    book = Workbook()
    book.active.append(["cũ"])
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("Mới")
    sheet.append(["Mã"])
    sheet.append(["a"])
    stream = BytesIO()
    book.save(stream)
    assert TextSafeXLSX().create_dataset(stream.getvalue()).dict == [{"Mã": "a"}]


@pytest.mark.parametrize(("typed", "code"), [("=1/0", "formula_without_value"), ("#N/A", "error_value")])
def test_a_cell_without_a_value_of_its_own_is_refused_by_its_address(typed, code):
    with pytest.raises(Refused, match="Ô B2 có") as refused:
        TextSafeXLSX().create_dataset(workbook(["Mã", "Tên"], ["a", typed]))
    assert refused.value.code == code


def test_an_empty_workbook_is_an_empty_table():
    assert TextSafeXLSX().create_dataset(workbook()).height == 0


def test_empty_lines_below_a_table_and_columns_without_a_heading_are_left_out():
    found = TextSafeXLSX().create_dataset(workbook(["Mã", "Tên", None], ["a", "A", "thừa"], [None, ""], [None]))
    assert (found.headers, list(found)) == (["Mã", "Tên"], [("a", "A")])


def test_a_sheet_that_lies_about_its_size_is_read_whole():
    """Some programs write A1 as the used range, some the whole grid."""
    true = workbook(["Mã", "Tên"], ["a", "A"], ["b", "B"])
    for claimed in (b"A1", b"A1:XFD1048576"):
        told = BytesIO()
        with ZipFile(BytesIO(true)) as book, ZipFile(told, "w") as lie:
            for name in book.namelist():
                lie.writestr(
                    name, book.read(name).replace(b'<dimension ref="A1:B3"', b'<dimension ref="' + claimed + b'"')
                )
        assert list(TextSafeXLSX().create_dataset(told.getvalue())) == [("a", "A"), ("b", "B")]


def test_a_csv_saved_by_a_vietnamese_excel_is_parted_by_semicolons():
    found = TextSafeCSV().create_dataset("\ufeffMã;Tên\r\na;Sở Nông nghiệp, Môi trường\r\n")
    assert (found.headers, list(found)) == (["Mã", "Tên"], [("a", "Sở Nông nghiệp, Môi trường")])


@pytest.mark.django_db
def test_whom_to_reach_at_an_agency_goes_out_and_comes_in():
    """The zero that a telephone number begins with is kept; an address that is none is refused under its heading."""
    sheet = AgencyResource().export(Agency.objects.filter(code="so-cong-thuong"))
    row = dict(zip(sheet.headers, sheet[0], strict=True))
    typed = row | {"Người liên hệ": "Mã Văn Tư", "Điện thoại": "0206 3852 222", "Thư điện tử": "vp@soct.vn"}
    load = AgencyResource().import_data(tablib.Dataset(list(typed.values()), headers=list(typed)), raise_errors=True)
    assert [r.import_type for r in load.rows] == ["update"]
    agency = Agency.objects.get(code="so-cong-thuong")
    assert (agency.contact_name, agency.contact_phone, agency.contact_email) == (
        "Mã Văn Tư", "0206 3852 222", "vp@soct.vn",
    )  # fmt: skip
    wrong = typed | {"Thư điện tử": "vp.soct.vn"}
    (line,) = AgencyResource().import_data(tablib.Dataset(list(wrong.values()), headers=list(wrong))).invalid_rows
    assert list(line.field_specific_errors) == ["Thư điện tử"]


OWNERS = "Cơ quan được tính số"


@pytest.fixture
def measure_line(plan) -> dict[str, object]:
    sheet = MeasureResource().export(plan.measures.filter(code="CT3"))
    return dict(zip(sheet.headers, sheet[0], strict=True))


def load_measure(line: dict[str, object]):
    return MeasureResource().import_data(tablib.Dataset(list(line.values()), headers=list(line)))


def owners(measure: Measure) -> set[tuple[str, str]]:
    return set(measure.counted_by.values_list("agency_kind", "agency_level"))


@pytest.mark.django_db
def test_a_new_measure_comes_with_those_whose_reports_count(plan, measure_line):
    typed = "hội lhpn cấp huyện; Sở, ban, ngành cấp tỉnh; womens_union:commune"
    found = load_measure(measure_line | {"Mã": "CT9", OWNERS: typed})
    assert [row.import_type for row in found] == ["new"]
    assert owners(plan.measures.get(code="CT9")) == {
        ("womens_union", "district"), ("department", "province"), ("womens_union", "commune"),
    }  # fmt: skip


@pytest.mark.django_db
def test_owners_are_replaced_by_those_of_the_line(plan, measure_line):
    found = load_measure(measure_line | {OWNERS: "UBND cấp huyện"})
    assert [row.import_type for row in found] == ["update"]
    assert owners(plan.measures.get(code="CT3")) == {("peoples_committee", "district")}


@pytest.mark.django_db
def test_a_workbook_without_the_column_leaves_the_owners(plan, measure_line):
    before = owners(plan.measures.get(code="CT3"))
    del measure_line[OWNERS]
    load_measure(measure_line | {"Tên gọn": "PN khởi sự"})
    measure = plan.measures.get(code="CT3")
    assert (measure.short_name, owners(measure)) == ("PN khởi sự", before)
    assert len(before) > 1


@pytest.mark.django_db
def test_an_unknown_body_is_refused_under_its_heading(measure_line):
    (line,) = load_measure(measure_line | {OWNERS: "Hội Nông dân cấp huyện"}).invalid_rows
    assert line.field_specific_errors == {
        OWNERS: ["“Hội Nông dân cấp huyện” không phải loại và cấp cơ quan, ví dụ: Hội LHPN cấp tỉnh."]
    }


@pytest.mark.parametrize(
    ("old", "new", "is_new", "shown"),
    [
        (800, 800, False, "800"),
        (800, 1200, False, "<del>800</del> <ins>1200</ins>"),
        ("", "a<b", False, "<ins>a&lt;b</ins>"),
        ("cũ", "", False, "<del>cũ</del>"),
        ("trống", "mới", True, "<ins>mới</ins>"),
        ("", "", True, ""),
    ],
)
def test_a_change_shows_the_whole_old_and_new_value(old, new, is_new, shown):
    diff = WorkbookDiff.__new__(WorkbookDiff)
    diff.left, diff.right, diff.new = [old], [new], is_new
    assert diff.as_html() == [shown]
