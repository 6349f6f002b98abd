"""A code from the phone beside the password: who is asked, who must have it, and what a lost phone takes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from agencies.access import sessions
from agencies.models import AccessEvent, RecoveryCodes, User
from tests.admin.conftest import address, inline_code

from .conftest import PASSWORD, age, come_in, get_phone_ready, with_password

pytestmark = pytest.mark.django_db
Kind = AccessEvent.Kind
CODE = "/tai-khoan/ma-xac-thuc/"


@pytest.fixture
def hers(client, reviewer):
    """A reviewer with a phone: (phone, recovery codes)."""
    come_in(client, with_password(reviewer).username)
    return get_phone_ready(client)


@pytest.fixture
def half_inside(hers, reviewer) -> Client:
    """The same reviewer at another machine, past the password."""
    client = Client()
    come_in(client, reviewer.username)
    return client


def enter(client: Client, code: str):
    return client.post(CODE, {"code": code, "next": reverse("reports:queue")})


def waited(device) -> None:
    """So long ago was the last wrong code."""
    device.objects.update(throttling_failure_timestamp=timezone.now() - dt.timedelta(days=1))


def is_inside(client: Client) -> bool:
    return client.get(reverse("reports:queue")).status_code == 200


def test_the_page_shows_the_secret_as_picture_and_text_without_inline_code(client, reviewer):
    client.force_login(reviewer)
    page = client.get(reverse("second_factor"))
    assert "<svg" in page.content.decode()
    assert inline_code(page) == []
    assert client.get(reverse("second_factor")).context["invitation"].secret == page.context["invitation"].secret


def test_a_wrong_first_code_turns_nothing_on(client, reviewer):
    client.force_login(reviewer)
    client.get(reverse("second_factor"))
    for code in ("000000", "abc", ""):
        assert client.post(reverse("second_factor"), {"code": code}).status_code in (200, 422)
    reviewer.refresh_from_db()
    assert (reviewer.has_second_factor, TOTPDevice.objects.count()) == (False, 0)


def test_turning_it_on_gives_ten_codes_once_and_stores_none_of_them(hers, client, reviewer):
    _, codes = hers
    reviewer.refresh_from_db()
    assert (reviewer.has_second_factor, len(set(codes))) == (True, 10)
    stored = str(RecoveryCodes.objects.values().get())
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    assert codes[0] not in client.get(reverse("second_factor")).content.decode()
    assert is_inside(client)


def test_a_password_alone_opens_nothing(half_inside, draft):
    for name, arguments in (("reports:queue", []), ("home", []), ("second_factor", []), ("reports:detail", [draft.pk])):
        assert half_inside.get(reverse(name, args=arguments)).url.startswith(CODE)
    assert half_inside.post(reverse("renew_codes")).url.startswith(CODE)
    assert half_inside.post(reverse("second_factor_off")).url.startswith(CODE)
    assert half_inside.get(reverse("admin:index")).url.startswith(CODE)


def test_the_code_opens_and_leads_to_the_page_that_was_asked_for(hers, half_inside):
    asked = half_inside.get(reverse("reports:queue")).url
    assert asked == f"{CODE}?next={reverse('reports:queue')}"
    assert enter(half_inside, hers[0].code(1)).url == reverse("reports:queue")
    assert is_inside(half_inside)


def test_the_session_is_a_new_one_after_the_code(hers, half_inside):
    before = half_inside.session.session_key
    enter(half_inside, hers[0].code(1))
    assert half_inside.session.session_key != before


def test_signing_in_again_asks_for_a_code_again(hers, client, reviewer):
    reviewer.refresh_from_db()
    client.force_login(reviewer)
    assert not is_inside(client)


def test_nobody_is_led_to_another_site(hers, half_inside):
    page = half_inside.post(CODE, {"code": hers[0].code(1), "next": "https://example.com/"})
    assert page.url == reverse("home")


def test_a_code_works_once(hers, half_inside, reviewer):
    code = hers[0].code(1)
    enter(half_inside, code)
    again = Client()
    come_in(again, reviewer.username)
    assert enter(again, code).status_code == 422


def test_the_code_that_got_the_phone_ready_is_used_up_too(hers, half_inside):
    assert enter(half_inside, hers[0].first).status_code == 422


def test_wrong_codes_make_the_right_one_wait_longer_and_longer(hers, half_inside):
    """A thousand guesses would take longer than anyone lives."""
    phone = hers[0]
    enter(half_inside, phone.wrong_code())
    page = enter(half_inside, phone.code(1))
    assert (page.status_code, "Thử lại sau" in page.content.decode()) == (422, True)
    waited(TOTPDevice)
    enter(half_inside, phone.wrong_code())
    assert TOTPDevice.objects.get().throttling_failure_count == 2
    waited(TOTPDevice)
    assert enter(half_inside, phone.code(1)).status_code == 302
    assert TOTPDevice.objects.get().throttling_failure_count == 0


def test_a_code_on_paper_opens_once(hers, half_inside, reviewer):
    code = hers[1][3]
    assert enter(half_inside, code.upper().replace("-", " ")).status_code == 302
    again = Client()
    come_in(again, reviewer.username)
    assert enter(again, code).status_code == 422
    assert len(RecoveryCodes.objects.get().hashes) == 9


def test_codes_on_paper_cannot_be_guessed_in_a_row(hers, half_inside):
    enter(half_inside, "aaaa-bbbb-cccc-dddd")
    assert "Thử lại sau" in enter(half_inside, hers[1][0]).content.decode()
    waited(RecoveryCodes)
    assert enter(half_inside, hers[1][0]).status_code == 302


def test_new_codes_make_the_old_ones_worthless(hers, client, half_inside):
    new = client.post(reverse("renew_codes")).context["codes"]
    assert enter(half_inside, hers[1][0]).status_code == 422
    waited(RecoveryCodes)
    assert enter(half_inside, new[0]).status_code == 302


def test_who_may_do_without_can_turn_it_off(hers, client, reviewer):
    client.post(reverse("second_factor_off"))
    reviewer.refresh_from_db()
    assert (reviewer.has_second_factor, TOTPDevice.objects.count(), RecoveryCodes.objects.count()) == (False, 0, 0)
    again = Client()
    come_in(again, reviewer.username)
    assert is_inside(again)


class TestInProduction:
    @pytest.fixture(autouse=True)
    def production(self, settings):
        settings.SECOND_FACTOR_REQUIRED = True

    @pytest.mark.parametrize("who", ["reviewer", "administrator"])
    def test_who_decides_can_only_get_a_phone_ready(self, who, request, client):
        user = with_password(request.getfixturevalue(who))
        come_in(client, user.username)
        for page in (reverse("home"), reverse("progress:dashboard"), reverse("admin:index"), reverse("agencies:every")):
            assert client.get(page).url.startswith(reverse("second_factor"))
        get_phone_ready(client)
        assert client.get(reverse("progress:dashboard")).status_code == 200

    @pytest.mark.parametrize("who", ["reporter", "leader"])
    def test_others_work_as_before(self, who, request, client):
        client.force_login(request.getfixturevalue(who))
        assert client.get(reverse("progress:dashboard")).status_code == 200

    def test_it_cannot_be_turned_off(self, hers, client, reviewer):
        client.post(reverse("second_factor_off"))
        reviewer.refresh_from_db()
        assert reviewer.has_second_factor

    def test_one_can_always_sign_out(self, client, reviewer):
        client.force_login(reviewer)
        assert client.post(reverse("logout")).url == reverse("login")


class TestALostPhone:
    def test_an_administrator_takes_it_off_and_the_person_is_signed_out(self, hers, client, reviewer, administrator):
        admin = Client()
        admin.force_login(administrator)
        admin.post(address(User, "changelist"),
                   {"action": "forget_second_factor", "_selected_action": [reviewer.pk]})  # fmt: skip
        reviewer.refresh_from_db()
        assert (reviewer.has_second_factor, TOTPDevice.objects.count()) == (False, 0)
        assert not is_inside(client)
        off = AccessEvent.objects.get(kind=Kind.FACTOR_OFF)
        assert (off.user, off.by) == (reviewer, administrator)
        assert reviewer.history.first().history_user == administrator

    def test_the_last_administrator_has_the_command_line(self, hers, client, reviewer):
        call_command("end_second_factor", reviewer.username)
        reviewer.refresh_from_db()
        assert (reviewer.has_second_factor, is_inside(client)) == (False, False)

    def test_the_admin_shows_nobody_s_secret(self, hers, administrator):
        admin = Client()
        admin.force_login(administrator)
        assert "totp" not in admin.get(reverse("admin:index")).content.decode().lower()
        page = admin.get(address(User, "change", User.objects.get(username="hanh").pk)).content.decode()
        assert TOTPDevice.objects.get().key not in page


def test_getting_a_phone_ready_asks_for_the_password_again(client, reviewer):
    client.force_login(with_password(reviewer))
    age(client, sessions.PROVED, sessions.PROOF + dt.timedelta(seconds=5))
    assert client.get(reverse("second_factor")).url.startswith(reverse("prove"))
    client.post(reverse("prove"), {"password": PASSWORD})
    assert client.get(reverse("second_factor")).status_code == 200


def test_every_step_is_in_the_log(hers, half_inside, client, reviewer):
    enter(half_inside, "aaaa-bbbb-cccc-dddd")
    enter(half_inside, hers[0].code(1))
    client.post(reverse("renew_codes"))
    kinds = AccessEvent.objects.filter(user=reviewer).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [Kind.SIGNED_IN, Kind.FACTOR_ON, Kind.SIGNED_IN, Kind.CODE_REFUSED, Kind.CODE_TAKEN,
                           Kind.CODES_MADE]  # fmt: skip
