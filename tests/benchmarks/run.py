# ruff: noqa: T201  (a command line: it talks to the person at the keyboard)
"""`python3 dev.py bench`: how long a workbook of 10 000 figures takes, on every database there is.

Each database gets a process and a temporary database of its own, as the tests do. Arguments go to imports.py.
"""

import os
import subprocess
import sys

from tests.run import NOT_FOR_TESTS, ROOT, databases_here


def main(arguments: list[str]) -> int:
    env = {name: value for name, value in os.environ.items() if name not in NOT_FOR_TESTS}
    command = (sys.executable, "-m", "tests.benchmarks.imports", *arguments)
    status = 0
    for name, url in databases_here().items():
        print(f"== {name}", flush=True)
        status |= subprocess.run(command, cwd=ROOT, env=env | {"DATABASE_URL": url}).returncode
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
