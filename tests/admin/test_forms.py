"""What administrators type: numbers the Vietnamese way, codes made from names, accounts, and going back in history."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from agencies.models import Agency, Unit, User
from targets.admin.history import spoken
from targets.models import Target

from .conftest import address, inline_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def province_target(plan) -> Target:
    return Target.objects.get(indicator__plan=plan, indicator__code="CT3", unit=None)


def typed(target: Target, value: str) -> dict[str, str]:
    return {"indicator": target.indicator_id, "counts_from": "09/03/2018", "due_on": "14/12/2025", "value": value}


@pytest.mark.parametrize(
    ("text", "value"), [("1.000", 1000), ("1.234,5", Decimal("1234.5")), ("1 200", 1200), ("90", 90)]
)
def test_a_target_is_typed_as_officials_write_numbers(text, value, as_admin, province_target):
    response = as_admin.post(address(Target, "change", province_target.pk), typed(province_target, text))
    assert response.status_code == 302
    province_target.refresh_from_db()
    assert province_target.value == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("90%", "Nhập số lượng, không nhập tỷ lệ phần trăm."),
        ("1.23", "Viết số kiểu Việt Nam"),
        ("chín mươi", "Chỉ nhập số"),
        ("-5", "Không nhập số âm."),
    ],
)
def test_a_target_that_can_be_read_two_ways_is_refused_with_the_reason(text, why, as_admin, province_target):
    page = as_admin.post(address(Target, "change", province_target.pk), typed(province_target, text))
    assert why in page.content.decode()
    province_target.refresh_from_db()
    assert province_target.value == 800


def test_a_stored_target_is_shown_as_it_is_typed(as_admin, province_target):
    Target.objects.filter(pk=province_target.pk).update(value="1234.50")
    page = as_admin.get(address(Target, "change", province_target.pk))
    assert 'value="1.234,5"' in page.content.decode()


NEW_UNIT = {
    "name": "Đèo Gió", "kind": "commune", "code": "09998", "valid_from": "01/07/2026",
    "succeeded_by-TOTAL_FORMS": 0, "succeeded_by-INITIAL_FORMS": 0,
}  # fmt: skip


@pytest.mark.parametrize(("slug", "kept"), [("", "xa-deo-gio"), ("deo-gio-moi", "deo-gio-moi")])
def test_a_new_unit_gets_a_code_from_its_kind_and_name_unless_one_is_typed(slug, kept, as_admin):
    province = Unit.objects.get(kind="province")
    as_admin.post(address(Unit, "add"), NEW_UNIT | {"slug": slug, "parent": province.pk})
    unit = Unit.objects.get(code="09998")
    assert (unit.slug, unit.valid_from.isoformat()) == (kept, "2026-07-01")


def test_a_code_that_is_taken_is_refused(as_admin):
    province, taken = Unit.objects.get(kind="province"), Unit.objects.filter(kind="commune").first()
    before = Unit.objects.count()
    page = as_admin.post(
        address(Unit, "add"), NEW_UNIT | {"slug": "", "name": taken.name, "parent": province.pk, "code": "09997"}
    )
    assert page.context["adminform"].form.errors["slug"] == ["Đơn vị hành chính có Mã tham chiếu đã tồn tại."]
    assert Unit.objects.count() == before


def test_a_new_agency_gets_a_code_from_its_name(as_admin):
    province = Unit.objects.get(kind="province")
    made = {
        "code": "", "name": "Hội Đầu tư tỉnh", "short_name": "HĐT", "kind": "mass_organisation", "level": "province",
        "unit": province.pk, "succeeded_by-TOTAL_FORMS": 0, "succeeded_by-INITIAL_FORMS": 0,
    }  # fmt: skip
    as_admin.post(address(Agency, "add"), made)
    assert Agency.objects.get(name="Hội Đầu tư tỉnh").code == "hoi-dau-tu-tinh"


def test_a_code_never_changes_once_the_row_exists(as_admin):
    unit = Unit.objects.filter(kind="commune").first()
    sent = {
        "slug": "khac", "name": unit.name, "kind": unit.kind, "code": unit.code, "parent": unit.parent_id,
        "valid_from": "01/07/2025", "legal_basis": "Sửa",
        "succeeded_by-TOTAL_FORMS": 0, "succeeded_by-INITIAL_FORMS": 0,
    }  # fmt: skip
    assert as_admin.post(address(Unit, "change", unit.pk), sent).status_code == 302
    assert Unit.objects.values_list("slug", "legal_basis").get(pk=unit.pk) == (unit.slug, "Sửa")


def test_an_administrator_gives_someone_a_new_password(as_admin, reporter):
    url = reverse("admin:auth_user_password_change", args=[reporter.pk])
    assert inline_code(as_admin.get(url)) == []
    as_admin.post(url, {"password1": "Mat-khau-moi-2026", "password2": "Mat-khau-moi-2026"})
    reporter.refresh_from_db()
    assert reporter.check_password("Mat-khau-moi-2026")


def test_going_back_to_an_earlier_account_keeps_today_s_password(as_admin, reporter):
    reporter.set_password("Mat-khau-moi-2026")
    reporter.full_name = "Lục Thị Thanh Hà"
    reporter.save()
    first = reporter.history.earliest()
    sent = {"username": "thanh", "full_name": first.full_name, "role": "reporter", "agency": reporter.agency_id,
            "is_active": "on"}  # fmt: skip
    url = reverse("admin:agencies_user_simple_history", args=[reporter.pk, first.history_id])
    assert as_admin.post(url, sent).status_code == 302
    again = User.objects.get(pk=reporter.pk)
    assert (again.full_name, again.check_password("Mat-khau-moi-2026")) == ("Lục Thị Thanh", True)


def test_history_tells_changes_in_the_words_of_the_screens(as_admin, own_district, other_district, province_target):
    agency, before = own_district, own_district.parent
    agency.kind, agency.confirmed, agency.parent = "department", True, other_district
    agency.save()
    province_target.value = Decimal("1234.5")
    province_target.save()
    assert changes(as_admin, province_target) == {"Mục tiêu": ("800", "1.234,5")}
    assert changes(as_admin, agency) == {
        "Loại": ("Hội LHPN", "Sở, ban, ngành"),
        "Đã đối chiếu văn bản": ("không", "có"),
        "Cấp trên": (str(before), str(other_district)),
    }


def changes(client, row) -> dict[str, tuple[str, str]]:
    """What the newest line of a row's history says: by field, before and after."""
    newest = client.get(address(type(row), "history", row.pk)).context["page_obj"][0]
    return {change["field"]: (change["old"], change["new"]) for change in newest.history_delta_changes}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "(trống)"),
        ("", "(trống)"),
        ([], "(trống)"),
        (False, "không"),
        (Decimal("90.00"), "90"),
        (0, 0),
        (dt.date(2025, 6, 30), "30/06/2025"),
        (dt.datetime(2025, 6, 30, 17, 30, tzinfo=dt.UTC), "00:30, 01/07/2025"),
        ("Hạ Lang", "Hạ Lang"),
    ],
)
def test_a_value_is_told_as_people_say_it(value, words):
    assert spoken(value) == words
