"""The edge's sockets: loopback ports, each served by its own ASGI app in the running event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from localcloud.fly.loopback import listen

_FINISH_S = 5


class Listeners:
    """Open ports by number."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[_Server, asyncio.Task[None]]] = {}

    def open(self, port: int, application: ASGIApp) -> int:
        """Listen on a loopback port, 0 for any free one, and return its number; served from now on.

        Raises:
            Refused: the port is taken.
        """
        listener = listen(port, "--proxy-port")
        number: int = listener.getsockname()[1]
        config = uvicorn.Config(
            application,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=_FINISH_S,
        )
        server = _Server(config)
        serving = asyncio.get_running_loop().create_task(server.serve(sockets=[listener]))
        self._open[number] = server, serving
        return number

    async def close(self, port: int) -> None:
        """Stop listening; requests under way may finish for a few seconds."""
        server, serving = self._open.pop(port)
        server.should_exit = True
        await serving

    async def close_all(self) -> None:
        """Stop listening everywhere."""
        await asyncio.gather(*(self.close(port) for port in list(self._open)))


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Signals are the process's business: several servers live in it.
        yield
