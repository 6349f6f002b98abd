"""What a cell says: a number written the Vietnamese way, a name however spelt, a reporting period."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from targets.models.numbers import (
    NotANumber,
    checked_amount,
    checked_count,
    parse_amount,
    parse_count,
    plain_decimal,
    spell,
)

from .reader import Cell, Defect

# Officials write these where there is nothing to report; none of them is zero (R2).
NO_DATA = {"", "-", "--", "–", "—", "x", "…", "...", "..", "\\", "/", ".", "không có số liệu", "chưa có số liệu"}
NOT_APPLICABLE = {"không áp dụng", "kad", "không thuộc diện báo cáo"}
DIGITS = re.compile(r"(?<![0-9.,])[0-9][0-9.]*(?![0-9.,])")
SWAPPED = str.maketrans(".,", ",.")
VIETNAMESE, ENGLISH = "vi", "en"  # how numbers are written in the texts of a file: 1.234,5 or 1,234.5
TONES = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}  # as Telex types them
RUN = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")  # letters with their marks
PREFIXES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"(ủy|uỷ) ban nhân dân\b|ubnd\b", ""),
        (r"hội liên hiệp phụ nữ\b|hội lhpn\b|hội phụ nữ\b|hội pn\b|hlhpn\b", ""),
        (r"huyện\b|h\s*\.|h\s(?=\S)", "district"),
        (r"thành phố\b|tp\s*\.|tp\b", "city"),
        (r"thị trấn\b|tt\s*\.|tt\b", "township"),
        (r"phường\b|p\s*\.|p\s(?=\S)", "ward"),
        (r"xã\b|x\s*\.|x\s(?=\S)", "commune"),
        (r"tỉnh\b", "province"),
    )
)
# TCVN3 (.VnTime) and VNI letters that stand beside plain letters in such text and never do in Unicode Vietnamese.
LEGACY_LETTERS = "¡¢£¤¥¦§¨©ª¬®¯°±µ¶·¸¹¾½¼ÄÅÆÇÑÖ×ØÛÜÞßäåæçëîïñöøûüþ\u00ad"
LEGACY = re.compile(rf"[A-Za-z][{LEGACY_LETTERS}]|[{LEGACY_LETTERS}][A-Za-z]")


class CellError(Exception):
    """The cell cannot be taken; the message is Vietnamese and says what may have been meant.

    `offers`: full names of units that a wrong name may stand for.
    """

    def __init__(self, code: str, message: str, offers: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.offers = offers


def parse_cell(cell: Cell, *, whole: bool, numbers: str = VIETNAMESE) -> Decimal | None:
    """The figure in a cell; None where there is no data. `whole`: people and things, counted in integers.

    `numbers`: the sender's word on how texts write them, VIETNAMESE or ENGLISH.

    Raises CellError on all that is not plainly such a figure; nothing is rounded, cut or guessed.
    """
    _refuse_defects(cell)
    value = cell.value
    if value is None:
        return None
    if isinstance(value, bool):
        raise CellError("not_a_number", "Ô ghi TRUE hoặc FALSE, không phải số.")
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        raise CellError("date", f"Ô là ngày, giờ ({show(value)}), không phải số. {_meant_by_date(value)}".strip())
    if isinstance(value, str):
        return parse_text(value, whole=whole, numbers=numbers)
    if not math.isfinite(value):
        raise CellError("not_a_number", "Ô không ghi một số.")
    return _from_number(_exact(value), whole=whole)


def _refuse_defects(cell: Cell) -> None:
    if cell.defect == Defect.ERROR:
        raise CellError(cell.defect, f"Công thức báo lỗi {cell.value or ''}".strip() + ".")
    if cell.defect == Defect.NOT_CALCULATED:
        raise CellError(cell.defect, "Công thức chưa được tính. Mở tệp bằng Excel, lưu lại rồi tải lên.")
    if cell.defect == Defect.PERCENT:
        raise CellError(cell.defect, "Ô định dạng phần trăm. Nhập số lượng, không nhập tỷ lệ.")


def parse_text(text: str, *, whole: bool, numbers: str = VIETNAMESE) -> Decimal | None:
    """The number a text says, None for "no data". Raises CellError for all else."""
    if is_no_data(text):
        return None
    plain = text.translate(SWAPPED) if numbers == ENGLISH else text
    try:
        return parse_count(plain) if whole else parse_amount(plain)
    except NotANumber as why:
        meant = _meant_by_words(text) if why.code == "not_a_number" else ""
        raise CellError(why.code, f"“{shorten(text)}”: {why.message} {meant}".strip()) from why


def is_no_data(text: str) -> bool:
    """Whether officials write this where there is nothing to report: "-", "x", "…" (R2)."""
    return plainly(text) in NO_DATA


def says_not_applicable(text: str) -> bool:
    """Whether a cell says that the measure does not concern the agency; no number, no blank (R2)."""
    return plainly(text).strip(" .") in NOT_APPLICABLE


def plainly(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def shorten(text: str, most: int = 40) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most]}…"


def _meant_by_words(text: str) -> str:
    """ "25 người" and "khoảng 30" hold one number that may have been meant; two, as in "25/40", leave it open."""
    numbers = DIGITS.findall(text)
    has_words = any(letter.isalpha() for letter in text)
    return f"Có phải {numbers[0]}?" if len(numbers) == 1 and has_words else ""


def _from_number(value: Decimal, *, whole: bool) -> Decimal:
    try:
        return checked_count(value) if whole else checked_amount(value)
    except NotANumber as why:
        hint = _meant_by_fraction(value) if why.code == "not_whole" else ""
        raise CellError(why.code, f"Ô ghi {spell(value)}. {why.message} {hint}".strip()) from why


@lru_cache(maxsize=8192)
def _exact(value: float | Decimal) -> Decimal:
    """The number Excel shows: it keeps 15 significant digits, a float carries noise beyond them."""
    return plain_decimal(value if isinstance(value, Decimal) else Decimal(f"{value:.15g}"))


def _meant_by_fraction(value: Decimal) -> str:
    """5.321 typed where Excel runs in English is stored as five and a bit."""
    thousands = plain_decimal(value * 1000)
    if thousands == thousands.to_integral_value() and value != round(value, 2):
        return f"Có phải {thousands:f}?"
    return ""


def _meant_by_date(value: dt.date | dt.time | dt.timedelta) -> str:
    """3/12 typed into Excel becomes the third of December."""
    return f"Có phải đã gõ {value.day}/{value.month}?" if isinstance(value, dt.date) else ""


def show(value: object) -> str:
    """A cell's content as an official would read it out; "" when empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return spell(_exact(value)) if isinstance(value, int | float | Decimal) else str(value)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """A key under which all spellings of the same words meet: case, spaces, Unicode form, place of the tone mark.

    The tone becomes a letter at the end of its syllable, so Hoà and Hòa are both "hoaf".
    """
    words = unicodedata.normalize("NFD", text.casefold()).split()
    return unicodedata.normalize("NFC", " ".join(_tone_last(word) for word in words))


def _tone_last(word: str) -> str:
    """Tones of "H.Hòa" or "và/hoặc" go to the end of their own run of letters."""
    return RUN.sub(lambda run: "".join(c for c in run[0] if c not in TONES) + "".join(map(_tone, run[0])), word)


def _tone(mark: str) -> str:
    return TONES.get(mark, "")


@lru_cache(maxsize=8192)
def split_name(text: str) -> tuple[str, str]:
    """(kind of unit named, folded name without it): "UBND huyện Thạch An" -> ("district", fold("Thạch An")).

    The kind is a value of Unit.Kind, or "" when the text does not say. A prefix alone stays the name ("Thành phố").
    """
    rest = " ".join(unicodedata.normalize("NFC", text).casefold().split()).strip(" .,:;-")
    found = ""
    while True:
        match = next(((m, kind) for prefix, kind in PREFIXES if (m := prefix.match(rest))), None)
        if match is None or not (shorter := rest[match[0].end() :].strip(" .,:;-")):
            return found, fold(rest)
        rest, found = shorter, match[1] or found


def names_a_body(text: str) -> bool:
    """Whether a label means an office rather than its territory: "Hội LHPN tỉnh Cao Bằng", "UBND huyện Hạ Lang"."""
    rest = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return any(prefix.match(rest) for prefix, kind in PREFIXES if not kind)


def is_legacy_font(text: str) -> bool:
    """Whether the text was typed for a TCVN3 or VNI font and is not Unicode ("HuyÖn H¹ Lang")."""
    return LEGACY.search(text) is not None
