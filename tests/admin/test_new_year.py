"""Another year and another plan without a developer: by one workbook alone, and by the admin's pages alone."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from agencies.models import Agency, AgencySuccession, Unit, UnitSuccession, User
from targets.models import CountingOwner, Duty, Indicator, Measure, Period, Plan, Report, Target
from targets.progress.progress import progress
from tests.conftest import make_user

from .conftest import address, inline_code
from .plan_books import NEW_PLAN, NUMBER, filled, upload, written

pytestmark = pytest.mark.django_db
PAGE = "admin:targets_plan_workbook"
COUNTED = (
    Plan,
    Period,
    Measure,
    Indicator,
    Target,
    Unit,
    UnitSuccession,
    Agency,
    AgencySuccession,
    Duty,
    CountingOwner,
)


def stored() -> list[int]:
    return [model._default_manager.count() for model in COUNTED]


def confirm(client, preview):
    sent = {"file": preview.context["file"], "mark": preview.context["outcome"].mark}
    return client.post(reverse(PAGE), sent)


def report_and_approve(plan: Plan, agency: str, typed: dict[str, str], reviewer: User) -> Period:
    """A reporter of the agency reports on the first half in the browser's way; the province approves."""
    period = plan.periods.get(code="2026-H1")
    owner = Agency.objects.get(code=agency)
    reporter = Client()
    reporter.force_login(make_user(f"can-bo-{owner.pk}", User.Role.REPORTER, owner))
    assert period.name in reporter.get(reverse("mine")).content.decode()
    reporter.post(reverse("reports:start", args=[period.pk]))
    report = Report.objects.get(agency=owner, period=period)
    saved = reporter.post(
        reverse("reports:edit", args=[report.pk]), {"version": report.version, "submit": "1", **typed}
    )
    assert saved.url == reverse("reports:submit", args=[report.pk])
    report.refresh_from_db()
    reporter.post(reverse("reports:submit", args=[report.pk]), {"version": report.version})
    report.refresh_from_db()
    province = Client()
    province.force_login(reviewer)
    province.post(reverse("reports:approve", args=[report.pk]), {"version": report.version, "confirmed": "1"})
    report.refresh_from_db()
    assert report.status == Report.Status.APPROVED
    return period


FIRST = {"A_TS": "17", "A_NU": "12", "A_NAM": "5", "A_NGHEO": "9", "B_TS": "1.200", "B_TT": "900"}
SECOND = {"A_TS": "3", "A_NU": "3", "A_NAM": "0", "A_NGHEO": "0", "B_TS": "300", "B_TT": "225"}


def assert_the_dashboard_counts_both(plan: Plan, reviewer: User, client: Client) -> None:
    """17 + 3 of 1 000, 900 + 225 of 1 200 + 300."""
    report_and_approve(plan, "hoi-lhpn-xa-ly-quoc", FIRST, reviewer)
    period = report_and_approve(plan, "hoi-lhpn-xa-moi", SECOND, reviewer)
    found = progress(period)
    a, b = found.indicators
    assert (a.reached, a.target, b.reached, b.base, b.percent) == (20, 1000, 1125, 1500, 75)
    allocated = {row.unit: (row.figures[0].reached, row.figures[0].target) for row in found.rows}
    assert (allocated["Xã Lý Quốc"], allocated["Xã Mới"]) == ((17, 30), (3, 970))
    client.force_login(reviewer)
    text = client.get(reverse("progress:dashboard"), {"ke_hoach": plan.number, "ky": period.code}).content.decode()
    assert "75,0\u00a0%" in text
    assert "Hỗ trợ" in text


def test_a_plan_made_by_one_workbook_is_reported_on_approved_and_counted(as_admin, plan, reviewer, client):
    before = stored()
    page = as_admin.post(reverse(PAGE), upload(filled()))
    outcome = page.context["outcome"]
    assert {table.table.name: table.counts["new"] for table in outcome.tables} == {
        name: len(lines) for name, lines in NEW_PLAN.items()
    }
    assert (outcome.faults, outcome.unsound, inline_code(page), stored()) == ([], [], [], before)
    assert confirm(as_admin, page).url == reverse("admin:targets_plan_changelist")
    new = Plan.objects.get(number=NUMBER)
    plan.refresh_from_db()
    assert (plan.successor, new.periods.count(), new.measures.get(code="A_NU").part_of.code) == (new, 2, "A_TS")
    assert_the_dashboard_counts_both(new, reviewer, client)


def test_the_same_workbook_again_changes_nothing(as_admin, plan):
    content = filled()
    confirm(as_admin, as_admin.post(reverse(PAGE), upload(content)))
    page = as_admin.post(reverse(PAGE), upload(content))
    assert page.context["outcome"].changes_nothing
    assert "Không có thay đổi." in page.content.decode()
    assert 'name="mark"' not in page.content.decode()


