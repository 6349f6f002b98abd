"""Which reporting period a file's titles and sheet names speak of."""

from __future__ import annotations

import re

from .parsing import plainly

# (pattern, what to make of it) in this order; a match is taken out of the text, so "6 tháng đầu năm 2024" is no year.
# A pattern without a code names what must not be read as a period: dates of letters, spans, horizons, nine months.
YEAR = r"(?P<year>20[0-9]{2})"
QUARTER = r"(?:quý|q\.?) ?(?P<quarter>iv|i{1,3}|[1-4])\b"
PERIODS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (rf"\b{YEAR}-(?P<half>h[12])\b", "{year}-{half}"),
        (rf"\b{YEAR}-q(?P<quarter>[1-4])\b", "{year}-Q{quarter}"),
        (rf"(?:6|sáu) tháng đầu (?:năm )?{YEAR}", "{year}-H1"),
        (rf"(?:6|sáu) tháng cuối (?:năm )?{YEAR}", "{year}-H2"),
        (rf"{QUARTER}\s*(?:/|-|,)?\s*(?:năm )?{YEAR}", "{year}-Q{quarter}"),
        (r"20[0-9]{2}\s*[-–]\s*20[0-9]{2}", ""),
        (r"tháng[\s0-9./…]*năm\s*20[0-9]{2}", ""),
        (r"tháng (?:đầu|cuối) (?:năm )?20[0-9]{2}", ""),
        (r"(?:đến|từ|hết|trước|sau|so với|giai đoạn)(?: hết)? (?:năm )?20[0-9]{2}", ""),
        (rf"^{YEAR}$", "{year}"),
        (rf"năm(?: báo cáo)?\s*:?\s*{YEAR}", "{year}"),
    )
)
# A part of a year whose year stands in another line: "6 THÁNG ĐẦU NĂM" above "NĂM 2024", a sheet "Quý I".
PARTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:6|sáu) tháng đầu năm(?! ?20)"), "H1"),
    (re.compile(r"(?:6|sáu) tháng cuối năm(?! ?20)"), "H2"),
    (re.compile(rf"{QUARTER}(?!\s*(?:/|-|,)?\s*(?:năm )?20)"), "Q{quarter}"),
)
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


def find_periods(texts: list[str]) -> set[str]:
    """Codes of the reporting periods that titles name: "NĂM 2023" -> {"2023"}, "Quý I/2024" -> {"2024-Q1"}."""
    found = {code for text in texts for code in _periods_in(text)}
    parts = {part for text in texts for part in _parts_in(text)}
    years = {code for code in found if len(code) == 4}
    if len(parts) == len(years) == 1:
        (part,), (year,) = parts, years
        return {f"{year}-{part}"} | (found - years)
    return found


def _periods_in(text: str) -> set[str]:
    rest, found = plainly(text), set()
    for pattern, code in PERIODS:
        for match in pattern.finditer(rest) if code else ():
            found.add(_coded(code, match))
        rest = pattern.sub(" ", rest)
    return found


def _parts_in(text: str) -> set[str]:
    return {_coded(code, match) for pattern, code in PARTS for match in pattern.finditer(plainly(text))}


def _coded(code: str, match: re.Match[str]) -> str:
    named = match.groupdict(default="")
    quarter = ROMAN.get(named.get("quarter", ""), named.get("quarter", ""))
    return code.format(year=named.get("year", ""), quarter=quarter, half=named.get("half", "").upper())
