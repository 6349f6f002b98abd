"""How numbers, days and states are written on every page."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.template import Context, Template

from targets.templatetags import kn

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (1234, "1.234"),
        (Decimal("1234567.00"), "1.234.567"),
        (Decimal("12.50"), "12,5"),
        (-38, "−38"),
        (None, "—"),
        ("", "—"),
    ],
)
def test_numbers_as_officials_write_them(number, text):
    assert kn.vi(number) == text


def test_a_fixed_number_of_decimals():
    assert (kn.vi(Decimal("85.34"), 1), kn.vi(7, 2)) == ("85,3", "7,00")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("85.34"), f"85,3{NBSP}%"),
        (Decimal("89.96"), f"89,9{NBSP}%"),  # R11: not 90
        (Decimal(90), f"90,0{NBSP}%"),
        (Decimal(590), f"590,0{NBSP}%"),
        (None, "—"),
    ],
)
def test_r11_percentages_are_cut_never_rounded_up(number, text):
    assert kn.percent(number) == text


@pytest.mark.parametrize(("number", "text"), [(46, "+46"), (-38, "−38"), (0, "0"), (None, "—")])
def test_differences_carry_their_sign(number, text):
    assert kn.signed(number) == text


@pytest.mark.parametrize(
    ("number", "text"), [(Decimal("2.64"), f"+2,6 điểm{NBSP}%"), (Decimal("-0.04"), f"−0,1 điểm{NBSP}%"), (None, "—")]
)
def test_differences_of_rates_are_points(number, text):
    assert kn.points(number) == text


@pytest.mark.parametrize(
    ("number", "text"), [(Decimal("-38.9"), "−39"), (Decimal("-0.6"), "−1"), (Decimal("0.4"), "0"), (None, "—")]
)
def test_a_gap_in_people_is_whole(number, text):
    assert kn.whole_gap(number) == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (dt.date(2024, 7, 1), "01/7/2024"),
        (dt.date(2025, 2, 5), "05/02/2025"),
        (dt.date(2024, 12, 14), "14/12/2024"),
        (None, "—"),
    ],
)
def test_days_as_officials_write_them(day, text):
    assert kn.ngay(day) == text


def test_moments_are_told_in_cao_bang():
    assert kn.gio(dt.datetime(2024, 7, 22, 9, 40, tzinfo=dt.UTC)) == "16:40, 22/7/2024"


def render(source: str, **context) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(("key", "word"), [(key, word) for key, (_, _, word) in kn.STATUSES.items()])
def test_a_status_is_always_a_word_beside_its_picture(key, word):
    html = render("{% status_chip key %}", key=key)
    assert word in html
    assert "<svg" in html
    assert 'aria-hidden="true"' in html


@pytest.mark.parametrize(
    ("key", "word"), [("far_below", "Chậm nhiều"), ("above", "Vượt lộ trình"), (None, "Chưa có số liệu")]
)
def test_a_pace_is_always_a_word_beside_its_mark(key, word):
    assert word in render("{% pace_chip key %}", key=key)


def test_a_bullet_says_in_words_what_it_draws():
    html = render("{% bullet reached pace %}", reached=Decimal("76.5"), pace=Decimal("81.3"))
    assert f'aria-label="Đạt 76,5{NBSP}% đích; lộ trình 81,3{NBSP}%"' in html
    assert 'width="76.50"' in html  # a dot, whatever the language
    assert "style=" not in html


def test_r11_a_bullet_beyond_its_scale_ends_in_an_arrow():
    assert 'class="beyond"' in render("{% bullet reached pace %}", reached=Decimal(590), pace=None)
    assert 'class="beyond"' not in render("{% bullet reached pace %}", reached=Decimal(104), pace=None)


def test_every_bullet_is_drawn_to_one_scale():
    for reached in (None, Decimal(50), Decimal(590)):
        assert 'viewBox="0 0 114 16"' in render("{% bullet reached pace %}", reached=reached, pace=None)


def test_a_bullet_without_figures_says_so():
    assert "Chưa có số liệu" in render("{% bullet reached pace %}", reached=None, pace=None)


@pytest.mark.django_db
def test_the_label_of_illustrative_data_is_on_every_page_once_there_is_some(client, reviewer, approved):
    client.force_login(reviewer)
    addresses = ["/tong-quan/", "/bao-cao/tat-ca/", "/bao-cao/duyet/", "/nhap-excel/", approved.get_absolute_url()]
    assert not any("Dữ liệu minh họa" in client.get(address).content.decode() for address in addresses)
    type(approved).objects.filter(pk=approved.pk).update(is_illustrative=True)
    assert all("Dữ liệu minh họa" in client.get(address).content.decode() for address in addresses)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("reporter", ["Báo cáo của tôi", "Tổng quan", "Chỉ tiêu", "Nhập từ Excel"]),
        (
            "reviewer",
            [
                "Tổng quan",
                "Chỉ tiêu",
                "Duyệt báo cáo",
                "Báo cáo",
                "Tình hình nộp",
                "Nhập từ Excel",
                "Cơ quan tham gia",
            ],
        ),
        ("leader", ["Tổng quan", "Chỉ tiêu", "Báo cáo", "Tình hình nộp", "Cơ quan tham gia"]),
        (
            "administrator",
            ["Tổng quan", "Chỉ tiêu", "Báo cáo", "Tình hình nộp", "Nhập từ Excel", "Cơ quan tham gia", "Quản trị"],
        ),
    ],
)
def test_each_role_has_its_menu(who, words, client, request):
    client.force_login(request.getfixturevalue(who))
    page = client.get("/tong-quan/")
    assert [item.word for item in page.context["menu"]] == words


@pytest.mark.django_db
def test_nothing_is_loaded_from_another_host(client, reviewer):
    client.force_login(reviewer)
    response = client.get("/tong-quan/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert re.search(r"https?:|\*|unsafe", policy) is None
    assert "https://" not in response.content.decode().replace("http://www.w3.org", "")


def test_steps_say_where_one_is_and_lead_back_only_to_what_is_done():
    text = render('{% steps 2 "Tải tệp" "Xem trước" "Kết quả" link1="/a/" link3="/b/" %}')
    assert ("Bước 2/3: Xem trước" in text, '<a href="/a/">Tải tệp</a>' in text, "/b/" in text) == (True, True, False)
