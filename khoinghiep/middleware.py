"""Answer headers that neither Django nor a package sets."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# The site needs nothing a browser could ask its owner for; copying a link is a click of the person's own.
REFUSED = ("camera", "microphone", "geolocation", "payment", "usb", "serial", "midi", "display-capture",
           "browsing-topics", "interest-cohort")  # fmt: skip
HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{one}=()" for one in REFUSED),
    # Reports and names stay on no shared machine and in no proxy. The API's answers and the pages of figures say
    # otherwise for themselves: who has those may ask with their ETag (decision 0017). Static files never come this far.
    "Cache-Control": "no-store",
}


def private(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Every page and download that a view made; what the view decided itself stays."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return answer
