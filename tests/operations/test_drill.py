"""The drill (docs/van-hanh.md): the site is lost and comes back. Also `python3 dev.py drill`."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest

from .conftest import PDF
from .site import Server, Site

pytestmark = pytest.mark.django_db  # on each database


def parts(path: Path) -> dict[str, bytes]:
    """All of a backup but its first page, which tells the time."""
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


def figures(server: Server) -> list[str]:
    """What the province's reviewer reads on the dashboard, without the time of the visit."""
    page = server.visitor().sign_in("tinh").get("/tong-quan/")
    main = page.text[page.text.index("<main") : page.text.index("</main>")]
    return re.sub(r"<[^>]*>|\d\d:\d\d|\s+", " ", main).split()


def evidence_of(site: Site) -> list[bytes]:
    return [path.read_bytes() for path in sorted(site.files.rglob("*")) if path.is_file()]


def test_a_site_that_was_lost_comes_back_as_it_was(new_site, tmp_path):
    site, saved, again = new_site(), tmp_path / "site.zip", tmp_path / "again.zip"
    with site.serve() as server:
        shown = figures(server)
        site.manage("backup", saved)  # while it is at work
    told = json.loads(site.manage("progress", "--json"))
    assert len(shown) > 200
    assert evidence_of(site) == [PDF]

    shutil.rmtree(site.files)
    fresh = new_site(empty=True)
    fresh.manage("restore", saved)

    fresh.manage("backup", again)
    assert parts(again) == parts(saved)
    assert json.loads(fresh.manage("progress", "--json")) == told
    assert evidence_of(fresh) == [PDF]
    with fresh.serve() as server:
        assert figures(server) == shown
