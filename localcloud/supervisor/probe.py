"""Whether a service answers: one bounded request to its health path, straight to loopback.

Uses the standard library because it lives in the supervisor, whose memory counts as the cloud's, and because
a proxy from the environment must never be asked.
"""

from __future__ import annotations

import http.client
import json

from localcloud.supervisor.service import LOOPBACK

TIMEOUT_S = 0.5
OK = 200


def read_health(port: int, path: str, timeout_s: float = TIMEOUT_S) -> dict[str, object] | None:
    """Return what a service says about itself, None when it does not answer as one.

    Args:
        port: loopback port.
        path: health path of the service.
        timeout_s: bound of connecting and of each read.
    """
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=timeout_s)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = json.loads(response.read()) if response.status == OK else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return body if isinstance(body, dict) else None


def is_ready(port: int, path: str, timeout_s: float = TIMEOUT_S) -> bool:
    """Tell whether a service says it can be used."""
    health = read_health(port, path, timeout_s)
    return health is not None and health.get("ready") is True
