"""Dropping a connection without an answer, as a client sees it when the API dies in the middle.

Behind our server (see http_server.py) the socket is aborted; in process the transport's own exception is
raised, which is the same thing to an httpx client.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.types import Receive, Scope

from localcloud.fly.world import World

ABORT = "lifeboat.abort"
"""Where the server leaves the function that aborts the connection of a request, in its ASGI scope."""

_STEP_S = 0.02


class Dropped(Exception):
    """This request gets no answer."""


async def drop(scope: Scope, receive: Receive) -> None:
    """End the connection of a request without an answer.

    Raises:
        httpx.RemoteProtocolError: in process, where there is no connection to end.
    """
    abort: Callable[[], None] | None = scope.get(ABORT)
    if abort is None:
        import httpx

        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
    abort()
    while (await receive())["type"] != "http.disconnect":
        pass


async def pause(world: World, seconds: float) -> None:
    """Wait for a time to pass on the emulated clock or on ours, whichever comes first."""
    loop = asyncio.get_running_loop()
    end_s, emulated_end_s = loop.time() + seconds, world.clock.monotonic_s() + seconds
    while loop.time() < end_s and world.clock.monotonic_s() < emulated_end_s:
        await asyncio.sleep(min(_STEP_S, max(end_s - loop.time(), 0)))
