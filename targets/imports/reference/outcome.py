"""What a plan's workbook would do, sheet by sheet and row by row; finished words for a page to print."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from .sheets import Fault, Table

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a row: its key, and by heading what is written (with what was there, if it was)."""

    row: int
    kind: str
    key: str
    values: list[tuple[str, str]]


@dataclass
class TableOutcome:
    table: Table
    changes: list[Change] = field(default_factory=list)
    refused: int = 0  # lines

    def of_kind(self, kind: str) -> list[Change]:
        return [change for change in self.changes if change.kind == kind]

    @property
    def counts(self) -> dict[str, int]:
        return {kind: len(self.of_kind(kind)) for kind in (NEW, CHANGED, SAME)}

    @property
    def to_write(self) -> list[Change]:
        return [change for change in self.changes if change.kind != SAME]


@dataclass
class Outcome:
    """By sheet what is new, changed and the same; what is wrong; what in the plans would not hold together."""

    tables: list[TableOutcome] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    unsound: list[tuple[str, str]] = field(default_factory=list)

    @property
    def changes_nothing(self) -> bool:
        return not self.faults and not any(table.to_write for table in self.tables)

    @property
    def to_write(self) -> int:
        return sum(len(table.to_write) for table in self.tables)

    @property
    def mark(self) -> str:
        """The same for the same changes: what is confirmed must be what was shown."""
        shown = [(table.table.name, table.to_write) for table in self.tables]
        return hashlib.sha256(repr((shown, self.unsound)).encode()).hexdigest()
