"""An emulated Fly that is put back to the same rich state before every request.

Records are pickled once and read back for each case, so that no case depends on the one before; the clock
goes on, so that no rate limit is met. Machines have no processes.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from lifeboat.core.clock import ManualClock
from localcloud.fly.emulator import Emulator
from localcloud.fly.faults.board import FaultSpec
from localcloud.fly.tokens import LOCAL_TOKEN
from tests.contract.described import operations
from tests.fly_emulator.certificate_maker import make_chain
from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_emulator.in_process import InProcessTransport

LIGHT = "registry.fly.io/lifeboat-light:1"
DEMO = "registry.fly.io/web:1"
BETWEEN_S = 5.0
HEADERS = {"Authorization": LOCAL_TOKEN}


class StridingClock(ManualClock):
    """A manual clock that may also move by itself a little every time somebody looks."""

    def __init__(self) -> None:
        super().__init__(datetime(2026, 9, 1, 12, tzinfo=UTC))
        self.stride_s = 0.0

    def monotonic_s(self) -> float:
        """Return seconds since the start, and stride on."""
        self.advance(timedelta(seconds=self.stride_s))
        return super().monotonic_s()


@dataclass(slots=True, kw_only=True)
class Asked:
    """One request: an operation with what fills it; `body` None sends none, bytes go as they are."""

    operation: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: list[tuple[str, str]] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


class PopulatedFly:
    """Apps with everything an app can have.

    Args:
        directory: where the emulator keeps files.
    """

    def __init__(self, directory: Path) -> None:
        self.clock = StridingClock()
        self._runner = FakeRunner()
        self.emulator = Emulator(directory, self.clock, runner=self._runner)
        self.transport = InProcessTransport(self.emulator.app)
        self._client = httpx.Client(transport=self.transport, base_url="http://localhost")
        self.known: dict[str, str] = {}
        self._populate()
        self._saved = pickle.dumps(self.emulator.world.records)
        self._running = dict(self._runner.environments)

    def close(self) -> None:
        """End the loop."""
        self._client.close()

    def restore(self) -> None:
        """Put everything back, and let enough time pass for every rate limit."""
        world = self.emulator.world
        world.timeline.clear()
        world.faults.forget()
        world.records = pickle.loads(self._saved)  # noqa: S301  # our own bytes
        self._runner.environments = dict(self._running)
        for volume in world.volumes():
            for content in (volume.content, *(snapshot.content for snapshot in volume.snapshots.values())):
                Path(content).mkdir(parents=True, exist_ok=True)
        self.clock.advance(timedelta(seconds=BETWEEN_S))

    def settle(self) -> None:
        """Let what a request began go on for a while."""
        for _ in range(3):
            self.clock.advance(timedelta(seconds=1))
            self.transport.portal.call(self.emulator.settle)

    def declare(self, fault: FaultSpec) -> None:
        """Declare a fault until the next `restore`."""
        self.transport.portal.call(self.emulator.faults.declare, fault)

    def ask(self, asked: Asked) -> httpx.Response:
        """Send a request; the operator's token is added unless it brings its own."""
        operation = operations()[asked.operation]
        names = {**self.known, **asked.path}
        path = operation.path
        for name in operation.parameters("path"):
            path = path.replace(f"{{{name}}}", quote(names[name], safe=""))
        raw = asked.body if isinstance(asked.body, bytes | None) else _encoded(asked.body)
        headers = [(name.encode(), value.encode()) for name, value in {**HEADERS, **asked.headers}.items()]
        params = httpx.QueryParams(tuple(asked.query))
        return self._client.request(operation.method, path, params=params, headers=headers, content=raw)

    def _sent(self, operation: str, body: Any = None, **path: str) -> Any:  # parsed JSON
        self.clock.advance(timedelta(seconds=1))
        answer = self.ask(Asked(operation=operation, body=body, path=path))
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def _populate(self) -> None:
        for name in ("web", "empty", "doomed"):
            self._sent("Apps_create", {"name": name, "org_slug": "lifeboat"})
        self._sent("Apps_create", {"name": "foreign", "org_slug": "personal"})
        self.known |= {"app_name": "web", "org_slug": "lifeboat", "key": "role"}
        self._populate_volumes()
        self._populate_machines()
        self._populate_belongings()

    def _populate_volumes(self) -> None:
        for name in ("data", "mounted"):
            made = self._sent("Volumes_create", {"name": name, "region": "fra", "size_gb": 2})
            self.known[f"volume {name}"] = made["id"]
        self.known["volume_id"] = self.known["volume data"]
        self._sent("createVolumeSnapshot")
        self.settle()
        self.known["snapshot"] = self._sent("Volumes_list_snapshots")[0]["id"]

    def _populate_machines(self) -> None:
        wishes: dict[str, dict[str, Any]] = {
            "started": {"services": [{"protocol": "tcp", "internal_port": 80, "autostop": "stop"}]},
            "stopped": {"metadata": {"role": "standby"}},
            "suspended": {},
            "leased": {},
            "demo": {},
            "destroyed": {},
            "mounted": {"mounts": [{"name": "mounted", "path": "/data"}]},
        }
        for name, config in wishes.items():
            image = DEMO if name == "demo" else LIGHT
            given = {"image": image, "metadata": {"role": "a"}, **config}
            body = {"name": name, "region": "fra", "config": given}
            self.known[f"machine {name}"] = self._sent("Machines_create", body)["id"]
        self.settle()
        self.known["machine_id"] = self.known["machine started"]
        self._sent("Machines_stop", {}, machine_id=self.known["machine stopped"])
        self._sent("Machines_suspend", machine_id=self.known["machine suspended"])
        self._sent("Machines_stop", {}, machine_id=self.known["machine destroyed"])
        self.settle()
        self._sent("Machines_delete", machine_id=self.known["machine destroyed"])
        leased = self.known["machine leased"]
        self.known["nonce"] = self._sent("Machines_create_lease", {"ttl": 10**8}, machine_id=leased)["data"][
            "nonce"
        ]
        self.known["version"] = self._sent("Machines_show")["version"]
        self.settle()

    def _populate_belongings(self) -> None:
        self.known |= {"hostname": "www.example.com", "secret_name": "TOKEN"}
        self._sent("Secrets_update", {"values": {"TOKEN": "one", "OTHER": "two"}})
        self._sent("Secretkey_generate", {"type": "xaes256gcm"}, secret_name="SEAL")
        self._sent("Secretkey_set", {"type": "hs256", "value": list(range(32))}, secret_name="SIGN")
        sealed = self._sent("Secretkey_encrypt", {"plaintext": [1, 2]}, secret_name="SEAL")
        self.known["sealed"] = _encoded(sealed["ciphertext"]).decode()
        signed = self._sent("Secretkey_sign", {"plaintext": [1, 2]}, secret_name="SIGN")
        self.known["signed"] = _encoded(signed["signature"]).decode()
        self.known["ip"] = self._sent("App_IPAssignments_create", {"type": "v6"})["ip"]
        self._sent("App_Certificates_acme_create", {"hostname": "www.example.com"})
        self.chain, self.key = make_chain("own.example.com", not_after=datetime(2027, 9, 1, tzinfo=UTC))
        own = {"hostname": "own.example.com", "fullchain": self.chain, "private_key": self.key}
        self._sent("App_Certificates_custom_create", own)
        self.known["app token"] = self._sent("App_create_deploy_token", {"expiry": "9999h"})["token"]


def _encoded(value: object) -> bytes:
    return json.dumps(value).encode()
