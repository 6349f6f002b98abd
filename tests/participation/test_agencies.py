"""Who takes part: the list, one agency's page, its accounts."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from agencies.models import Agency, User
from targets.models import Duty
from targets.participation import accounts, agencies
from targets.participation.rules import NotAllowed

pytestmark = pytest.mark.django_db
LIST = reverse("agencies:every")
SITE = "http://testserver/"
PASSWORD = "Mat-khau-dai-2026"
LINK = re.compile(r'value="(http://testserver/tai-khoan/dat-mat-khau/[^"]+)"')


def page_of(agency: Agency) -> str:
    return reverse("agencies:detail", args=[agency.pk])


# The list


def test_the_list_says_duty_role_last_figures_and_how_each_stands(plan, approved, own_district, leader, as_):
    found = {line.agency.code: line for line in agencies.lines(plan, dt.date(2024, 7, 1))}
    line = found[own_district.code]
    assert [(i.code, reached, base) for i, reached, base in line.reported] == [
        ("CT1", 126, 141), ("CT2", 2604, 4651), ("CT3", 17, None), ("CT4", 1, None), ("CT5", 0, None),
    ]  # fmt: skip
    assert (line.last, line.cell.chip, line.duty.leads) == (approved, "approved", False)
    bank = (
        found["nhnn-chi-nhanh"]
        if "nhnn-chi-nhanh" in found
        else next(x for x in found.values() if not x.duty.reports_every)
    )
    assert (bank.cell, bank.last, bank.reported) == (None, None, ())


def test_a_blank_figure_is_left_out_and_never_zero(plan, own_district, approved):
    """R2"""
    approved.figures.filter(measure__code="CT4").update(value=None)
    line = next(x for x in agencies.lines(plan) if x.agency == own_district)
    assert "CT4" not in {indicator.code for indicator, _, _ in line.reported}


def test_the_province_comes_first_and_who_leads_before_who_assists(plan):
    found = agencies.lines(plan)
    assert found[0].duty.leads
    assert [x.agency.level for x in found] == sorted((x.agency.level for x in found), key=agencies.LEVELS.index)


@pytest.mark.parametrize("typed", ["ha lang", "HẠ LANG", "Lang  hạ"])
def test_words_are_found_without_marks_and_capitals(typed, as_, leader):
    page = as_(leader).get(LIST, {"tim": typed, "cap": "commune"})
    assert {line.agency.unit.name for line in page.context["found"].lines} == {"Hạ Lang"}


def test_ended_agencies_are_shown_on_request_only(as_, leader, own_district):
    asked = {"tim": "hạ lang", "cap": "moi-cap"}
    assert own_district not in {x.agency for x in as_(leader).get(LIST, asked).context["found"].lines}
    page = as_(leader).get(LIST, asked | {"da_ket_thuc": "1"})
    assert own_district in {x.agency for x in page.context["found"].lines}


def test_role_and_level_narrow_the_list_and_the_counts_say_where_the_rest_is(as_, leader):
    leads = as_(leader).get(LIST, {"vai_tro": "chu-tri"}).context["found"]
    assert [x.agency.code for x in leads.lines] == ["hoi-lhpn-tinh"]
    assert [count for _, _, count in leads.counts] == [1, 0, 0, 1]
    every = as_(leader).get(LIST, {"cap": "commune", "vai_tro": "vô nghĩa"}).context["found"]
    assert (len(every.lines), every.level) == (112, "commune")


def test_nobody_found_says_so(as_, leader):
    assert "Không có cơ quan nào khớp bộ lọc" in as_(leader).get(LIST, {"tim": "zzz"}).content.decode()


def test_a_reporter_is_led_to_the_own_agency(as_, reporter, own_district):
    assert as_(reporter).get(LIST).url == page_of(own_district)


def test_the_list_asks_the_database_as_often_for_every_agency_as_for_one(
    as_, leader, plan, approved, django_assert_num_queries
):
    client, asked = as_(leader), {"cap": "moi-cap", "da_ket_thuc": "1"}
    with django_assert_num_queries(QUERIES):
        assert len(client.get(LIST, asked).context["found"].lines) == 171
    Duty.objects.exclude(agency=approved.agency).filter(indicators=None).delete()
    with django_assert_num_queries(QUERIES):
        client.get(LIST, asked | {"tim": "hạ lang"})


QUERIES = 15


# One agency


def test_an_agencys_page_says_its_duties_what_it_became_and_its_reports(as_, leader, own_district, approved):
    own_district.contact_name, own_district.contact_phone = "Lục Thị Thanh", "0206 3850 123"
    own_district.save()
    page = as_(leader).get(page_of(own_district))
    found, text = page.context["profile"], page.content.decode()
    assert [duty.plan.number for duty in found.duties] == ["503/KH-UBND"]
    assert {s.successor.code for s in found.became} == set(
        own_district.succeeded_by.values_list("successor__code", flat=True)
    )
    assert {s.successor.name for s in found.unit_became} >= {"Hạ Lang"}
    assert approved.get_absolute_url() in text
    assert ("0206 3850 123" in text, found.has_ended) == (True, True)


def test_a_reporter_sees_the_own_agency_and_no_other(as_, reporter, own_district, other_district):
    assert as_(reporter).get(page_of(own_district)).status_code == 200
    assert as_(reporter).get(page_of(other_district)).status_code == 404


@pytest.mark.parametrize(("who", "sees"), [("administrator", True), ("reviewer", False), ("leader", False),
                                           ("reporter", False)])  # fmt: skip
def test_only_administrators_see_the_accounts(who, sees, as_, own_district, colleague, request):
    text = as_(request.getfixturevalue(who)).get(page_of(own_district)).content.decode()
    assert ("Đàm Thị Liên" in text, "Mời cán bộ báo cáo" in text) == (sees, sees)


def test_an_agency_that_does_not_exist_is_not_found(as_, administrator):
    assert as_(administrator).get(reverse("agencies:detail", args=[999_999])).status_code == 404


# Accounts


@pytest.fixture
def hashed_fast(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_an_invitation_makes_an_account_and_shows_its_link_once(
    as_, administrator, own_district, hashed_fast, client, django_capture_on_commit_callbacks
):
    typed = {"username": "ha.lang.moi", "full_name": "Lý Thị Mới", "email": "moi@halang.vn"}
    with django_capture_on_commit_callbacks(execute=True):
        as_(administrator).post(reverse("agencies:invite", args=[own_district.pk]), typed)
    user = User.objects.get(username="ha.lang.moi")
    assert (user.role, user.agency, user.has_usable_password(), user.is_active) == (
        "reporter",
        own_district,
        False,
        True,
    )
    assert [(h.history_user, h.history_change_reason) for h in user.history.all()] == [(administrator, "Mời")]
    shown = LINK.search(client.get(page_of(own_district)).content.decode())
    assert "dat-mat-khau" not in client.get(page_of(own_district)).content.decode()
    (letter,) = mail.outbox
    assert (letter.to, shown[1] in letter.body) == (["moi@halang.vn"], True)


def test_the_link_sets_the_password_once_without_signing_in(administrator, own_district, client, hashed_fast):
    link = accounts.invite(own_district, username="moi", full_name="Lý Thị Mới", site=SITE, by=administrator)
    form = client.get(link.address, follow=True)
    assert (form.status_code, "Lý Thị Mới" in form.content.decode()) == (200, True)
    done = client.post(form.redirect_chain[-1][0], {"new_password1": PASSWORD, "new_password2": PASSWORD}, follow=True)
    assert "Đã đặt mật khẩu" in done.content.decode()
    assert User.objects.get(username="moi").check_password(PASSWORD)
    assert client.get(reverse("home")).url.startswith(reverse("login"))
    assert "Liên kết không dùng được" in client.get(link.address, follow=True).content.decode()


def test_a_link_to_an_account_that_was_switched_off_is_no_longer_one(client, administrator, reporter):
    link = accounts.send_link(reporter, site=SITE, by=administrator)
    accounts.switch(reporter, active=False, by=administrator)
    assert "Liên kết không dùng được" in client.get(link.address, follow=True).content.decode()


def test_a_link_that_was_tampered_with_does_not_work(client, administrator, reporter):
    link = accounts.send_link(reporter, site=SITE, by=administrator)
    assert "Liên kết không dùng được" in client.get(f"{link.address[:-2]}x/", follow=True).content.decode()


def test_a_weak_password_is_refused_in_vietnamese(client, administrator, reporter):
    form = client.get(accounts.send_link(reporter, site=SITE, by=administrator).address, follow=True)
    page = client.post(form.redirect_chain[-1][0], {"new_password1": "123", "new_password2": "123"})
    assert page.status_code == 200
    assert "Mật khẩu" in str(page.context["form"].errors)


def test_a_username_that_is_taken_keeps_what_was_typed(as_, administrator, own_district, stranger):
    typed = {"username": stranger.username, "full_name": "Lý Thị Mới", "email": ""}
    page = as_(administrator).post(reverse("agencies:invite", args=[own_district.pk]), typed)
    assert page.status_code == 422
    assert page.context["form"].errors == {"username": ["Tên đăng nhập này đã có người dùng."]}
    assert "Lý Thị Mới" in page.content.decode()


def test_the_verb_refuses_a_taken_username_too(administrator, own_district, stranger):
    with pytest.raises(ValidationError):
        accounts.invite(own_district, username=stranger.username, full_name="X", site=SITE, by=administrator)


def test_a_new_link_leaves_the_old_password_and_goes_into_the_history(as_, administrator, own_district, colleague):
    as_(administrator).post(reverse("agencies:send_link", args=[own_district.pk, colleague.pk]))
    before = colleague.password
    colleague.refresh_from_db()
    assert colleague.password == before
    assert colleague.history.first().history_change_reason == "Gửi liên kết đặt mật khẩu"


def test_a_switched_off_account_is_signed_out_gets_no_link_and_can_be_switched_on_again(
    as_, administrator, own_district, colleague, client
):
    switch = reverse("agencies:switch", args=[own_district.pk, colleague.pk])
    as_(administrator).post(switch, {"bat": "0"})
    colleague.refresh_from_db()
    assert (colleague.is_active, colleague.history.first().history_change_reason) == (False, "Tắt tài khoản")
    with pytest.raises(NotAllowed, match="đang tắt"):
        accounts.send_link(colleague, site=SITE, by=administrator)
    client.force_login(colleague)
    assert client.get(reverse("mine")).status_code == 302
    as_(administrator).post(switch, {"bat": "1"})
    colleague.refresh_from_db()
    assert (colleague.is_active, colleague.history.first().history_user) == (True, administrator)


def test_nobody_switches_off_oneself(administrator):
    with pytest.raises(NotAllowed, match="Không tự tắt"):
        accounts.switch(administrator, active=False, by=administrator)


@pytest.mark.parametrize("who", ["reporter", "reviewer", "leader"])
def test_only_administrators_manage_accounts(who, own_district, colleague, request):
    by = request.getfixturevalue(who)
    for attempt in (
        lambda: accounts.invite(own_district, username="moi", full_name="X", site=SITE, by=by),
        lambda: accounts.send_link(colleague, site=SITE, by=by),
        lambda: accounts.switch(colleague, active=False, by=by),
    ):
        with pytest.raises(NotAllowed, match="Chỉ quản trị"):
            attempt()
    colleague.refresh_from_db()
    assert (colleague.is_active, User.objects.filter(username="moi").exists()) == (True, False)


def test_another_agencys_account_is_not_found_through_this_one(as_, administrator, own_district, stranger):
    response = as_(administrator).post(reverse("agencies:switch", args=[own_district.pk, stranger.pk]), {"bat": "0"})
    stranger.refresh_from_db()
    assert (response.status_code, stranger.is_active) == (404, True)


def test_a_link_dies_with_the_next_password(reporter, hashed_fast):
    token = default_token_generator.make_token(reporter)
    reporter.set_password(PASSWORD)
    assert not default_token_generator.check_token(reporter, token)
