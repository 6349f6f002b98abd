"""From where a request came: the proxies we were told to trust are believed, nobody else."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNIX_SOCKET = "unix"  # in TRUSTED_PROXIES: whoever comes through a socket file is our own proxy
SHARED_BITS = 64  # an IPv6 customer owns at least so much; addresses within it cost nothing to change


def client_address(request: HttpRequest) -> str | None:
    """The nearest address that is not a trusted proxy; None when nothing usable is known.

    X-Forwarded-For is read from its end, where the proxies wrote; what a client put at its beginning is never reached.
    """
    address = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    while _is_trusted(address) and hops[-1]:
        address = hops.pop()
        hops = hops or [""]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


def counted_address(request: HttpRequest) -> str | None:
    """The address under which failed sign-ins are counted: of IPv6 only the network."""
    address = client_address(request)
    if address is None or ":" not in address:
        return address
    return str(ipaddress.ip_network((address, SHARED_BITS), strict=False).network_address)


def _is_trusted(address: str) -> bool:
    if not address:
        return UNIX_SOCKET in settings.TRUSTED_PROXIES
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    networks = (ipaddress.ip_network(one) for one in settings.TRUSTED_PROXIES if one != UNIX_SOCKET)
    return any(known in network for network in networks)
