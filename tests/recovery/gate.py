"""A gate on the loopback between a real process and the local cloud, which strikes at a boundary.

Boundaries are the requests that change something. At the chosen one the process gets a signal, either before
the request is passed on or after it was done and before its answer is given. Reads pass uncounted, and so do
the signs of life of a lease, which come by the clock. Everything that changed something is written down.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from enum import StrEnum

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.recovery.gate_reading import Asked, read_request
from tests.waiting import soon

_OWN = frozenset({b"connection", b"transfer-encoding", b"expect", b"keep-alive"})
HELD_S = 120.0
_METHODS = ["GET", "HEAD", "PUT", "POST", "DELETE"]


class When(StrEnum):
    """On which side of the work of a request the signal comes."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """What happens at which boundary; boundary 0 is never reached.

    Args:
        at: number of the boundary.
        when: on which side of its work.
        signal: what the process gets; with None it is kept waiting until `Gate.release` is set.
    """

    at: int = 0
    when: When = When.BEFORE
    signal: signal.Signals | None = signal.SIGKILL


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A request that changed something, or tried to, and what the cloud answered."""

    asked: Asked
    status: int

    @property
    def is_done(self) -> bool:
        """Whether the cloud did it."""
        return self.status < 300


class Gate:
    """The gate in front of one cloud.

    Attributes:
        boundaries: every request that wanted to change something, in order, passed on or not.
        passed: those that were passed on.
        struck: is set once the boundary was reached and the signal was sent.
        release: set it to let a process go on that is kept waiting.
    """

    def __init__(self, cloud: str, strike: Strike | None = None) -> None:
        self._cloud = httpx.URL(cloud)
        self._strike = strike or Strike()
        self._client: httpx.AsyncClient | None = None
        self.boundaries: list[str] = []
        self.passed: list[Passed] = []
        self.struck = threading.Event()
        self.release = threading.Event()
        self.victim: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Where the process finds its cloud."""
        return f"http://127.0.0.1:{self.port}"

    def made(self) -> list[str]:
        """Return every creating call that was passed on, with what it made."""
        return [one.asked.name for one in self.passed if one.asked.creates]

    @asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        """Keep the connections to the cloud for as long as the server runs."""
        async with httpx.AsyncClient(timeout=120) as self._client:
            yield

    async def handle(self, request: Request) -> Response:
        """Pass a request on; at the boundary, strike."""
        body = await request.body()
        asked = read_request(request.method, request.url.path, request.headers, body, request.url.query)
        if asked is None:
            return await self._pass_on(request, body)
        self.boundaries.append(asked.name)
        is_it = len(self.boundaries) == self._strike.at and not self.struck.is_set()
        if is_it and self._strike.when is When.BEFORE:
            await self._hit()
            if self._strike.signal is signal.SIGKILL:
                return Response(status_code=503)
        answer = await self._pass_on(request, body)
        self.passed.append(Passed(asked=asked, status=answer.status_code))
        if is_it:
            await self._hit()
        return answer

    async def _hit(self) -> None:
        if self._strike.signal is None:
            self.struck.set()
            await asyncio.to_thread(self.release.wait, HELD_S)
            return
        assert self.victim is not None
        self.victim.send_signal(self._strike.signal)
        if self._strike.signal is signal.SIGKILL:
            await asyncio.to_thread(self.victim.wait)
        self.struck.set()

    async def _pass_on(self, request: Request, body: bytes) -> Response:
        assert self._client is not None
        query = request.scope["query_string"]
        path = request.scope["raw_path"] + (b"?" + query if query else b"")
        headers = [pair for pair in request.headers.raw if pair[0] not in _OWN]
        url = self._cloud.copy_with(raw_path=path)
        asked = self._client.build_request(request.method, url, headers=headers, content=body)
        got = await self._client.send(asked, stream=True)
        content = b"".join([chunk async for chunk in got.aiter_raw()])
        answer = Response(content, got.status_code)
        answer.raw_headers = [
            (name.lower(), value) for name, value in got.headers.raw if name.lower() not in _OWN
        ]
        return answer


@contextmanager
def gate_to(cloud: str, strike: Strike | None = None) -> Iterator[Gate]:
    """Run a gate for as long as the block lasts."""
    gate = Gate(cloud, strike)
    listening = socket.create_server(("127.0.0.1", 0))
    gate.port = listening.getsockname()[1]
    app = Starlette(routes=[Route("/{path:path}", gate.handle, methods=_METHODS)], lifespan=gate.lifespan)
    config = uvicorn.Config(
        app,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    assert soon(lambda: server.started, 30)
    try:
        yield gate
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()
