"""The words to look for in a workbook: the plan's measures and the province's units, under every name they go by."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from targets.models.days import spell_day
from targets.models.words import lower_first

from .headings import Glossary, MeasureTerm
from .parsing import CellError, fold, names_a_body, split_name

__all__ = ["MeasureTerm", "Place", "Vocabulary"]

PROVINCE, BODY = "province", "body"
KIND_WORD = re.compile(r"\b(?:huyện|thành phố|xã|phường|thị trấn)\s|\b(?:h|tp|x|p|tt)\.", re.IGNORECASE)
WORD_ENDS = re.compile(r"[,;:()\n]")
MOST_WORDS_OF_A_NAME = 6
REMARK = re.compile(r"\s*\([^)]*\)$")  # "Sở Tài chính (trước 01/3/2025)"
TOTAL_LABELS = frozenset(
    fold(label) for label in ("tổng cộng", "tổng", "cộng", "tổng số", "toàn tỉnh", "cộng toàn tỉnh", "tổng toàn tỉnh")
)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit or (kind BODY) an agency during one life. `key` is the caller's.

    `names` of a unit are without its kind, `successors` with it; a body goes by its full names and its code.
    """

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
    learned: Mapping[str, str] = field(default_factory=dict)
    glossary: Glossary = field(init=False, repr=False, compare=False)
    _index: dict[str, list[Place]] = field(init=False, repr=False, compare=False, default_factory=dict)
    _bodies: dict[str, list[Place]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "glossary", Glossary(self.measures, self.learned))
        for place in self.places:
            if place.kind == BODY:
                keys, index = {fold(REMARK.sub("", name)) for name in place.names}, self._bodies
            else:
                keys = {split_name(name)[1] for name in place.names} | {fold(name) for name in place.names}
                index = self._index
            for key in keys:
                index.setdefault(key, []).append(place)

    def body(self, label: str) -> list[Place]:
        """Agencies, of any time, whose name or code this is, word for word."""
        return self._bodies.get(fold(label.strip(" .,:;")), [])

    def is_code(self, text: str) -> bool:
        """Whether a text is the code of an agency, as our own workbooks carry it."""
        return "-" in text and " " not in text and bool(self.body(text))

    def places_called(self, label: str) -> list[Place]:
        """Every unit or body, of any time, that `label` may mean. A kind in the label must be the unit's."""
        if bodies := self.body(label):
            return bodies
        kind, name = split_name(label)
        found = [place for place in self._index.get(name, ()) if kind in ("", place.kind)]
        return [place for place in found if place.kind != PROVINCE] if not kind else found

    def is_unit(self, label: str) -> bool:
        return any(place.kind != PROVINCE for place in self.places_called(label))

    def is_territory(self, label: str) -> bool:
        """A unit's name: what tables are found by. Names of offices stand in titles and signatures too."""
        return any(place.kind not in (PROVINCE, BODY) for place in self.places_called(label))

    def units_within(self, text: str) -> list[str]:
        """Names of units inside a longer text: "UBND huyện Hạ Lang, ngày 3/12" -> ["huyện Hạ Lang"].

        A text that is a unit's name as a whole is itself; inside others a name must stand behind its kind.
        """
        text = unicodedata.normalize("NFC", " ".join(text.split()))
        if self.is_territory(text):
            return [text]
        return [name for start in KIND_WORD.finditer(text) if (name := self._longest_unit(text[start.start() :]))]

    def _longest_unit(self, text: str) -> str:
        words = WORD_ENDS.split(text)[0].split()
        tried = (" ".join(words[:count]) for count in range(min(len(words), MOST_WORDS_OF_A_NAME), 1, -1))
        return next((name for name in tried if self.is_territory(name)), "")

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
            message = f"“{label}” có thể là {choices}. Ghi rõ cấp và tên."
            raise CellError("ambiguous_unit", message, tuple(place.full_name for place in living))
        if named:
            raise CellError("unit_not_in_period", _why_not(named, day), _successors(named))
        near = self._near(label, day)
        meant = f" Có phải {' hay '.join(near)}?" if near else ""
        raise CellError("unknown_unit", f"Không có đơn vị “{label}” trong kỳ này.{meant}", near)

    def _near(self, label: str, day: dt.date) -> tuple[str, ...]:
        living = {
            key: place.full_name
            for key, places in self._index.items()
            for place in places
            if place.exists_on(day) and place.kind != PROVINCE
        }
        near = difflib.get_close_matches(split_name(label)[1], living, n=3, cutoff=0.75)
        return tuple(dict.fromkeys(living[key] for key in near))


def _successors(named: Iterable[Place]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for place in named for name in place.successors))


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
    # An office's name is written with a capital inside a sentence too, a unit's kind is not.
    names = place.successors if place.kind == BODY else map(lower_first, place.successors)
    successors = ", ".join(names)
    return f"{place.full_name} đã nhập vào {successors} từ {spell_day(since)}, không có trong kỳ này."
