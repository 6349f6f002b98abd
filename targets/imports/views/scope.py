"""What a person may open: who may not import gets no page, another's upload does not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404

from targets.imports import rules
from targets.models import ImportBatch

View = Callable[..., HttpResponse]


def for_importers(view: View) -> View:
    """The page is for those who may import."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not rules.may_import(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def batch_in_scope(request: HttpRequest, pk: int) -> ImportBatch:
    return get_object_or_404(ImportBatch.objects.visible_to(request.user).newest_first(), pk=pk)


def own_upload(request: HttpRequest, pk: int) -> ImportBatch:
    """An upload that the person sent; whoever else may look at it changes nothing in it."""
    batch = batch_in_scope(request, pk)
    if not rules.may_answer(request.user, batch):
        raise Http404
    return batch


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty one that was sent is bound too."""
    return request.POST if request.method == "POST" else None
