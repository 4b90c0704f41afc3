"""Real machines behind a real edge: demo processes with a life of their own, in a loop of their own."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any, TypeVar

import httpx

from lifeboat.core.clock import SystemClock
from localcloud.fly.emulator import Emulator
from localcloud.fly.machines.checks import service_is_healthy
from localcloud.fly.machines.process_runner import ProcessRunner
from localcloud.fly.model import Machine, State
from localcloud.fly.proxy.edge import Edge
from localcloud.fly.proxy.settings import EdgeSettings
from localcloud.fly.tokens import LOCAL_TOKEN
from tests.fly_proxy.records import a_service
from tests.waiting import soon

_T = TypeVar("_T")
_SERVICE = a_service(checks=[{"type": "http", "path": "/health/ready", "interval": "1s"}])


class RollingWorld:
    """App `acme` on demo machines."""

    def __init__(self, directory: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.runner = ProcessRunner(directory)
        self.emulator = Emulator(directory, SystemClock(), runner=self.runner)
        self._api = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.emulator.app),
            base_url="http://fly/v1",
            headers={"authorization": LOCAL_TOKEN},
        )
        self.post("/apps", {"name": "acme", "org_slug": "lifeboat"})
        self.post("/apps/acme/ip_assignments", {"type": "shared_v4"})
        self.app = self.emulator.world.apps["acme"]
        self.edge = Edge(
            self.emulator.world,
            self.emulator.life,
            self.runner,
            SystemClock(),
            EdgeSettings(edge_region="sjc"),
        )
        self._settling = asyncio.run_coroutine_threadsafe(self._settle(), self.loop)
        self.run(self.edge.start(0))

    def create(self, region: str, tag: str, **env: str) -> Machine:
        """Make a machine and wait until it is healthy."""
        made = self.post("/apps/acme/machines", {"region": region, "config": _config(tag, env)})
        machine = self.app.machines[made["id"]]
        assert soon(lambda: self.is_healthy(machine))
        return machine

    def update(self, machine: Machine, tag: str) -> None:
        """Give a machine another image and wait until it is healthy."""
        env = machine.config.get("env") or {}
        self.post(f"/apps/acme/machines/{machine.id}", {"config": _config(tag, env)})
        assert soon(lambda: self.is_healthy(machine))

    def is_healthy(self, machine: Machine) -> bool:
        """Whether it is started and its checks pass."""
        return machine.state is State.STARTED and service_is_healthy(machine, 8080)

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask the Machines API; path below `/v1`."""
        answer = self.run(self._api.post(path, json=body))
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run a coroutine in the loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def close(self) -> None:
        """End everything."""
        self._settling.cancel()
        self.run(self.edge.stop())
        self.run(self._api.aclose())
        self.run(self.emulator.life.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    async def _settle(self) -> None:
        while True:
            self.emulator.settle()
            await asyncio.sleep(0.02)


def _config(tag: str, env: dict[str, str]) -> dict[str, Any]:
    return {"image": f"registry.fly.io/acme:{tag}", "services": [_SERVICE], "env": env}


class SteadyLoad:
    """Clients that ask all the time; every answer is counted by status and version."""

    def __init__(self, port: int, clients: int) -> None:
        self.answers: Counter[tuple[str, int, str]] = Counter()
        self.failures: list[str] = []
        self._ending = Event()
        self._threads = [Thread(target=self._ask, args=(port, number)) for number in range(clients)]

    def __enter__(self) -> SteadyLoad:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def by_method(self) -> Counter[str]:
        """How many requests of each method were answered."""
        counted: Counter[str] = Counter()
        for (method, _, _), count in self.answers.items():
            counted[method] += count
        return counted

    def _ask(self, port: int, number: int) -> None:
        method = "POST" if number % 2 else "GET"
        path = "/env" if method == "GET" else "/health/live"
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=15) as client:
            while not self._ending.wait(0.005):
                try:
                    answer = client.request(method, path)
                except httpx.TransportError as error:
                    self.failures.append(f"{method}: {error!r}")
                    continue
                self.answers[method, answer.status_code, answer.headers.get("x-lifeboat-version", "")] += 1
                if answer.status_code != 200:
                    self.failures.append(f"{method}: {answer.status_code} {answer.text}")


@contextmanager
def rolling_world(directory: Path) -> Iterator[RollingWorld]:
    """Run machines and edge for as long as the block lasts."""
    world = RollingWorld(directory)
    try:
        yield world
    finally:
        world.close()
