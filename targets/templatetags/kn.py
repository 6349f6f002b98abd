"""How numbers, days and states look on every page: filters, icons and the small components. Built in to templates."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache, lru_cache, partial

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from heroicons.templatetags.heroicons import heroicon_mini

from targets.models import Plan
from targets.models.days import spell_day
from targets.models.soundness import faults

register = template.Library()

NONE = "—"
POINTS_AND_COMMAS = str.maketrans(",.", ".,")
MINUS, NBSP = "\u2212", "\u00a0"  # U+202F, the usual narrow space before %, is missing from the font

ICONS = {
    "alarm": "bell-alert",
    "ask": "question-mark-circle",
    "calendar": "calendar",
    "check": "check",
    "check-circle": "check-circle",
    "changed": "pencil-square",
    "chevron": "chevron-down",
    "clip": "paper-clip",
    "clock": "clock",
    "comment": "chat-bubble-left-ellipsis",
    "dash": "minus",
    "document": "document-text",
    "done": "check-circle",
    "down": "arrow-trending-down",
    "download": "arrow-down-tray",
    "draft": "pencil",
    "empty": "minus-circle",
    "err": "x-circle",
    "error": "x-circle",
    "eye": "eye",
    "inbox": "inbox",
    "info": "information-circle",
    "lock": "lock-closed",
    "locked": "lock-closed",
    "menu": "bars-3",
    "new": "plus-circle",
    "ok": "check-circle",
    "person": "user",
    "print": "printer",
    "return": "arrow-uturn-left",
    "same": "minus",
    "send": "paper-airplane",
    "skipped": "minus-circle",
    "sheet": "table-cells",
    "upload": "arrow-up-tray",
    "warn": "exclamation-triangle",
    "warning": "exclamation-triangle",
}
# Report status: (class, icon, word). Always icon and word, never colour alone.
STATUSES = {
    "none": ("s-chua", "empty", "Chưa nộp"),
    "draft": ("s-nhap", "draft", "Nháp"),
    "submitted": ("s-nop", "send", "Đã nộp"),
    "returned": ("s-tra", "return", "Trả lại"),
    "approved": ("s-duyet", "check-circle", "Đã duyệt"),
    "overdue": ("s-han", "alarm", "Quá hạn"),
}
# Pace: (class, mark, word). The marks are shapes that stay apart in grey.
PACES = {
    "far_below": ("p-rat", "▼", "Chậm nhiều"),
    "below": ("p-cham", "▽", "Chậm"),
    "on": ("p-dung", "✓", "Đúng lộ trình"),
    "above": ("p-vuot", "▲", "Vượt lộ trình"),
    "none": ("p-na", "–", "Chưa có số liệu"),
}


@register.filter
@lru_cache(maxsize=8192)
def vi(number: Decimal | float | None, decimals: int | None = None) -> str:
    """1234.5 -> "1.234,5". `decimals` fixes their number; without it there are as many as needed. None -> a dash."""
    if number is None or number == "":
        return NONE
    value = Decimal(str(number))
    if decimals is not None:
        value = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{value + 0:,f}"  # + 0: no minus before a zero
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS).translate(POINTS_AND_COMMAS)


@register.filter
def raw(number: Decimal | None) -> str:
    """For a script to compute with: 1234.50 -> "1234.5", nothing -> ""."""
    return "" if number is None else f"{Decimal(number).normalize():f}"


@register.filter
def percent(number: Decimal | None) -> str:
    """89.96 -> "89,9 %". Cut, not rounded: what has not reached 90 % must not be printed as 90 % (R11)."""
    if number is None or number == "":
        return NONE
    return f"{vi(Decimal(str(number)).quantize(Decimal('0.1'), ROUND_DOWN), 1)}{NBSP}%"


@register.filter
def whole_percent(number: Decimal | None) -> str:
    """For narrow screens: 89.96 -> "89 %", cut as well."""
    return NONE if number is None else f"{vi(Decimal(number).quantize(Decimal(1), ROUND_DOWN))}{NBSP}%"


@register.filter
def signed(number: Decimal | float | None) -> str:
    """A difference: 46 -> "+46", -38 -> "−38" with a true minus sign, 0 -> "0"."""
    text = vi(number)
    return f"+{text}" if number is not None and number > 0 else text


@register.filter
def points(number: Decimal | None) -> str:
    """A difference of two rates, downwards so as never to flatter: 2.64 -> "+2,6 điểm %", -0.04 -> "−0,1 điểm %"."""
    if number is None:
        return NONE
    return f"{signed(Decimal(number).quantize(Decimal('0.1'), ROUND_FLOOR))} điểm{NBSP}%"


@register.filter
def whole_gap(number: Decimal | None) -> str:
    """A distance to a pace in whole people or things, downwards so as never to flatter: -38.6 -> "−39"."""
    return NONE if number is None else signed(Decimal(number).quantize(Decimal(1), ROUND_FLOOR))


@register.filter
def floored(number: Decimal | None) -> str:
    """In whole people or things, downwards: a forecast of 799.75 has not reached 800."""
    return NONE if number is None else vi(Decimal(number).quantize(Decimal(1), ROUND_FLOOR))


@register.filter
def ceiled(number: Decimal | None) -> str:
    """What is still needed in whole people or things, upwards: 62.2 a period are 63."""
    return NONE if number is None else vi(Decimal(number).quantize(Decimal(1), ROUND_CEILING))


@register.filter
def points_needed(number: Decimal | None) -> str:
    """What a rate still needs, upwards: 0.44 -> "0,5 điểm %"."""
    return NONE if number is None else f"{vi(Decimal(number).quantize(Decimal('0.1'), ROUND_CEILING))} điểm{NBSP}%"


@register.filter
def ngay(day: dt.date | dt.datetime | None) -> str:
    """A day as officials write it, in Cao Bằng: "01/7/2024"."""
    if not day:
        return NONE
    return spell_day(timezone.localtime(day).date() if isinstance(day, dt.datetime) else day)


@register.filter
def gio(moment: dt.datetime | None) -> str:
    """A moment in Cao Bằng: "16:40, 22/7/2024"."""
    return f"{timezone.localtime(moment):%H:%M}, {ngay(moment)}" if moment else NONE


@register.simple_tag
@cache
def icon(meaning: str) -> SafeString:
    """The picture for a meaning; words beside it say the same, so screen readers skip it."""
    return heroicon_mini(ICONS[meaning], size=16, **{"class": "bi"})


@register.inclusion_tag("admin/faults.html")
def plan_faults() -> dict[str, object]:
    """What does not hold together in each plan's promises, for the administrator; plans without fault are left out."""
    found = ((plan, faults(plan)) for plan in Plan.objects.all())
    return {"found": [(plan, here) for plan, here in found if here]}


