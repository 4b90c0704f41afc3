"""The HTTP server: uvicorn in our own event loop, on one loopback port, without its signals and its log.

Each request's scope carries the function that aborts its connection, for faults that leave a client without
an answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Generator

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from lifeboat.core.errors import Refused
from localcloud.fly.api.connection import ABORT

LOOPBACK = "127.0.0.1"
_BACKLOG = 512


class HttpServer:
    """Listens from construction on; answers from `start` on."""

    def __init__(self, port: int) -> None:
        """Bind a loopback port; 0 takes any free one.

        Raises:
            Refused: the port cannot be used.
        """
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, app: ASGIApp) -> None:
        """Serve an application in the running loop; returns once it answers."""
        config = uvicorn.Config(
            app,
            loop="asyncio",
            http=_Protocol,
            ws="none",
            lifespan="off",
            access_log=False,
            proxy_headers=False,
            log_config=None,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=75,
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started and not self._task.done():
            await asyncio.sleep(0.001)

    async def stop(self) -> None:
        """Stop: idle connections at once, busy ones within a second."""
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await self._task
        self._socket.close()


def _listen(port: int) -> socket.socket:
    # Only a socket that says it is TCP gets TCP_NODELAY from asyncio; without it every answer is 40 ms late.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise Refused(
            f"port {port} on {LOOPBACK} cannot be used: {error.strerror}",
            hint="stop what holds it, or pass --port 0 to take any free port",
        ) from error
    return listener


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave the signals to our process."""
        yield


class _Protocol(H11Protocol):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        inner = self.app

        async def with_abort(scope: Scope, receive: Receive, send: Send) -> None:
            scope[ABORT] = transport.abort
            await inner(scope, receive, send)

        self.app = with_abort
