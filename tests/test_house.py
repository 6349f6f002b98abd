"""The house of DESIGN: imports go one way, every page needs a sign-in, the schema matches the models."""

from __future__ import annotations

import ast
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
# A part may import itself and what stands before it in its list, nothing else of ours.
MAY_IMPORT = {
    "agencies": {"agencies"},
    "targets.models": {"agencies", "targets.models"},
    "targets.templatetags": {"targets.models", "targets.templatetags"},
    "targets.totals": {"agencies", "targets.models", "targets.totals"},
    "targets.reports": {"agencies", "targets.models", "targets.totals", "targets.reports"},
    "targets.participation": {"agencies", "targets.models", "targets.reports", "targets.participation"},
    "targets.progress": {"agencies", "targets.models", "targets.totals", "targets.progress"},
    "targets.imports": {"agencies", "targets.models", "targets.progress", "targets.reports", "targets.imports"},
    "targets.api": {"agencies", "targets.models", "targets.participation", "targets.progress", "targets.api"},
    "targets.papers": {
        "agencies",
        "targets.models",
        "targets.totals",
        "targets.templatetags",
        "targets.progress",
        "targets.papers",
    },
    "khoinghiep": {"khoinghiep", "agencies.urls", "targets"},
}


def part_of(module: str) -> str:
    """Give "targets.reports.forms" -> "targets.reports"; apps other than targets are one part."""
    names = module.split(".")
    return ".".join(names[:2]) if names[0] == "targets" and len(names) > 1 else names[0]


def imports_of(path: Path) -> set[str]:
    """Our own modules that a file imports, by absolute name; inline imports count too."""
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    package = module.removesuffix(".__init__") if path.stem == "__init__" else module.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{name}.{alias.name}" for alias in node.names} if name == "targets" else {name}
    return {name for name in found if name.split(".")[0] in ("agencies", "targets", "khoinghiep")}


def sources() -> list[Path]:
    return sorted(p for app in ("agencies", "targets", "khoinghiep") for p in (ROOT / app).rglob("*.py"))


def wrong_arrows() -> list[str]:
    wrong = []
    for path in sources():
        part = part_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
        allowed = MAY_IMPORT.get(part)
        if allowed is None or "migrations" in path.parts:
            continue
        wrong += [
            f"{path.relative_to(ROOT)} imports {name}"
            for name in sorted(imports_of(path))
            if not any(name == one or name.startswith(f"{one}.") for one in allowed)
        ]
    return wrong


def test_imports_go_one_way():
    assert wrong_arrows() == []


def test_the_arrow_test_sees_relative_and_inline_imports(tmp_path, monkeypatch):
    """The check itself must be able to fail."""
    package = tmp_path / "targets" / "reports"
    package.mkdir(parents=True)
    (package / "bad.py").write_text("from ..progress import counting\ndef f():\n    import targets.imports.staging\n")
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    assert wrong_arrows() == [
        "targets/reports/bad.py imports targets.imports.staging",
        "targets/reports/bad.py imports targets.progress",
    ]


def test_reports_and_progress_do_not_know_each_other():
    assert not {"targets.progress"} & MAY_IMPORT["targets.reports"]
    assert not {"targets.reports"} & MAY_IMPORT["targets.progress"]


@pytest.mark.django_db
def test_the_migrations_match_the_models():
    out = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)
    assert "No changes" in out.getvalue()


def test_no_page_has_inline_script_or_style():
    """The content security policy forbids both; a page that needs one would be broken in silence."""
    bad = [
        f"{page.relative_to(ROOT)}: {word}"
        for page in (ROOT / "templates").rglob("*.html")
        for word in (" style=", "<style", " onclick=", " onchange=", "<script>")
        if word in page.read_text()
    ]
    assert bad == []


def test_nothing_in_the_code_knows_the_number_of_the_plan_or_its_units():
    """A second plan loads as data; only the commands that load this one may name it."""
    allowed = {"load_plan503.py", "reference.py", "load_demo.py"}
    bad = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.name not in allowed and "demo" not in str(path) and "503" in path.read_text()
    ]
    assert bad == []
