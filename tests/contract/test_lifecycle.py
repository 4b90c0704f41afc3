"""Drawn sequences of operations on one app, compared with a tiny model after every step."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from lifeboat.core.clock import ManualClock
from localcloud.fly.emulator import Emulator
from localcloud.fly.tokens import LOCAL_TOKEN
from tests.contract.machine_model import STATES, Known, is_a_life
from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_emulator.in_process import InProcessTransport

LIGHT = "registry.fly.io/lifeboat-light:1"
NAMES = st.sampled_from(["one", "two", "three"])
STEP_S = 4.0
"""Time between two requests, so that no rate limit is met; every transition is shorter than this."""


class FlyLife(RuleBasedStateMachine):
    """One app under drawn operations."""

    machines: Bundle[str] = Bundle("machines")
    nonces: Bundle[tuple[str, str]] = Bundle("nonces")

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory(prefix="fly-life-")
        self.clock = ManualClock(datetime(2026, 9, 1, tzinfo=UTC))
        self.emulator = Emulator(Path(self.directory.name), self.clock, runner=FakeRunner())
        self.transport = InProcessTransport(self.emulator.app)
        headers = {"Authorization": LOCAL_TOKEN}
        self.client = httpx.Client(transport=self.transport, base_url="http://localhost", headers=headers)
        self.known: dict[str, Known] = {}
        self.secrets_version = 0
        self.secrets: set[str] = set()
        self.client.post("/v1/apps", json={"name": "web", "org_slug": "lifeboat"}).raise_for_status()

    def teardown(self) -> None:
        """End the loop and remove the files."""
        self.client.close()
        self.directory.cleanup()

    def ask(self, method: str, path: str, *, nonce: str = "", **request: Any) -> httpx.Response:
        """Send a request a little later than the last one."""
        self.clock.advance(timedelta(milliseconds=10))
        headers = {"fly-machine-lease-nonce": nonce} if nonce else {}
        return self.client.request(method, f"/v1/apps/web{path}", headers=headers, **request)

    def change(self, machine_id: str, method: str, path: str, nonce: str, **request: Any) -> httpx.Response:
        """Ask for a change, and hold its answer against the model's lease."""
        known = self.known[machine_id]
        held = known.is_held(self.clock.monotonic_s()) and not known.is_gone
        answer = self.ask(method, f"/machines/{machine_id}{path}", nonce=nonce, **request)
        if held and nonce != known.nonce:
            assert answer.status_code == 409, answer.text
            assert "lease currently held" in answer.json()["error"]
        else:
            assert "lease currently held" not in answer.text
        return answer

    @rule(target=machines, name=NAMES, launch=st.booleans(), region=st.sampled_from(["fra", "ord"]))
    def create(self, name: str, launch: bool, region: str) -> Any:
        """Make a machine; a live one of its name forbids it."""
        body = {"name": name, "region": region, "config": {"image": LIGHT}, "skip_launch": not launch}
        answer = self.ask("POST", "/machines", json=body)
        taken = {key for key, each in self.known.items() if each.name == name and not each.is_gone}
        if taken:
            assert answer.status_code == 409, answer.text
            assert taken == {key for key in taken if key in answer.json()["error"]}
            return multiple()
        assert answer.status_code == 200, answer.text
        machine = answer.json()
        self.known[machine["id"]] = Known(
            name=name, version=machine["version"], versions=[machine["version"]]
        )
        return machine["id"]

    @rule(machine=machines, stale=st.booleans(), launch=st.booleans())
    def update(self, machine: str, stale: bool, launch: bool) -> None:
        """Make a version, by its holder; against an old one it is refused."""
        known = self.known[machine]
        current = known.versions[0] if stale else known.version
        body = {"config": {"image": LIGHT}, "current_version": current, "skip_launch": not launch}
        answer = self.change(machine, "POST", "", known.nonce, json=body)
        if answer.is_success:
            assert current == known.version
            assert answer.json()["version"] > known.version
            known.version = answer.json()["version"]
            known.versions.append(known.version)
        elif current != known.version and not known.is_gone:
            assert answer.status_code in {404, 409, 412}

    @rule(
        machine=machines,
        action=st.sampled_from(["start", "stop", "suspend", "restart", "cordon"]),
        own=st.booleans(),
    )
    def act(self, machine: str, action: str, own: bool) -> None:
        """Do something to a machine, with or without the lease's nonce."""
        nonce = self.known[machine].nonce if own else ""
        answer = self.change(machine, "POST", f"/{action}", nonce, json={} if action == "stop" else None)
        assert answer.status_code in {200, 404, 409, 412}, answer.text

    @rule(machine=machines, force=st.booleans())
    def destroy(self, machine: str, force: bool) -> None:
        """Destroy a machine, by its holder."""
        known = self.known[machine]
        answer = self.change(machine, "DELETE", f"?force={force}".lower(), known.nonce)
        assert answer.status_code in {200, 404, 412}, answer.text
        assert answer.is_success or not force or known.is_gone

    @rule(target=nonces, machine=machines, ttl=st.integers(1, 40))
    def take(self, machine: str, ttl: int) -> Any:
        """Take a lease; a held one forbids it."""
        known, now_s = self.known[machine], self.clock.monotonic_s()
        answer = self.change(machine, "POST", f"/lease?ttl={ttl}", "")
        if not answer.is_success:
            return multiple()
        assert not known.is_held(now_s)
        known.nonce = answer.json()["data"]["nonce"]
        known.lease_ends_s = self.clock.monotonic_s() + ttl
        return machine, known.nonce

    @rule(lease=nonces, ttl=st.integers(1, 40))
    def prolong(self, lease: tuple[str, str], ttl: int) -> None:
        """Give a lease a new term; one that ended cannot get one."""
        machine, nonce = lease
        known = self.known[machine]
        is_current = known.nonce == nonce and known.is_held(self.clock.monotonic_s() + 0.01)
        answer = self.change(machine, "POST", f"/lease?ttl={ttl}", nonce)
        if answer.is_success:
            assert is_current
            known.lease_ends_s = self.clock.monotonic_s() + ttl
        else:
            assert not is_current or known.is_gone or answer.status_code == 412

    @rule(lease=consumes(nonces))
    def release(self, lease: tuple[str, str]) -> None:
        """Give a lease back; somebody else's stays."""
        machine, nonce = lease
        known = self.known[machine]
        if self.change(machine, "DELETE", "/lease", nonce).is_success:
            assert known.nonce == nonce
            known.nonce = ""

    @rule(name=st.sampled_from(["A", "B"]), value=st.sampled_from(["1", "2", None]))
    def set_secret(self, name: str, value: str | None) -> None:
        """Set or remove a secret: the version grows each time."""
        answer = self.ask("POST", "/secrets", json={"values": {name: value}})
        assert answer.status_code == 200, answer.text
        assert answer.json()["version"] > self.secrets_version
        self.secrets_version = answer.json()["version"]
        (self.secrets.discard if value is None else self.secrets.add)(name)

    @rule(seconds=st.sampled_from([0.1, STEP_S, 60.0]))
    def wait(self, seconds: float) -> None:
        """Let time pass."""
        for _ in range(5):
            self.clock.advance(timedelta(seconds=seconds / 5))
            self.transport.portal.call(self.emulator.settle)

    @invariant()
    def what_is_shown_agrees(self) -> None:
        """Compare everything that can be seen."""
        self.clock.advance(timedelta(seconds=STEP_S))
        shown = self.ask("GET", "/machines?include_deleted=true&include_leases=true").json()
        self._forget_the_gone(shown)
        live = [each for each in shown if each["state"] != "destroyed"]
        assert len({each["name"] for each in live}) == len(live)
        assert {each["id"] for each in live} == {key for key, each in self.known.items() if not each.is_gone}
        for machine in shown:
            self._compare(machine)
        secrets = self.ask("GET", "/secrets").json()["secrets"]
        assert {secret["name"] for secret in secrets} == self.secrets

    def _forget_the_gone(self, shown: list[dict[str, Any]]) -> None:
        for machine in shown:
            if machine["state"] == "destroyed":
                self.known[machine["id"]].is_gone = True

    def _compare(self, machine: dict[str, Any]) -> None:
        known = self.known[machine["id"]]
        assert machine["state"] in STATES
        assert machine["version"] == machine["instance_id"] == known.version
        assert (machine["name"], known.versions) == (known.name, sorted(known.versions))
        held = known.is_held(self.clock.monotonic_s()) and not known.is_gone
        assert ("lease" in machine) == held
        # A launch tells that a version was made, whatever state the machine is in.
        moves = [event["status"] for event in reversed(machine["events"]) if event["type"] != "launch"]
        assert set(moves) <= STATES
        assert is_a_life(moves), moves


TestFlyLife = FlyLife.TestCase
TestFlyLife.settings = settings(
    max_examples=80,
    stateful_step_count=25,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
