"""A provider and an emulated Fly in this process, whose time passes by itself and fast.

For everything that waits on Fly's side. Light images have no process; with a `ProcessRunner` the others do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from lifeboat.fly.provider.groups.patience import Patience
from lifeboat.fly.provider.machine import MachineHandler
from lifeboat.fly.provider.machine_group import MachineGroupHandler
from lifeboat.fly.provider.provider import FlyProvider
from lifeboat.providerkit.handler import ResourceHandler
from localcloud.fly.emulator import Emulator
from localcloud.fly.faults.board import FaultKind, FaultSpec
from localcloud.fly.machines.running import Runner
from localcloud.fly.model import App
from localcloud.fly.tokens import LOCAL_TOKEN
from tests.fly_emulator.in_process import InProcessTransport
from tests.fly_provider.fast_clock import FastClock
from tests.fly_provider.world import ADDRESS, ENVIRONMENT
from tests.providerkit.running_provider import EngineResource, RunningProvider

_SPEED = 10.0
_TICK_S = 0.005
QUICK = Patience(drain_s=0.3, smoke_s=0.8, poll_s=0.2, stop_s=5.0, lease_ttl_s=60)


class NotingTransport(httpx.BaseTransport):
    """Sends requests into the emulator and notes them."""

    def __init__(self, inner: InProcessTransport) -> None:
        self._inner = inner
        self.requests: list[tuple[str, str]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Note, then send."""
        self.requests.append((request.method, request.url.path))
        return self._inner.handle_request(request)


class QuickProvider(FlyProvider):
    """The provider with less patience for what cannot be seen."""

    def handler(self, token: str) -> ResourceHandler:
        """Return the handler of a type token."""
        for kind in (MachineHandler, MachineGroupHandler):
            if token == kind.declaration.token:
                return kind(self.access, QUICK)
        return super().handler(token)


class LiveWorld:
    """An emulated Fly and a provider that works on it.

    Args:
        directory: where the emulator keeps files.
        runner: runs the machines' processes.
    """

    def __init__(self, directory: Path, runner: Runner) -> None:
        self.clock = FastClock(_SPEED)
        self.emulator = Emulator(directory, self.clock, runner=runner)
        self._inner = InProcessTransport(self.emulator.app)
        self.transport = NotingTransport(self._inner)
        self.http = httpx.Client(
            transport=self._inner, base_url=ADDRESS, headers={"Authorization": LOCAL_TOKEN}
        )
        self._ticking = self._inner.portal.start_task_soon(self._tick)
        provider = QuickProvider(ENVIRONMENT, transport=self.transport, recheck_s=0.1)
        self._server = RunningProvider(provider, clock=self.clock)

    def resource(self, kind: str, name: str = "one") -> EngineResource:
        """The engine's side of a resource of stack `local`."""
        return EngineResource(self._server.stub, f"fly:index:{kind}", name)

    def app(self, name: str) -> App:
        """Return the emulator's record of an app."""
        return self.emulator.world.apps[name]

    def make_app(self, name: str) -> None:
        """Make an app behind the provider's back."""
        self.http.post("/v1/apps", json={"name": name, "org_slug": "lifeboat"}).raise_for_status()

    def run(self, work: Callable[[], Any]) -> Any:
        """Do something with the emulator in its own loop."""
        return self._inner.portal.call(work)

    def fault(self, kind: FaultKind, **fields: Any) -> None:
        """Declare that something goes wrong."""
        self.run(lambda: self.emulator.faults.declare(FaultSpec(kind=kind, **fields)))

    def heal(self) -> None:
        """Let nothing be wrong any more."""
        self.run(self.emulator.faults.reset)

    def close(self) -> None:
        """End everything."""
        self._server.stop()
        self._ticking.cancel()
        self._inner.portal.call(self.emulator.life.close)
        self._inner.close()

    async def _tick(self) -> None:
        while True:
            self.emulator.settle()
            await asyncio.sleep(_TICK_S)
