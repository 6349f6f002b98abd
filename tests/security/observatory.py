"""The rules of the HTTP Observatory (mdn/mdn-http-observatory, src/grader/charts.js), for one page as it was answered.

A page begins with 100 points; each rule adds or takes. 100 and more are an A+. The rules for invalid certificates and
preload lists are about a place on the internet, not about an answer, so they are left out.
"""

from __future__ import annotations

import re

from django.http import HttpResponse

PRIVATE_REFERRERS = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SIX_MONTHS = 15_768_000  # seconds


def rules(page: HttpResponse, over_http: HttpResponse) -> dict[str, int]:
    """Points by rule, for the page over HTTPS and the answer of the same address over HTTP."""
    return {
        "content-security-policy": csp(page),
        "cookies": cookies(page),
        "cross-origin-resource-sharing": -50 if page.headers.get("Access-Control-Allow-Origin") else 0,
        "redirection": redirection(over_http),
        "referrer-policy": 5 if page.headers.get("Referrer-Policy") in PRIVATE_REFERRERS else 0,
        "strict-transport-security": hsts(page),
        "subresource-integrity": scripts(page),
        "x-content-type-options": 0 if page.headers.get("X-Content-Type-Options") == "nosniff" else -5,
        "x-frame-options": frames(page),
        "cross-origin-resource-policy": 10 if page.headers.get("Cross-Origin-Resource-Policy") == "same-origin" else 0,
    }


def directives(page: HttpResponse) -> dict[str, list[str]]:
    parts = (part.split() for part in page.headers.get("Content-Security-Policy", "").split(";"))
    return {name: sources for name, *sources in filter(None, parts)}


def csp(page: HttpResponse) -> int:
    policy = directives(page)
    if not policy:
        return -25
    default = policy.get("default-src", ["*"])
    active = [source for name in ("script-src", "object-src", "style-src") for source in policy.get(name, default)]
    if any(source.startswith(("'unsafe", "data:", "http:", "https:", "*")) for source in active):
        return -20
    closed = default == ["'none'"] and policy.get("form-action") in (["'none'"], ["'self'"])
    return 10 if closed else 5


def cookies(page: HttpResponse) -> int:
    if not page.cookies:
        return 0
    flags = [(one["secure"], one["httponly"], one["samesite"]) for one in page.cookies.values()]
    if not all(secure for secure, _, _ in flags):
        return -40
    if not all(httponly for _, httponly, _ in flags):
        return -30
    return 5 if all(samesite in ("Lax", "Strict") for _, _, samesite in flags) else 0


def redirection(over_http: HttpResponse) -> int:
    there = over_http.headers.get("Location", "")
    return 0 if over_http.status_code == 301 and there.startswith("https://testserver/") else -20


def hsts(page: HttpResponse) -> int:
    found = re.match(r"max-age=(\d+)", page.headers.get("Strict-Transport-Security", ""))
    if not found:
        return -20
    return 0 if int(found[1]) >= SIX_MONTHS else -10


def scripts(page: HttpResponse) -> int:
    """0 while every script comes from here; others would need `integrity`."""
    if not page.headers["Content-Type"].startswith("text/html"):
        return 0
    sources = re.findall(r'<(?:script[^>]*\ssrc|link[^>]*\shref)="([^"]*)"', page.content.decode())
    return 0 if all(source.startswith("/") and not source.startswith("//") for source in sources) else -50


def frames(page: HttpResponse) -> int:
    """Best said in the policy, for which there are points; the old header alone gives none."""
    if directives(page).get("frame-ancestors") == ["'none'"]:
        return 5
    return 0 if page.headers.get("X-Frame-Options") in ("DENY", "SAMEORIGIN") else -20
