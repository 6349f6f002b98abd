"""Column headings -> measures, by the names and aliases that are data. Nothing is matched by likeness."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .parsing import fold
from .vocabulary import MeasureTerm

# Several words for one thing, and how a narrow column shortens them.
SHORT_FORMS = {
    "tổ nhóm liên kết": "tlk",
    "tổ hợp tác": "tht",
    "tổ liên kết": "tlk",
    "hợp tác xã": "htx",
    "doanh nghiệp": "dn",
    "phụ nữ": "pn",
    "khởi sự kinh doanh": "kskd",
    "khởi nghiệp": "kn",
    "dân tộc thiểu số": "dtts",
    "cán bộ": "cb",
    "hội viên": "hv",
}
SHORTEN = [(re.compile(rf"\b{fold(long)}\b"), short) for long, short in SHORT_FORMS.items()]
# Words that do not tell one figure from another in these reports, which are all on women and on the period.
NEUTRAL = ("đơn vị tính", "triệu đồng", "trong kỳ", "trong đó", "tổ chức", "chỉ tiêu", "số", "lượng", "đã", "được",
           "các", "cấp", "và", "pn", "người", "đvt")  # fmt: skip
NEUTRAL_WORDS = re.compile(rf"\b(?:{'|'.join(fold(phrase) for phrase in NEUTRAL)})\b")
RATIO = re.compile(rf"%|\b{fold('tỷ lệ')}\b|\b{fold('tỉ lệ')}\b")
ROW_NUMBER = {fold(text) for text in ("stt", "tt", "số tt", "số thứ tự")}
NOTE = {fold(text) for text in ("ghi chú", "chú thích")}
NUMBERING = re.compile(rf"^[0-9]+(\.[0-9]+)*[.)]? |\b{fold('chỉ tiêu')} [0-9]+( ?, ?[0-9]+)*")


class Use(StrEnum):
    """What a column is for."""

    MEASURE = "measure"
    ROW_NUMBER = "row_number"
    RATIO = "ratio"
    NOTE = "note"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Heading:
    """`measures` is the one measure of a MEASURE column, or those an AMBIGUOUS one may mean."""

    use: Use
    measures: tuple[MeasureTerm, ...] = ()


def match(path: tuple[str, ...], measures: Iterable[MeasureTerm]) -> Heading:
    """What a column headed `path` ("Cán bộ Hội", "Tổng số") holds: first word for word, then by its telling words."""
    folded = fold(" ".join(path))
    if folded in ROW_NUMBER or folded in NOTE:
        return Heading(Use.ROW_NUMBER if folded in ROW_NUMBER else Use.NOTE)
    if RATIO.search(folded):
        return Heading(Use.RATIO)
    words = _words(" ".join(path))
    for as_written in (tuple, _telling):
        key = as_written(words)
        found = tuple(m for m in measures if any(as_written(_words(name)) == key for name in m.names))
        if found:
            return Heading(Use.MEASURE if len(found) == 1 else Use.AMBIGUOUS, found)
    return Heading(Use.UNKNOWN)


def _words(text: str) -> list[str]:
    plain = " ".join(re.findall(r"\w+", NUMBERING.sub(" ", fold(text))))
    for long, short in SHORTEN:
        plain = long.sub(short, plain)
    return plain.split()


def _telling(words: list[str]) -> frozenset[str]:
    """The words that tell a figure from others, in any order; all of them when none does."""
    return frozenset(NEUTRAL_WORDS.sub(" ", " ".join(words)).split() or words)
