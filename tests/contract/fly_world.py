"""One test's view of an emulated Fly: a client, an organisation and an app of its own, faults and time."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import httpx

from lifeboat.core.secret import Secret
from lifeboat.fly.client import FlyClient, FlySettings
from lifeboat.fly.client.http import Http
from lifeboat.fly.client.machines import NewMachine
from lifeboat.fly.client.models.machine import Machine
from localcloud.fly.admin import PREFIX
from localcloud.fly.faults.board import FaultKind
from localcloud.fly.tokens import LOCAL_TOKEN
from tests.contract.places import Place
from tests.contract.spoiled import Spoil, Spoiled

LIGHT = "registry.fly.io/lifeboat-light:1"
DEMO = "registry.fly.io/web:1"


class FlyWorld:
    """A client of Fly with everything a test needs around it.

    Args:
        place: where Fly runs.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self.clock = place.clock
        self.files = place.files
        self.organization = place.organization()
        self.app = f"{self.organization}-web"
        self.raw = httpx.Client(
            base_url=place.url,
            transport=place.way(),
            headers={"Authorization": LOCAL_TOKEN},
            trust_env=False,
            timeout=30,
        )
        self._open: list[FlyClient | Http | httpx.Client] = [self.raw]
        self.client = self.client_with(LOCAL_TOKEN)

    def __enter__(self) -> Self:
        self.client.apps.create(self.app, self.organization)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.withdraw()
        self.raw.delete(f"/v1/apps/{self.app}")
        for client in self._open:
            client.close()

    @property
    def settings(self) -> FlySettings:
        """Where Fly is, and the operator's token."""
        return self.settings_with(LOCAL_TOKEN)

    def settings_with(self, token: str) -> FlySettings:
        """Where Fly is, with another token."""
        url = self._place.url
        return FlySettings(flaps_url=url, api_url=url, uiex_url=url, token=Secret(token))

    def client_with(self, token: str, transport: httpx.BaseTransport | None = None) -> FlyClient:
        """Return one more client; it has its own pacing, and its own transport when one is given."""
        way = transport or self._place.way()
        made = FlyClient(self.settings_with(token), clock=self.clock, transport=way)
        self._open.append(made)
        return made

    def client_through(self, spoil: Spoil) -> FlyClient:
        """Return one more client, to which every answer comes spoiled."""
        way = self._place.way() or httpx.HTTPTransport()
        return self.client_with(LOCAL_TOKEN, Spoiled(way, spoil))

    def door(self) -> Http:
        """Return the client's innermost part, for requests no noun of it makes."""
        made = Http(self.settings, clock=self.clock, transport=self._place.way())
        self._open.append(made)
        return made

    def admin(self, method: str, name: str, body: object = None) -> Any:
        """Send an admin request and return what it answers."""
        answer = self.raw.request(method, f"{PREFIX}{name}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def token(self, scope: str) -> str:
        """Mint a token for `org:<slug>` or `app:<name>`."""
        return str(self.admin("POST", "tokens", {"scope": scope})["token"])

    def fault(self, kind: FaultKind, **about: Any) -> None:
        """Declare what goes wrong; the dropped answers of these tests are dropped at once."""
        self.admin("POST", "faults", {"kind": kind, "delay_s": 0, **about})

    def lose_answer(self, action: str) -> None:
        """Let the next call of an operation be done and never answered."""
        self.fault(FaultKind.TIMEOUT_AFTER_WRITE, action=action, app=self.app, times=1)

    def withdraw(self) -> None:
        """Make everything well again."""
        self.admin("DELETE", "faults")

    def hits(self, kind: FaultKind) -> int:
        """Return how often the faults of a kind met something."""
        faults = self.admin("GET", "faults")["faults"]
        return sum(fault["hits"] for fault in faults if fault["kind"] == kind)

    def pass_time(self, seconds: float) -> None:
        """Let time pass in several jumps, so that what follows from what is due is due as well."""
        for _ in range(5):
            self.clock.sleep(seconds / 5)
            self.raw.get("/v1/platform/regions")

    def machine(self, name: str = "web-1", region: str = "fra", **fields: Any) -> Machine:
        """Make a machine and return it once it is started, or created when its launch is skipped."""
        made = self.client.machines.create(self.app, self.new(name, region, **fields))
        self.pass_time(1)
        shown = self.client.machines.get(self.app, made.id)
        assert shown.state == ("created" if fields.get("skip_launch") else "started")
        return shown

    @staticmethod
    def new(name: str = "web-1", region: str = "fra", image: str = LIGHT, **fields: Any) -> NewMachine:
        """Return the wish for a machine; `config` is merged into it, the other fields are its own."""
        config = {"image": image, "metadata": {"lifeboat_urn": f"urn:{name}"}, **fields.pop("config", {})}
        return NewMachine(name=name, region=region, config=config, **fields)

    def live_names(self) -> list[str]:
        """Return the names of the app's live machines as the emulator has them, sorted."""
        machines = self.raw.get(f"/v1/apps/{self.app}/machines").json()
        return sorted(each["name"] for each in machines if each["state"] not in {"destroying", "destroyed"})
