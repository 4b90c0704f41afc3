"""A provider killed at any write, and the next run: exactly what is declared, and nothing twice.

The killed process leaves no state behind, as when the engine dies with it; the next one starts from nothing.
"""

from __future__ import annotations

from typing import Any

import pytest

from lifeboat.fly.provider.access import FlyAccess
from lifeboat.fly.provider.registry import kinds
from lifeboat.providerkit.requests import CheckRequest, CreateRequest, Made, Subject
from lifeboat.providerkit.urn import parse_urn
from tests.fly_provider.dying_transport import DyingTransport, Killed
from tests.fly_provider.world import ENVIRONMENT, FlyWorld

CASES: dict[str, dict[str, Any]] = {
    "App": {"name": "web", "org": "lifeboat"},
    "Volume": {"app": "web", "region": "sjc", "name": "data_1", "sizeGb": 3, "snapshotRetention": 9},
    "IpAddress": {"app": "web", "type": "v6"},
    "EgressIp": {"app": "web", "region": "sjc"},
    "Certificate": {"app": "web", "hostname": "www.example.org"},
    "AppSecrets": {"app": "web", "values": {"ONE": "1", "TWO": "2"}},
}


def _create(world: FlyWorld, kind: str, transport: DyingTransport) -> Made:
    access = FlyAccess(ENVIRONMENT, transport=transport, clock=world.clock)
    handler = kinds()[f"fly:index:{kind}"].make(access)
    urn = parse_urn(f"urn:pulumi:local::lifeboat::fly:index:{kind}::one")
    subject = Subject(urn=urn, clock=world.clock, log=lambda _: None)
    checked = handler.check(CheckRequest(subject=subject, inputs=CASES[kind], old_inputs={}))
    assert not checked.failures
    return handler.create(CreateRequest(subject=subject, inputs=checked.inputs))


def _objects(world: FlyWorld) -> dict[str, int]:
    app = world.emulator.world.apps["web"]
    return {
        "Volume": len(app.volumes),
        "IpAddress": sum(1 for one in app.ips if not one.is_egress),
        "EgressIp": sum(1 for one in app.ips if one.is_egress),
        "Certificate": len(app.certificates),
        "AppSecrets": len(app.secrets),
    }


@pytest.mark.parametrize("after", [False, True], ids=["before-the-write", "after-the-write"])
@pytest.mark.parametrize("life", [0, 1, 2])
@pytest.mark.parametrize("kind", CASES)
def test_the_next_run_ends_with_exactly_what_is_declared(
    world: FlyWorld, kind: str, life: int, after: bool
) -> None:
    if kind != "App":
        world.make_app("web")
    writes = DyingTransport(world.transport, life=life, after=after)
    try:
        _create(world, kind, writes)
        assert writes.writes <= life, "it was not killed although it wrote more than that"
    except Killed:
        assert writes.writes == life + 1
    made = _create(world, kind, DyingTransport(world.transport))
    wanted = {"EgressIp": 2, "AppSecrets": 2}.get(kind, 1)
    assert list(world.emulator.world.apps) == ["web"]
    assert {**_objects(world), "App": 1}[kind] == wanted
    assert made.resource_id.split("/")[0] == "web"
    if kind == "Volume":
        volume = next(iter(world.app("web").volumes.values()))
        assert (volume.size_gb, volume.snapshot_retention) == (3, 9)
