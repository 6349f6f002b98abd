"""Headings of columns and rows -> what they hold, by names that are data and by what senders said before.

Nothing is matched by likeness: a heading that may mean two measures, or one that is only near, is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .parsing import fold

# Several words for one thing, and how a narrow column shortens them; longer ones first.
SHORT_FORMS = {
    "cán bộ hội các cấp": "cb",
    "hội viên phụ nữ": "hv",
    "tổ nhóm liên kết": "tlk",
    "tổ phụ nữ liên kết": "tlk",
    "khởi sự kinh doanh": "kskd",
    "dân tộc thiểu số": "dtts",
    "tổ hợp tác": "tht",
    "tổ liên kết": "tlk",
    "hợp tác xã": "htx",
    "cán bộ hội": "cb",
    "doanh nghiệp": "dn",
    "phụ nữ": "pn",
    "khởi nghiệp": "kn",
    "cán bộ": "cb",
    "hội viên": "hv",
    "tập huấn": "th",
    "tuyên truyền": "tt",
    "truyền thông": "tt",
    "cb hội các cấp": "cb",
    "cb hội": "cb",
    "kinh phí": "kp",
    "ngân sách": "ns",
    "xã hội hóa": "xhh",
}
SHORTEN = [(re.compile(rf"\b{fold(long)}\b"), short) for long, short in SHORT_FORMS.items()]
# Words that do not tell one figure from another in these reports, which are all on women and on the period.
NEUTRAL = ("số liệu kỳ này", "đơn vị tính", "triệu đồng", "trong kỳ", "trong đó", "kỳ này", "thực hiện", "kết quả",
           "tổ chức", "chỉ tiêu", "số", "lượng", "đã", "được", "các", "cấp", "và", "pn", "người", "đvt")  # fmt: skip
NEUTRAL_WORDS = re.compile(rf"\b(?:{'|'.join(fold(phrase) for phrase in NEUTRAL)})\b")
NUMBERING = re.compile(rf"^[0-9]+(\.[0-9]+)*[.)]? |\b{fold('chỉ tiêu')} [0-9]+( ?, ?[0-9]+)*")
MOST_WORDS_OF_A_GROUP = 5
ENOUGH_ALIKE = 0.3  # of two headings' telling words, for one to be offered for the other


class Use(StrEnum):
    """What a column or a row is for."""

    MEASURE = "measure"
    ROW_NUMBER = "row_number"
    UNIT_OF_MEASURE = "unit_of_measure"
    RATIO = "ratio"
    CUMULATIVE = "cumulative"
    PREVIOUS = "previous"
    PLANNED = "planned"
    CURRENT = "current"
    NOTE = "note"
    IGNORED = "ignored"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"


def _whole(*texts: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"^{fold(text)}$" for text in texts))


def _part(*texts: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{fold(text)}\b" for text in texts))


# Tried in this order: "Thực hiện / Cùng kỳ năm trước" is the previous year's, not this period's.
NOT_FIGURES: tuple[tuple[re.Pattern[str], Use], ...] = (
    (_whole("stt", "tt", "số tt", "số thứ tự"), Use.ROW_NUMBER),
    (re.compile(rf"\b(?:{fold('ghi chú')}|{fold('chú thích')})\b|^{fold('lý do')}"), Use.NOTE),
    (_whole("đvt", "đơn vị tính"), Use.UNIT_OF_MEASURE),
    (_whole("mã", "mã số", "mã số liệu", "mã cơ quan", "mã đơn vị", "trạng thái", "lỗi"), Use.IGNORED),
    (re.compile(rf"%|\b{fold('tỷ lệ')}\b|\b{fold('tỉ lệ')}\b|\b{fold('so sánh')}\b"), Use.RATIO),
    (_part("lũy kế", "cộng dồn", "từ đầu đề án", "từ đầu năm", "từ đầu giai đoạn", "đến nay"), Use.CUMULATIVE),
    (_part("cùng kỳ", "kỳ trước", "năm trước"), Use.PREVIOUS),
    (re.compile(rf"\b(?:{fold('kế hoạch')}|{fold('chỉ tiêu giao')}|{fold('mục tiêu')})\b|^kh\b|\bkh$"), Use.PLANNED),
)
CURRENT = _part(
    "trong kỳ", "kỳ này", "kỳ báo cáo", "thực hiện", "kết quả", "số liệu", "số lượng", "giá trị", "báo cáo"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MeasureTerm:
    """A measure and the headings it is known by. `whole`: counted in integers. `part_of`: code of its whole."""

    code: str
    names: tuple[str, ...]
    whole: bool = True
    part_of: str = ""
    unit_of_measure: str = ""
    label: str = ""

    def __str__(self) -> str:
        return self.label or self.names[0]


@dataclass(frozen=True, slots=True)
class Heading:
    """`measures` is the one measure of a MEASURE, or those an AMBIGUOUS one may mean."""

    use: Use
    measures: tuple[MeasureTerm, ...] = ()
    is_weak: bool = False  # one telling word, as "DTTS": which whole it is part of must be seen from its place


@dataclass(frozen=True, eq=False)
class Glossary:
    """The plan's measures under every name, and what the sender's own headings were said to mean."""

    measures: tuple[MeasureTerm, ...]
    learned: Mapping[str, str] = field(default_factory=dict)  # key of a heading -> code, "" for one to pass over
    _written: dict[tuple[str, ...], list[MeasureTerm]] = field(init=False, repr=False, default_factory=dict)
    _telling: dict[frozenset[str], list[MeasureTerm]] = field(init=False, repr=False, default_factory=dict)
    _by_code: dict[str, MeasureTerm] = field(init=False, repr=False, default_factory=dict)
    _matched: dict[tuple[str, ...], Heading] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for measure in self.measures:
            self._by_code[measure.code.casefold()] = measure
            for name in measure.names:
                words = words_of(name)
                for index, key in ((self._written, tuple(words)), (self._telling, telling(words))):
                    if measure not in index.setdefault(key, []):
                        index[key].append(measure)

    def coded(self, text: str) -> MeasureTerm | None:
        """The measure whose code this is: "CT1_TS"."""
        return self._by_code.get(text.strip().casefold())

    def is_name(self, text: str) -> bool:
        """Whether a text by itself names a measure, or may."""
        return bool(text) and self.match((text,)).use in (Use.MEASURE, Use.AMBIGUOUS)

    def match(self, path: tuple[str, ...]) -> Heading:
        """What a heading ("Cán bộ Hội", "Tổng số") holds: as the sender said, as written, by its telling words."""
        if path not in self._matched:
            self._matched[path] = self._match(path)
        return self._matched[path]

    def _match(self, path: tuple[str, ...]) -> Heading:
        key = key_of(path)
        if key in self.learned:
            known = self.coded(self.learned[key])
            return Heading(Use.MEASURE, (known,)) if known else Heading(Use.IGNORED)
        if path and (coded := self.coded(path[-1])):
            return Heading(Use.MEASURE, (coded,))
        return self._by_name(path)

    def _by_name(self, path: tuple[str, ...]) -> Heading:
        words = words_of(" ".join(path))
        if found := self._written.get(tuple(words)):
            return _found(found, len(telling(words)) < 2)
        if other := use_beside(path):
            return Heading(other)
        if found := self._telling.get(telling(words)) if words else None:
            return _found(found, len(telling(words)) < 2)
        return self._part_of_group(path) or Heading(Use.UNKNOWN)

    def _part_of_group(self, path: tuple[str, ...]) -> Heading | None:
        """ "Trong đó DTTS" under a group heading that is itself a measure: one of that measure's parts."""
        if len(path) < 2:
            return None
        group = self._by_name(path[:-1])
        return self.match_part(path[-1], group.measures[0]) if group.use == Use.MEASURE else None

    def match_part(self, text: str, whole: MeasureTerm) -> Heading | None:
        """The part of `whole` that `text` names, or None."""
        wanted = telling(words_of(text))
        parts = [m for m in self.measures if m.part_of == whole.code]
        found = [m for m in parts if any(telling(words_of(name)) == wanted for name in m.names)]
        return Heading(Use.MEASURE, tuple(found)) if len(found) == 1 else None

    def near(self, path: tuple[str, ...], most: int = 3) -> tuple[MeasureTerm, ...]:
        """Measures that share telling words, nearest first: offered, never taken."""
        wanted = telling(words_of(" ".join(path)))
        scored = [
            (max(len(wanted & known) / len(wanted | known) for known in map(telling, map(words_of, m.names))), m)
            for m in self.measures
        ]
        close = [one for one in scored if one[0] >= ENOUGH_ALIKE]
        return tuple(measure for _, measure in sorted(close, key=lambda one: -one[0])[:most])


