"""What a sender answers about a file: what its columns hold, where a row belongs, which number a cell should say."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from targets.imports import learning, sending
from targets.imports.column_form import AGAIN, ColumnsForm
from targets.imports.forms import AnswerForm
from targets.imports.pages import columns as told
from targets.models import ImportBatch

from .preview import show
from .scope import for_importers, own_upload, posted


@for_importers
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which sheet, headings and period, and what each column or row is."""
    batch = own_upload(request, pk)
    if batch.state != ImportBatch.State.STAGED:
        return redirect("imports:preview", pk)
    page = told.columns(batch)
    form = ColumnsForm(posted(request), page=page)
    if request.method == "POST" and form.is_valid():
        found = sending.reread(batch, form.choices())
        if form.cleaned_data["remember"]:
            lines = [line for layout in found.layouts for line in layout.lines]
            learning.remember(batch.plan, form.choices().lines, lines, by=request.user)
        batch.refresh_from_db()
        stays = AGAIN in request.POST or batch.outcome["asks"]
        return redirect("imports:columns" if stays else "imports:preview", pk)
    return render(
        request,
        "imports/columns.html",
        {"batch": batch, "columns": page, "form": form},
        status=422 if form.errors else 200,
    )


@require_POST
@for_importers
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer to something in the preview; the file is read again under it."""
    batch = own_upload(request, pk)
    if batch.state != ImportBatch.State.STAGED:
        return redirect("imports:preview", pk)
    form = AnswerForm(request.POST, batch=batch, user=request.user)
    if not form.is_valid():
        return show(request, batch, status=422, refused=form)
    sending.reread(batch, form.choices())
    return redirect(form.back_to(reverse("imports:preview", args=[pk])))
