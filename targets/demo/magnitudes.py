"""How large the invented numbers are, and how they spread over units and half-years. Pure; the same every time.

Yearly totals of the province and rough populations are of realistic size (DOMAIN §2.4); which district did what is
invented.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from decimal import Decimal

# Of the whole province, by year: women supported, groups founded, units advised.
FLOWS = {
    2018: (78, 2, 8),
    2019: (104, 4, 12),
    2020: (71, 3, 9),
    2021: (83, 3, 10),
    2022: (118, 5, 16),
    2023: (131, 6, 19),
    2024: (142, 7, 22),
    2025: (96, 4, 15),
}
# Inhabitants of 2019, in thousands; those of the 13 units until March 2020 add up to the 10 after.
WEIGHTS = {
    "thanh-pho-cao-bang": 73.5,
    "huyen-bao-lam": 65.0,
    "huyen-bao-lac": 54.4,
    "huyen-ha-quang": 59.5,
    "huyen-trung-khanh": 70.4,
    "huyen-ha-lang": 25.4,
    "huyen-quang-hoa": 66.6,
    "huyen-hoa-an": 52.8,
    "huyen-nguyen-binh": 39.6,
    "huyen-thach-an": 29.9,
}
BEFORE_2020 = {
    "huyen-ha-quang": {"huyen-ha-quang": 35.0, "huyen-thong-nong": 24.5},
    "huyen-trung-khanh": {"huyen-trung-khanh": 48.0, "huyen-tra-linh": 22.4},
    "huyen-quang-hoa": {"huyen-quang-uyen": 43.0, "huyen-phuc-hoa": 23.6},
}
# At the end of the first and of the last half-year; a straight line between. The last shares lie above the known close
# (93.5 % and 71.8 %), which the dashboard shows while three districts' communes have not all been approved.
MEMBERS = (86_000, 92_200)
MEMBERS_REACHED = (0.06, 0.738)
OFFICIALS = (2_050, 2_120)
OFFICIALS_TRAINED = (0.22, 0.957)
HALVES = 16


def weights_of_old_units() -> dict[str, float]:
    """The 13 units of before March 2020."""
    weights: dict[str, float] = {}
    for slug, weight in WEIGHTS.items():
        weights.update(BEFORE_2020.get(slug, {slug: weight}))
    return weights


def weights_of_communes(main_district: Mapping[str, str]) -> dict[str, float]:
    """Each district's weight spread evenly over its communes. `main_district`: commune slug -> district slug."""
    districts = list(main_district.values())
    return {commune: WEIGHTS[district] / districts.count(district) for commune, district in main_district.items()}


def spread(total: int, weights: Mapping[str, float], seed: str) -> dict[str, int]:
    """Hand out `total` women or groups at random, the heavier units more often; the parts add up exactly."""
    draw = random.Random(seed)
    parts = dict.fromkeys(weights, 0)
    for unit in draw.choices(list(weights), list(weights.values()), k=total):
        parts[unit] += 1
    return parts


def halves_of(year: int) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """A year's totals for its two halves, the second the fuller one."""
    first = tuple(total * 45 // 100 for total in FLOWS[year])
    return first, tuple(total - part for total, part in zip(FLOWS[year], first, strict=True))


def state_of(half: int, weights: Mapping[str, float]) -> dict[str, dict[str, int]]:
    """Officials and members of each unit at the end of half-year number `half` (0 to 15), never falling.

    Units differ by some points in how many they reached; together they stay on the province's line.
    """
    share = half / (HALVES - 1)
    total = sum(weights.values())
    luck = {unit: random.Random(unit).uniform(-0.06, 0.06) for unit in weights}
    mean = sum(luck[unit] * weight for unit, weight in weights.items()) / total
    return {unit: _reached(weight / total, share, luck[unit] - mean) for unit, weight in weights.items()}


def _reached(weight: float, share: float, luck: float) -> dict[str, int]:
    def line(ends: Sequence[float]) -> float:
        return ends[0] + (ends[1] - ends[0]) * share

    officials, members = round(line(OFFICIALS) * weight), round(line(MEMBERS) * weight)
    return {
        "CT1_TS": officials,
        "CT1_TH": round(officials * min(line(OFFICIALS_TRAINED) + luck * share, 1)),
        "CT2_TS": members,
        "CT2_TT": round(members * (line(MEMBERS_REACHED) + luck * share)),
    }


def officials_of(department: str) -> int:
    """Two to five, the same every year."""
    return random.Random(department).randint(2, 5)


def parts_of(women: int, groups: int, advised: int) -> dict[str, Decimal]:
    """The wholes with their parts: partitions add up, subsets overlap and stay within the whole."""
    start_ups, cooperatives, firms = women // 6, groups // 3, advised // 4
    advised_groups = (advised - firms) // 2
    numbers = {
        "CT3": women,
        "CT3_DTTS": women * 9 // 10,
        "CT3_HN": women * 4 // 10,
        "CT3_KT": women // 15,
        "CT3_KK": women // 2,
        "CT3_KSKD": women - start_ups,
        "CT3_KN": start_ups,
        "CT4": groups,
        "CT4_HTX": cooperatives,
        "CT4_THT": groups - cooperatives,
        "CT4_TLK": 0,
        "CT5": advised,
        "CT5_DN": firms,
        "CT5_HTX": advised_groups,
        "CT5_THT": advised - firms - advised_groups,
        "CT5_TLK": 0,
        "LOP": 1 + women // 3,
        "LUOT": 30 + women * 12,
    }
    return {code: Decimal(number) for code, number in numbers.items()} | {"VON": Decimal(women * 45) / 2}
