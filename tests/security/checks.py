"""Every place where the code permits or refuses, found by how it is written, and its file without it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Functions that decide, and the body that permits everything.
DECIDE = (
    (re.compile(r"may_|has_\w*perm"), "return True"),
    (re.compile(r"visible_to$"), "return self.all()"),
    (re.compile(r"only_agency$"), "return None"),
)
# Where a rule is asked: `rules.check_may_review(by, report)`.
ASKS = re.compile(r"check_(may|is|can|turn|period|agency)|_check$|_admit$")
# Reasons to go no further wherever they stand, and those that are about persons only in these files and functions.
REFUSES = {"PermissionDenied", "Stale", "_refused"}
REFUSES_HERE = {"NotAllowed", "Http404", "Problem"}
OF_PERSONS = re.compile(r"/(rules|scope|access|accounts)\.py: |: (check_\w+|_held|_question_of)$")
GUARDS = {"fresh_proof", "for_importers", "require_POST"}
WRAPPERS = {"fresh_proof", "admin_view"}
WHOSE = re.compile(r"\b(user|by)\.(pk|agency_id|role)\b")
# Checks that are no functions and no calls: what stands there, and what then does.
LINES = (
    ("khoinghiep/settings.py", '    "django.contrib.auth.middleware.LoginRequiredMiddleware",\n', ""),
    ("khoinghiep/settings.py", '    "django.middleware.csrf.CsrfViewMiddleware",\n', ""),
    ("khoinghiep/settings.py", '    "agencies.access.door.Door",\n', ""),
)
# What looks like a check and is none, or has another one before it that alone is enough.
BESIDES = (
    ("targets/imports/reader/answer.py", "whether what the reading process says can be"),
    ("targets/reports/together.py: start: (r.created_at", "whether this call or another one began a report"),
    ("targets/admin/calendar.py: periods: raise", "admin_view lets administrators in alone"),
    ("targets/admin/workbook.py: from_workbook: raise", "admin_view lets administrators in alone"),
    ("targets/admin/clients.py: has_", "admin_view lets administrators in alone; issue and revoke ask again"),
)


@dataclass(frozen=True, slots=True)
class Check:
    """A file as it would be without one of its checks."""

    name: str
    file: str
    text: str


def every_check() -> Iterator[Check]:
    for folder in ("agencies", "targets", "khoinghiep"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not {"migrations", "demo"} & set(path.parts):
                yield from of_file(str(path.relative_to(ROOT)), path.read_text())
    for file, old, new in LINES:
        text = (ROOT / file).read_text()
        assert text.count(old) == 1, (file, old)
        yield Check(f"{file}: {old.strip()}", file, text.replace(old, new))


def of_file(file: str, text: str) -> Iterator[Check]:
    finder = Finder(file, text)
    finder.visit(ast.parse(text))
    for name, start, end, new in finder.found:
        if not any(name.startswith(beside) for beside, _ in BESIDES):
            yield Check(name, file, (finder.source[:start] + new.encode() + finder.source[end:]).decode())


class Finder(ast.NodeVisitor):
    """`found`: of each check its name, the bytes from and to which it stands, and what permits everything instead."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.source, self.function = file, text.encode(), ""
        self.lines = [0]
        for line in self.source.split(b"\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.found: list[tuple[str, int, int, str]] = []

    def take(self, node: ast.AST, new: str, *, until: ast.AST | None = None, called: str = "") -> None:
        end, said = until or node, called or " ".join(ast.unparse(node).split())[:90]
        name = ": ".join(filter(None, (self.file, self.function, said)))
        start, stop = (node.lineno, node.col_offset), (end.end_lineno, end.end_col_offset)
        self.found.append((name, *(self.lines[line - 1] + column for line, column in (start, stop)), new))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        outside, self.function = self.function, node.name
        for guard in node.decorator_list:
            if name_of(guard) in GUARDS:
                self.take(guard, "(lambda view: view)")
        if body := next((permit for name, permit in DECIDE if name.match(node.name)), None):
            self.take(node.body[0], body, until=node, called="the whole of it")
        self.generic_visit(node)
        self.function = outside

    def visit_Raise(self, node: ast.Raise) -> None:
        why = node.exc and name_of(node.exc)
        if why in REFUSES or (why in REFUSES_HERE and OF_PERSONS.search(f"/{self.file}: {self.function}")):
            self.take(node, "pass")

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call) and ASKS.match(name_of(node.value)):
            self.take(node, "pass")
        else:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = name_of(node)
        if name.startswith("may_") and not self.function.startswith("may_"):
            self.take(node, "True")
        elif name == "visible_to":
            self.take(node, f"{ast.unparse(node.func.value)}.all()")
        elif name in WRAPPERS:
            self.take(node, ast.unparse(node.args[0]))
        elif name == "endpoint" and node.args:
            self.take(node, "endpoint()")
        elif name == "Transition":
            self.take(node.args[0], "frozenset(Status)", called=f"the turns of line {node.lineno}")
        else:
            for keyword in node.keywords:
                if re.search(r"\buser\.agency_id\b", ast.unparse(keyword.value)):
                    self.take(keyword, "**{}")
            self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        if WHOSE.search(ast.unparse(node)):
            self.take(node, str(isinstance(node.ops[0], ast.Eq)))


def name_of(node: ast.AST) -> str:
    """Give `rules.may_write(by, report)` -> "may_write"."""
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
