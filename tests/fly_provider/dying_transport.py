"""A way to Fly that ends with its process: from a chosen request on nothing is sent any more."""

from __future__ import annotations

import threading

import httpx


class Killed(BaseException):
    """The process that was calling does not exist any more; no handler of errors may see it."""


class DyingTransport(httpx.BaseTransport):
    """Sends `life` writes; the next one kills: before it is sent, or when its answer is on the way.

    Args:
        inner: sends.
        life: how many writes are sent and answered; None for ever.
        after: whether the deadly write still reaches Fly.
    """

    def __init__(self, inner: httpx.BaseTransport, *, life: int | None = None, after: bool = False) -> None:
        self._inner = inner
        self._life = life
        self._after = after
        self._lock = threading.Lock()
        self.writes = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send, or die."""
        last = False
        with self._lock:
            if self._life is not None and self.writes > self._life:
                raise Killed
            if request.method != "GET":
                self.writes += 1
                last = self.writes - 1 == self._life
        if last and not self._after:
            raise Killed
        answer = self._inner.handle_request(request)
        if last:
            raise Killed
        return answer