def add(client, model, *, inline: dict[str, list[dict]] | None = None, **typed) -> object:
    """Fill in a page of the admin as it comes, with its inlines, and save it; gives the new row."""
    page = client.get(address(model, "add"))
    shown = {field.name: field.value() for field in page.context["adminform"].form}
    sent = {name: value for name, value in shown.items() if value is not None and value is not False}
    for formset in page.context["inline_admin_formsets"]:
        prefix = formset.formset.prefix
        lines = (inline or {}).get(prefix, [])
        sent |= {f"{prefix}-TOTAL_FORMS": len(lines), f"{prefix}-INITIAL_FORMS": 0}
        sent |= {f"{prefix}-{n}-{name}": value for n, line in enumerate(lines) for name, value in line.items()}
    saved = client.post(address(model, "add"), sent | typed)
    assert saved.status_code == 302, (saved.context["adminform"].form.errors, saved.context["errors"])
    return model._default_manager.latest("pk")


def add_territory(client, province: Unit) -> tuple[Unit, Agency]:
    """A commune that an older one went into, with its Union."""
    old = Unit.objects.get(slug="xa-vinh-quy")
    new = add(client, Unit, name="Mới", kind="commune", code="09999", parent=province.pk, valid_from="01/01/2026")
    add(client, UnitSuccession, predecessor=old.pk, successor=new.pk, on="01/01/2026", main="on", exact="on", weight=1)
    union = add(
        client, Agency, name="Hội LHPN xã Mới", short_name="Hội LHPN xã Mới", kind="womens_union", level="commune",
        unit=new.pk, valid_from="01/01/2026",
    )  # fmt: skip
    before = Agency.objects.get(code="hoi-lhpn-xa-vinh-quy")
    add(client, AgencySuccession, predecessor=before.pk, successor=union.pk, on="01/01/2026")
    return new, union


def add_measures(client, plan: Plan) -> dict[str, Measure]:
    """Two sections; a count with parts that add up and one that overlaps, a ratio of states."""
    sections = {
        code: add(client, Indicator, plan=plan.pk, code=code, name=name, short_name=name, unit_of_measure="người")
        for code, name in (("A", "Hỗ trợ"), ("B", "Tuyên truyền"))
    }
    found: dict[str, Measure] = {}
    unions = {"counted_by": [{"agency_kind": "womens_union", "agency_level": "commune"}]}
    for code, accumulation, whole, relation in (
        ("A_TS", "flow", "", ""), ("A_NU", "flow", "A_TS", "partition"), ("A_NAM", "flow", "A_TS", "partition"),
        ("A_NGHEO", "flow", "A_TS", "subset"), ("B_TS", "state", "", ""), ("B_TT", "state", "", ""),
    ):  # fmt: skip
        found[code] = add(
            client, Measure, plan=plan.pk, code=code, name=code, short_name=code, unit_of_measure="người",
            kind="people", accumulation=accumulation, section=sections[code[0]].pk,
            part_of=found[whole].pk if whole else "", relation=relation, inline=unions,
        )  # fmt: skip
    return found


def define(client, indicator: Indicator, numerator: Measure, denominator: Measure | None, targets: list[dict]) -> None:
    """What it is made of and its targets, on its own page."""
    span = {"counts_from": "15/12/2025", "due_on": "14/12/2026"}
    lines = [span | target for target in targets]
    sent = {
        "name": indicator.name, "short_name": indicator.short_name, "unit_of_measure": "người", "direction": "up",
        "order": 1, "numerator": [numerator.pk], "denominator": [denominator.pk] if denominator else [],
        "targets-TOTAL_FORMS": len(lines), "targets-INITIAL_FORMS": 0,
        **{f"targets-{n}-{name}": value for n, line in enumerate(lines) for name, value in line.items()},
    }  # fmt: skip
    page = client.post(address(Indicator, "change", indicator.pk), sent)
    assert page.status_code == 302, page.context["errors"]


def test_a_plan_made_on_the_admin_s_pages_is_reported_on_approved_and_counted(as_admin, reviewer, client):
    unit, union = add_territory(as_admin, Unit.objects.get(kind="province"))
    plan = add(
        as_admin, Plan, number=NUMBER, title="Kế hoạch năm 2026", short_title="Năm 2026", starts_on="15/12/2025",
        ends_on="31/12/2026",
    )  # fmt: skip
    as_admin.post(reverse("admin:targets_plan_periods", args=[plan.pk]), {"year": 2026, "due_after": 5})
    measures = add_measures(as_admin, plan)
    a, b = plan.indicators.order_by("code")
    ly_quoc = Unit.objects.get(slug="xa-ly-quoc")
    define(as_admin, a, measures["A_TS"], None, [{"value": "40", "due_on": "14/06/2026"}, {"value": "1.000"}])
    for place, value in ((ly_quoc, "30"), (unit, "970")):
        span = {"counts_from": "15/12/2025", "due_on": "14/12/2026"}
        add(as_admin, Target, indicator=a.pk, unit=place.pk, value=value, **span)
    define(as_admin, b, measures["B_TT"], measures["B_TS"], [{"value": "80"}])
    for agency in (Agency.objects.get(code="hoi-lhpn-xa-ly-quoc"), union):
        add(
            as_admin,
            Duty,
            plan=plan.pk,
            agency=agency.pk,
            text="Báo cáo",
            indicators=[a.pk, b.pk],
            reports_every="half",
        )
    assert "Cần xem lại: 12/KH-UBND" not in as_admin.get(reverse("admin:index")).content.decode()
    assert_the_dashboard_counts_both(plan, reviewer, client)


