"""What every part of the machines' client shares: the door, and the path of one machine."""

from __future__ import annotations

from typing import Any

from lifeboat.fly.client.answer import Answer
from lifeboat.fly.client.exchange import Params
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.operation import Operation

NONCE_HEADER = "fly-machine-lease-nonce"
"""Carries the nonce of the lease under which a change is made."""


def under_lease(nonce: str | None) -> dict[str, str]:
    """Return the headers of a change made under a lease, none without one."""
    return {NONCE_HEADER: nonce} if nonce else {}


class MachineCalls:
    """Calls operations on one machine."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def _on(
        self,
        operation: Operation,
        where: tuple[str, str],
        *,
        nonce: str | None = None,
        params: Params | None = None,
        body: Any = None,  # noqa: ANN401  # any JSON value
        timeout_s: float | None = None,
    ) -> Answer:
        path = {"app": where[0], "machine": where[1]}
        headers = under_lease(nonce)
        return self._http.call(
            operation, path, params=params, body=body, headers=headers, timeout_s=timeout_s
        )
