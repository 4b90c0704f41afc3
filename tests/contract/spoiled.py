"""A way to the emulator on which answers get spoiled, as a broken gateway would do it."""

from __future__ import annotations

from collections.abc import Callable

import httpx

Spoil = Callable[[httpx.Request, httpx.Response], httpx.Response]
"""What becomes of an answer to a request; the request has been served by then."""


class Spoiled(httpx.BaseTransport):
    """Passes requests on and spoils what comes back.

    Args:
        inner: the way.
        spoil: what becomes of an answer.
    """

    def __init__(self, inner: httpx.BaseTransport, spoil: Spoil) -> None:
        self._inner = inner
        self._spoil = spoil

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Serve a request, and spoil the answer."""
        response = self._inner.handle_request(request)
        response.read()
        return self._spoil(request, response)

    def close(self) -> None:
        """Close the way."""
        self._inner.close()


def with_content(content: bytes, status: int | None = None, **headers: str) -> Spoil:
    """Return what replaces the body, and the status and headers when given; names use `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def spoil(_request: httpx.Request, response: httpx.Response) -> httpx.Response:
        return httpx.Response(status or response.status_code, content=content, headers=named)

    return spoil


def only(method: str, ending: str, spoil: Spoil) -> Spoil:
    """Return what spoils only answers to requests of a method whose path ends so."""

    def spoil_some(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        meant = request.method == method and request.url.path.endswith(ending)
        return spoil(request, response) if meant else response

    return spoil_some
