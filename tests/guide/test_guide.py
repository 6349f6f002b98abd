"""The guide in the site: a page for each role, its pictures, and words that the site really has."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from agencies.models import User
from targets import guide
from tests.test_house import ROOT

pytestmark = pytest.mark.django_db
TEXTS = sorted(guide.FOLDER.glob("*.md"))
SITE = " ".join(
    one.read_text()
    for folder, pattern in (("templates", "*.html"), ("targets", "*.py"), ("agencies", "*.py"), ("static/js", "*.js"))
    for one in (ROOT / folder).rglob(pattern)
)
PICTURES = {file.stem for file in (guide.FOLDER / "hinh").glob("*.webp")}


def test_the_pages_are_the_texts_that_are_there():
    assert {file.stem for file in TEXTS} == set(guide.PAGES)


@pytest.mark.parametrize("role", User.Role.values)
def test_everyone_is_led_to_the_page_of_the_own_role_and_may_read_all(client, role, own_district):
    client.force_login(User.objects.create_user("doc", full_name="Người đọc", role=role, agency=own_district))
    start = client.get(reverse("guide"))
    assert start["Location"] == reverse("guide_page", args=[guide.OF_ROLE[role]])
    for name, title in guide.PAGES.items():
        page = client.get(reverse("guide_page", args=[name]))
        assert (page.status_code, f"<h1>{title}</h1>" in page.content.decode()) == (200, True)


def test_the_own_page_stands_first(client, leader):
    client.force_login(leader)
    page = client.get(reverse("guide_page", args=["quan-tri"]))
    assert [name for name, _ in page.context["pages"]][:2] == ["lanh-dao", "bat-dau"]


@pytest.mark.parametrize("address", ["/huong-dan/khong-co/", "/huong-dan/hinh/khong-co.webp",
                                     "/huong-dan/hinh/../bat-dau.md", "/huong-dan/..%2f..%2fREADME/"])  # fmt: skip
def test_nothing_else_is_served(client, leader, address):
    client.force_login(leader)
    assert client.get(address).status_code == 404


def test_every_picture_is_named_and_every_name_has_its_picture(client, leader):
    named = set(re.findall(r"!\[[^\]]+\]\(hinh/([a-z-]+)\.webp\)", "".join(file.read_text() for file in TEXTS)))
    assert named == PICTURES
    client.force_login(leader)
    for name in named:
        answer = client.get(reverse("guide_picture", args=[name]))
        content = b"".join(answer.streaming_content)
        assert (answer["Content-Type"], content[8:12], len(content) < 80_000) == ("image/webp", b"WEBP", True)


def test_links_between_pages_become_addresses_of_the_site_and_lead_somewhere(client, leader, plan):
    client.force_login(leader)
    for name in guide.PAGES:
        html = client.get(reverse("guide_page", args=[name])).content.decode()
        written = html.partition('<article class="kn-written">')[2].partition("</article>")[0]
        for address in re.findall(r'href="([^"]+)"', written):
            there = client.get(address)
            _, _, anchor = address.partition("#")
            assert (address, there.status_code) == (address, 200)
            assert not anchor or f'id="{anchor}"' in there.content.decode()
    assert f'href="{reverse("guide_page", args=["lanh-dao"])}"' in client.get("/huong-dan/bat-dau/").content.decode()


def test_html_in_a_text_stays_text():
    html, _ = guide.rendered("## Mục\n\n<script>alert(1)</script>")
    assert "<script>" not in html


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.stem)
def test_every_word_of_the_screen_that_the_guide_names_is_in_the_site(file):
    """What is set in bold or in quotation marks is what people look for on the screen."""
    named = [bold or quoted for bold, quoted in re.findall(r"\*\*([^*]+)\*\*|“([^”]+)”", file.read_text())]
    assert named
    assert [words for words in named if not re.search(rf"(?<!\w){re.escape(words)}(?!\w)", SITE)] == []
