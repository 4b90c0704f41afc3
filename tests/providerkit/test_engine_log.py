"""Lines for the operator reach the engine under the resource's URN."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2

from lifeboat.core.clock import SystemClock
from lifeboat.providerkit.protos import Message, engine_pb2_grpc, plugin_pb2
from tests.providerkit.memory_provider import THING, MemoryProvider
from tests.providerkit.running_provider import EngineResource, RunningProvider

_Base: Message = engine_pb2_grpc.EngineServicer


class FakeEngine(_Base):  # type: ignore[misc]  # the generated base has no types
    """Keeps what is logged."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self._server = grpc.server(ThreadPoolExecutor(2))
        engine_pb2_grpc.add_EngineServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def Log(self, request: Any, _context: Any) -> Any:
        """Keep one line."""
        self.lines.append((request.urn, request.message))
        return empty_pb2.Empty()

    def wait_for(self, count: int) -> None:
        """Wait until so many lines came."""
        for _ in range(500):
            if len(self.lines) >= count:
                return
            SystemClock().sleep(0.01)

    def stop(self) -> None:
        """Stop listening."""
        self._server.stop(None).wait()


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    fake = FakeEngine()
    yield fake
    fake.stop()


def test_lines_arrive_under_their_resource_from_the_address_on_the_command_line_and_after_attach(
    engine: FakeEngine,
) -> None:
    for attach in (False, True):
        running = RunningProvider(MemoryProvider(), "" if attach else engine.address)
        if attach:
            running.stub.Attach(plugin_pb2.PluginAttach(address=engine.address))
        thing = EngineResource(running.stub, THING, f"thing-{attach}")
        thing.create({})
        running.stop()
        engine.wait_for(1 + attach)
        assert engine.lines[-1] == (thing.urn, f"at work on thing-{attach}")


def test_a_deaf_engine_fails_no_resource() -> None:
    running = RunningProvider(MemoryProvider(), "127.0.0.1:1")
    assert EngineResource(running.stub, THING, "one").create({})[0] == "one"
    running.stop()
