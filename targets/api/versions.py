"""When an answer still holds: ETags, of the content where it is cheap, of what it is counted from where it is not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from agencies.models import Agency, AgencySuccession, Unit, UnitSuccession
from targets.models import ApprovedFigure, CountingOwner, Duty, Indicator, Measure, Period, Plan, ReportEvent, Target

Made = dict[str, object]
APPS = [Path(__file__).parents[2] / name for name in ("agencies", "targets")]


def answer(request: HttpRequest, make: Callable[[], Made], version: str = "") -> HttpResponse:
    """What `make` gives as JSON, or 304. With a `version` a client that has it already is told without making it."""
    tag = quote_etag(version) if version else ""
    if tag and (known := get_conditional_response(request, etag=tag)):
        known["ETag"] = tag
        return known
    content = json.dumps(make(), ensure_ascii=False, allow_nan=False).encode()
    tag = tag or quote_etag(hashlib.sha256(content).hexdigest())
    response = HttpResponse(content, content_type="application/json", headers={"ETag": tag})
    return get_conditional_response(request, etag=tag, response=response)


def data_version(plan: Plan, *, provisional: bool = False) -> str:
    """Another one whenever anything was written that `plan`'s figures are counted from; a fixed number of queries.

    The ledger and the events only ever grow, so their ends and sizes stand for all of them. The reference tables are
    small and may change in any way: they are read whole. A new release may count differently, so it is part of it.
    """
    digest = hashlib.sha256(release().encode())
    for part in (*_growing(plan, provisional=provisional), *map(_whole, _reference(plan))):
        digest.update(repr(part).encode())
    return digest.hexdigest()


@cache
def release() -> str:
    """The code that counts, by its content."""
    digest = hashlib.sha256()
    for app in APPS:
        for source in sorted(app.rglob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()


def _growing(plan: Plan, *, provisional: bool) -> Iterator[dict[str, object]]:
    ledger = ApprovedFigure.objects.filter(period__plan=plan)
    yield ledger.aggregate(
        Count("pk"), Max("pk"), Max("approved_at"), ceased=Count("superseded_at"), last=Max("superseded_at")
    )
    events = ReportEvent.objects.filter(report__period__plan=plan)
    if not provisional:  # drafts and submissions move nothing then
        events = events.filter(verb=ReportEvent.Verb.APPROVE)
    yield events.aggregate(Count("pk"), Max("pk"), Max("at"))


def _reference(plan: Plan) -> tuple[QuerySet, ...]:
    return (
        Plan.objects.filter(pk=plan.pk),
        plan.indicators.all(),
        Indicator.numerator.through.objects.filter(indicator__plan=plan),
        Indicator.denominator.through.objects.filter(indicator__plan=plan),
        Measure.objects.filter(plan=plan),
        CountingOwner.objects.filter(measure__plan=plan),
        Target.objects.filter(indicator__plan=plan),
        Period.objects.filter(plan=plan),
        Duty.objects.filter(plan=plan),
        Unit.objects.all(),
        UnitSuccession.objects.all(),
        Agency.objects.all(),
        AgencySuccession.objects.all(),
    )


def _whole(rows: QuerySet) -> list[tuple]:
    return list(rows.order_by("pk").values_list())
