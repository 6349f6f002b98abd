"""What the sender chose in the steps so far, each told so that it can be taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from targets.imports.forms import AnswerForm
from targets.imports.sending import choices_of
from targets.models import ImportBatch


@dataclass(frozen=True, slots=True)
class Chosen:
    """`act` and `place` are what taking it back posts."""

    act: str
    place: str
    said: str


def chosen(batch: ImportBatch, names: Mapping[str, str]) -> list[Chosen]:
    """Rows given away or passed over, numbers typed over cells, errors left out. `names`: of agencies by code."""
    return list(_chosen(batch, names))


def _chosen(batch: ImportBatch, names: Mapping[str, str]) -> Iterator[Chosen]:
    choices = choices_of(batch)
    several = len({place.rpartition("!")[0] for place in (*choices.rows, *choices.cells)}) > 1
    if choices.without_errors:
        count = len({(one["sheet"], one["row"]) for one in batch.outcome.get("left_out", [])})
        yield Chosen(AnswerForm.WITHOUT_ERRORS, "", f"Bỏ qua mọi dòng lỗi ({count})")
    for place, code in choices.rows.items():
        where = spoken(place, with_sheet=several)
        if code:
            yield Chosen(AnswerForm.ASSIGN, place, f"{where}: ghi vào {names.get(code, code)}")
        else:
            yield Chosen(AnswerForm.SKIP, place, f"{where}: bỏ qua")
    for place, typed in choices.cells.items():
        what = "bỏ qua" if typed == "-" else f"sửa thành {typed}"
        yield Chosen(AnswerForm.TYPE, place, f"{spoken(place, with_sheet=several)}: {what}")


def spoken(place: str, *, with_sheet: bool) -> str:
    """ "Biểu 1!6" -> "Dòng 6", "Biểu 1!F9" -> "Ô F9"."""
    sheet, _, where = place.rpartition("!")
    what = "Dòng" if where.isdecimal() else "Cột" if where.isalpha() else "Ô"
    return f"{what} {where}, trang {sheet}" if with_sheet else f"{what} {where}"
