"""What `python3 dev.py bench` can be asked for."""

from __future__ import annotations

import argparse
import os

PARTS = ("dashboard", "approve", "import", "export", "pages", "staff")
PROFILES = ("dashboard", "approve", "preview", "confirm", "again", "undo")
SIZES = (2_000, 100_000, 1_000_000, 10_000_000)


class Options(argparse.Namespace):
    """`sizes` and `only` empty: all. `lines`: the file that what was measured goes to."""

    sizes: list[int]
    only: list[str]
    runs: int
    minutes: float
    cache: str
    profile: str | None
    lines: str

    def of(self, *parts: str) -> bool:
        """Whether one of these parts was asked for."""
        return not self.only or any(part in self.only for part in parts)


def read(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser(prog="dev.py bench", description="How long things take, as ratios.")
    parser.add_argument(
        "--sizes", type=_sizes, default=[], help="ledger rows: 2000,100000,1000000,10000000 (SQLite: the first two)"
    )
    parser.add_argument("--only", type=_parts, default=[], help=",".join(PARTS))
    parser.add_argument("--runs", type=int, default=3, help="what is timed is the median of that many rounds (3)")
    parser.add_argument("--minutes", type=float, default=5, help="how long 200 people save and read (5)")
    parser.add_argument(
        "--cache", default="", help="what web processes share, as CACHE_URL (rediscache://…); else nothing"
    )
    parser.add_argument("--profile", choices=PROFILES, help="only where the time of this goes, at the largest size")
    parser.add_argument("--lines", default=os.devnull, help=argparse.SUPPRESS)
    return parser.parse_args(arguments, Options())


def _sizes(said: str) -> list[int]:
    sizes = [int(size) for size in said.split(",")]
    if unknown := set(sizes) - set(SIZES):
        raise argparse.ArgumentTypeError(f"no size: {sorted(unknown)}")
    return sizes


def _parts(said: str) -> list[str]:
    if unknown := set(said.split(",")) - set(PARTS):
        raise argparse.ArgumentTypeError(f"no part: {', '.join(sorted(unknown))}")
    return said.split(",")
