"""A provider and an emulated Fly in this process, on one clock that moves only when somebody sleeps.

The provider is reached over gRPC as by the engine, Fly by the real client. Before every request what is due
on Fly happens, so a wait of minutes takes no time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from lifeboat.core.clock import ManualClock
from lifeboat.fly.provider.provider import FlyProvider
from localcloud.fly.emulator import Emulator
from localcloud.fly.faults.board import FaultKind, FaultSpec
from localcloud.fly.model import App
from localcloud.fly.tokens import LOCAL_TOKEN
from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_emulator.in_process import InProcessTransport
from tests.providerkit.running_provider import EngineResource, RunningProvider

ADDRESS = "http://localhost"
ENVIRONMENT = {
    "FLY_FLAPS_BASE_URL": ADDRESS,
    "FLY_API_BASE_URL": ADDRESS,
    "FLY_UIEX_BASE_URL": ADDRESS,
    "FLY_API_TOKEN": LOCAL_TOKEN,
}
"""What turns the provider to the emulator; the transport decides where it really goes."""


class SettlingTransport(httpx.BaseTransport):
    """Lets happen what is due before each request, and notes the requests."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._inner = InProcessTransport(emulator.app)
        self.requests: list[tuple[str, str]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Settle, then send."""
        self.requests.append((request.method, request.url.path))
        self._inner.portal.call(self._emulator.settle)
        return self._inner.handle_request(request)

    def run(self, work: Callable[[], Any]) -> Any:
        """Do something with the emulator's records in its own loop."""
        return self._inner.portal.call(work)

    def close(self) -> None:
        """End the emulator's loop."""
        self._inner.close()


class FlyWorld:
    """An emulated Fly, and providers that work on it.

    Args:
        directory: where the emulator keeps files.
        environment: variables on top of those that name the emulator.
    """

    def __init__(self, directory: Path, environment: dict[str, str] | None = None) -> None:
        self.clock = ManualClock(datetime(2026, 9, 1, 12, tzinfo=UTC))
        self.emulator = Emulator(directory, self.clock, runner=FakeRunner())
        self.transport = SettlingTransport(self.emulator)
        self.environment = {**ENVIRONMENT, **(environment or {})}
        self._servers: list[RunningProvider] = []
        self.http = httpx.Client(
            transport=self.transport, base_url=ADDRESS, headers={"Authorization": LOCAL_TOKEN}
        )

    def new_process(self) -> RunningProvider:
        """Serve a provider that knows nothing of what others saw, as a new run of the engine gets it."""
        provider = FlyProvider(self.environment, transport=self.transport, clock=self.clock)
        self._servers.append(RunningProvider(provider, clock=self.clock))
        return self._servers[-1]

    @property
    def provider(self) -> RunningProvider:
        """The newest provider."""
        return self._servers[-1] if self._servers else self.new_process()

    def resource(self, kind: str, name: str = "one") -> EngineResource:
        """The engine's side of a resource of stack `local`."""
        return EngineResource(self.provider.stub, f"fly:index:{kind}", name)

    def make(
        self, kind: str, name: str = "one", /, **inputs: Any
    ) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Check and create; return id, checked inputs and outputs."""
        resource = self.resource(kind, name)
        checked = resource.check(inputs)
        resource_id, outputs = resource.create(checked)
        return resource_id, checked, outputs

    def app(self, name: str) -> App:
        """Return the emulator's record of an app."""
        return self.emulator.world.apps[name]

    def make_app(self, name: str, org: str = "lifeboat") -> str:
        """Make an app behind the provider's back."""
        self.http.post("/v1/apps", json={"name": name, "org_slug": org}).raise_for_status()
        return name

    def fault(self, kind: FaultKind, **fields: Any) -> None:
        """Declare that something goes wrong."""
        self.transport.run(lambda: self.emulator.world.faults.declare(FaultSpec(kind=kind, **fields)))

    def calls(self, method: str) -> int:
        """Return how many requests of a method were sent."""
        return sum(1 for sent, _ in self.transport.requests if sent == method)

    def close(self) -> None:
        """End everything."""
        for server in self._servers:
            server.stop()
        self.transport.close()
