"""What the administrator is told about targets that do not hold together, and that nothing is said when they do."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from agencies.models import Unit
from targets.models import Indicator, Plan, Target
from targets.models.soundness import faults

pytestmark = pytest.mark.django_db
START, END = dt.date(2017, 12, 15), dt.date(2025, 12, 14)


@pytest.fixture
def ct3(plan) -> Indicator:
    return plan.indicators.get(code="CT3")


def promise(indicator: Indicator, value: int, *, unit: str = "", due_on: dt.date = END, **more) -> Target:
    of = Unit.objects.get(slug=unit) if unit else None
    return Target.objects.create(
        indicator=indicator, unit=of, value=value, due_on=due_on, **{"counts_from": START, **more}
    )


def said(plan) -> list[str]:
    return [fault.message for fault in faults(plan)]


def test_the_plan_as_loaded_has_no_fault(plan):
    assert said(plan) == []


def test_allocations_that_do_not_add_up_to_the_provinces_target_are_named(plan, ct3):
    promise(ct3, 500, unit="huyen-ha-lang")
    last = promise(ct3, 299, unit="huyen-bao-lam")
    assert said(plan) == ["CT3: 2 đơn vị được giao cộng lại là 799, mục tiêu của tỉnh đến 14/12/2025 là 800."]
    last.value = 300
    last.save()
    assert said(plan) == []


def test_rates_are_not_added_up(plan):
    promise(plan.indicators.get(code="CT2"), 65, unit="huyen-ha-lang")
    assert said(plan) == []


def test_an_allocation_for_a_day_without_a_target_of_the_province_is_named(plan, ct3):
    promise(ct3, 40, unit="huyen-ha-lang", due_on=dt.date(2020, 12, 14))
    assert said(plan) == ["CT3: đã giao cho đơn vị đến 14/12/2020, tỉnh không có mục tiêu đến ngày đó."]


def test_a_milestone_that_falls_is_named_at_its_own_row(plan, ct3):
    promise(ct3, 900, due_on=dt.date(2020, 12, 14))
    (fault,) = faults(plan)
    assert fault.message == ("CT3 toàn tỉnh đến 14/12/2025: mục tiêu 800 thấp hơn mốc trước đó (900 đến 14/12/2020).")
    assert fault.row == ct3.targets.of_the_province().get(due_on=END)
    ct3.direction = Indicator.Direction.DOWN
    ct3.save()
    assert said(plan) == []


def test_a_new_phase_may_begin_lower(plan, ct3):
    promise(ct3, 100, due_on=dt.date(2030, 12, 14), counts_from=dt.date(2025, 12, 15))
    assert said(plan) == []


def test_a_target_without_a_measure_and_an_indicator_without_a_target_are_named(plan, ct3):
    ct3.numerator.clear()
    Target.objects.filter(indicator__plan=plan, indicator__code="CT5").delete()
    assert said(plan) == ["CT3 có mục tiêu nhưng chưa có số liệu nào ở tử số.", "Chưa có mục tiêu của tỉnh: CT5."]


def test_an_allocation_to_a_unit_that_had_ended_is_named(plan, ct3):
    promise(ct3, 5, unit="huyen-phuc-hoa", counts_from=dt.date(2021, 12, 15))
    assert (
        "CT3 Huyện Phục Hòa đến 14/12/2025: Huyện Phục Hòa kết thúc ngày 29/02/2020, trước khi bắt đầu tính."
        in said(plan)
    )


@pytest.mark.parametrize("page", ["admin:index", "admin:targets_target_changelist", "admin:targets_plan_changelist"])
def test_the_administrator_sees_them_with_a_way_to_the_row(page, plan, ct3, client, administrator):
    client.force_login(administrator)
    assert "Cần xem lại" not in client.get(reverse(page)).content.decode()
    row = promise(ct3, 900, due_on=dt.date(2020, 12, 14))
    text = client.get(reverse(page)).content.decode()
    assert "Cần xem lại: 503/KH-UBND – Hỗ trợ phụ nữ khởi nghiệp 2017-2025 (1)" in text
    target = ct3.targets.of_the_province().exclude(pk=row.pk).get()
    assert f'href="{reverse("admin:targets_target_change", args=[target.pk])}"' in text


def test_a_plan_that_nobody_can_report_on_says_what_is_missing(db):
    plan = Plan.objects.create(number="12/KH-UBND", title="a", short_title="a", starts_on=START, ends_on=END)
    assert said(plan) == [
        "Chưa có chỉ tiêu nào.",
        "Chưa có kỳ báo cáo nào. Tạo kỳ báo cáo theo lịch.",
        "Chưa giao cho cơ quan nào nhiệm vụ báo cáo số liệu.",
    ]


def test_a_measure_that_nobody_s_reports_count_for_is_named(plan):
    measure = plan.measures.get(code="CT3")
    measure.counted_by.all().delete()
    (fault,) = faults(plan)
    assert fault.message == f"{measure}: chưa có cơ quan được tính số, nên không được cộng."
    assert fault.url == reverse("admin:targets_measure_change", args=[measure.pk])


def test_what_happened_and_what_stands_are_not_added_to_one_another(plan, ct3):
    ct3.numerator.add(plan.measures.get(code="CT2_TT"))
    assert said(plan) == ["CT3: tử số gồm cả số trong kỳ và số tại thời điểm."]


def test_periods_outside_the_plan_or_over_one_another_are_named(plan):
    late, over = plan.periods.get(code="2025-H2"), plan.periods.get(code="2024-H2")
    late.starts_on, late.ends_on, late.due_on = dt.date(2026, 6, 15), dt.date(2026, 12, 14), dt.date(2026, 12, 19)
    over.starts_on = dt.date(2024, 6, 14)
    late.save()
    over.save()
    assert said(plan) == [
        "6 tháng cuối năm 2024: bắt đầu trước khi 6 tháng đầu năm 2024 kết thúc.",
        "6 tháng cuối năm 2025: nằm ngoài thời gian của kế hoạch.",
    ]
