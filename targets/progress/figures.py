"""What a dashboard, a file or the JSON says about a plan at a period: finished numbers, nothing left to compute."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

PROVINCE_ROW = "Cấp tỉnh, sở ngành"


class Absence(StrEnum):
    """Why a unit has no number at an indicator, in the words a cell shows. None of them is 0 (R2)."""

    NO_DATA = "Chưa có số liệu"
    NO_BASE = "Chưa có mẫu số"
    NO_PART = "Mới có mẫu số"
    NOT_ASKED = "Không giao chỉ tiêu"
    WAITING = "Đang tính ở đơn vị cũ"
    HANDED_ON = "Tính ở đơn vị mới"


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """One territory at one indicator. None is no data, never 0 (R2). `percent` is of the base, or of the target."""

    reached: Decimal | None = None
    base: Decimal | None = None
    percent: Decimal | None = None
    target: Decimal | None = None
    percent_of_target: Decimal | None = None
    expected: Decimal | None = None
    pace: str | None = None
    from_period: str | None = None
    carried: bool = False
    approximate: bool = False
    absence: Absence | None = None
    reports: tuple[int, ...] = ()

    @property
    def shown_percent(self) -> Decimal | None:
        """A ratio shows its own percentage, a count that of its allocated target."""
        return self.percent if self.base is not None else self.percent_of_target


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A territory with its figures, in the order of the indicators."""

    unit_code: str
    unit: str
    short_name: str
    ended: bool
    is_province: bool
    figures: tuple[UnitFigure, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """What an agency that is no counting owner reported on an indicator's measure: shown beside, never added (R7)."""

    agency: str
    measure: str
    reached: Decimal


@dataclass(frozen=True, slots=True)
class IndicatorFigure:
    """An indicator for the whole province. `target` is the last dated one; percentages are unrounded."""

    code: str
    name: str
    short_name: str
    unit_of_measure: str
    is_ratio: bool
    reached: Decimal | None
    base: Decimal | None
    percent: Decimal | None
    target: Decimal | None
    target_due_on: dt.date | None
    percent_of_target: Decimal | None
    expected: Decimal | None
    expected_percent_of_target: Decimal | None
    pace: str | None
    gap: Decimal | None
    forecast: None = None
    reference: tuple[Reference, ...] = ()

    @property
    def is_on_pace(self) -> bool:
        return self.pace in ("on", "above")


@dataclass(frozen=True, slots=True)
class Missing:
    """An agency that owes the period's report and has no approved one."""

    agency: str
    unit_code: str


@dataclass(frozen=True, slots=True)
class Progress:
    plan: str
    period: str
    period_name: str
    day: dt.date
    as_of: dt.datetime | None
    by: str
    provisional: bool
    indicators: tuple[IndicatorFigure, ...]
    rows: tuple[UnitRow, ...]
    missing: tuple[Missing, ...]
    units_with_figures: int
    units_expected: int
    last_approved_at: dt.datetime | None

    @property
    def on_pace(self) -> int:
        return sum(indicator.is_on_pace for indicator in self.indicators)

    @property
    def behind(self) -> list[IndicatorFigure]:
        """Those that need attention, the furthest behind first."""
        order = ("far_below", "below")
        return sorted((i for i in self.indicators if i.pace in order), key=lambda i: order.index(i.pace))

    @property
    def living_rows(self) -> list[UnitRow]:
        return [row for row in self.rows if not row.ended]

    @property
    def ended_rows(self) -> list[UnitRow]:
        return [row for row in self.rows if row.ended]

    def as_json(self) -> dict[str, object]:
        """The shape of `manage.py progress --json` (DESIGN §8): whole numbers as integers, None as null."""
        return {
            "plan": self.plan,
            "period": self.period,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "by": self.by,
            "indicators": [self._indicator_json(place, i) for place, i in enumerate(self.indicators)],
            "missing": [{"agency": m.agency, "unit_code": m.unit_code} for m in self.missing],
        }

    def _indicator_json(self, place: int, indicator: IndicatorFigure) -> dict[str, object]:
        numbers = ("reached", "base", "percent", "target", "percent_of_target", "pace", "expected", "forecast")
        return {
            "code": indicator.code,
            **{name: _plain(getattr(indicator, name)) for name in numbers},
            "units": [
                _unit_json(row, row.figures[place]) for row in self.rows if row.figures[place].reached is not None
            ],
            "reference": [
                {"agency": r.agency, "measure": r.measure, "reached": _plain(r.reached)} for r in indicator.reference
            ],
        }


def _unit_json(row: UnitRow, figure: UnitFigure) -> dict[str, object]:
    numbers = ("reached", "base", "percent", "target", "from_period", "approximate")
    return {
        "unit_code": row.unit_code,
        "unit": row.unit,
        **{name: _plain(getattr(figure, name)) for name in numbers},
    }


def _plain(value: object) -> object:
    """Decimals as JSON numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
