"""A Fly that answers from a function of the request and remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from lifeboat.core.clock import ManualClock
from lifeboat.core.secret import Secret
from lifeboat.fly.client import FlyClient, FlySettings
from lifeboat.fly.client.http import Http

CANARY = "fm2_canary-5f9c1e7a"
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
SETTINGS = FlySettings(
    flaps_url="http://flaps.test",
    api_url="http://api.test",
    uiex_url="http://uiex.test",
    token=Secret(CANARY),
)
Handler = Callable[[httpx.Request], httpx.Response]


class ScriptedFly:
    """A transport's other end.

    Args:
        handler: answers one request; it may raise what httpx raises.
    """

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.requests: list[httpx.Request] = []
        self.clock = ManualClock(NOON)
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._handler(request)

    def http(self) -> Http:
        """Return a door to it whose waits are not jittered and take no real time."""
        return Http(SETTINGS, clock=self.clock, transport=self.transport, jitter=lambda: 1.0)

    def client(self) -> FlyClient:
        """Return a client of it whose waits take no real time."""
        return FlyClient(SETTINGS, clock=self.clock, transport=self.transport)

    @property
    def asked(self) -> list[str]:
        """What it was asked, such as `POST /v1/apps`."""
        return [f"{request.method} {request.url.path}" for request in self.requests]

    def body(self, index: int = -1) -> Any:
        """Return the JSON body of a request."""
        return json.loads(self.requests[index].content)


def answers(*responses: httpx.Response | Exception) -> Handler:
    """Return a handler that gives these, one after the other, and the last for ever."""
    left = list(responses)

    def handler(_request: httpx.Request) -> httpx.Response:
        found = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(found, Exception):
            raise found
        return httpx.Response(found.status_code, headers=found.headers, content=found.content)

    return handler


def ok(body: Any = None, status: int = 200, **headers: str) -> httpx.Response:
    """Return a success with a JSON body; `fly_next_cursor=` becomes the header `fly-next-cursor`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json=body, headers=named)


def no(status: int, error: str, code: str = "", **headers: str) -> httpx.Response:
    """Return a failure in Fly's form."""
    return ok({"error": error, **({"status": code} if code else {})}, status, **headers)
