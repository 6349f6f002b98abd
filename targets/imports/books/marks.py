"""What is wrong where in a file, as plain data: it goes to a child process, and into two kinds of workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypedDict

from . import wording

ERROR, WARNING, HEADER = "error", "warning", "header"
WORDS = {ERROR: "Lỗi", WARNING: "Lưu ý"}
LIST_HEADINGS = (("Trang", 22), ("Ô", 10), ("Nội dung ô", 28), ("Loại", 10), ("Cần làm", 80))
MOST_LETTERS = 30_000  # an Excel cell takes some more


class Mark(TypedDict, total=False):
    """`row` as Excel counts, `column` a letter; without a column it is about the row, without a row about the file.

    A HEADER mark says nothing is wrong: it names the last row of a table's headings, where the column of faults begins.
    """

    sheet: str
    row: int | None
    column: str
    value: str
    message: str
    kind: str


def faults(marks: Iterable[Mark]) -> list[Mark]:
    """All that is to be told, in the order given."""
    return [mark for mark in marks if mark.get("kind") != HEADER]


def heading_row(marks: Iterable[Mark], sheet: str) -> int:
    """Where the column of faults is headed."""
    rows = (mark["row"] for mark in marks if mark.get("kind") == HEADER and mark["sheet"] == sheet)
    return next(rows, None) or 1


def at_cells(marks: Iterable[Mark], sheet: str) -> dict[tuple[int, int], list[Mark]]:
    """By (row, column from 1), what is wrong with single cells."""
    found: dict[tuple[int, int], list[Mark]] = {}
    for mark in faults(marks):
        if mark["sheet"] == sheet and mark.get("row") and mark.get("column"):
            found.setdefault((mark["row"], column_index(mark["column"])), []).append(mark)
    return found


def row_texts(marks: Iterable[Mark], sheet: str, heading: int) -> dict[int, str]:
    """By row, what the column of faults says: rows below the headings only, for above them stand titles."""
    lines: dict[int, list[str]] = {}
    for mark in faults(marks):
        row = mark.get("row") or 0
        if mark["sheet"] == sheet and row > heading:
            named = f"Ô {place(mark)}: " if mark.get("column") else ""
            lines.setdefault(row, []).append(f"{named}{mark['message']}")
    return {row: " ".join(said)[:MOST_LETTERS] for row, said in sorted(lines.items())}


def place(mark: Mark) -> str:
    """ "D7", "Dòng 7", or "" when it is about the file."""
    if not mark.get("row"):
        return ""
    return f"{mark['column']}{mark['row']}" if mark.get("column") else f"Dòng {mark['row']}"


def remark(marks: Sequence[Mark]) -> str:
    """What the comment at a cell says."""
    return "\n".join(f"{WORDS[mark['kind']]}: {mark['message']}" for mark in marks)[:MOST_LETTERS]


def is_remark(text: str) -> bool:
    """Whether a comment is one of ours, from an earlier round."""
    return text.startswith(tuple(f"{word}: " for word in WORDS.values()))


def gravest(marks: Sequence[Mark]) -> str:
    return ERROR if any(mark["kind"] == ERROR for mark in marks) else WARNING


def listed(marks: Iterable[Mark]) -> Iterator[tuple[tuple[str, ...], str]]:
    """(the line of the list of faults, where in the workbook its link leads: "'Biểu 1'!D7" or "")."""
    for mark in faults(marks):
        line = (mark["sheet"], place(mark), mark.get("value") or "", WORDS[mark["kind"]], mark["message"])
        address = f"{mark.get('column') or 'A'}{mark['row']}" if mark.get("row") else ""
        quoted = mark["sheet"].replace("'", "''")
        yield line, f"'{quoted}'!{address}" if address and mark["sheet"] else ""


def summary(marks: Iterable[Mark]) -> str:
    """The sentence above the list."""
    kinds = [mark["kind"] for mark in faults(marks)]
    counted = [(kinds.count(ERROR), "lỗi (ô nền đỏ)"), (kinds.count(WARNING), "lưu ý (ô nền vàng)")]
    said = ", ".join(f"{n} {what}" for n, what in counted if n)
    return f"{said}. Sửa trong tệp này, lưu rồi tải lại. Trang này và cột “{wording.FAULTS}” được bỏ qua khi đọc."


def column_index(letters: str) -> int:
    """ "A" -> 1, "AA" -> 27."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index


def is_list_of_faults(name: str, first_cell: object) -> bool:
    """Whether a sheet is the list that an earlier round added."""
    return name.startswith(wording.FAULTS) and first_cell == wording.FAULT_LIST_TITLE


def free_name(taken: Iterable[str]) -> str:
    """For the list of faults; Excel tells sheets apart without looking at capitals."""
    used: Mapping[str, None] = dict.fromkeys(name.casefold() for name in taken)
    names = (wording.FAULTS, *(f"{wording.FAULTS} {n}" for n in range(2, len(used) + 3)))
    return next(name for name in names if name.casefold() not in used)
