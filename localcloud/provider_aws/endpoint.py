"""The one endpoint the stand-in may speak to: the local cloud on the loopback interface."""

from __future__ import annotations

import ipaddress
import os
from urllib.parse import urlsplit

from lifeboat.core.errors import Refused

VARIABLE = "AWS_ENDPOINT_URL"
_HINT = "run `lifeboat env STACK` for the exports, or `make up`, which starts the local cloud"


def endpoint() -> str:
    """Return the local cloud's address from the environment.

    Raises:
        Refused: none is set, or it is not a loopback address.
    """
    url = os.environ.get(VARIABLE, "")
    if not url:
        raise Refused(
            f"{VARIABLE} is not set: the stand-in aws plugin only speaks to the local cloud", hint=_HINT
        )
    if not _is_loopback(url):
        raise Refused(
            f"{VARIABLE} is {url}: the stand-in aws plugin only speaks to loopback addresses", hint=_HINT
        )
    return url


def _is_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or parts.username is not None:
            return False
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
