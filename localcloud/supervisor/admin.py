"""The admin API of the local AWS cloud, spoken from a command: faults, clock, coverage, saving.

The API itself is documented in `localcloud.aws`. One request per call, never repeated: declaring a fault
twice would make two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from lifeboat.core.errors import ConfigError, Stuck

PREFIX = "/_lifeboat/"
TIMEOUT_S = 60.0
REFUSED = 400


class AdminApi:
    """The admin API at one address.

    Args:
        endpoint: address of the local AWS cloud.
        timeout_s: bound of each request; saving a large state takes seconds.
    """

    def __init__(self, endpoint: str, timeout_s: float = TIMEOUT_S) -> None:
        self._endpoint = endpoint
        self._timeout_s = timeout_s

    def get(self, name: str) -> dict[str, Any]:
        """Return what GET answers."""
        return self._request("GET", name)

    def post(self, name: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Return what POST answers."""
        return self._request("POST", name, body=body or {})

    def delete(self, name: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return what DELETE answers."""
        return self._request("DELETE", name, query=query)

    def _request(
        self,
        method: str,
        name: str,
        *,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        # Loopback never goes through a proxy, whatever the environment says.
        with httpx.Client(base_url=self._endpoint, timeout=self._timeout_s, trust_env=False) as client:
            try:
                answer = client.request(method, f"{PREFIX}{name}", json=body, params=query)
                found = answer.json()
            except (httpx.HTTPError, ValueError) as error:
                raise Stuck(
                    f"the local cloud at {self._endpoint} does not answer {method} {name}: {error}",
                    hint="look at `lifeboat status`",
                    retryable=True,
                ) from error
        if answer.is_success and isinstance(found, dict):
            return found
        said = found if isinstance(found, dict) else {}
        branch = ConfigError if answer.status_code == REFUSED else Stuck
        raise branch(
            f"the local cloud refuses {method} {name}: {said.get('error', answer.status_code)}",
            hint=str(said.get("hint", "")),
        )
