"""A provider served in this process, and the engine's side of the wire, synchronously."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import grpc

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.providerkit import codec
from lifeboat.providerkit.protos import provider_pb2, provider_pb2_grpc
from lifeboat.providerkit.provider import Provider
from lifeboat.providerkit.server import ProviderServer

SEED = b"a seed of the engine's, 32 bytes"


class _ManualTimeServer(ProviderServer):
    """Lets handlers wait on the clock it was given, which need not be one of real time."""

    def handlers_clock(self) -> Clock:
        return self._clock


class RunningProvider:
    """Serves a provider on a thread of its own; `stub` speaks to it.

    Args:
        provider: what to serve.
        engine_address: where lines for the operator go; empty for none.
        clock: what handlers wait on; real time when None.
    """

    def __init__(self, provider: Provider, engine_address: str = "", clock: Clock | None = None) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        kind = ProviderServer if clock is None else _ManualTimeServer
        self.server = kind(provider, clock or SystemClock(), engine_address)
        self.port = self._on_loop(self.server.start())
        self._channel = grpc.insecure_channel(f"127.0.0.1:{self.port}")
        self.stub = provider_pb2_grpc.ResourceProviderStub(self._channel)

    def stop(self) -> None:
        """End it, its threads and its loop."""
        self._channel.close()
        self._on_loop(self.server.stop(grace_s=1.0))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _on_loop(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)


def configure(stub: Any, **settings: Any) -> None:
    """Configure a provider as the engine does."""
    stub.Configure(provider_pb2.ConfigureRequest(args=codec.encode(settings)))


class EngineResource:
    """One resource as an engine handles it: every call is one message to the provider."""

    def __init__(self, stub: Any, token: str, name: str = "thing", stack: str = "local") -> None:
        self._stub = stub
        self.urn = f"urn:pulumi:{stack}::lifeboat::{token}::{name}"

    def check_response(self, inputs: dict[str, Any], old: dict[str, Any] | None = None) -> Any:
        """Check inputs and return the whole answer."""
        return self._stub.Check(
            provider_pb2.CheckRequest(
                urn=self.urn, olds=codec.encode(old or {}), news=codec.encode(inputs), randomSeed=SEED
            )
        )

    def failures(self, inputs: dict[str, Any]) -> dict[str, str]:
        """Check inputs and return the reasons by path."""
        return {failure.property: failure.reason for failure in self.check_response(inputs).failures}

    def check(self, inputs: dict[str, Any], old: dict[str, Any] | None = None) -> dict[str, Any]:
        """Check inputs that must be fine and return the completed ones."""
        answer = self.check_response(inputs, old)
        assert not answer.failures, answer.failures
        return codec.decode(answer.inputs)

    def create(self, checked: dict[str, Any], *, preview: bool = False) -> tuple[str, dict[str, Any]]:
        """Create and return id and outputs."""
        answer = self._stub.Create(
            provider_pb2.CreateRequest(urn=self.urn, properties=codec.encode(checked), preview=preview)
        )
        return answer.id, codec.decode(answer.properties)

    def diff(
        self,
        resource_id: str,
        old: dict[str, Any],
        outputs: dict[str, Any],
        new: dict[str, Any],
        ignore: tuple[str, ...] = (),
    ) -> Any:
        """Compare and return the whole answer."""
        return self._stub.Diff(
            provider_pb2.DiffRequest(
                urn=self.urn,
                id=resource_id,
                old_inputs=codec.encode(old),
                olds=codec.encode(outputs),
                news=codec.encode(new),
                ignoreChanges=ignore,
            )
        )

    def update(
        self,
        resource_id: str,
        old: dict[str, Any],
        outputs: dict[str, Any],
        new: dict[str, Any],
        *,
        preview: bool = False,
    ) -> dict[str, Any]:
        """Update and return the outputs."""
        answer = self._stub.Update(
            provider_pb2.UpdateRequest(
                urn=self.urn,
                id=resource_id,
                old_inputs=codec.encode(old),
                olds=codec.encode(outputs),
                news=codec.encode(new),
                preview=preview,
            )
        )
        return codec.decode(answer.properties)

    def refresh(
        self, resource_id: str, inputs: dict[str, Any], outputs: dict[str, Any]
    ) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Read what is known already; return id (empty when gone), inputs and outputs."""
        answer = self._stub.Read(
            provider_pb2.ReadRequest(
                urn=self.urn,
                id=resource_id,
                inputs=codec.encode(inputs),
                properties=codec.encode(outputs),
            )
        )
        return answer.id, codec.decode(answer.inputs), codec.decode(answer.properties)

    def import_(self, resource_id: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Read what is not known yet; return id, inputs and outputs."""
        answer = self._stub.Read(provider_pb2.ReadRequest(urn=self.urn, id=resource_id))
        return answer.id, codec.decode(answer.inputs), codec.decode(answer.properties)

    def delete(self, resource_id: str, inputs: dict[str, Any], outputs: dict[str, Any]) -> None:
        """Delete."""
        self._stub.Delete(
            provider_pb2.DeleteRequest(
                urn=self.urn,
                id=resource_id,
                old_inputs=codec.encode(inputs),
                properties=codec.encode(outputs),
            )
        )
