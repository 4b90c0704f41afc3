"""The emulated Fly as its own process with its edge, a provider on it, and clients that ask all the time."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx

from lifeboat.core.clock import SystemClock
from localcloud.fly.tokens import LOCAL_TOKEN
from tests.fly_emulator.fly_process import FlyProcess
from tests.fly_provider.live_world import QuickProvider
from tests.providerkit.running_provider import EngineResource, RunningProvider

CHECK = {"type": "http", "path": "/health/live", "interval": "1s", "timeout": "1s", "grace_period": "1s"}
SERVICE = {
    "protocol": "tcp",
    "internal_port": 8080,
    "autostop": "off",
    "ports": [{"port": 80, "handlers": ["http"]}],
    "checks": [CHECK],
}
_CLIENTS = 3


def serving(image: str) -> dict[str, Any]:
    """A configuration that the edge routes to when its check passes."""
    return {"image": f"registry.fly.io/{image}", "services": [SERVICE], "stop_config": {"timeout": "1s"}}


class RolloutWorld:
    """One emulator process for several tests; each test makes its own app."""

    def __init__(self, directory: Path) -> None:
        self.fly = FlyProcess(directory, "--port", "0", "--proxy-port", "0").wait_until_ready()
        self.http = self.fly.client()
        addresses = ("FLY_FLAPS_BASE_URL", "FLY_API_BASE_URL", "FLY_UIEX_BASE_URL")
        self.environment = {**dict.fromkeys(addresses, self.fly.url), "FLY_API_TOKEN": LOCAL_TOKEN}
        self._provider = QuickProvider(self.environment, recheck_s=0.1)
        self._server = RunningProvider(self._provider)

    def make_app(self, name: str) -> str:
        """Make an app with a public address."""
        self.http.post("/v1/apps", json={"name": name, "org_slug": "lifeboat"}).raise_for_status()
        answer = self.http.post(f"/v1/apps/{name}/ip_assignments", json={"type": "shared_v4"})
        answer.raise_for_status()
        return name

    def resource(self) -> EngineResource:
        """The engine's side of a group."""
        return EngineResource(self._server.stub, "fly:index:MachineGroup", "web")

    def machines(self, app: str) -> list[dict[str, Any]]:
        """The app's machines that count, by name."""
        found = self.http.get(f"/v1/apps/{app}/machines", params={"include_leases": "true"}).json()
        living = [one for one in found if one["state"] not in ("destroying", "destroyed")]
        return sorted(living, key=lambda one: str(one["name"]))

    def close(self) -> None:
        """End everything."""
        self._server.stop()
        # A provider's process ends with its connections open; this one goes on.
        self._provider.access.client().close()
        self.http.close()
        self.fly.stop()


class Rollout:
    """A group in an app of its own, from run to run."""

    def __init__(self, world: RolloutWorld, app: str, **inputs: Any) -> None:
        self.world = world
        self.app = world.make_app(app)
        self.inputs: dict[str, Any] = {"app": app, "group": "web", "waitTimeoutS": 20, **inputs}
        self._resource = world.resource()
        self._checked = self._resource.check(self.inputs)
        self._id, self.outputs = self._resource.create(self._checked)

    def up(self, **changes: Any) -> None:
        """Run the program with changes."""
        wanted = self._resource.check({**self.inputs, **changes}, self._checked)
        self.outputs = self._resource.update(self._id, self._checked, self.outputs, wanted)
        self._checked = wanted

    def show(self, *names: str) -> list[tuple[Any, ...]]:
        """Fields of every machine, by name."""
        return [tuple(_field(one, name) for name in names) for one in self.world.machines(self.app)]


class Load:
    """Clients that ask an app through the edge all the time."""

    def __init__(self, world: RolloutWorld, app: str) -> None:
        self.versions: Counter[str] = Counter()
        self.failures: list[str] = []
        self._url = f"http://127.0.0.1:{world.fly.proxy_port}/"
        self._host = f"{app}.fly.dev"
        self._ending = Event()
        self._threads = [Thread(target=self._ask) for _ in range(_CLIENTS)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        with httpx.Client(headers={"host": self._host}, trust_env=False, timeout=30) as client:
            while not self._ending.is_set():
                try:
                    answer = client.get(self._url)
                except httpx.HTTPError as error:
                    self.failures.append(repr(error))
                    continue
                if answer.status_code == httpx.codes.OK:
                    self.versions[answer.headers["x-lifeboat-version"]] += 1
                else:
                    self.failures.append(f"{answer.status_code} {answer.text[:200]}")
                SystemClock().sleep(0.02)


def _field(machine: dict[str, Any], name: str) -> Any:
    if name == "image":
        return str(machine["config"]["image"]).removeprefix("registry.fly.io/")
    return machine.get(name)
