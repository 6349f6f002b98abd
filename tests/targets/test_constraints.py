"""The database refuses nonsense by itself, with a message an official can act on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from agencies.models import Agency, Unit, UnitSuccession, User
from targets.models import (
    ApprovedFigure,
    CountingOwner,
    Duty,
    Figure,
    ImportBatch,
    Indicator,
    Measure,
    Period,
    Plan,
    Report,
    ReportEvent,
    Target,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 1, 1)


def refuses(row, message: str) -> None:
    """Both doors: the form says why, and a write past the form is refused by the database itself."""
    with pytest.raises(ValidationError) as said:
        row.validate_constraints()
    assert message in said.value.messages
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row)._default_manager.bulk_create([row])


def unit(**changes) -> Unit:
    province = Unit.objects.get(kind="province")
    return Unit(**{"slug": "xa-thu", "code": "09999", "name": "Thử", "kind": "commune", "parent": province} | changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"valid_from": DAY, "valid_to": DAY - dt.timedelta(1)}, "Ngày hết hiệu lực phải sau ngày có hiệu lực."),
        ({"code": "01273"}, "Mã GSO này đang được một đơn vị khác dùng."),
        ({"code": "049", "valid_to": dt.date(2025, 6, 30)}, "Đã có đơn vị cùng mã GSO và cùng ngày hết hiệu lực."),
        ({"parent": None}, "Chỉ cấp tỉnh không thuộc đơn vị nào."),
    ],
)
def test_units(changes, message):
    refuses(unit(**changes), message)


def test_a_unit_does_not_succeed_itself_nor_another_twice():
    merger = UnitSuccession.objects.get(predecessor__slug="huyen-thong-nong")
    again = {"predecessor": merger.predecessor, "on": merger.on}
    refuses(UnitSuccession(**again, successor=merger.successor), "Đã khai báo đơn vị kế thừa này.")
    refuses(UnitSuccession(**again, successor=merger.predecessor), "Đơn vị không thể kế thừa chính mình.")


def test_an_agency_ends_after_it_begins(own_district):
    own_district.pk, own_district.code = None, "x"
    own_district.valid_from, own_district.valid_to = DAY, DAY - dt.timedelta(1)
    refuses(own_district, "Ngày hết hiệu lực phải sau ngày có hiệu lực.")


def test_a_reporter_belongs_to_an_agency():
    refuses(User(username="x", full_name="X", role="reporter"), "Cán bộ báo cáo phải thuộc một cơ quan.")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ends_on": dt.date(2017, 1, 1)}, "Ngày kết thúc phải sau ngày bắt đầu."),
        ({"pace_below": 99}, "Ba ngưỡng tiến độ phải tăng dần."),
    ],
)
def test_plans(changes, message):
    plan = {"number": "1/KH", "title": "T", "short_title": "T", "starts_on": DAY, "ends_on": dt.date(2030, 1, 1)}
    refuses(Plan(**plan | changes), message)


def test_measures(plan):
    whole = plan.measures.get(code="CT3")
    base = {"plan": plan, "name": "n", "short_name": "n", "unit_of_measure": "người"}
    refuses(Measure(**base, code="CT3"), "Kế hoạch đã có số liệu mang mã này.")
    refuses(Measure(**base, code="X", part_of=whole), "Chọn cả số tổng và quan hệ với số tổng, hoặc để trống cả hai.")
    refuses(
        Measure(**base, code="X", relation="subset"), "Chọn cả số tổng và quan hệ với số tổng, hoặc để trống cả hai."
    )
    refuses(
        CountingOwner(measure=whole, agency_kind="womens_union", agency_level="district"),
        "Đã khai báo loại cơ quan này.",
    )


def test_indicators_and_duties_are_once_per_plan(plan, own_district):
    refuses(Indicator(plan=plan, code="CT1", name="n", short_name="n"), "Kế hoạch đã có chỉ tiêu mang mã này.")
    refuses(Duty(plan=plan, agency=own_district, text="t"), "Kế hoạch đã giao nhiệm vụ cho cơ quan này.")


def test_targets(plan, own_district):
    indicator = plan.indicators.get(code="CT3")
    base = {"indicator": indicator, "counts_from": DAY, "due_on": dt.date(2025, 12, 14), "value": 1}
    refuses(Target(**base), "Chỉ tiêu này đã có mục tiêu cấp tỉnh đến ngày đó.")
    refuses(Target(**base | {"due_on": DAY}), "Ngày đến hạn phải sau ngày bắt đầu tính.")
    refuses(Target(**base | {"value": 0, "unit": own_district.unit}), "Mục tiêu phải lớn hơn 0.")
    both = base | {"unit": own_district.unit, "agency": own_district}
    refuses(Target(**both), "Giao cho một đơn vị hoặc một cơ quan, không cả hai.")
    Target.objects.create(**base, unit=own_district.unit)
    refuses(Target(**base, unit=own_district.unit), "Đơn vị này đã được giao mục tiêu đến ngày đó.")


def test_periods(plan, administrator):
    base = {
        "plan": plan,
        "code": "2030",
        "name": "n",
        "kind": "year",
        "starts_on": DAY,
        "ends_on": dt.date(2024, 12, 1),
    }
    good = base | {"due_on": dt.date(2024, 12, 5)}
    refuses(Period(**good | {"code": "2024-H1"}), "Kế hoạch đã có kỳ mang mã này.")
    refuses(Period(**good | {"ends_on": DAY}), "Ngày chốt số liệu phải sau ngày đầu kỳ.")
    refuses(Period(**good | {"due_on": DAY}), "Hạn nộp phải sau ngày đầu kỳ.")
    refuses(Period(**good, closed_at=timezone.now()), "Kỳ đã khóa phải ghi rõ ai khóa, lúc nào.")
    refuses(Period(**good, closed_by=administrator), "Kỳ đã khóa phải ghi rõ ai khóa, lúc nào.")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"status": "xong"}, "Trạng thái báo cáo không hợp lệ."),
        ({"status": "submitted"}, "Báo cáo chưa nộp thì chưa thể duyệt hoặc trả lại."),
        ({"submitted_at": timezone.now()}, "Báo cáo đã nộp phải ghi rõ ai nộp, lúc nào."),
        ({"status": "approved"}, "Báo cáo đã duyệt phải ghi rõ ai duyệt, lúc nào."),
        ({"approved_at": timezone.now()}, "Báo cáo đã duyệt phải ghi rõ ai duyệt, lúc nào."),
        ({"status": "returned"}, "Trả lại báo cáo phải ghi lý do."),
    ],
)
def test_reports(changes, message, own_district, period, reporter):
    base = {"agency": own_district, "period": period, "created_at": timezone.now(), "created_by": reporter}
    refuses(Report(**base | changes), message)


def test_a_report_exists_once_and_is_not_approved_by_its_submitter(submitted, reporter):
    twin = Report(agency=submitted.agency, period=submitted.period, created_at=timezone.now(), created_by=reporter)
    refuses(twin, "Đơn vị đã có báo cáo cho kỳ này.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=submitted.pk).update(
            status="approved", approved_at=timezone.now(), approved_by=reporter
        )


def test_figures(draft, plan):
    measure = plan.measures.get(code="LOP")
    refuses(Figure(report=draft, measure=plan.measures.get(code="CT3")), "Báo cáo đã có số liệu này.")
    refuses(Figure(report=draft, measure=measure, value=-1), "Số liệu không được âm.")
    message = "Không áp dụng thì để trống số và ghi lý do."
    refuses(Figure(report=draft, measure=measure, not_applicable=True), message)
    refuses(Figure(report=draft, measure=measure, not_applicable=True, reason="x", value=1), message)
    refuses(Figure(report=draft, measure=measure, reason="x"), message)


def test_the_ledger_has_one_current_row_and_says_who_superseded(approved, reviewer):
    row = approved.approved_figures.first()
    row.pk = None
    refuses(row, "Số liệu này đã được duyệt.")
    with pytest.raises(IntegrityError), transaction.atomic():
        ApprovedFigure.objects.filter(report=approved).supersede(by=None, at=timezone.now())
    early = approved.approved_at - dt.timedelta(seconds=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApprovedFigure.objects.filter(report=approved).supersede(by=reviewer, at=early)


def test_events_of_return_and_reopen_carry_a_reason(approved, reviewer):
    event = {"report": approved, "at": timezone.now(), "by": reviewer, "to_status": "returned"}
    refuses(ReportEvent(**event, verb="return"), "Trả lại hoặc mở lại báo cáo phải ghi lý do.")


def test_batches_say_who_confirmed_and_undid(plan, reviewer):
    base = {
        "plan": plan,
        "name": "a.xlsx",
        "size": 1,
        "sha256": "0" * 64,
        "sent_at": timezone.now(),
        "sent_by": reviewer,
    }
    refuses(ImportBatch(**base, state="confirmed"), "Lần nhập đã xác nhận phải ghi rõ ai, lúc nào.")
    done = {"confirmed_at": timezone.now(), "confirmed_by": reviewer}
    refuses(ImportBatch(**base, **done, state="undone"), "Lần nhập đã hoàn tác phải ghi rõ ai, lúc nào.")


def test_what_reports_stand_on_cannot_be_deleted(approved, reporter):
    for row in (approved.period, approved.agency, approved.agency.unit, reporter, approved):
        with pytest.raises(ProtectedError), transaction.atomic():
            row.delete()


def test_an_agency_counts_for_the_unit_of_its_time():
    agency = Agency.objects.get(code="hoi-lhpn-huyen-quang-uyen")
    assert agency.is_in_force_on(dt.date(2020, 2, 29))
    assert not agency.is_in_force_on(dt.date(2020, 3, 1))
    assert str(agency.unit) == "Huyện Quảng Uyên"
