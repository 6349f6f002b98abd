"""Workbooks out: the one that was sent, the same with its errors marked, a template to fill in, all of a period."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from targets.imports.books.export import export as export_of
from targets.imports.books.template import template as template_of
from targets.imports.forms import DownloadForm
from targets.imports.pages import downloads

from .scope import batch_in_scope, for_importers

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@for_importers
def original(request: HttpRequest, pk: int) -> FileResponse:
    """The file as it came, always as a download."""
    batch = batch_in_scope(request, pk)
    response = FileResponse(
        batch.file.open(), as_attachment=True, filename=batch.name, content_type="application/octet-stream"
    )
    response["Cache-Control"] = "no-store"
    return response


@for_importers
def annotated(request: HttpRequest, pk: int) -> HttpResponse:
    """The sender's file with what is wrong in it marked."""
    batch = batch_in_scope(request, pk)
    return _workbook(downloads.marked(batch), downloads.marked_name(batch))


@for_importers
def template(request: HttpRequest) -> HttpResponse:
    """A workbook to fill in, for one agency and period."""
    asked = _asked(request)
    if asked["agency"] is None:
        raise Http404
    name = f"Mau bao cao {asked['period'].code} {asked['agency'].code}.xlsx"
    return _workbook(template_of(asked["agency"], asked["period"]), name)


@for_importers
def export(request: HttpRequest) -> HttpResponse:
    """All reports of a period that the person may see; which period is asked first."""
    if "ky" not in request.GET:
        return render(request, "imports/export.html", downloads.export_page(request.user))
    period = _asked(request)["period"]
    reports = downloads.reports_of(period, request.user)
    return _workbook(export_of(period, reports), f"So lieu bao cao {period.code}.xlsx")


def _asked(request: HttpRequest) -> dict[str, object]:
    form = DownloadForm(request.GET, user=request.user)
    if not form.is_valid():
        raise Http404
    return form.cleaned_data


def _workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store"
    return response
