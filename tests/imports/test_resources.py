"""Reference tables as workbooks: exact values, Vietnamese numbers and dates, round trips, formulas that stay text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import tablib

from agencies.models import Unit
from targets.imports.formats import TextSafeCSV, TextSafeXLSX
from targets.imports.resources import (
    AgencyResource,
    IndicatorResource,
    MeasureResource,
    PeriodResource,
    TargetResource,
    UnitResource,
    UnitSuccessionResource,
)
from targets.imports.widgets import DateWidget, NumberWidget
from targets.models import Indicator, Target

ALL = [
    UnitResource,
    UnitSuccessionResource,
    AgencyResource,
    IndicatorResource,
    MeasureResource,
    PeriodResource,
    TargetResource,
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
        (None, None),
    ],
)
def test_numbers_are_read_the_vietnamese_way(typed, number):
    assert NumberWidget().clean(typed) == number


@pytest.mark.parametrize("typed", ["1.23", "chín mươi", "90%"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValueError, match=typed):
        NumberWidget().clean(typed)


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
