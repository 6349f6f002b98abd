"""Whose paper it is: the two ways official papers begin and end, as data. Number, day and signer are left to be filled.

State bodies follow NĐ 30/2020/NĐ-CP; the Women's Union, no state body, has no national heading and a star for a rule.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from agencies.models.agency import AgencyKind

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
# NQ 203/2025/QH15: the Union belongs to the Fatherland Front.
UNDER_THE_FRONT_SINCE = dt.date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """`above`: the lines of the body it belongs to; `issuer`: its own. `speaker` as in a sentence."""

    place: str
    above: tuple[str, ...]
    issuer: tuple[str, ...]
    is_state: bool
    symbol: str
    speaker: str
    signs: tuple[str, ...]
    recipients: tuple[str, ...]


def letterhead(kind: str, province: str, day: dt.date) -> Letterhead:
    """Of the province's body of that kind, as it stood on the day; raises LookupError for a kind that has none."""
    return {AgencyKind.WOMENS_UNION: _union, AgencyKind.PEOPLES_COMMITTEE: _committee}[AgencyKind(kind)](province, day)


def _union(province: str, day: dt.date) -> Letterhead:
    front = ("ỦY BAN MTTQ VIỆT NAM", f"TỈNH {province.upper()}") if day >= UNDER_THE_FRONT_SINCE else ()
    return Letterhead(
        place=province,
        above=(*front, f"HỘI LHPN TỈNH {province.upper()}"),
        issuer=("BAN THƯỜNG VỤ",),
        is_state=False,
        symbol="BC-BTV",
        speaker=f"Ban Thường vụ Hội LHPN tỉnh {province}",
        signs=("TM. BAN THƯỜNG VỤ", "CHỦ TỊCH"),
        recipients=("Trung ương Hội LHPN Việt Nam", "UBND tỉnh"),
    )


def _committee(province: str, _day: dt.date) -> Letterhead:
    return Letterhead(
        place=province,
        above=(),
        issuer=("ỦY BAN NHÂN DÂN", f"TỈNH {province.upper()}"),
        is_state=True,
        symbol="BC-UBND",
        speaker=f"Ủy ban nhân dân tỉnh {province}",
        signs=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        recipients=("Trung ương Hội LHPN Việt Nam", "Hội LHPN tỉnh"),
    )
