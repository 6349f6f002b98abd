"""The figures as sentences of an official report, in the words of the dashboard and cut as it cuts them (R11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from targets.models.numbers import say
from targets.models.words import lower_first
from targets.progress.breakdown import Breakdown
from targets.progress.figures import IndicatorFigure, Progress
from targets.progress.trend import Trend
from targets.templatetags.kn import NBSP, PACES, ceiled, floored, ngay, percent, points, points_needed, vi, whole_gap

from .paper import CORRECTED
from .printed import NO_BASE, NO_DATA


def standing(one: IndicatorFigure, found: Progress) -> str:
    """What was reached by the period's end, of which target, and how that compares with the pace."""
    if one.reached is None:
        return f"{NO_DATA}."
    said = [f"Đến {ngay(found.day)}: {reached(one)}"]
    if one.target is not None:
        goal = f"{target(one)} đến {ngay(one.target_due_on)}"
        said.append(f"mục tiêu {goal}" if one.is_ratio else f"đạt {percent(one.percent_of_target)} mục tiêu ({goal})")
    if one.pace:
        said.append(pace(one))
    text = f"{', '.join(said)}."
    return f"{text} {CORRECTED}." if one.sources.corrected else text


def reached(one: IndicatorFigure) -> str:
    """ "600 người", "89,3 % (126/141 cán bộ)"."""
    if not one.is_ratio:
        return f"{vi(one.reached)} {one.unit_of_measure}"
    of = f"({vi(one.reached)}/{vi(one.base)} {one.unit_of_measure})"
    return f"{lower_first(NO_BASE) if one.percent is None else percent(one.percent)} {of}"


def target(one: IndicatorFigure) -> str:
    return f"{vi(one.target)}{NBSP}%" if one.is_ratio else f"{vi(one.target)} {one.unit_of_measure}"


def pace(one: IndicatorFigure) -> str:
    """ "vượt lộ trình", "chậm nhiều so với lộ trình"."""
    word = PACES[one.pace][2].lower()
    return word if "lộ trình" in word else f"{word} so với lộ trình"


def news(one: IndicatorFigure, trend: Trend) -> str:
    """What the period brought, beside the one before and the same one a year earlier; empty without news."""
    if one.in_period is not None:
        before = [
            f"{name} {vi(value)}"
            for name, value in (("kỳ trước", trend.previous), ("cùng kỳ năm trước", trend.year_before))
            if value is not None
        ]
        beside = f" ({'; '.join(before)})" if before else ""
        return f"Trong kỳ: {vi(one.in_period)} {one.unit_of_measure}{beside}."
    if one.change_since_previous is None:
        return ""
    moved = points(one.change_since_previous) if one.is_ratio else whole_gap(one.change_since_previous)
    return f"So với đầu kỳ: {moved}."


def parts(found: Breakdown) -> str:
    """What adds up to a number, or the groups in it; a part that nobody reported is said to be unknown (R2)."""
    named = [f"{lower_first(one.name)}: {say(one.number)}" for one in found.shares]
    if not found.is_partition:
        return f"Trong đó (một người có thể thuộc nhiều nhóm): {'; '.join(named)}."
    if found.over:
        named.append(f"các phần nhiều hơn tổng {vi(found.over)}, do lấy từ các báo cáo khác nhau")
    elif found.rest:
        named.append(f"chưa phân loại: {vi(found.rest)}")
    return f"Chia ra: {'; '.join(named)}."


def good(found: Progress) -> str:
    """What goes as it should."""
    if not found.with_target:
        return "Tỉnh chưa giao mục tiêu nên chưa so được với lộ trình."
    names = _names(one for one in found.indicators if one.is_on_pace)
    text = f"{found.on_pace}/{found.with_target} chỉ tiêu đúng hoặc vượt lộ trình"
    return f"{text}: {names}." if names else f"{text}."


def lagging(found: Progress) -> list[str]:
    """A sentence for each indicator behind its pace, the furthest behind first; then who has not reported."""
    said = [f"{one.code}. {one.short_name}: {pace(one)} ({_gap(one)})." for one in found.behind]
    reported = f"{vi(found.units_with_figures)}/{vi(found.units_expected)} đơn vị có số kỳ này"
    missing = f"; {len(found.missing)} cơ quan chưa có báo cáo được tính (Phụ lục)" if found.missing else ""
    return [*said, f"{reported}{missing}."]


def _gap(one: IndicatorFigure) -> str:
    return points(one.gap) if one.is_ratio else f"{whole_gap(one.gap)} {one.unit_of_measure}"


def to_do(one: IndicatorFigure) -> str:
    """How much every period that is left has to bring; empty where nothing is needed any more."""
    if not one.outlook.needed:
        return ""
    more = one.outlook.needed
    each = f"tăng {points_needed(more)}" if one.is_ratio else f"{ceiled(more)} {one.unit_of_measure}"
    short = f"{ceiled(one.short_of_target)} {one.unit_of_measure}"
    return f"{one.code}. {one.short_name}: còn thiếu {short}; cần {each} mỗi kỳ trong {one.outlook.left} kỳ còn lại."


def ahead(one: IndicatorFigure) -> str:
    """The forecast at the target's day; empty where there is none."""
    if one.outlook.forecast is None or not one.outlook.left or one.target is None:
        return ""
    value = percent(one.forecast) if one.is_ratio else f"{floored(one.forecast)} {one.unit_of_measure}"
    steps = f"bình quân {one.outlook.forecast.steps} kỳ gần nhất, chỉ để tham khảo"
    return f"Dự báo đến {ngay(one.target_due_on)}: {value} ({steps})."


def _names(indicators: Iterable[IndicatorFigure]) -> str:
    found: Sequence[str] = [f"{one.code} ({lower_first(one.short_name)})" for one in indicators]
    return ", ".join(found)
