"""A synchronous httpx transport into an ASGI application: what tests and the Fly client drive without a port.

One event loop in one thread serves every call of a transport, as the real process does.
"""

from __future__ import annotations

from types import TracebackType

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.types import ASGIApp


class InProcessTransport(httpx.BaseTransport):
    """Runs an application in a loop of its own; thread-safe; ends with `close`."""

    def __init__(self, app: ASGIApp) -> None:
        self._inner = httpx.ASGITransport(app=app, raise_app_exceptions=True)
        self._portals = start_blocking_portal()
        self.portal: BlockingPortal = self._portals.__enter__()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; an exception of the application reaches the caller."""
        content = request.read()
        return self.portal.call(self._send, request, content)

    async def _send(self, request: httpx.Request, content: bytes) -> httpx.Response:
        inner = httpx.Request(
            request.method,
            request.url,
            headers=request.headers,
            content=content,
            extensions=request.extensions,
        )
        response = await self._inner.handle_async_request(inner)
        body = await response.aread()
        return httpx.Response(response.status_code, headers=response.headers, stream=httpx.ByteStream(body))

    def close(self) -> None:
        """End the loop and its thread."""
        self._portals.__exit__(None, None, None)

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self.close()
