"""Pages of figures are made once for each state of the data: kept as HTML, and not sent again to who has them."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import wraps
from threading import Lock

from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from targets.models.revision import digest, release, revisions

from .behind import links_within_reach
from .forms import FilterForm

KEEP = 3600  # seconds; what is out of date has another key and is never asked for again
MAKING = [Lock() for _ in range(64)]  # by key: what several ask a process for after an approval is made once


def conditional(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A browser that has this very page is told so (304) before the view is asked, and without a look at the figures.

    Of what the view gives, that holds for pages that `KeptPage` made with nothing on them for one occasion.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        request.page_is_of = revisions()
        if len(get_messages(request)):
            return view(request, *args, **kwargs)
        tag = quote_etag(digest(*_state_of(request)))
        same = get_conditional_response(request, etag=tag)
        response = same or view(request, *args, **kwargs)
        if same or getattr(response, "may_be_kept", False):
            response["ETag"] = tag
            response["Cache-Control"] = "private, no-cache"  # kept, and asked for each time whether it still holds
        return response

    return answer


def _state_of(request: HttpRequest) -> tuple[object, ...]:
    """All that a page depends on, with what stands around its content: who is signed in, and what waits on any plan."""
    user = request.user
    return (
        release(), request.page_is_of, timezone.localdate(), request.get_full_path(),
        user.pk, user.role, user.agency_id, request.session.session_key,
    )  # fmt: skip


class KeptPage:
    """A page that shows the figures `filters` ask for; `about` is what else of the address its content depends on.

    Its content is made once for everyone: nothing in it may be about its reader that is not said in `about`, but for
    links to reports and files, of which each reader gets those within reach.
    """

    def __init__(self, request: HttpRequest, filters: FilterForm, *about: object) -> None:
        self.request, self.filters = request, filters
        plan = next(one for one in request.page_is_of if one[0] == filters.plan.pk)  # no other plan's data are in it
        self._made_of = (
            release(), plan, timezone.localdate(), request.path, filters.query, *about,
        )  # fmt: skip

    def show(
        self, template: str, content: str, make: Callable[[], dict[str, object]], **around: object
    ) -> HttpResponse:
        """`template` around the kept `content`, which is rendered from what `make` gives where it is not there yet."""
        page = {"filters": self.filters, "plan": self.filters.plan, "period": self.filters.period, **around}
        is_plain = not self.filters.refusals and not len(get_messages(self.request))
        html = self._html(content, lambda: page | make())
        response = render(self.request, template, page | {"content": links_within_reach(html, self.request.user)})
        response.may_be_kept = is_plain
        return response

    def _html(self, template: str, make: Callable[[], dict[str, object]]) -> str:
        key = f"page:{digest(*self._made_of)}"
        if (kept := cache.get(key)) is None:
            with MAKING[hash(key) % len(MAKING)]:
                if (kept := cache.get(key)) is None:
                    html = render_to_string(template, make())
                    cache.set(key, zlib.compress(html.encode(), 1), KEEP)
                    return html
        return zlib.decompress(kept).decode()
