# ruff: noqa: T201  (a command line)
"""Is every permission check missed when it is gone? `SECRET_KEY=x .venv/bin/python -m tests.security.mutants [WORD...]`

Takes each check that tests/security/checks.py finds out of a copy of the tree, one at a time, and runs the tests that
stand beside it. Exit status 1 if one was missed by nobody. WORDs choose among them. Takes most of an hour
on two cores that have nothing else to do, with SQLite.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

from .checks import GUARDS, ROOT, Check, every_check

COPIED = ("agencies", "targets", "khoinghiep", "templates", "static", "tests", "docs", "deploy")
FILES = ("manage.py", "pyproject.toml", "dev.py")
SHARED = (".venv", "var", "node_modules")
WORKERS = 2
PASSED = (0, 5)  # 5: no test of that name
LEFT_OUT = "not slow and not journey and not fuzz"
WIZARD = [f"tests/imports/test_{name}.py" for name in ("wizard_scope", "whose", "wizard_columns", "wizard_preview",
          "wizard_downloads", "undo", "staging_confirmed", "import_reports")]  # fmt: skip
# By the folder of a check, the narrowest first: the tests that have to miss it, the likeliest first.
BESIDE = {
    "targets/reports": ["tests/reports", "tests/test_access.py", *WIZARD[:2]],
    "targets/imports": [*WIZARD, "tests/test_access.py"],
    "targets/participation": ["tests/participation", "tests/test_access.py", "tests/security/test_proof.py"],
    "targets/admin": ["tests/security/test_proof.py", "tests/admin", "tests/api/test_clients.py"],
    "targets/api": ["tests/api"],
    "targets/progress": ["tests/progress/test_within_reach.py", "tests/progress/test_kept.py", "tests/test_access.py"],
    "targets/models": ["tests/reports", *WIZARD[:2], "tests/api", "tests/test_access.py"],
    "targets": ["tests/test_access.py", "tests/reports"],
    "agencies": ["tests/test_access.py", "tests/security/test_proof.py", "tests/security", "tests/admin"],
    "khoinghiep": ["tests/test_access.py", "tests/security"],
}


def copy_of_the_tree(folder: Path) -> Path:
    """With a test database of its own, which is made once."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    for name in SHARED:
        (folder / name).symlink_to(ROOT / name)
    with (folder / "khoinghiep" / "settings.py").open("a") as settings:
        settings.write(f'\nDATABASES["default"]["TEST"] = {{"NAME": "{(folder / "test.sqlite3").as_posix()}"}}\n')
    return folder


def first_failure(tree: Path, tests: list[str]) -> str:
    """The first test that fails there; "" if all pass."""
    command = (sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "--reuse-db", "-m", LEFT_OUT, *tests)
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True)
    found = re.search(r"^(?:FAILED|ERROR) (tests\S+)", done.stdout, re.MULTILINE)
    return found[1] if found else "" if done.returncode in PASSED else f"exit status {done.returncode}"


def missed_by(check: Check, trees: Queue[Path]) -> str:
    """The first test that fails without the check; "" if nobody misses it."""
    tree = trees.get()
    file = tree / check.file
    before = file.read_text()
    # What stands at a file's end stays: in the settings, where the copy's own database is.
    file.write_text(check.text + before.removeprefix((ROOT / check.file).read_text()))
    beside = next(tests for folder, tests in BESIDE.items() if check.file.startswith(folder))
    _, function, what = (*check.name.split(": "), "", "")[:3]
    likely = [["tests/test_access.py", "-k", function]] if what in GUARDS else []
    try:
        return next(filter(None, (first_failure(tree, tests) for tests in (*likely, beside))), "")
    finally:
        file.write_text(before)
        trees.put(tree)


def main(words: list[str]) -> int:
    chosen = [check for check in every_check() if not words or any(word in check.name for word in words)]
    survivors, trees = 0, Queue()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(WORKERS) as pool:
        for number in range(WORKERS):
            trees.put(copy_of_the_tree(Path(folder) / str(number)))
        for check, test in zip(chosen, pool.map(lambda one: missed_by(one, trees), chosen), strict=True):
            print(f"{'missed by ' + test if test else 'NOBODY MISSES IT':90} {check.name}", flush=True)
            survivors += not test
    print(f"{len(chosen)} checks taken away, {survivors} missed by nobody")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