def _found(measures: list[MeasureTerm], is_weak: bool) -> Heading:
    return Heading(Use.MEASURE if len(measures) == 1 else Use.AMBIGUOUS, tuple(measures), is_weak)


def use_beside(path: tuple[str, ...]) -> Use | None:
    """What a column that holds no measure is for, by any line of its heading; None when no word says."""
    # A long line above is a title over everything ("Kết quả thực hiện kế hoạch …"), not a group.
    groups = [text for text in path[:-1] if len(text.split()) <= MOST_WORDS_OF_A_GROUP]
    texts = [fold(" ".join(text.split())) for text in (*groups, *path[-1:])]
    for pattern, use in NOT_FIGURES:
        if any(pattern.search(text.strip(" .:()")) for text in texts):
            return use
    return None


def value_use(path: tuple[str, ...]) -> Use:
    """What a column beside rows of measures holds: this period's figures, or others'."""
    if other := use_beside(path):
        return other
    return Use.CURRENT if CURRENT.search(fold(" ".join(path))) else Use.UNKNOWN


def key_of(path: Iterable[str]) -> str:
    """The key under which a heading is remembered, whatever its spelling."""
    return " / ".join(fold(" ".join(text.split())) for text in path)[:300]


def words_of(text: str) -> list[str]:
    """Its words, folded and shortened, without numbering."""
    plain = " ".join(re.findall(r"\w+", NUMBERING.sub(" ", fold(text))))
    for long, short in SHORTEN:
        plain = long.sub(short, plain)
    return plain.split()


def telling(words: list[str]) -> frozenset[str]:
    """The words that tell a figure from others, in any order; all of them when none does."""
    return frozenset(NEUTRAL_WORDS.sub(" ", " ".join(words)).split() or words)
