"""A request's body on its way through: streamed, and kept while it is small, so that it can be sent again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
from starlette.types import Receive

from localcloud.fly.proxy.replay import LARGEST_BODY


class ClientLeft(Exception):
    """The client closed its connection before its request was complete."""


class Body(httpx.AsyncByteStream):
    """Yields the same bytes each time it is iterated, as long as it `can_repeat`."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._kept: list[bytes] = []
        self._seen = 0
        self._ended = False

    @property
    def can_repeat(self) -> bool:
        """Whether nothing was let go of yet."""
        return self._seen <= LARGEST_BODY

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in list(self._kept):
            yield chunk
        while not self._ended:
            chunk = await self._next()
            if chunk:
                yield chunk

    async def _next(self) -> bytes:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        chunk: bytes = message.get("body", b"")
        self._ended = not message.get("more_body", False)
        self._seen += len(chunk)
        if self.can_repeat:
            self._kept.append(chunk)
        else:
            self._kept.clear()
        return chunk
