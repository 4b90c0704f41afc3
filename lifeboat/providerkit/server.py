"""A provider behind a port of the loopback interface."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import grpc.aio

from lifeboat.core.clock import Clock
from lifeboat.providerkit.cancellation import CancellableClock, Cancellation
from lifeboat.providerkit.engine_log import EngineLog, Severity
from lifeboat.providerkit.operations import Operations
from lifeboat.providerkit.protos import provider_pb2_grpc
from lifeboat.providerkit.provider import Provider
from lifeboat.providerkit.servicer import Servicer

_THREADS = 32
_LARGEST_MESSAGE = 400 * 1024 * 1024
"""Bytes; the engine's own limit, large because assets travel inside messages."""


class ProviderServer:
    """Serves one provider; start and stop it on the same event loop.

    Args:
        provider: what to serve.
        clock: the time handlers see and wait on.
        engine_address: where lines for the operator go; empty for none.
    """

    def __init__(self, provider: Provider, clock: Clock, engine_address: str = "") -> None:
        self._provider = provider
        self._clock = clock
        self._engine_address = engine_address
        self._cancellation = Cancellation()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix=provider.name)

    async def start(self) -> int:
        """Begin to serve and return the port."""
        self._log = EngineLog(asyncio.get_running_loop(), self._engine_address)
        operations = Operations(
            self._provider, self.handlers_clock(), lambda text, urn: self._log.write(Severity.INFO, text, urn)
        )
        servicer = Servicer(
            self._provider, operations, log=self._log, cancellation=self._cancellation, threads=self._threads
        )
        limits = [
            ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
            ("grpc.max_send_message_length", _LARGEST_MESSAGE),
        ]
        self._server = grpc.aio.server(options=limits)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, self._server)
        port = self._server.add_insecure_port("127.0.0.1:0")
        await self._server.start()
        return int(port)

    def handlers_clock(self) -> Clock:
        """Return the clock that handlers see and wait on; a cancelled run ends their waits."""
        return CancellableClock(self._clock, self._cancellation)

    async def stop(self, grace_s: float) -> None:
        """Refuse new calls, wake waiting handlers, and give running ones `grace_s` seconds to end."""
        self._cancellation.cancel()
        await self._server.stop(grace_s)
        await self._log.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
