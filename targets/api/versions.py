"""When an answer still holds: ETags, of the content where it is cheap, of what it is counted from where it is not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from agencies.models import Agency, AgencySuccession, Unit, UnitSuccession
from targets.models import CountingOwner, Duty, Indicator, Measure, Period, Plan, Target
from targets.models.revision import release

Made = dict[str, object]


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


def data_version(plan: Plan) -> str:
    """Another one whenever anything was written that `plan`'s figures are counted from; a fixed number of queries.

    The plan's revision stands for its reports. The reference tables are small and may change in any way, by hand too:
    they are read whole. A new release may count differently, so it is part of it.
    """
    digest = hashlib.sha256(release().encode())
    for rows in _reference(plan):
        digest.update(repr(_whole(rows)).encode())
    return digest.hexdigest()


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
