"""What a reporter says about one measure: a number, nothing yet, or that it does not apply (R2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from targets.models import Figure, Report
from targets.models.numbers import spell


@dataclass(slots=True)  # not frozen: that takes three times as long to make, and a file has ten thousand
class Entry:
    """`value` None means blank, unless `not_applicable`, which needs a reason. `origin`: the key of a file's cell."""

    value: Decimal | None = None
    not_applicable: bool = False
    reason: str = ""
    note: str = ""
    origin: int | None = None

    @property
    def is_blank(self) -> bool:
        return self.value is None and not self.not_applicable

    def reads_as(self, other: Entry) -> bool:
        """Whether a reader would see no difference; where it came from is none."""
        return (self.value, self.not_applicable, self.reason, self.note) == (
            other.value,
            other.not_applicable,
            other.reason,
            other.note,
        )

    def spelt(self) -> str:
        """All that is said, in one phrase: "12, ghi chú “Quang Long”"."""
        said = f"không áp dụng ({self.reason})" if self.not_applicable else "để trống"
        said = said if self.value is None else spell(self.value)
        return f"{said}, ghi chú “{self.note}”" if self.note else said


def entry_of(figure: Figure) -> Entry:
    return Entry(figure.value, figure.not_applicable, figure.reason, figure.note, figure.origin_id)


def entries_of(report: Report) -> dict[str, Entry]:
    """What a report says now, by measure code; measures it says nothing about are absent."""
    return {figure.measure.code: entry_of(figure) for figure in report.figures.select_related("measure")}
