"""Comments on a report: asked by the province, answered by the agency."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from targets.models import Report

from .. import comments
from ..forms import DecisionForm
from ..review_forms import CommentForm
from ..rules import NotAllowed
from . import review
from .scope import report_in_scope


@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, or answer what was asked; a refusal keeps what was typed."""
    report = report_in_scope(request, pk)
    form = CommentForm(request.POST, report=report, visible=report.comments.visible_to(request.user))
    try:
        if not form.is_valid():
            raise NotAllowed("Không ghi được ý kiến này. Tải lại trang rồi ghi lại.")
        said = form.cleaned_data
        comments.add(report, said["measure"], said["text"], by=request.user, parent=said["parent"])
    except NotAllowed as refusal:
        report = report_in_scope(request, pk)  # as it is now: perhaps somebody decided meanwhile
        refused = {"place": form.place, "text": form["text"].value() or "", "why": str(refusal)}
        return review.show(request, report, DecisionForm(initial={"version": report.version}), 422, refused=refused)
    return _back(request, report, f"dong-{said['measure'].code}" if said["measure"] else "y-kien-chung")


@require_POST
def withdraw(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    """Take back a comment that was not sent."""
    report = report_in_scope(request, pk)
    found = get_object_or_404(report.comments.visible_to(request.user), pk=comment_pk)
    place = f"dong-{found.measure.code}" if found.measure else "y-kien-chung"
    try:
        comments.withdraw(found, by=request.user)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return _back(request, report, place)


def _back(request: HttpRequest, report: Report, place: str) -> HttpResponse:
    """To the same place of the page, with the comparison that was chosen."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{report.get_absolute_url()}{query}#{place}")
