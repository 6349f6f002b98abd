"""Numbers as Vietnamese officials type them. Pure Python: the browser form and the spreadsheet reader share it.

A dot or a space parts the thousands, a comma the decimals: 1.234.567 and 1.234,5. What can be read two ways is refused.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

# NBSP, thin, narrow no-break and figure spaces: what Word and Excel put between thousands.
SPACES = re.compile(r"[\s\u00a0\u2009\u202f\u2007]+")
MINUS_SIGNS = str.maketrans("−–", "--")
NUMBER = re.compile(
    r"(?P<sign>-?)"
    r"(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?P<separator>[. ])[0-9]{3}(?:(?P=separator)[0-9]{3})*)"
    r"(?:,(?P<decimals>[0-9]+))?"
)
ENGLISH = re.compile(r"[0-9]+\.[0-9]+|[0-9]{1,3}(,[0-9]{3}){2,}|[0-9]{1,3}(,[0-9]{3})+\.[0-9]+")
MOST_DIGITS, MOST_DECIMALS = 12, 2  # what a stored figure can hold
TOO_LARGE = Decimal(10) ** MOST_DIGITS
LONGEST = 24  # characters; beyond it Decimal's own precision would round silently

WHOLE_ONLY = "Chỉ nhập số nguyên, ví dụ 1.234."
NUMBER_ONLY = "Chỉ nhập số, ví dụ 1.234,5."
TOO_MANY_DIGITS = f"Số quá lớn, nhiều nhất {MOST_DIGITS} chữ số. Kiểm tra lại đơn vị tính."


class NotANumber(ValueError):
    """The text is not a number we may store. `code` is for programs, `message` is Vietnamese for people."""

    def __init__(self, message: str, code: str = "not_a_number") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def parse_number(text: str) -> Decimal | None:
    """The number in `text`, vi-VN style; None when there is nothing but spaces.

    "1.234" -> 1234, "1.234,5" -> 1234.5, "7 402" -> 7402. Raises NotANumber on all else, "1.23" and "85%" included.
    """
    plain = SPACES.sub(" ", text).strip().translate(MINUS_SIGNS)
    if not plain:
        return None
    match = NUMBER.fullmatch(plain)
    if match is None:
        raise _refusal(plain)
    if len(plain) > LONGEST:
        raise NotANumber(TOO_MANY_DIGITS, "too_large")
    whole = re.sub(r"[. ]", "", match["whole"])
    return plain_decimal(Decimal(f"{match['sign']}{whole}.{match['decimals'] or '0'}"))


def plain_decimal(value: Decimal) -> Decimal:
    """The same number without trailing zeros, exponent or minus zero, so that equal numbers print alike."""
    return value.normalize() + 0


def parse_amount(text: str) -> Decimal | None:
    """A quantity that may have decimals, such as triệu đồng: not below zero, at most two decimals."""
    value = parse_number(text)
    return None if value is None else checked_amount(value)


def parse_count(text: str) -> Decimal | None:
    """People or organisations: a whole number not below zero. "12,5", "1.23", "−3" and letters are refused."""
    try:
        value = parse_number(text)
    except NotANumber as refusal:
        if refusal.code in ("not_a_number", "ambiguous"):
            raise NotANumber(WHOLE_ONLY, refusal.code) from None
        raise
    return None if value is None else checked_count(value)


def checked_amount(value: Decimal) -> Decimal:
    """`value` if it may be stored as a quantity; else NotANumber."""
    if value < 0:
        raise NotANumber("Không nhập số âm.", "negative")
    if value >= TOO_LARGE:
        raise NotANumber(TOO_MANY_DIGITS, "too_large")
    if value != round(value, MOST_DECIMALS):
        raise NotANumber(f"Nhiều nhất {MOST_DECIMALS} chữ số sau dấu phẩy.", "too_precise")
    return value


def checked_count(value: Decimal) -> Decimal:
    """`value` if it may be stored as a number of people or things; else NotANumber."""
    if value >= 0 and value != value.to_integral_value():
        raise NotANumber(WHOLE_ONLY, "not_whole")
    return checked_amount(value)


@lru_cache(maxsize=8192)
def spell(value: Decimal) -> str:
    """1234.5 -> "1.234,5", as officials write numbers."""
    whole, _, decimals = f"{value.normalize():,f}".partition(".")
    return whole.replace(",", ".") + (f",{decimals}" if decimals else "")


def json_number(value: Decimal | None) -> int | float | None:
    """For JSON: whole numbers as integers; no number is null, never 0 (R2)."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def say(value: Decimal | None) -> str:
    """A figure inside a sentence; no data is told as such."""
    return "chưa có số liệu" if value is None else spell(value)


def _refusal(plain: str) -> NotANumber:
    if plain.endswith("%"):
        return NotANumber("Nhập số lượng, không nhập tỷ lệ phần trăm.", "percent")
    if ENGLISH.fullmatch(plain):
        return NotANumber("Viết số kiểu Việt Nam: dấu chấm ngăn hàng nghìn, dấu phẩy ngăn phần lẻ.", "ambiguous")
    return NotANumber(NUMBER_ONLY)
