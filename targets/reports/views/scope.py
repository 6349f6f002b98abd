"""What a person may fetch: another agency's report does not exist."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from targets.models import Report


def report_in_scope(request: HttpRequest, pk: int) -> Report:
    return get_object_or_404(Report.objects.visible_to(request.user).with_names(), pk=pk)
