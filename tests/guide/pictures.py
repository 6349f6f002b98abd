"""`.venv/bin/python -m tests.guide.pictures [NAME...]`: the guide's pictures, taken from the site with its demo data.

Each function below leads to one picture of its own name and gives the part of the page to show. Every picture carries
the line that its figures are invented, wherever on the page its part stands.
"""

from __future__ import annotations

import base64
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.imports import books
from tests.operations.site import PASSWORD, Site

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "huong-dan" / "hinh"
WIDTH, HEIGHT, QUALITY = 1200, 860, 80  # px, px, of 100
LABEL_HEIGHT = 28  # px
# Lays the page's label over the place right above the part; gives what to show, in px from the top of the page.
LABEL = """(part, [height]) => {
    const label = document.querySelector(".kn-demo-bar")
    if (label && part.contains(label)) throw new Error("the part has a label already")
    if (label) {  // out of the page's flow first, because that moves the part
        document.body.append(label)
        Object.assign(label.style, {position: "absolute", height: `${height}px`, zIndex: 2000})
    }
    const box = part.getBoundingClientRect()
    const x = box.left + scrollX, y = Math.max(0, box.top + scrollY - (label ? height : 0))
    if (label) Object.assign(label.style, {left: `${x}px`, top: `${y}px`, width: `${box.width}px`})
    scrollTo({top: y, behavior: "instant"})  // only what is inside the window is painted
    const bottom = Math.min(part.getBoundingClientRect().bottom, innerHeight) + scrollY
    return {x, y, width: box.width, height: bottom - y, scale: 1}
}"""

Walk = Callable[[Page], Locator]
WALKS: dict[str, tuple[str, Walk]] = {}


def shown_to(username: str) -> Callable[[Walk], Walk]:
    """The function's picture shows what this demo account sees."""

    def keep(walk: Walk) -> Walk:
        WALKS[walk.__name__.replace("_", "-")] = username, walk
        return walk

    return keep


@shown_to("xa-thanh-long")
def can_nop(page: Page) -> Locator:
    page.goto("/bao-cao/")
    return page.locator("section[aria-labelledby=can-lam]")


@shown_to("xa-thanh-long")
def nhap_so_lieu(page: Page) -> Locator:
    page.goto("/bao-cao/")
    page.get_by_role("link", name="Sửa và nộp lại").click()
    return page.locator("main > .kn-wrap")


@shown_to("xa-thanh-long")
def nhap_tu_excel(page: Page) -> Locator:
    page.goto("/nhap-excel/")
    return page.locator(".kn-import")


@shown_to("tinh")
def cho_duyet(page: Page) -> Locator:
    page.goto("/bao-cao/duyet/")
    return page.locator("form[aria-label='Chờ duyệt']")


@shown_to("tinh")
def duyet_bao_cao(page: Page) -> Locator:
    page.goto("/bao-cao/duyet/")
    page.locator("a[data-queue]").first.click()
    return page.locator("main > .kn-wrap")


@shown_to("tinh")
def xem_truoc_tep(page: Page) -> Locator:
    page.goto("/nhap-excel/")
    rows = [("Xã Thanh Long", 30, 24, 1250, "8OO", 4, 0, 1), ("Xã Cô Ba", 28, 25, 1190, 900, 3, 0, 0)]
    book = books.plain(rows, "Kỳ báo cáo: 6 tháng cuối năm 2025")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("input[type=file]").set_input_files({"name": "Biểu tổng hợp.xlsx", "mimeType": kind, "buffer": book})
    page.get_by_role("button", name="Tải lên và xem trước").click()
    page.locator(".kn-stat").wait_for()
    return page.locator("main > .kn-wrap")


@shown_to("lanhdao")
def tong_quan(page: Page) -> Locator:
    page.goto("/tong-quan/?ky=2025-H2")
    return page.locator("main > .kn-wrap")


@shown_to("lanhdao")
def nguon_so_lieu(page: Page) -> Locator:
    page.goto("/tong-quan/?ky=2025-H2")
    page.locator("#CT3 a.v").click()
    page.locator("#ngan #ns-so-lieu").wait_for()
    return page.locator("#ngan")


@shown_to("quantri")
def tai_khoan(page: Page) -> Locator:
    page.goto("/tinh-hinh-nop/")
    page.get_by_role("link", name="Thục Phán").first.click()
    return page.locator("section[aria-labelledby=tai-khoan]")


@shown_to("quantri")
def bang_quan_tri(page: Page) -> Locator:
    page.goto("/quan-tri/")
    return page.locator("#container")


def take(browser: Browser, url: str, names: list[str]) -> None:
    """Each in a window of its own, signed in anew."""
    for name in names:
        username, walk = WALKS[name]
        context = browser.new_context(base_url=url, locale="vi-VN", viewport={"width": WIDTH, "height": HEIGHT})
        page = context.new_page()
        page.goto("/")
        page.locator("#id_username").fill(username)
        page.locator("#id_password").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        (FOLDER / f"{name}.webp").write_bytes(photograph(page, walk(page)))
        context.close()


def photograph(page: Page, part: Locator) -> bytes:
    """WebP, which the browser's own protocol can write and Playwright's screenshots cannot."""
    page.wait_for_load_state("networkidle")
    asked = {"format": "webp", "quality": QUALITY, "clip": part.evaluate(LABEL, [LABEL_HEIGHT])}
    return base64.b64decode(page.context.new_cdp_session(page).send("Page.captureScreenshot", asked)["data"])


def main(names: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Site(Path(folder), f"sqlite:///{folder}/site.sqlite3")
        site.manage("migrate")
        site.manage("load_plan", "plan503", "plan2415")
        site.manage("load_demo", "--password", PASSWORD)
        chromium = {"executable_path": shutil.which("chromium"), "args": ["--no-sandbox", "--disable-gpu"]}
        browser = playwright.chromium.launch(**chromium)
        with site.serve() as server:
            take(browser, server.url, names or list(WALKS))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
