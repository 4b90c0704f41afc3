"""Capacity: each lack has its own status, text and code, by host, region, volume and quota."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.fly.faults.board import FaultKind, FaultSpec
from tests.fly_emulator.machine_world import LIGHT, MachineWorld

BIG = {"guest": {"cpu_kind": "performance", "cpus": 8, "memory_mb": 16384}}
NO_CANDIDATE = (422, "could not find a candidate host", "insufficient_capacity")
HOST_FULL = (
    "aborted: could not reserve resource for machine: insufficient {what} available"
    " to fulfill request on the current host"
)


def _shrink(machines: MachineWorld, region: str, *, cpus: int, memory_mb: int) -> None:
    for host in machines.emulator.world.records.hosts.values():
        if host.region == region:
            host.cpus, host.memory_mb = cpus, memory_mb


def _volume(machines: MachineWorld, region: str = "iad") -> str:
    body = {"name": "data", "region": region, "size_gb": 1}
    answer = machines.client.post("/v1/apps/web/volumes", json=body)
    answer.raise_for_status()
    machines.pass_time(0.5)
    return str(answer.json()["id"])


def _create(config: dict[str, Any], region: str = "iad") -> dict[str, Any]:
    return {"config": {"image": LIGHT, **config}, "region": region}


def _mount(volume: str) -> dict[str, Any]:
    return {"mounts": [{"volume": volume, "path": "/data"}]}


def test_machines_spread_over_the_hosts_of_a_region(machines: MachineWorld) -> None:
    placed = [machines.record(machines.create()["id"]).host_id for _ in range(4)]
    assert len(set(placed)) == 4


def test_a_full_region_refuses_and_a_list_goes_on_to_the_next(machines: MachineWorld) -> None:
    _shrink(machines, "iad", cpus=1, memory_mb=256)
    assert machines.refusal("POST", json=_create(BIG)) == NO_CANDIDATE
    assert machines.ask("POST", json=_create(BIG, "iad,dfw"))["region"] == "dfw"


def test_a_stopped_machine_keeps_its_room_and_a_destroyed_one_gives_it_back(machines: MachineWorld) -> None:
    _shrink(machines, "iad", cpus=1, memory_mb=256)
    made = [machines.stopped() for _ in range(4)]
    assert machines.refusal("POST", json=_create({})) == NO_CANDIDATE
    machines.ask("DELETE", f"/{made[0]['id']}")
    machines.pass_time(1)
    assert machines.create()["state"] == "creating"


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("region", NO_CANDIDATE),
        ("host", (409, HOST_FULL.format(what="CPUs"), "")),
        (
            "quota",
            (
                403,
                'organization "lifeboat" is using 0 MB of memory in iad which is over the allowed quota.'
                " please consider other regions",
                "",
            ),
        ),
    ],
)
def test_a_declared_lack_speaks_by_its_scope(
    machines: MachineWorld, scope: str, expected: tuple[int, str, str]
) -> None:
    fault = FaultSpec(kind=FaultKind.NO_CAPACITY, region="iad", scope=scope, times=1)
    machines.emulator.world.faults.declare(fault)
    assert machines.refusal("POST", json=_create({})) == expected
    assert machines.create()["region"] == "iad"


def test_a_guest_that_outgrows_its_host_is_refused_on_update(machines: MachineWorld) -> None:
    _shrink(machines, "iad", cpus=8, memory_mb=4096)
    machine = machines.started()
    status, text, _ = machines.refusal("POST", f"/{machine['id']}", json={"config": {"image": LIGHT, **BIG}})
    assert (status, text) == (409, HOST_FULL.format(what="memory"))
    assert machines.show(machine["id"])["config"]["guest"]["memory_mb"] == 256


def test_the_organisation_has_a_memory_quota_per_region(machines: MachineWorld) -> None:
    machines.emulator.world.records.organizations["lifeboat"].memory_quota_mb["iad"] = 512
    machines.create()
    machines.create()
    status, text, _ = machines.refusal("POST", json=_create({}))
    assert (status, "is using 768 MB of memory in iad" in text) == (403, True)
    assert machines.create(region="dfw")["region"] == "dfw"


def test_a_volume_pins_its_machine_to_its_host(machines: MachineWorld) -> None:
    volume = _volume(machines)
    machine = machines.create(config=_mount(volume))
    assert machines.record(machine["id"]).host_id == machines.app.volumes[volume].host_id
    assert machines.app.volumes[volume].attached_machine_id == machine["id"]
    assert machine["config"]["mounts"][0]["name"] == "data"


def test_a_volume_without_room_beside_it_is_the_volumes_lack(machines: MachineWorld) -> None:
    volume = _volume(machines)
    machines.emulator.world.records.hosts[machines.app.volumes[volume].host_id].memory_mb = 0
    assert machines.refusal("POST", json=_create(_mount(volume))) == (
        412,
        f"insufficient resources to create new machine with existing volume '{volume}'",
        "volume_placement_capacity",
    )


def test_one_machine_per_volume_until_it_is_destroyed(machines: MachineWorld) -> None:
    volume = _volume(machines)
    machine = machines.stopped(config=_mount(volume))
    status, text, _ = machines.refusal("POST", json=_create(_mount(volume)))
    assert (status, machine["id"] in text) == (412, True)
    machines.ask("DELETE", f"/{machine['id']}")
    machines.pass_time(1)
    assert machines.ask("POST", json=_create(_mount(volume)))["state"] == "creating"


def test_a_soft_deleted_unknown_or_distant_volume_is_refused(machines: MachineWorld) -> None:
    gone = _volume(machines)
    machines.client.delete(f"/v1/apps/web/volumes/{gone}").raise_for_status()
    for volume in (gone, "vol_unknown"):
        assert machines.refusal("POST", json=_create(_mount(volume)))[:2] == (400, "volume not found")
    distant = _volume(machines, "dfw")
    assert machines.refusal("POST", json=_create(_mount(distant)))[0] == 400


def test_a_volume_may_be_named_and_a_free_one_is_taken(machines: MachineWorld) -> None:
    volume = _volume(machines)
    machine = machines.create(config={"mounts": [{"name": "data", "path": "/data"}]})
    assert machine["config"]["mounts"][0]["volume"] == volume
