"""An emulator with one app `web`, as tests of machines use it: requests, and time that passes on demand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from lifeboat.core.clock import Clock, ManualClock, SystemClock
from localcloud.fly.emulator import Emulator
from localcloud.fly.model import App, Machine
from tests.fly_emulator.in_process import InProcessTransport

LIGHT = "registry.fly.io/lifeboat-light:1"
DEMO = "registry.fly.io/web:1"
_STEP_S = 0.05


class MachineWorld:
    """The operator's view of the machines of `web`.

    Args:
        emulator: whose machines.
        client: a client with the operator's token.
        transport: the loop everything happens in.
        clock: the manual clock under the emulator's; None when time passes by itself.
    """

    def __init__(
        self,
        emulator: Emulator,
        client: httpx.Client,
        transport: InProcessTransport,
        clock: ManualClock | None = None,
    ) -> None:
        self.emulator = emulator
        self.client = client
        self._transport = transport
        self._clock = clock
        client.post("/v1/apps", json={"name": "web", "org_slug": "lifeboat"}).raise_for_status()

    @property
    def app(self) -> App:
        """The app's record."""
        return self.emulator.world.apps["web"]

    def record(self, machine_id: str) -> Machine:
        """A machine's record."""
        return self.app.machines[machine_id]

    def pass_time(self, seconds: float) -> None:
        """Let time pass in small steps, doing what is due after each, in the loop."""
        assert self._clock is not None, "time passes by itself here"
        steps = max(1, round(seconds / _STEP_S))
        for _ in range(steps):
            self._clock.advance(timedelta(seconds=seconds / steps))
            self._transport.portal.call(self.emulator.settle)

    def send(self, method: str, path: str = "", *, nonce: str = "", **request: Any) -> httpx.Response:
        """Send a request about machines; `path` goes on from the app's machines."""
        headers = {"fly-machine-lease-nonce": nonce} if nonce else {}
        url = f"/v1/apps/web/machines{path}"
        # Fly's rate limits are proved elsewhere; here a second goes by.
        waiting: Clock = self._clock or SystemClock()
        for _ in range(5):
            answer = self.client.request(method, url, headers=headers, **request)
            if answer.status_code != 429:
                break
            waiting.sleep(1)
        return answer

    def ask(self, method: str, path: str = "", *, nonce: str = "", **request: Any) -> Any:
        """Send a request that succeeds, and return its JSON."""
        answer = self.send(method, path, nonce=nonce, **request)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def refusal(
        self, method: str, path: str = "", *, nonce: str = "", **request: Any
    ) -> tuple[int, str, str]:
        """Send a request that is refused; return its status, its text and its code."""
        answer = self.send(method, path, nonce=nonce, **request)
        assert answer.is_error, answer.text
        return answer.status_code, answer.json()["error"], answer.json().get("status", "")

    def create(self, *, image: str = LIGHT, region: str = "iad", config: Any = None, **body: Any) -> Any:
        """Create a machine and return it as it was answered."""
        return self.ask("POST", json={"config": {"image": image, **(config or {})}, "region": region, **body})

    def started(self, **wish: Any) -> Any:
        """Create a machine and return it when it is started."""
        machine = self.create(**wish)
        self.pass_time(0.5)
        shown = self.show(machine["id"])
        assert shown["state"] == "started", shown
        return shown

    def stopped(self, **wish: Any) -> Any:
        """Create a machine, start and stop it, and return it."""
        machine = self.started(**wish)
        self.ask("POST", f"/{machine['id']}/stop", json={})
        self.pass_time(0.5)
        return self.show(machine["id"])

    def show(self, machine_id: str) -> Any:
        """Return a machine."""
        return self.ask("GET", f"/{machine_id}")

    def state(self, machine_id: str) -> str:
        """Return a machine's state."""
        return str(self.show(machine_id)["state"])

    def events(self, machine_id: str) -> list[tuple[str, str, str]]:
        """Return type, status and source of a machine's events, oldest first."""
        found = self.ask("GET", f"/{machine_id}/events")
        return [(event["type"], event["status"], event["source"]) for event in reversed(found)]

    def close(self) -> None:
        """End the machines, as the emulator does when it is told to."""
        self._transport.portal.call(self.emulator.life.close)
