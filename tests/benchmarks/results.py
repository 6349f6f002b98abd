"""What was measured, as lines of one table: how long, and how many times as long as something else."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

HEAD = ("what", "database", "ms", "ratio", "to", "asked", "")
SIDES = "<<>><<<"


@dataclass(frozen=True, slots=True)
class Line:
    """`ms`: the median, in milliseconds; `ratio` is to what `to` names. `asked`: "<= 8", or nothing."""

    what: str
    ms: float | None = None
    ratio: float | None = None
    to: str = ""
    asked: str = ""
    database: str = ""
    said: str = ""  # in place of a time, or beside it

    @property
    def falls_short(self) -> bool:
        if not self.asked or self.ratio is None:
            return False
        sign, bound = self.asked.split()
        return self.ratio > float(bound) if sign == "<=" else self.ratio < float(bound)

    def cells(self) -> tuple[str, ...]:
        took = "" if self.ms is None else f"{self.ms:,.2f}" if self.ms < 100 else f"{self.ms:,.0f}"
        ratio = "" if self.ratio is None else f"{self.ratio:,.2f} x"
        verdict = ("FALLS SHORT" if self.falls_short else "ok") if self.asked and self.ratio is not None else ""
        return self.what, self.database, took, ratio, self.to, self.asked, " ".join(filter(None, (verdict, self.said)))


def seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


median = statistics.median


def percentile(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]


def keep(lines: Iterable[Line], path: Path) -> None:
    path.write_text(json.dumps([asdict(line) for line in lines]))


def kept(path: Path) -> list[Line]:
    return [Line(**line) for line in json.loads(path.read_text())] if path.exists() else []


def table(lines: Iterable[Line]) -> str:
    """Columns as wide as what stands in them; numbers to the right."""
    rows = [HEAD, *(line.cells() for line in lines)]
    looks = [f"{side}{max(map(len, column))}" for side, column in zip(SIDES, zip(*rows, strict=True), strict=True)]
    return "\n".join("  ".join(map(format, row, looks)).rstrip() for row in rows)
