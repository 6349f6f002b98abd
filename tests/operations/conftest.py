"""Databases of their own, for processes of their own: made once with demo data, copied for each test."""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from .site import PASSWORD, Site

PDF = b"%PDF-1.7 danh sach phu nu duoc ho tro"
_numbers = itertools.count()


class Databases:
    """Empty databases and copies, of the kind the suite runs on."""

    def __init__(self, folder: Path):
        self.folder, self.made = folder, []
        self.settings = settings.DATABASES["default"]
        self.on_postgresql = self.settings["ENGINE"].endswith("postgresql")

    def new(self, copy_of: str | None = None) -> str:
        """Its URL."""
        name = f"operations_{os.getpid()}_{next(_numbers)}"
        if not self.on_postgresql:
            path = self.folder / f"{name}.sqlite3"
            if copy_of:
                with sqlite3.connect(copy_of.removeprefix("sqlite:///")) as old, sqlite3.connect(path) as new:
                    old.backup(new)
            return f"sqlite:///{path}"
        self.made.append(name)
        self.run(f"CREATE DATABASE {name}" + (f" TEMPLATE {copy_of.rpartition('/')[2]}" if copy_of else ""))
        there = self.settings
        return f"postgres://{there['USER']}:{there['PASSWORD']}@{there['HOST']}:{there['PORT']}/{name}"

    def run(self, statement: str) -> None:
        there = self.settings
        connection = psycopg2.connect(
            host=there["HOST"], port=there["PORT"], user=there["USER"], password=there["PASSWORD"], dbname="postgres"
        )
        connection.autocommit = True
        try:
            connection.cursor().execute(statement)
        finally:
            connection.close()

    def drop_all(self) -> None:
        for name in self.made:
            self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def databases(tmp_path_factory) -> Iterator[Databases]:
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.drop_all()


@pytest.fixture(scope="session")
def stage(databases, tmp_path_factory) -> Site:
    """Demo data and one piece of evidence that Cô Ba sent; to be copied, not changed."""
    made = Site(tmp_path_factory.mktemp("stage"), databases.new())
    made.manage("migrate", "--noinput")
    made.manage("load_plan", "plan503", "plan2415")
    made.manage("load_demo", "--password", PASSWORD)
    with made.serve() as server:
        answer = server.visitor().sign_in("xa-co-ba").upload(f"/bao-cao/{open_report(made)}/minh-chung/", "a.pdf", PDF)
    assert "Đã thêm a.pdf" in answer.text
    return made


@pytest.fixture(scope="session")
def saved(stage, tmp_path_factory) -> Path:
    """A backup of the stage."""
    path = tmp_path_factory.mktemp("saved") / "site.zip"
    stage.manage("backup", path)
    return path


@pytest.fixture
def new_site(databases, stage, tmp_path) -> Callable[..., Site]:
    """`new_site()`: another installation, as full as the stage; `new_site(empty=True)`: one with an empty database."""

    def make(*, empty: bool = False) -> Site:
        folder = tmp_path / f"site{next(_numbers)}"
        folder.mkdir()
        site = Site(folder, databases.new(None if empty else stage.database_url))
        if not empty:
            shutil.copytree(stage.files, site.files)
        return site

    return make


def open_report(site: Site) -> int:
    """The key of Cô Ba's draft."""
    draft = "agency__code='hoi-lhpn-xa-co-ba', status='draft'"
    return int(site.python(f"from targets.models import Report; print(Report.objects.get({draft}).pk)"))
