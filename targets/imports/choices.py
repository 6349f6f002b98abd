"""What the sender of a file answered: which sheet, which period, which measure a column is, what to pass over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace

from .parsing import VIETNAMESE


@dataclass(frozen=True)
class Choices:
    """Places are written "Biểu 1!6" for a row, "Biểu 1!F9" for a cell. Empty: as recognised.

    `lines`: key of a heading -> code of its measure, "" to pass it over. `rows`: place -> code of the agency whose
    figures stand there, "" to pass it over. `cells`: place -> what was typed instead of the cell's content.
    `reasons`: place of a figure that is odd -> why it is right all the same.
    """

    period: str = ""
    sheets: tuple[str, ...] = ()
    header: int | None = None
    values: str = ""
    agency: str = ""
    numbers: str = VIETNAMESE
    lines: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    without_errors: bool = False  # pass over every row that has an error

    @classmethod
    def read(cls, stored: Mapping[str, object]) -> Choices:
        """From what a batch keeps; names of another version are passed over."""
        known = {one.name for one in fields(cls)}
        said = {name: value for name, value in stored.items() if name in known}
        return cls(**{**said, "sheets": tuple(said.get("sheets", ()))})

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "sheets": list(self.sheets)}

    def but(self, **changes: object) -> Choices:
        return replace(self, **changes)
