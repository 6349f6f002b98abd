"""What recognising a sheet gives: where its table is, what its lines hold, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from .headings import MeasureTerm, Use, key_of
from .parsing import show
from .reader import Cell, Sheet, column_letter


class Kind(StrEnum):
    """How figures lie: a row per unit; a row per figure of one agency; a row per figure and a column per unit."""

    WIDE = "wide"
    LONG = "long"
    TRANSPOSED = "transposed"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a cell, a row (no column) or a sheet (no row). `value` is what the cell shows."""

    code: str
    message: str
    row: int | None = None
    column: str = ""
    value: str = ""
    sheet: str = ""
    offers: tuple[str, ...] = ()  # full names of units that may have been meant

    @classmethod
    def at(cls, cell: Cell, code: str, message: str, sheet: str = "", offers: tuple[str, ...] = ()) -> Problem:
        return cls(code, message, cell.row, cell.column, show(cell.value), sheet, offers)

    @property
    def cell(self) -> str:
        """ "D7", or "" when it is not about one cell."""
        return f"{self.column}{self.row}" if self.row and self.column else ""


class NoTable(Exception):
    """No table we can read; `problems` say why, in Vietnamese, at the cells of `sheet`."""

    def __init__(self, sheet: str, *problems: Problem) -> None:
        super().__init__(problems[0].message)
        self.sheet = sheet
        self.problems = tuple(replace(problem, sheet=problem.sheet or sheet) for problem in problems)


@dataclass(frozen=True, slots=True)
class Line:
    """A column of a wide table, or a row of the others. `path` is its heading from the outermost word inwards."""

    index: int
    path: tuple[str, ...]
    use: Use
    choices: tuple[MeasureTerm, ...] = ()
    is_row: bool = False
    is_weak: bool = False
    unit_of_measure: str = ""

    @property
    def where(self) -> str:
        """ "D", or "12" for a row."""
        return str(self.index) if self.is_row else column_letter(self.index)

    @property
    def measure(self) -> MeasureTerm | None:
        """What its figures are; None when the line is passed over."""
        return self.choices[0] if self.use == Use.MEASURE else None

    @property
    def title(self) -> str:
        return " / ".join(self.path)

    @property
    def key(self) -> str:
        return key_of(self.path)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose figures a row or column holds. `label` names it; in a long file it stands above the table."""

    index: int
    label: Cell
    is_row: bool
    is_total: bool = False

    @property
    def where(self) -> str:
        return str(self.index) if self.is_row else column_letter(self.index)


@dataclass(frozen=True)
class Layout:
    """Where things are on a sheet. Rows from `first_row` on are to be read."""

    sheet: Sheet
    kind: Kind
    header_rows: tuple[int, ...]
    label_column: int  # names the units of a wide table, the figures of the others
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...] = ()
    subjects: tuple[Subject, ...] = ()  # of the others than wide, whose rows are found while they are read
    beside: tuple[Line, ...] = ()  # columns of the others than wide: value columns, notes, what is passed over

    @property
    def first_row(self) -> int:
        return self.header_rows[-1] + 1 if self.header_rows else 1

    @cached_property
    def measure_lines(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.measure)

    @cached_property
    def note_column(self) -> int | None:
        """Where remarks stand beside the figures of a long table."""
        notes = [line.index for line in self.beside if line.use == Use.NOTE]
        return notes[0] if self.kind == Kind.LONG and notes else None

    @property
    def titles(self) -> list[str]:
        """The texts above the table: who reports, on what, for which period."""
        top = self.header_rows[0] if self.header_rows else min((line.index for line in self.lines), default=1)
        return [cell.text for cell in self.sheet.texts if cell.row < top]

    def cell(self, line: Line, subject: Subject) -> Cell:
        """The figure of a line for a subject."""
        return self.sheet.at(*self.place(line, subject))

    def place(self, line: Line, subject: Subject) -> tuple[int, int]:
        return (line.index, subject.index) if line.is_row else (subject.index, line.index)


def problems_of(lines: Iterable[Line], header_row: int, glossed: str) -> Iterator[Problem]:
    """Headings that may mean two measures, and measures that two lines claim: asked about, never guessed.

    `glossed` is "Cột" or "Dòng".
    """
    first: dict[str, Line] = {}
    for line in lines:
        row, column = (line.index, "") if line.is_row else (header_row, line.where)
        if line.use == Use.AMBIGUOUS:
            names = " hay ".join(f"“{measure}”" for measure in line.choices)
            message = f"{glossed} “{line.title}” chưa rõ: có phải {names}? Chọn mục, hoặc ghi tiêu đề rõ hơn."
            yield Problem("ambiguous_column", message, row, column, line.title)
        if line.measure and (before := first.setdefault(line.measure.code, line)) is not line:
            message = (
                f"{glossed} “{line.title}” trùng số liệu với {glossed.lower()} {before.where} “{before.title}”. "
                "Giữ lại một."
            )
            yield Problem("duplicate_column", message, row, column, line.title)


def placed(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines in their order, a weak one ("DTTS") only a measure when it follows what it is part of."""
    whole = ""
    for line in lines:
        if line.use in (Use.UNKNOWN, Use.AMBIGUOUS) or (line.measure and not line.measure.part_of):
            whole = line.measure.code if line.measure else ""
        strays = line.measure and line.is_weak and line.measure.part_of and line.measure.part_of != whole
        yield replace(line, use=Use.AMBIGUOUS) if strays else line
