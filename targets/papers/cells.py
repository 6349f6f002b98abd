"""The figures as text in the tables of a document, as the dashboard shows them; absences in their own words (R2)."""

from __future__ import annotations

from targets.progress.figures import IndicatorFigure, UnitFigure
from targets.templatetags.kn import NBSP, NONE, PACES, percent, points, signed, vi

from .printed import NO_BASE, NO_DATA

CARRIED, CHANGED, ESTIMATED = "*", "†", f"≈{NBSP}"
KEY = f"{CARRIED} số kỳ trước; {ESTIMATED.strip()} ước tính; {CHANGED} đã đính chính"


def goal(one: IndicatorFigure) -> str:
    return f"{vi(one.target)}{NBSP}%" if one.is_ratio and one.target is not None else vi(one.target)


def news(one: IndicatorFigure) -> str:
    """What the period brought, or how what stands has moved."""
    if one.in_period is not None:
        return vi(one.in_period)
    return points(one.change_since_previous) if one.is_ratio else signed(one.change_since_previous)


def of_indicator(one: IndicatorFigure) -> str:
    """ "600", or "89,3 %" over "126/141"."""
    if one.reached is None:
        return NO_DATA
    return _ratio(one) if one.is_ratio else vi(one.reached)


def of_all(one: IndicatorFigure) -> str:
    """For the province's line of the table of units."""
    if one.reached is None or one.is_ratio or one.target is None:
        return of_indicator(one)
    return f"{percent(one.percent_of_target)}\n{vi(one.reached)}/{vi(one.target)}"


def of_unit(one: IndicatorFigure, figure: UnitFigure) -> str:
    """A ratio's percentage over its two numbers, a count's over what was allocated; then how it came about."""
    if figure.reached is None:
        return str(figure.absence)
    if one.is_ratio:
        text = _ratio(figure)
    elif figure.target is None:
        text = vi(figure.reached)
    else:
        text = f"{percent(figure.percent_of_target)}\n{vi(figure.reached)}/{vi(figure.target)}"
    marks = (CARRIED if figure.carried else "") + (CHANGED if figure.sources.corrected else "")
    return f"{ESTIMATED if figure.approximate else ''}{text}{marks}"


def pace(figure: IndicatorFigure) -> str:
    return PACES[figure.pace][2] if figure.pace else NONE


def _ratio(figure: IndicatorFigure | UnitFigure) -> str:
    rate = NO_BASE if figure.percent is None else percent(figure.percent)
    return f"{rate}\n{vi(figure.reached)}/{vi(figure.base)}"
