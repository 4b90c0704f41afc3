"""What a group does when Fly misbehaves, and when a recovery was there before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from localcloud.fly.faults.board import FaultKind
from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_provider.group_world import APP, V1, V2, GroupRun
from tests.fly_provider.live_world import LiveWorld


@pytest.fixture
def group(tmp_path: Path) -> Iterator[GroupRun]:
    """A group of two machines in sjc, not made yet."""
    world = LiveWorld(tmp_path / "fly", FakeRunner())
    world.make_app(APP)
    yield GroupRun(world)
    world.close()


def test_an_empty_list_makes_no_duplicates(group: GroupRun) -> None:
    group.up()
    group.world.fault(FaultKind.EMPTY_LIST)
    with pytest.raises(grpc.RpcError, match="the list has 0 machines, fly counts 2"):
        group.up(regions={"sjc": 3})
    group.world.heal()
    assert len(group.machines()) == 2


def test_a_create_whose_answer_is_lost_is_not_done_twice(group: GroupRun) -> None:
    group.world.fault(FaultKind.TIMEOUT_AFTER_WRITE, action="Machines_create", times=2, delay_s=0.5)
    group.up()
    assert group.show("name") == [("web-sjc-1",), ("web-sjc-2",)]


def test_a_lease_of_somebody_who_works_is_respected_and_its_owner_named(group: GroupRun) -> None:
    group.up(waitTimeoutS=10)
    held = group.machines()[0]
    group.world.fault(FaultKind.LEASE_LEFT, machine=held.id, delay_s=3600)
    with pytest.raises(grpc.RpcError, match="killed-client@tokens"):
        group.up(config=V2)
    assert held.lease is not None
    assert held.config["image"] == V1["image"]


def test_a_lease_a_killed_run_left_is_waited_for(group: GroupRun) -> None:
    group.up()
    group.world.fault(FaultKind.LEASE_LEFT, machine=group.machines()[0].id, delay_s=6)
    group.up(config=V2)
    assert group.show("image", "lease") == [(V2["image"], None)] * 2


def test_a_bigger_guest_that_its_host_cannot_hold_moves_to_another_one(group: GroupRun) -> None:
    group.up(regions={"sjc": 1})
    old = group.machines()[0].id
    group.world.fault(FaultKind.NO_CAPACITY, scope="host", action="Machines_update")
    group.up(config={**V1, "guest": {"cpu_kind": "shared", "cpus": 2, "memory_mb": 512}})
    (machine,) = group.machines()
    assert machine.id != old
    assert machine.config["guest"]["cpus"] == 2
    assert machine.metadata["lifeboat_slot"] == "sjc/1"


def test_a_volume_on_a_dead_host_is_said_to_need_a_human(group: GroupRun) -> None:
    body = {"name": "data", "region": "sjc", "size_gb": 1}
    volume = group.world.http.post(f"/v1/apps/{APP}/volumes", json=body).json()["id"]
    config = {**V1, "mounts": [{"path": "/data"}]}
    group.up(regions={"sjc": 1}, config=config, volumes={"sjc": [volume]})
    assert group.refresh() == []
    (machine,) = group.machines()
    group.world.fault(FaultKind.HOST_LOST, host=machine.host_id)
    assert group.refresh() == ["regions.sjc"]
    with pytest.raises(grpc.RpcError, match=f"{volume} are on an unreachable host"):
        group.up()
    assert [one.id for one in group.machines()] == [machine.id]


def test_what_a_recovery_woke_and_put_to_rest_stays_until_the_program_says_otherwise(
    group: GroupRun,
) -> None:
    group.up(regions={"sjc": 1}, standbyRegions={"ord": 1})
    for machine in group.machines():
        path = f"/v1/apps/{APP}/machines/{machine.id}"
        wakes = machine.region == "ord"
        group.world.http.post(f"{path}/{'start' if wakes else 'stop'}", json={}).raise_for_status()
        group.world.http.post(f"{path}/{'uncordon' if wakes else 'cordon'}").raise_for_status()
        role = {"value": "active" if wakes else "standby"}
        group.world.http.post(f"{path}/metadata/lifeboat_role", json=role).raise_for_status()
    recovered = [("web-ord-1", "started", False), ("web-sjc-1", "stopped", True)]
    assert group.refresh() == []
    outputs = group.up(config=V2)
    assert group.show("name", "state", "cordoned") == recovered
    assert group.show("image") == [(V2["image"],)] * 2
    assert [(one["slot"], one["role"]) for one in outputs["machines"]] == [
        ("ord/1", "active"),
        ("sjc/1", "standby"),
    ]
    group.up(regions={"ord": 1}, standbyRegions={"sjc": 1})
    assert group.show("name", "state", "cordoned") == recovered
    group.up(regions={"sjc": 1}, standbyRegions={"ord": 1})
    assert group.show("name", "state", "cordoned") == [
        ("web-ord-1", "stopped", True),
        ("web-sjc-1", "started", False),
    ]


def test_surplus_stays_while_something_that_should_serve_does_not(group: GroupRun) -> None:
    group.up(regions={"sjc": 3}, waitTimeoutS=5)
    service = {"protocol": "tcp", "internal_port": 8080, "checks": [{"type": "tcp", "interval": "1s"}]}
    for machine in group.machines():
        group.change(machine.name, lambda one: one.config.update({"services": [service]}))
    group.inputs["config"] = {**V1, "services": [service]}
    with pytest.raises(grpc.RpcError, match="so no machine was taken away"):
        group.up(regions={"sjc": 1})
    assert len(group.machines()) == 3
