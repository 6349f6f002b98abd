"""Sending a file, and the files sent so far."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from targets.imports import sending
from targets.imports.discarding import discard as throw_away
from targets.imports.forms import UploadForm
from targets.imports.pages import history as told
from targets.imports.reader import Refused
from targets.models import ImportBatch
from targets.reports.workflow import NotAllowed

from .scope import for_importers, own_upload, posted

RECENT, PER_PAGE = 5, 30


@for_importers
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a workbook; it is read at once, and shown before anything is written."""
    form = UploadForm(posted(request), request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            batch = sending.receive(
                asked["file"].read(), asked["file"].name, plan=asked["plan"], period=asked["period"], by=request.user
            )
        except Refused as why:
            form.add_error("file", why.message)
        else:
            return redirect("imports:columns" if batch.outcome["asks"] else "imports:preview", batch.pk)
    page = told.upload_page(request.user, RECENT)
    return render(request, "imports/upload.html", {**page, "form": form}, status=422 if form.errors else 200)


@for_importers
def history(request: HttpRequest) -> HttpResponse:
    """Every file the person may see, newest first."""
    found = ImportBatch.objects.visible_to(request.user).newest_first()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("trang"))
    page.object_list = told.lines(page.object_list, request.user)
    return render(request, "imports/history.html", {"page": page})


@require_POST
@for_importers
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away an own upload that was not confirmed."""
    batch = own_upload(request, pk)
    try:
        throw_away(batch)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("imports:preview", pk)
    messages.success(request, f"Đã bỏ tệp {batch.name}. Chưa có gì được ghi.")
    return redirect("imports:upload")
