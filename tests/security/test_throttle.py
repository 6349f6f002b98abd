"""How often a password may be guessed, by whom, and who is not kept out by that (docs/decisions/0015)."""

from __future__ import annotations

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.utils import timezone

from agencies.access.throttle import FEW, MANY
from agencies.models import User

from .conftest import PASSWORD, come_in, with_password

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "203.0.113.5", "198.51.100.7"


class CountedHasher(MD5PasswordHasher):
    """Knows how often a password was looked at."""

    algorithm = "counted"
    looked = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).looked += 1
        return super().encode(password, salt)


def guess(username: str, times: int, *, address: str = HERE, client: Client | None = None) -> list[int]:
    return [come_in(client or Client(), username, f"sai-{n}", address=address).status_code for n in range(times)]


def test_after_ten_wrong_ones_the_account_rests_for_that_address(account):
    assert guess(account.username, FEW + 1) == [*[200] * (FEW - 1), 429, 429]
    assert come_in(Client(), account.username, address=HERE).status_code == 429


def test_what_is_refused_is_refused_before_a_password_is_hashed(account, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    with_password(account)
    guess(account.username, FEW)
    before = CountedHasher.looked
    guess(account.username, 5)
    assert CountedHasher.looked == before
    guess("khong-co", 1)
    assert CountedHasher.looked == before + 1  # nobody's name takes as long as somebody's


def test_a_colleague_elsewhere_is_not_kept_out(account):
    guess(account.username, 3 * FEW, address=HERE)
    assert come_in(Client(), account.username, address=ELSEWHERE).status_code == 302


def test_the_others_of_an_office_behind_one_address_are_not_kept_out(account, colleague):
    guess(account.username, 3 * FEW, address=HERE)
    assert come_in(Client(), with_password(colleague).username, address=HERE).status_code == 302


def test_many_accounts_tried_from_one_address_stop_there(account):
    for number in range(MANY // FEW):
        guess(f"ten-{number}", FEW)
    assert come_in(Client(), account.username, address=HERE).status_code == 429
    assert come_in(Client(), account.username, address=ELSEWHERE).status_code == 302


def test_one_account_tried_from_many_addresses_stops_everywhere(account):
    for number in range(MANY // FEW):
        guess(account.username, FEW, address=f"198.51.100.{number}")
    assert come_in(Client(), account.username, address=HERE).status_code == 429


def test_a_browser_that_came_in_before_is_kept_out_by_neither(account, client):
    come_in(client, account.username)
    client.post("/tai-khoan/dang-xuat/")
    for number in range(MANY // FEW):
        guess(account.username, FEW, address=f"198.51.100.{number}")
        guess(f"ten-{number}", FEW, address=HERE)
    assert come_in(Client(), account.username, address=HERE).status_code == 429
    assert come_in(client, account.username, address=HERE).status_code == 302


def test_a_known_browser_has_its_own_ten_guesses_for_its_account_and_is_new_to_others(account, colleague, client):
    come_in(client, account.username)
    client.post("/tai-khoan/dang-xuat/")
    assert guess(account.username, FEW, client=client)[-1] == 429
    assert come_in(client, account.username, address=ELSEWHERE).status_code == 429  # whatever address it changes to
    guess(colleague.username, FEW, address=HERE)
    assert come_in(client, with_password(colleague).username, address=HERE).status_code == 429


def test_a_made_up_device_is_a_stranger(account, client):
    client.cookies["kn-may"] = "W10:1abcde:forged"
    assert guess(account.username, FEW, client=client)[-1] == 429
    client.cookies["kn-may"] = "W10:1abcde:another"
    assert come_in(client, account.username).status_code == 429


def test_coming_in_forgives_ones_own_mistakes_and_no_others(account, colleague):
    guess(account.username, FEW - 1)
    guess(colleague.username, FEW - 1)
    assert come_in(Client(), account.username).status_code == 302
    assert guess(account.username, 1) == [200]
    assert guess(colleague.username, 1) == [429]


def test_after_a_quarter_of_an_hour_one_may_try_again(account):
    guess(account.username, FEW)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timezone.timedelta(minutes=16))
    assert come_in(Client(), account.username).status_code == 302


def test_trying_on_does_not_prolong_the_rest(account):
    guess(account.username, FEW)
    ended = AccessAttempt.objects.get().attempt_time
    guess(account.username, 5)
    assert AccessAttempt.objects.get().attempt_time == ended


@pytest.mark.parametrize("active", [True, False, None], ids=["somebody", "switched off", "nobody"])
def test_whether_an_account_exists_cannot_be_told(active, account, settings):
    User.objects.filter(pk=account.pk).update(is_active=bool(active))
    name = account.username if active is not None else "khong-co"
    page = come_in(Client(), name, "sai")
    assert page.status_code == 200
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in page.content.decode()
    assert guess(name, FEW - 1)[-1] == 429
    rest = come_in(Client(), name, "sai").content.decode()
    assert "Đã nhập sai nhiều lần. Thử lại sau 15 phút" in rest
    assert name not in rest


def test_names_that_were_tried_are_kept_unreadable(account):
    come_in(Client(), "mat-khau-go-nham-o", "x")
    come_in(Client(), account.username, "sai")
    kept = " ".join(str(value) for row in AccessAttempt.objects.values() for value in row.values())
    assert "mat-khau-go-nham-o" not in kept
    assert "sai" not in kept
    assert f"={account.username}" not in kept


class TestAddresses:
    """Behind a proxy: who is believed."""

    @pytest.mark.parametrize(
        ("trusted", "peer", "forwarded", "counted"),
        [
            ([], HERE, "10.0.0.1", HERE),
            (["127.0.0.1"], "127.0.0.1", HERE, HERE),
            (["127.0.0.1"], "127.0.0.1", f"1.2.3.4, {HERE}", HERE),
            (["127.0.0.1"], HERE, "1.2.3.4", HERE),
            (["127.0.0.1", "10.0.0.0/8"], "127.0.0.1", f"1.2.3.4, {HERE}, 10.1.2.3", HERE),
            (["unix"], "", HERE, HERE),
            ([], "", HERE, None),
            (["127.0.0.1"], "127.0.0.1", "rubbish", None),
            (["127.0.0.1"], "127.0.0.1", "", "127.0.0.1"),
            ([], "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        ],
    )
    def test_the_nearest_address_that_is_no_proxy_of_ours_counts(self, trusted, peer, forwarded, counted, settings):
        settings.TRUSTED_PROXIES = trusted
        Client().post("/tai-khoan/dang-nhap/", {"username": "a", "password": "b"}, REMOTE_ADDR=peer,
                      HTTP_X_FORWARDED_FOR=forwarded)  # fmt: skip
        assert AccessAttempt.objects.get().ip_address == counted


class TestPasswords:
    """What may be one."""

    @pytest.mark.parametrize(
        ("password", "why"),
        [
            ("ngan-qua-11", "ít nhất 12"),
            ("1234567890123", "dễ đoán"),
            ("Lục Thị Thanh 1", "giống"),
        ],
    )
    def test_weak_ones_are_refused(self, password, why, account, client):
        client.force_login(account)
        page = client.post(
            "/tai-khoan/doi-mat-khau/",
            {"old_password": PASSWORD, "new_password1": password, "new_password2": password},
        )
        assert why in page.content.decode()

    @pytest.mark.parametrize("password", ["con trau di truoc cai cay", "7" + "0918273645" * 2, "đường về bản " * 15])
    def test_long_ones_are_taken_whatever_they_are_made_of(self, password, account, client):
        password = password.strip()
        client.force_login(account)
        typed = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
        assert client.post("/tai-khoan/doi-mat-khau/", typed).status_code == 302
        assert come_in(Client(), account.username, password).status_code == 302
        assert come_in(Client(), account.username, password[:-1]).status_code == 200
