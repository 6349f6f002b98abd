"""What stands behind a page's numbers that the reader may open: reports and files, by the rules of their own pages."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.template import Library
from django.utils.safestring import SafeString, mark_safe

from agencies.models import Agency, Unit, UnitSuccession, User
from targets.models import ImportBatch, Plan, Report

register = Library()  # `{% load reach %}`, see settings: for a page that is made for one reader
OPENS = re.compile(r'<a data-opens="(report|file):([0-9]+)"([^>]*)>(.*?)</a>', re.DOTALL)


@register.filter("within_reach")
def links_within_reach(html: str, user: User) -> SafeString:
    """HTML as this person may have it: a link marked `data-opens` to what is out of reach becomes its own text.

    `html` is what a template made, the same for everyone; one query for the reports linked, one for the files.
    """
    marked = {"report": set(), "file": set()}
    for what, pk, *_ in OPENS.findall(html):
        marked[what].add(int(pk))
    within = {"report": reports_within_reach(user, marked["report"]), "file": files_within_reach(user, marked["file"])}

    def link(found: re.Match[str]) -> str:
        what, pk, attributes, text = found.groups()
        return f"<a{attributes}>{text}</a>" if int(pk) in within[what] else text

    return mark_safe(OPENS.sub(link, html))  # nosec B308  # a template escaped it, and only links are taken away


def reports_within_reach(user: User, asked: Collection[int]) -> frozenset[int]:
    """Of those reports. No query where there is none."""
    if not asked:
        return frozenset()
    return frozenset(Report.objects.visible_to(user).filter(pk__in=asked).values_list("pk", flat=True))


def files_within_reach(user: User, sent: Collection[int]) -> frozenset[int]:
    """Of those files; a leader opens none (targets.imports keeps that rule). No query where there is none."""
    if not sent or user.role == User.Role.LEADER:
        return frozenset()
    return frozenset(ImportBatch.objects.visible_to(user).filter(pk__in=sent).values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Territory:
    """A unit, what it came from and what came of it, who reports from it, and their reports within reach."""

    unit: Unit
    came_from: tuple[UnitSuccession, ...]
    became: tuple[UnitSuccession, ...]
    agencies: tuple[Agency, ...]
    reports: tuple[Report, ...]


def territory(unit: Unit, plan: Plan, user: User) -> Territory:
    reports = Report.objects.visible_to(user).of_plan(plan).filter(agency__unit=unit)
    return Territory(
        unit=unit,
        came_from=tuple(unit.took_over_from.select_related("predecessor")),
        became=tuple(unit.succeeded_by.select_related("successor")),
        agencies=tuple(unit.agencies.all()),
        reports=tuple(reports.with_names().newest_period_first()),
    )
