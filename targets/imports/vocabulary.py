"""The words to look for in a workbook: the plan's measures and the province's units, under every name they go by."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from targets.models.days import spell_day
from targets.models.words import lower_first

from .parsing import CellError, fold, names_a_body, split_name

PROVINCE = "province"
TOTAL_LABELS = frozenset(
    fold(label) for label in ("tổng cộng", "tổng", "cộng", "tổng số", "toàn tỉnh", "cộng toàn tỉnh", "tổng toàn tỉnh")
)


@dataclass(frozen=True, slots=True)
class MeasureTerm:
    """A measure and the column headings it is known by. `whole`: counted in integers."""

    code: str
    names: tuple[str, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A unit during one life. `key` is the caller's; `names` are without kind, `successors` with it."""

    key: Hashable
    kind: str
    full_name: str
    names: tuple[str, ...]
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    successors: tuple[str, ...] = ()

    def exists_on(self, day: dt.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or self.valid_to >= day)


@dataclass(frozen=True)
class Vocabulary:
    measures: tuple[MeasureTerm, ...]
    places: tuple[Place, ...]
    _index: dict[str, list[Place]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for place in self.places:
            for key in {split_name(name)[1] for name in place.names} | {fold(name) for name in place.names}:
                self._index.setdefault(key, []).append(place)

    def places_called(self, label: str) -> list[Place]:
        """Every unit, of any time, that `label` may mean. A kind in the label must be the unit's."""
        kind, name = split_name(label)
        found = [place for place in self._index.get(name, ()) if kind in ("", place.kind)]
        return [place for place in found if place.kind != PROVINCE] if not kind else found

    def is_unit(self, label: str) -> bool:
        return any(place.kind != PROVINCE for place in self.places_called(label))

    def is_total(self, label: str) -> bool:
        """A row for the whole province: never a unit, checked against the sum. Commune Cộng Hòa is no total."""
        named = self.places_called(label)
        key = fold(label.strip(" .:"))
        if any(place.kind == PROVINCE for place in named):
            return not names_a_body(label)  # the province's own Union has figures of its own
        return not named and (key in TOTAL_LABELS or key.startswith(fold("tổng cộng") + " "))

    def resolve(self, label: str, day: dt.date) -> Place:
        """The unit called `label` that exists on `day`. Raises CellError with an offer, never guesses."""
        named = [place for place in self.places_called(label) if place.kind != PROVINCE]
        living = [place for place in named if place.exists_on(day)]
        if len(living) == 1:
            return living[0]
        if living:
            choices = ", ".join(place.full_name for place in living)
            raise CellError("ambiguous_unit", f"“{label}” có thể là {choices}. Ghi rõ cấp và tên.")
        if named:
            raise CellError("unit_not_in_period", _why_not(named, day))
        raise CellError("unknown_unit", f"Không có đơn vị “{label}” trong kỳ này.{self._offer(label, day)}")

    def _offer(self, label: str, day: dt.date) -> str:
        living = {
            key: place.full_name
            for key, places in self._index.items()
            for place in places
            if place.exists_on(day) and place.kind != PROVINCE
        }
        near = difflib.get_close_matches(split_name(label)[1], living, n=3, cutoff=0.75)
        names = list(dict.fromkeys(living[key] for key in near))
        return f" Có phải {' hay '.join(names)}?" if names else ""


def _why_not(named: Iterable[Place], day: dt.date) -> str:
    """Why none of these units exists on `day`, and where the latest ended one went."""
    ended = [place for place in named if place.valid_to and place.valid_to < day]
    if not ended:
        place = min(named, key=lambda place: place.valid_from)
        return f"{place.full_name} có từ {spell_day(place.valid_from)}, chưa có trong kỳ này."
    place = max(ended, key=lambda place: place.valid_to)
    since = place.valid_to + dt.timedelta(days=1)
    if not place.successors:
        return f"{place.full_name} không còn từ {spell_day(since)}, không có trong kỳ này."
    successors = ", ".join(map(lower_first, place.successors))
    return f"{place.full_name} đã nhập vào {successors} từ {spell_day(since)}, không có trong kỳ này."
