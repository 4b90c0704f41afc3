"""What can be wrong with a declared certificate, found before any call. Pure; quotes no key."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOSTNAME = re.compile(rf"(\*\.)?{_LABEL}(\.{_LABEL})+")
_LONGEST = 253
_PEM = re.compile(r"\s*-----BEGIN [A-Z ]+-----")


def hostname_problem(hostname: str) -> str | None:
    """Say what is wrong with a host name; None when nothing is."""
    if len(hostname) <= _LONGEST and _HOSTNAME.fullmatch(hostname):
        return None
    return f"{hostname!r} is no host name: use lower-case labels separated by dots, `*.` only in front"


def own_certificate_problems(inputs: Properties) -> tuple[PropertyFailure, ...]:
    """Return what is wrong with an own certificate; it needs both parts, each PEM."""
    return tuple(_problems(inputs))


def _problems(inputs: Properties) -> Iterator[PropertyFailure]:
    parts = {"fullchain": "privateKey", "privateKey": "fullchain"}
    for name, other in parts.items():
        value = inputs.get(name)
        if value is not None and inputs.get(other) is None:
            yield PropertyFailure(path=other, reason=f"missing, but {name} is given")
        if isinstance(value, str) and not _PEM.match(value):
            yield PropertyFailure(path=name, reason="is not PEM")
