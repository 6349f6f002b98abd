"""The user guide in the application: the Markdown pages of docs/huong-dan, whose own role's page comes first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

from agencies.models import User

FOLDER = settings.BASE_DIR / "docs" / "huong-dan"
START = "bat-dau"
PAGES = {
    START: "Bắt đầu",
    "can-bo-bao-cao": "Cán bộ báo cáo",
    "can-bo-tinh": "Cán bộ duyệt của tỉnh",
    "lanh-dao": "Lãnh đạo",
    "quan-tri": "Quản trị",
}
OF_ROLE = {
    User.Role.REPORTER: "can-bo-bao-cao",
    User.Role.REVIEWER: "can-bo-tinh",
    User.Role.LEADER: "lanh-dao",
    User.Role.ADMIN: "quan-tri",
}
A_DAY = 24 * 3600  # seconds
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Heading:
    """A second-level heading: where the page's own list of contents leads."""

    anchor: str
    text: str


def index(request: HttpRequest) -> HttpResponse:
    """What one's own role has to do."""
    return redirect("guide_page", OF_ROLE[request.user.role])


def page(request: HttpRequest, name: str) -> HttpResponse:
    """One page beside the list of all of them; 404 for a name that is none of theirs."""
    if name not in PAGES:
        raise Http404("no such page")
    html, headings = rendered((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    own = OF_ROLE[request.user.role]
    context = {"title": PAGES[name], "name": name, "own": own, "pages": in_order(own)}
    return render(request, "guide/page.html", context | {"html": html, "headings": headings})


def picture(_request: HttpRequest, name: str) -> FileResponse:
    """`name` is a slug: it leads nowhere but into the folder of pictures."""
    file = FOLDER / "hinh" / f"{name}.webp"
    if not file.is_file():
        raise Http404("no such picture")
    response = FileResponse(file.open("rb"), content_type="image/webp")
    response["Cache-Control"] = f"private, max-age={A_DAY}"
    return response


def in_order(own: str) -> list[tuple[str, str]]:
    """(name, title) of every page: one's own role's, how everyone begins, then the others."""
    return sorted(PAGES.items(), key=lambda one: (one[0] != own, one[0] != START))


def rendered(text: str) -> tuple[SafeString, list[Heading]]:
    """The page's HTML and its second-level headings. Raw HTML in the text stays text: the safe string is our own."""
    tokens = MARKDOWN.parse(text)
    headings = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            headings.append(Heading(slugify(inline.content.replace("đ", "d").replace("Đ", "D")), inline.content))
            opening.attrSet("id", headings[-1].anchor)
        for part in inline.children or ():
            _lead_into_the_site(part)
    return mark_safe(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})), headings  # nosec B308  # our own texts


def _lead_into_the_site(part: Token) -> None:
    """On disk a page names its neighbours as files; here they are addresses."""
    if part.type == "image":
        name = str(part.attrGet("src")).removeprefix("hinh/").removesuffix(".webp")
        part.attrSet("src", reverse("guide_picture", args=[name]))
    elif part.type == "link_open":
        name, _, anchor = str(part.attrGet("href")).partition("#")
        if name.endswith(".md"):
            address = reverse("guide_page", args=[name.removesuffix(".md")])
            part.attrSet("href", f"{address}#{anchor}" if anchor else address)
