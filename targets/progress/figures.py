"""What a dashboard, a file or the JSON says about a plan at a period: finished numbers, nothing left to compute."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from targets.models.numbers import json_number

from .forecast import NO_OUTLOOK, Outlook
from .sources import NO_SOURCES, Sources

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
    """One unit at one indicator. None is no data, never 0 (R2). `percent` is of the base.

    In the period: a count of flows has `in_period`, what happened; all else stands at the period's end, and
    `change_since_previous` is how it moved since the day before the period began, in percentage points for a ratio.
    Both are None where the period brought no report.
    """

    code: str = ""  # of the indicator
    reached: Decimal | None = None
    base: Decimal | None = None
    percent: Decimal | None = None
    in_period: Decimal | None = None
    target: Decimal | None = None
    percent_of_target: Decimal | None = None
    expected: Decimal | None = None
    pace: str | None = None
    short_of_pace: Decimal | None = None  # in people or things; negative when ahead
    from_period: str | None = None
    change_since_previous: Decimal | None = None
    carried: bool = False
    approximate: bool = False
    absence: Absence | None = None
    sources: Sources = NO_SOURCES

    @property
    def expected_percent_of_target(self) -> Decimal | None:
        return self.expected * 100 / self.target if self.target and self.expected is not None else None

    @property
    def is_missing(self) -> bool:
        """Something was asked of the unit and no number of it counts, here or elsewhere."""
        return self.absence in (Absence.NO_DATA, Absence.NO_BASE, Absence.NO_PART)

    @property
    def level(self) -> Decimal | None:
        """What is held against the target: a ratio's percentage, or the count."""
        return self.reached if self.base is None else self.percent

    @property
    def shown_percent(self) -> Decimal | None:
        """A ratio shows its own percentage, a count that of its allocated target."""
        return self.percent if self.base is not None else self.percent_of_target


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A territory with its figures, in the order of the indicators."""

    unit_pk: int
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
class National:
    """What the whole country shall reach by a day; shown beside, the province is not measured against it."""

    due_on: dt.date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Short:
    """A unit and by how many people or things it is behind its own pace."""

    unit_code: str
    short_name: str
    by: Decimal


@dataclass(frozen=True, slots=True)
class IndicatorFigure:
    """An indicator for the whole province. `target` is the last of the day's phase; percentages are unrounded.

    `in_period` and `change_since_previous` as for a unit.
    `closers`: the units that would bring the province to its pace if they came to theirs.
    """

    code: str
    name: str
    short_name: str
    unit_of_measure: str
    is_ratio: bool
    falling: bool  # the lower the better
    reached: Decimal | None
    base: Decimal | None
    percent: Decimal | None
    in_period: Decimal | None
    target: Decimal | None
    target_due_on: dt.date | None
    percent_of_target: Decimal | None
    short_of_target: Decimal | None  # in people or things; negative beyond it
    expected: Decimal | None
    expected_percent_of_target: Decimal | None
    pace: str | None
    gap: Decimal | None
    change_since_previous: Decimal | None = None
    outlook: Outlook = NO_OUTLOOK
    closers: tuple[Short, ...] = ()
    national: tuple[National, ...] = ()
    reference: tuple[Reference, ...] = ()
    sources: Sources = NO_SOURCES

    @property
    def level(self) -> Decimal | None:
        """What is held against the target: a ratio's percentage, or the count."""
        return self.percent if self.is_ratio else self.reached

    @property
    def is_on_pace(self) -> bool:
        return self.pace in ("on", "above")

    @property
    def forecast(self) -> Decimal | None:
        """What will stand at the target's day if the last periods go on (R12); percent for a ratio."""
        return self.outlook.forecast and self.outlook.forecast.value

    @property
    def forecast_gap(self) -> Decimal | None:
        """The forecast less the target."""
        return None if self.forecast is None else self.forecast - self.target

    @property
    def forecast_short(self) -> Decimal | None:
        """By how much the forecast misses the target; negative when it is beyond."""
        return None if self.forecast is None else self.target - self.forecast


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
    districts: int  # how many units each of the other views has
    communes: int
    last_approved_at: dt.datetime | None

    @property
    def on_pace(self) -> int:
        return sum(indicator.is_on_pace for indicator in self.indicators)

    @property
    def with_target(self) -> int:
        """How many indicators the province has a target for, so that a pace can be spoken of."""
        return sum(indicator.target is not None for indicator in self.indicators)

    @property
    def to_do(self) -> list[IndicatorFigure]:
        """Those whose target is not reached yet while periods are left, or whose gap certain units could close."""
        return [i for i in self.indicators if i.outlook.needed or i.closers]

    @property
    def is_estimated(self) -> bool:
        """Whether the view shows numbers under units that did not report them."""
        return any(figure.approximate for row in self.rows for figure in row.figures)

    @property
    def is_carried(self) -> bool:
        """Whether some unit's number is that of an earlier period."""
        return any(indicator.sources.carried for indicator in self.indicators)

    @property
    def has_reference(self) -> bool:
        """Whether somebody else reported on an indicator's measure (R7)."""
        return any(indicator.reference for indicator in self.indicators)

    @property
    def is_corrected(self) -> bool:
        return any(indicator.sources.corrected for indicator in self.indicators)

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
    """Decimals as JSON numbers; words and marks as they are."""
    return json_number(value) if isinstance(value, Decimal) else value
