"""An edge in a thread of its own, in front of records and pretend machines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import httpx

from lifeboat.core.clock import SystemClock
from localcloud.fly.faults.board import FaultBoard, FaultSpec
from localcloud.fly.model import App, Machine, State
from localcloud.fly.offset_clock import OffsetClock
from localcloud.fly.proxy.edge import Edge
from localcloud.fly.proxy.settings import EdgeSettings
from localcloud.fly.seed import initial_records
from localcloud.fly.timeline import Timeline
from localcloud.fly.timings import Timings
from localcloud.fly.wire_error import WireError
from localcloud.fly.world import World
from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_proxy.pretend_machine import Machines, pretend_machines
from tests.fly_proxy.records import a_machine, an_app, an_ip

_T = TypeVar("_T")
SETTINGS = EdgeSettings(edge_region="sjc", patience_s=1.5, connect_s=0.5, answer_s=1.0)


class PretendRunner(FakeRunner):
    """Knows where pretend machines listen."""

    def __init__(self, machines: Machines) -> None:
        super().__init__()
        self.machines = machines
        self.silent: set[str] = set()

    def address_of(self, machine_id: str, internal_port: int) -> tuple[str, int] | None:
        """The pretend machine's port, unless it is silenced."""
        del internal_port
        return None if machine_id in self.silent else ("127.0.0.1", self.machines[machine_id].port)


class PretendLife:
    """Starts machines after a moment and stops them at once; `refusing` ones cannot be started."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.refusing: set[str] = set()

    def start(self, machine: Machine, *, source: str) -> object:
        """Start, a little later."""
        assert source == "proxy"
        self.asked.append(("start", machine.id))
        if machine.id in self.refusing:
            raise WireError(408, "deadline_exceeded")
        machine.state = State.STARTING
        asyncio.get_running_loop().call_later(0.2, setattr, machine, "state", State.STARTED)
        return machine.state

    def stop(self, machine: Machine, *, source: str) -> None:
        """Stop."""
        assert source == "proxy"
        self.asked.append(("stop", machine.id))
        machine.state = State.STOPPED

    def suspend(self, machine: Machine, *, source: str) -> None:
        """Suspend."""
        assert source == "proxy"
        self.asked.append(("suspend", machine.id))
        machine.state = State.SUSPENDED


class EdgeWorld:
    """App `acme` with a public address, its machines, and the edge before them."""

    def __init__(self, directory: Path, machines: Machines, settings: EdgeSettings) -> None:
        clock = OffsetClock(SystemClock())
        self.changes = 0
        self.world = World(
            records=initial_records("edge"),
            clock=clock,
            timeline=Timeline(clock),
            timings=Timings(),
            faults=FaultBoard(),
            directory=directory,
            changed=self._changed,
        )
        self.machines = machines
        self.app = self.add_app(an_app("acme", an_ip("shared_v4")))
        self.life, self.runner = PretendLife(), PretendRunner(machines)
        self.edge = Edge(self.world, self.life, self.runner, SystemClock(), settings)
        self.loop = asyncio.new_event_loop()
        self._thread = Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.port = self.run(self.edge.start(0))

    def add_app(self, app: App) -> App:
        """Put an app into the records."""
        self.world.apps[app.name] = app
        return app

    def add(self, machine_id: str, region: str = "sjc", **fields: Any) -> Machine:
        """Put a machine of `acme` into the records, on its region's first host."""
        hosts = self.world.records.hosts.values()
        host = next(host.id for host in hosts if host.region == region)
        machine = a_machine(machine_id, region, host, **fields)
        self.app.machines[machine_id] = machine
        return machine

    def declare(self, **spec: Any) -> None:
        """Declare a fault."""
        self.world.faults.declare(FaultSpec(**spec))

    def get(self, path: str = "/", host: str = "acme.fly.dev", **headers: str) -> httpx.Response:
        """Ask the shared listener; header names are written with underscores."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        with self.client() as client:
            return client.get(path, headers={"host": host, **given})

    def client(self) -> httpx.Client:
        """A client of the shared listener."""
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", trust_env=False, timeout=10)

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run a coroutine in the edge's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(15)

    def call(self, work: Callable[[], _T]) -> _T:
        """Call a function in the edge's loop."""

        async def called() -> _T:
            return work()

        return self.run(called())

    def close(self) -> None:
        """Stop the edge and its thread."""
        self.run(self.edge.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def _changed(self) -> None:
        self.changes += 1


@contextmanager
def edge_world(directory: Path, settings: EdgeSettings = SETTINGS) -> Iterator[EdgeWorld]:
    """Run an edge for as long as the block lasts."""
    with pretend_machines() as machines:
        world = EdgeWorld(directory, machines, settings)
        try:
            yield world
        finally:
            world.close()
