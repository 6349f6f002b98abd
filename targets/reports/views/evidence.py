"""Files that go with a report: sent and taken out by its agency, fetched by whoever may see the report."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from .. import attachments
from ..rules import NotAllowed
from .scope import report_in_scope


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the files sent; each that cannot be kept is named, the others are kept all the same."""
    report = report_in_scope(request, pk)
    files = request.FILES.getlist("files")
    if not files:
        messages.error(request, "Chọn ít nhất một tệp.")
    for file in files:
        try:
            made = attachments.attach(report, file, file.name, by=request.user)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Đã thêm {made.name}.")
    return redirect("reports:edit", pk)


@require_POST
def detach(request: HttpRequest, pk: int, attachment_pk: int) -> HttpResponse:
    report = report_in_scope(request, pk)
    attachment = get_object_or_404(report.attachments.present(), pk=attachment_pk)
    try:
        attachments.remove(attachment, by=request.user)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Đã gỡ {attachment.name}.")
    return redirect("reports:edit", pk)


def download(request: HttpRequest, pk: int, attachment_pk: int) -> FileResponse:
    """Always as a download, whatever it is: nothing that was sent in is ever shown under the site's own address."""
    report = report_in_scope(request, pk)
    attachment = get_object_or_404(report.attachments.present(), pk=attachment_pk)
    return FileResponse(
        attachment.file.open(), as_attachment=True, filename=attachment.name, content_type="application/octet-stream"
    )
