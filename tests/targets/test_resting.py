"""What approved figures rest on stays as it is, at both doors: the admin's pages and its workbooks."""

from __future__ import annotations

import datetime as dt

import pytest
import tablib
from django.core.exceptions import ValidationError

from targets.imports.reference.organisation import AgencyResource, UnitResource
from targets.imports.reference.plans import MeasureResource, PeriodResource
from targets.models import Measure, Period, resting
from tests.admin.conftest import address

pytestmark = pytest.mark.django_db
KEPT = "Đã có số liệu được duyệt (kỳ gần nhất: 6 tháng đầu năm 2024). Giữ nguyên mục này."


def refusal(row, **changes) -> dict[str, list[str]]:
    """What is said to a row changed so; {} when it may be."""
    for name, value in changes.items():
        setattr(row, name, value)
    try:
        resting.check(row)
    except ValidationError as why:
        return why.message_dict
    return {}


def import_one(resource, row, **cells: str) -> list[dict[str, list[str]]]:
    """The row's own line with some cells changed, imported; what is said to it, by heading."""
    sheet = resource().export(type(row)._default_manager.filter(pk=row.pk))
    line = dict(zip(sheet.headers, sheet[0], strict=True)) | cells
    found = resource().import_data(tablib.Dataset(list(line.values()), headers=list(line)))
    return [refused.field_specific_errors for refused in found.invalid_rows]


def test_before_anything_is_approved_all_may_change(submitted, plan, period, own_district):
    assert refusal(plan.measures.get(code="CT3"), accumulation="state", kind="money") == {}
    assert refusal(period, starts_on=dt.date(2024, 1, 1), ends_on=dt.date(2024, 6, 30), kind="year") == {}
    assert refusal(own_district, kind="press", level="province", valid_to=dt.date(2020, 1, 1)) == {}


def test_how_a_measure_is_counted_stays(approved, plan):
    assert refusal(plan.measures.get(code="CT3"), accumulation="state") == {"accumulation": [KEPT]}
    assert refusal(plan.measures.get(code="CT3"), kind="money", name="Tên khác") == {"kind": [KEPT]}
    assert refusal(plan.measures.get(code="CT3"), name="Tên khác") == {}
    assert refusal(plan.measures.get(code="CT3_KN"), accumulation="state") == {}  # nobody reported it


def test_the_days_of_a_period_stay_and_its_due_day_may_move(approved, period):
    assert refusal(period, due_on=dt.date(2024, 7, 1), name="Nửa đầu năm 2024") == {}
    assert refusal(period, ends_on=dt.date(2024, 6, 30), kind="year") == {"ends_on": [KEPT], "kind": [KEPT]}


def test_what_an_agency_is_and_where_it_counts_stay(approved, own_district, other_district):
    assert refusal(own_district, kind="press", unit=other_district.unit) == {"kind": [KEPT], "unit": [KEPT]}


def test_an_agency_and_its_unit_exist_on_every_day_that_figures_of_theirs_stand_for(approved, own_district):
    too_late = "Đã có số liệu được duyệt chốt ngày 14/6/2024. Chọn ngày không muộn hơn."
    too_early = "Đã có số liệu được duyệt chốt ngày 14/6/2024. Chọn ngày không sớm hơn."
    for row in (own_district, own_district.unit):
        assert refusal(row, valid_from=dt.date(2024, 6, 14), valid_to=dt.date(2024, 6, 14)) == {}
        assert refusal(row, valid_from=dt.date(2024, 6, 15), valid_to=None) == {"valid_from": [too_late]}
        assert refusal(row, valid_from=None, valid_to=dt.date(2024, 6, 13)) == {"valid_to": [too_early]}


def test_superseded_figures_are_rested_on_too(approved, plan, reviewer):
    """They still count as known at their time (R9)."""
    resting.figures_on(plan.measures.get(code="CT3")).supersede(by=reviewer, at=approved.approved_at)
    assert refusal(plan.measures.get(code="CT3"), accumulation="state") == {"accumulation": [KEPT]}


def test_a_workbook_is_told_the_same(approved, plan, period, own_district):
    ct3 = plan.measures.get(code="CT3")
    assert import_one(MeasureResource, ct3, **{"Cách cộng": "Tại thời điểm cuối kỳ"}) == [{"Cách cộng": [KEPT]}]
    assert import_one(PeriodResource, period, **{"Từ ngày": "01/01/2024"}) == [{"Từ ngày": [KEPT]}]
    assert import_one(AgencyResource, own_district, Cấp="Cấp xã") == [{"Cấp": [KEPT]}]
    assert import_one(UnitResource, own_district.unit, Cấp="Xã") == [{"Cấp": [KEPT]}]
    assert list(Measure.objects.filter(pk=ct3.pk).values_list("accumulation", flat=True)) == ["flow"]


def test_the_admin_s_page_is_told_the_same(approved, period, client, administrator):
    client.force_login(administrator)
    typed = {"name": period.name, "kind": "half", "starts_on": "15/12/2023", "ends_on": "30/06/2024",
             "due_on": "19/06/2024"}  # fmt: skip
    page = client.post(address(Period, "change", period.pk), typed)
    assert page.context["adminform"].form.errors == {"ends_on": [KEPT]}
    assert Period.objects.get(pk=period.pk).ends_on == dt.date(2024, 6, 14)


def test_those_whose_approved_figures_are_counted_go_on_being_counted(approved, plan, client, administrator):
    ct3, why = plan.measures.get(code="CT3"), "Số liệu đã duyệt của Hội LHPN, cấp huyện đang được tính. Không bỏ được."
    heading = "Cơ quan được tính số"
    before = sorted(ct3.counted_by.values_list("agency_kind", "agency_level"))
    assert import_one(MeasureResource, ct3, **{heading: "Hội LHPN cấp xã"}) == [{heading: [why]}]
    client.force_login(administrator)
    page = client.get(address(Measure, "change", ct3.pk))
    sent = {field.name: field.value() for field in page.context["adminform"].form if field.value() is not None}
    (owners,) = page.context["inline_admin_formsets"]
    sent |= {"counted_by-TOTAL_FORMS": len(owners.formset.forms), "counted_by-INITIAL_FORMS": len(owners.formset.forms)}
    for n, form in enumerate(owners.formset.forms):
        row = form.instance
        sent |= {f"counted_by-{n}-{name}": getattr(row, name) for name in ("id", "agency_kind", "agency_level")}
        sent |= {f"counted_by-{n}-DELETE": "on"} if row.agency_level == "district" else {}
    page = client.post(address(Measure, "change", ct3.pk), sent)
    assert page.context["inline_admin_formsets"][0].formset.non_form_errors() == [why]
    assert sorted(ct3.counted_by.values_list("agency_kind", "agency_level")) == before
