"""The one endpoint the stand-in may speak to: the local cloud on the loopback interface."""

from __future__ import annotations

import os

from lifeboat.core.errors import Refused
from lifeboat.core.loopback import is_loopback

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
    if not is_loopback(url):
        raise Refused(
            f"{VARIABLE} is {url}: the stand-in aws plugin only speaks to loopback addresses", hint=_HINT
        )
    return url
