"""What is wrong with a page as it stands in a browser: for people with a screen reader, for the window, as HTML."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import playwright
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NODE = Path(playwright.__file__).parent / "driver" / "node"  # the one that every machine with the tests has
VALIDATOR = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
RULES = Path(__file__).with_name("html-validate.json")


def visit(page: Page, address: str, served: dict[str, str] | None = None) -> list[str]:
    """What axe finds there, and a page that is wider than its window; `served` collects the HTML as it came."""
    answer = page.goto(address)
    assert answer.status == 200
    if served is not None:
        served[address] = answer.text()
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return violations(page) + (["wider than the window"] if wide else [])


def violations(page: Page) -> list[str]:
    """What axe finds: rule, and the first element it is about."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("(tags) => axe.run({ runOnly: tags }).then((result) => result.violations)", TAGS)
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


def invalid(pages: Mapping[str, str], folder: Path) -> list[str]:
    """What html-validate finds in pages by address, each put into a file of `folder`: address, line, rule, message."""
    files = {}
    for number, (address, html) in enumerate(pages.items()):
        file = folder / f"{number}.html"
        file.write_text(html)
        files[str(file)] = address
    command = [NODE, VALIDATOR, "--config", RULES, "--formatter", "json", *files]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout)
    return [
        f"{files[one['filePath']]}:{said['line']} {said['ruleId']}: {said['message']}"
        for one in told
        for said in one["messages"]
    ]
