"""What a number is made of (R13), as every figure carries it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from targets.totals.counting import Row


@dataclass(frozen=True, slots=True)
class UnitPortion:
    """The share (1 = whole) of a territory's number that a unit of a view has; `exact` where that is no estimate."""

    unit: str
    share: Fraction
    exact: bool


@dataclass(frozen=True, slots=True)
class Sources:
    """What a number is made of (R13), so that nothing has to be counted again to explain it.

    `rows` name territory, agency, report, period and ledger entry; `carried` are units shown with an earlier period's
    number, `missing` those that have none.
    """

    rows: tuple[Row, ...] = field(default=(), compare=False)  # of a number from the totals, what they tell of them
    portions: tuple[UnitPortion, ...] = ()
    carried: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    corrected: bool = False  # a correction after approval changed the number, or took a figure away (R10)

    @property
    def reports(self) -> tuple[int, ...]:
        return tuple(sorted({row.report for row in self.rows}))

    @property
    def periods(self) -> tuple[str, ...]:
        return tuple(sorted({row.period for row in self.rows}))

    @property
    def territories(self) -> frozenset[int]:
        return frozenset(row.territory for row in self.rows)

    @property
    def estimated(self) -> tuple[UnitPortion, ...]:
        return tuple(portion for portion in self.portions if not portion.exact)


NO_SOURCES = Sources()
