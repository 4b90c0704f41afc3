"""One attempt: a request to one machine, and its answer's beginning.

What matters to the caller is how it failed: `NotSent` when the machine cannot have seen the request, so that
any other one may get it; `Unanswered` when it may have acted on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from localcloud.fly.proxy.body import Body
from localcloud.fly.proxy.headers import Headers

_FIRST_BYTE = "http11.send_request_headers.started"


class NotSent(Exception):
    """No byte of the request reached the machine."""


class Unanswered(Exception):
    """The request was sent, at least in part, and not answered; `timed_out` when that took too long."""

    def __init__(self, reason: str, *, timed_out: bool) -> None:
        super().__init__(reason)
        self.timed_out = timed_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A request as a machine gets it; `target` is the path and query as the client wrote them."""

    method: str
    target: bytes
    headers: Headers
    body: Body


class Forward:
    """Sends requests over connections that are kept open.

    Args:
        connect_s: seconds a connection may take.
        answer_s: seconds without a byte until an answer is given up.
    """

    def __init__(self, *, connect_s: float, answer_s: float) -> None:
        self._timeout = {"connect": connect_s, "read": answer_s, "write": answer_s, "pool": connect_s}
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=200, keepalive_expiry=5)
        self._transport = httpx.AsyncHTTPTransport(limits=limits, trust_env=False)

    async def send(
        self, request: Outgoing, address: tuple[str, int], still_wanted: Callable[[], bool]
    ) -> httpx.Response:
        """Send and return the answer, its body still to be read; the caller closes it.

        Args:
            request: what to send.
            address: where the machine listens.
            still_wanted: asked once the connection stands, before the first byte.

        Raises:
            NotSent: see there.
            Unanswered: see there.
        """
        began = False

        async def watch(event: str, _details: object) -> None:
            nonlocal began
            if event == _FIRST_BYTE:
                if not still_wanted():
                    raise NotSent("the machine is on its way out")
                began = True

        host, port = address
        outgoing = httpx.Request(
            request.method,
            f"http://{host}:{port}/",
            headers=request.headers,
            stream=request.body,
            extensions={"timeout": self._timeout, "target": request.target, "trace": watch},
        )
        try:
            return await self._transport.handle_async_request(outgoing)
        except httpx.TransportError as error:
            if not began:
                raise NotSent(f"the machine refused the connection ({type(error).__name__})") from error
            timed_out = isinstance(error, httpx.TimeoutException)
            reason = f"the machine gave no answer ({type(error).__name__})"
            raise Unanswered(reason, timed_out=timed_out) from error

    async def close(self) -> None:
        """Close every connection."""
        await self._transport.aclose()
