# ruff: noqa: T201  (a command line: it talks to the person at the keyboard)
"""`python3 dev.py bench`: what the site costs as it grows, on every database there is, in one table of ratios.

Each database gets a process of its own. Data is built once and kept (databases.py): ten million figures take a quarter
of an hour, and 7 GB. `--only`, `--sizes`, `--minutes` ask for less, `--profile` says where the time goes.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.run import NOT_FOR_TESTS, ROOT, databases_here

from .options import read
from .results import kept, table


def main(arguments: list[str]) -> int:
    options = read(arguments)
    env = {name: value for name, value in os.environ.items() if name not in NOT_FOR_TESTS}
    databases = databases_here()
    if options.profile in ("dashboard", "approve"):  # only the last has the largest size
        databases = dict(list(databases.items())[-1:])
    status, lines = 0, []
    with tempfile.TemporaryDirectory() as folder:
        for name, url in databases.items():
            file = Path(folder) / name
            command = (sys.executable, "-m", "tests.benchmarks.measure", *arguments, "--lines", str(file))
            status |= subprocess.run(command, cwd=ROOT, env=env | {"DATABASE_URL": url}).returncode
            lines += kept(file)
    if lines:
        print(table(lines))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
