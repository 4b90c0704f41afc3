"""Lines for the operator, sent to the engine's log service: a plugin's own stdout and stderr are hidden.

A line that cannot be delivered is dropped: no resource may fail because its log did.
"""

from __future__ import annotations

import asyncio
from enum import IntEnum

import grpc.aio

from lifeboat.providerkit.protos import engine_pb2, engine_pb2_grpc

_DEADLINE_S = 5.0


class Severity(IntEnum):
    """The engine's severities (`engine.proto`, LogSeverity)."""

    DEBUG = 0
    INFO = 1
    WARNING = 2
    ERROR = 3


class EngineLog:
    """The engine's log, reached over one channel that is opened with the first line.

    Args:
        loop: the event loop of the server; lines may come from any thread.
        address: `host:port` of the engine, or empty when there is none (a provider started by hand).
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, address: str = "") -> None:
        self._loop = loop
        self._address = address
        self._channel: grpc.aio.Channel | None = None
        self._pending: set[asyncio.Task[None]] = set()

    def attach(self, address: str) -> None:
        """Send further lines to the engine at `address`."""
        if address != self._address:
            self._address = address
            self._channel = None

    def write(self, severity: Severity, text: str, urn: str = "") -> None:
        """Send a line from any thread, under a resource when its URN is given; returns at once."""
        if self._address and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._start, severity, text, urn)

    async def close(self) -> None:
        """Deliver what is under way, then close the channel."""
        if self._pending:
            await asyncio.wait(self._pending, timeout=_DEADLINE_S)
        if self._channel is not None:
            await self._channel.close()

    def _start(self, severity: Severity, text: str, urn: str) -> None:
        task = self._loop.create_task(self._send(severity, text, urn))
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    async def _send(self, severity: Severity, text: str, urn: str) -> None:
        if self._channel is None:
            self._channel = grpc.aio.insecure_channel(self._address)
        request = engine_pb2.LogRequest(severity=int(severity), message=text, urn=urn)
        try:
            await engine_pb2_grpc.EngineStub(self._channel).Log(request, timeout=_DEADLINE_S)
        except grpc.aio.AioRpcError:
            return
