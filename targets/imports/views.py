"""Workbooks in: upload, look, confirm. Nothing is written to a report before it is confirmed."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from targets.models import ImportBatch
from targets.reports.workflow import NotAllowed

from . import staging
from .assessment import assess
from .forms import UploadForm
from .preview import preview as preview_of


def _check_may_import(request: HttpRequest) -> None:
    """The province's officers and administrators send workbooks for all units."""
    if not (request.user.is_reviewer or request.user.is_admin):
        raise PermissionDenied


def upload(request: HttpRequest) -> HttpResponse:
    """Choose a workbook; it is read at once and shown before anything is written."""
    _check_may_import(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        asked = form.cleaned_data
        found = assess(content, file.name, plan=asked["plan"], period=asked["period"], sheet=asked["sheet"] or None)
        return redirect("imports:preview", staging.stage(found, content, by=request.user).pk)
    recent = ImportBatch.objects.visible_to(request.user).newest_first()[:5]
    return render(request, "imports/upload.html", {"form": form, "recent": recent}, status=422 if form.errors else 200)


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Every cell of the file beside what is stored; after confirming, what was written."""
    _check_may_import(request)
    return render(request, "imports/preview.html", preview_of(_in_scope(request, pk)))


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the file's figures into draft reports."""
    _check_may_import(request)
    batch = _in_scope(request, pk)
    try:
        staging.confirm(batch, by=request.user)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect("imports:preview", pk)


def _in_scope(request: HttpRequest, pk: int) -> ImportBatch:
    return get_object_or_404(ImportBatch.objects.visible_to(request.user).newest_first(), pk=pk)
