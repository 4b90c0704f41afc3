"""Which addresses name this machine and nothing else: the line between the local cloud and the real ones."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_loopback(address: str) -> bool:
    """Tell whether an http or https address names this machine; one that carries credentials never does."""
    try:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or "@" in parts.netloc:
            return False
        host = parts.hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