@register.inclusion_tag("components/steps.html")
def steps(current: int, *words: str, **links: str) -> dict[str, object]:
    """Where one is in a sequence; `current` counts from 1. `link2`: where the second leads back to, once it is done."""
    done = [(n, word, n < current and links.get(f"link{n}", "")) for n, word in enumerate(words, 1)]
    return {"current": current, "steps": done, "last": len(words)}


@register.inclusion_tag("components/status_chip.html")
def status_chip(key: str) -> dict[str, str]:
    """How a report stands: none, draft, submitted, returned, approved, overdue."""
    css, picture, word = STATUSES[key]
    return {"css": css, "picture": picture, "word": word}


@register.inclusion_tag("components/pace_chip.html")
def pace_chip(key: str | None) -> dict[str, str]:
    """How far an indicator is from its pace: far_below, below, on, above; None or "none" without figures."""
    css, mark, word = PACES[key or "none"]
    return {"css": css, "mark": mark, "word": word}


@register.filter
def pace_class(key: str | None) -> str:
    return PACES[key or "none"][0]


@register.filter
def pace_mark(key: str | None) -> str:
    return PACES[key or "none"][1]


@register.filter
def pace_word(key: str | None) -> str:
    return PACES[key or "none"][2]


@register.simple_tag
def paces() -> tuple[str, ...]:
    """All there are, for a legend."""
    return tuple(PACES)


@register.inclusion_tag("components/bullet.html")
def bullet(reached: Decimal | None, pace: Decimal | None, size: str = "") -> dict[str, object]:
    """Percent of the target reached, with where the pace stands, on a scale of 0 to 110 for every row.

    Beyond the scale the bar ends in an arrow: 590 % neither breaks the drawing nor looks like 110 (R11).
    """
    return {
        "size": size,
        "reached": reached,
        "pace": pace,
        "width": on_scale(reached),
        "tick": None if pace is None else on_scale(pace),
        "beyond": reached is not None and reached > SCALE,
    }


SCALE = 110


@register.filter
def on_scale(value: Decimal | None) -> str:
    """As an SVG attribute: with a dot, whatever the language of the page."""
    return f"{min(max(float(value or 0), 0), SCALE):.2f}"


@register.filter
def of_key(found, key):
    """What stands under a key; None where nothing does."""
    return found.get(key) if found else None


@register.simple_tag
def source_of(filters, code: str, unit_pk: int | None = None) -> str:
    """The page with everything a number is made of (R13), in the same view."""
    unit = "" if unit_pk is None else f"&don_vi={unit_pk}"
    return f"{_figure_page()}?{filters.query}&chi_tieu={code}{unit}"


_figure_page = cache(partial(reverse, "progress:figure"))  # asked for with every number of a page


WIDE, HIGH = 120, 32  # of a sparkline, in its own units


@register.inclusion_tag("components/sparkline.html")
def sparkline(trend) -> dict[str, object]:
    """How a number moved, with its pace dotted: no axes, both on one scale from zero."""
    known = [(n, point) for n, point in enumerate(trend.points) if point.level is not None]
    paced = [(n, point.expected) for n, point in enumerate(trend.points) if point.expected is not None]
    top = max([point.level for _, point in known] + [value for _, value in paced], default=None)
    if len(known) < 2 or not top:
        return {"reached": ""}
    last = len(trend.points) - 1
    reached = [_spot(n, point.level, last, top) for n, point in known]
    return {
        "reached": " ".join(reached),
        "pace": " ".join(_spot(n, value, last, top) for n, value in paced),
        "end": reached[-1].split(","),
        "first": known[0][1],
        "last": known[-1][1],
    }


def _spot(n: int, value: Decimal, last: int, top: Decimal) -> str:
    return f"{3 + n * (WIDE - 6) / last:.1f},{HIGH - 3 - float(value / top) * (HIGH - 6):.1f}"
