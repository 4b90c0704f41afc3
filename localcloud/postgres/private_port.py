"""A loopback port for a server that only its forwarder knows: above the ports that are told to anybody."""

from __future__ import annotations

import secrets
import socket

from lifeboat.core.errors import Refused

FIRST, LAST = 30_000, 32_767
_ATTEMPTS = 200


def private_port(taken: frozenset[int]) -> int:
    """Return a free port that is not among `taken`.

    Raises:
        Refused: there is none.
    """
    for _ in range(_ATTEMPTS):
        port = FIRST + secrets.randbelow(LAST - FIRST + 1)
        if port not in taken and _is_free(port):
            return port
    raise Refused(f"no free port between {FIRST} and {LAST}", retryable=True)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: connections of an earlier listener that are still winding down do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
