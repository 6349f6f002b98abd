"""What assessing a file gives: each of its figures beside the one stored, and all that is wrong or odd."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from agencies.models import Agency, Unit
from targets.models import ImportCell, Measure, Period, Plan

from .layout import Layout, Problem
from .table import Skipped, Total

Outcome = ImportCell.Outcome
OK, ERROR, REFUSED = "ok", "error", "refused"


@dataclass(slots=True)  # not frozen: that takes three times as long to make, and a file has ten thousand
class AssessedCell:
    """One figure of the file beside the one that is stored. `subject`: the row, or column, of its unit ("6", "D")."""

    row: int
    column: str
    raw: str
    value: Decimal | None
    unit: Unit
    agency: Agency | None
    measure: Measure
    outcome: str
    old_value: Decimal | None = None
    problem: Problem | None = None
    sheet: str = ""
    subject: str = ""
    warning: Problem | None = None
    typed: str = ""  # what the sender put in the place of the cell's content
    not_applicable: bool = False
    note: str = ""

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.column}{self.row}"


@dataclass
class Assessment:
    """`outcome`: "ok", "error" (something in it must be mended or answered first) or "refused" (no workbook we read).

    `left_out` are the errors of rows that the sender chose to pass over.
    """

    file: str
    plan: Plan
    outcome: str = OK
    message: str = ""
    period: Period | None = None
    sheet: str = ""
    layout: str = ""
    rows_read: int = 0
    cells: list[AssessedCell] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    left_out: list[Problem] = field(default_factory=list)
    layouts: list[Layout] = field(default_factory=list)