def test_a_file_of_somebody_else_or_another_one_is_not_confirmed(as_admin, plan):
    """Each person's file waits for that person alone; the next one takes its place."""
    page = as_admin.post(reverse(PAGE), upload(written()))
    other = Client()
    other.force_login(make_user("quantri2", User.Role.ADMIN))
    as_admin.post(reverse(PAGE), upload(written({"Kế hoạch": [NEW_PLAN["Kế hoạch"][0] | {"Tên gọn": "Khác"}]})))
    for client in (other, as_admin):
        answer = client.post(reverse(PAGE), {"file": page.context["file"], "mark": page.context["outcome"].mark})
        assert answer.url == reverse(PAGE)
        said = [str(message) for message in client.get(reverse(PAGE)).context["messages"]]
        assert said == ["Tệp đã được thay hoặc đã nhập xong. Tải tệp lại."]
    assert not Plan.objects.filter(number=NUMBER).exists()


def test_what_changed_since_the_preview_is_shown_again(as_admin, plan):
    page = as_admin.post(reverse(PAGE), upload(written()))
    Unit.objects.create(
        slug="xa-moi", code="09999", name="Cũ", kind="commune", parent=Unit.objects.get(kind="province")
    )
    again = confirm(as_admin, page)
    assert [str(message) for message in again.context["messages"]] == [
        "Dữ liệu đã thay đổi từ khi xem trước. Xem lại rồi xác nhận."
    ]
    assert not Plan.objects.filter(number=NUMBER).exists()
    confirm(as_admin, again)
    assert Unit.objects.get(slug="xa-moi").name == "Mới"


def test_faults_are_shown_with_sheet_cell_value_and_what_to_do(as_admin, plan):
    lines = NEW_PLAN | {"Chỉ tiêu": [NEW_PLAN["Chỉ tiêu"][0] | {"Tử số": "A_XX"}, NEW_PLAN["Chỉ tiêu"][1]]}
    page = as_admin.post(reverse(PAGE), upload(written(lines)))
    text = page.content.decode()
    for word in ("Chưa ghi được: 1 lỗi", "<td>E2</td>", "<td>A_XX</td>", "Sửa mã, hoặc thêm dòng mang mã này trước."):
        assert word in text
    assert ('name="mark"' in text, inline_code(page)) == (False, [])


def test_what_would_not_hold_together_is_shown_before_it_is_written(as_admin, plan):
    lines = NEW_PLAN | {"Nhiệm vụ": [], "Mục tiêu": NEW_PLAN["Mục tiêu"][:3]}
    text = as_admin.post(reverse(PAGE), upload(written(lines))).content.decode()
    assert "Cần xem lại sau khi ghi (3)" in text
    for fault in (
        "Chưa giao cho cơ quan nào nhiệm vụ báo cáo số liệu.",
        "A: 1 đơn vị được giao cộng lại là 30, mục tiêu của tỉnh đến 14/12/2026 là 1.000.",
        "Chưa có mục tiêu của tỉnh: B.",
    ):
        assert f"{NUMBER}: {fault}" in text
    assert 'name="mark"' in text


@pytest.mark.parametrize(
    ("content", "reason"), [(b"khong phai tep Excel", "không phải bảng"), (b"", "Tệp rỗng")], ids=["text", "empty"]
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(as_admin, content, reason):
    page = as_admin.post(reverse(PAGE), upload(content))
    assert reason in page.context["form"].errors["file"][0]


def test_the_template_is_downloaded_empty_or_with_a_plan(as_admin, plan):
    url = reverse("admin:targets_plan_template")
    for asked, name, periods in (
        ({}, "ke-hoach-moi.xlsx", 0),
        ({"plan": plan.number}, "503-kh-ubnd.xlsx", plan.periods.count()),
        ({"plan": plan.number, "for_next": "on"}, "ke-hoach-moi.xlsx", 0),
    ):
        answer = as_admin.get(url, asked)
        assert name in answer["Content-Disposition"]
        assert load_workbook(BytesIO(answer.content))["Kỳ"].max_row - 1 == periods
    assert as_admin.get(url, {"plan": "khac"}).status_code == 404
