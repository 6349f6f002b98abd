"""A file before and after it is confirmed: its figures, the last word, what was written, taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from targets.imports import sending, staging, undoing
from targets.imports.forms import ConfirmForm
from targets.imports.pages import confirming, outcome
from targets.imports.pages import preview as told
from targets.models import ImportBatch
from targets.reports.workflow import NotAllowed

from .scope import batch_in_scope, for_importers, own_upload, posted

State = ImportBatch.State


@for_importers
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Every figure of the file beside what is stored; once it was confirmed, what was written."""
    return show(request, batch_in_scope(request, pk))


def show(request: HttpRequest, batch: ImportBatch, status: int = 200, **more: object) -> HttpResponse:
    """The page of a batch as it stands; `more` is what a refused answer leaves on it."""
    if batch.state in (State.CONFIRMED, State.UNDONE):
        page = outcome.result(batch, request.user, request.GET.get("trang"))
        return render(request, "imports/result.html", {**page, **more}, status=status)
    page = told.preview(batch, request.user, wanted=request.GET.get("loc"), number=request.GET.get("trang"))
    return render(request, "imports/preview.html", {**page, **more}, status=status)


@for_importers
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say once what will be written, then write it."""
    batch = own_upload(request, pk)
    page = confirming.confirming(batch)
    if batch.state != State.STAGED or not page.may_confirm:
        return redirect("imports:preview", pk)
    form = ConfirmForm(posted(request), doubts=page.doubts)
    if request.method == "POST" and form.is_valid():
        return _write(request, batch, form)
    return render(request, "imports/confirm.html", {"page": page, "form": form}, status=422 if form.errors else 200)


def _write(request: HttpRequest, batch: ImportBatch, form: ConfirmForm) -> HttpResponse:
    """What moved since the preview stops it: then the file is read again, so that the preview shows how things are."""
    said = form.cleaned_data
    try:
        staging.confirm(batch, by=request.user, submit=said["submit"], note=said["note"])
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        sending.reread(batch)
    return redirect("imports:preview", batch.pk)


@for_importers
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what would be taken back, or what stands in the way; then take it back."""
    batch = batch_in_scope(request, pk)
    if not undoing.may_undo(request.user, batch):
        messages.error(request, "Không hoàn tác được lần nhập này.")
        return redirect("imports:preview", pk)
    if request.method != "POST":
        return render(request, "imports/undo.html", outcome.to_undo(batch))
    try:
        reports = undoing.undo(batch, by=request.user)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("imports:undo", pk)
    messages.success(request, f"Đã hoàn tác, {len(reports)} báo cáo trở lại như trước khi nhập.")
    return redirect("imports:preview", pk)
