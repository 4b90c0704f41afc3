"""Single machines through the provider, the real client and the emulated Fly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from localcloud.fly.faults.board import FaultKind
from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_provider.live_world import LiveWorld

APP = "shop-web"
V1 = {"image": "registry.fly.io/lifeboat-light:1"}
V2 = {"image": "registry.fly.io/lifeboat-light:2"}
BASE: dict[str, Any] = {"app": APP, "region": "sjc", "config": V1}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[LiveWorld]:
    """An app without machines."""
    made = LiveWorld(tmp_path / "fly", FakeRunner())
    made.make_app(APP)
    yield made
    made.close()


def living(world: LiveWorld) -> list[Any]:
    """The app's machines that count."""
    return [one for one in world.app(APP).machines.values() if one.state not in ("destroying", "destroyed")]


def make(world: LiveWorld, **inputs: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Check and create; return id, checked inputs and outputs."""
    resource = world.resource("Machine", "worker")
    checked = resource.check({**BASE, **inputs})
    resource_id, outputs = resource.create(checked)
    return resource_id, checked, outputs


def update(world: LiveWorld, made: tuple[str, dict[str, Any], dict[str, Any]], **changes: Any) -> Any:
    """Check and update; return the outputs."""
    resource_id, old, outputs = made
    resource = world.resource("Machine", "worker")
    return resource.update(resource_id, old, outputs, resource.check({**BASE, **changes}, old))


def test_a_machine_is_made_under_a_name_of_its_resource(world: LiveWorld) -> None:
    resource_id, checked, outputs = make(world)
    (machine,) = living(world)
    assert resource_id == f"{APP}/{machine.id}"
    assert machine.name == checked["name"]
    assert machine.name.startswith("worker-")
    assert outputs["state"] == "started"
    assert outputs["privateIp"] == machine.private_ip
    assert machine.metadata["fly_platform_version"] == "v2"
    assert machine.config["env"] == {"FLY_PROCESS_GROUP": "app", "PRIMARY_REGION": "sjc"}
    assert "lifeboat_slot" not in machine.metadata


@pytest.mark.parametrize(
    ("wish", "states"),
    [("stopped", {"created", "stopped"}), ("suspended", {"suspended"}), ("started", {"started"})],
)
def test_a_machine_is_made_in_its_declared_state(world: LiveWorld, wish: str, states: set[str]) -> None:
    make(world, desiredState=wish, cordoned=True)
    (machine,) = living(world)
    assert str(machine.state) in states
    assert machine.cordoned


def test_state_and_cordon_change_in_place_without_a_new_version(world: LiveWorld) -> None:
    made = make(world, name="one")
    outputs = update(world, made, name="one", desiredState="stopped", cordoned=True)
    (machine,) = living(world)
    assert (str(machine.state), machine.cordoned, len(machine.versions)) == ("stopped", True, 1)
    assert outputs["instanceId"] == made[2]["instanceId"]
    update(world, (made[0], made[1], outputs), name="one")
    assert (str(machine.state), machine.cordoned, machine.lease) == ("started", False, None)


def test_a_new_image_is_a_new_version_of_the_same_machine(world: LiveWorld) -> None:
    made = make(world, name="one")
    outputs = update(world, made, name="one", config=V2)
    (machine,) = living(world)
    assert machine.config["image"] == V2["image"]
    assert outputs["machineId"] == made[2]["machineId"]
    assert outputs["instanceId"] != made[2]["instanceId"]


def test_a_refresh_finds_no_drift_but_shows_what_was_changed_by_hand(world: LiveWorld) -> None:
    made = make(world, name="one")
    resource = world.resource("Machine", "worker")
    assert resource.refresh(*made)[1] == made[1]
    (machine,) = living(world)
    config = {**machine.config, **V2}
    world.http.post(f"/v1/apps/{APP}/machines/{machine.id}", json={"config": config}).raise_for_status()
    _, inputs, _ = resource.refresh(*made)
    assert inputs["config"] == V2


def test_a_create_adopts_what_an_interrupted_one_left(world: LiveWorld) -> None:
    first, _, _ = make(world)
    again, _, _ = make(world)
    assert again == first


def test_another_region_is_another_machine_and_the_old_one_is_not_adopted(world: LiveWorld) -> None:
    made = make(world)
    resource = world.resource("Machine", "worker")
    wanted = resource.check({**BASE, "region": "fra"})
    assert list(resource.diff(made[0], made[1], made[2], wanted).replaces) == ["region"]
    with pytest.raises(grpc.RpcError, match="already exists"):
        resource.create(wanted)
    make(world, region="fra", name="worker-2")
    resource.delete(*made)
    assert [machine.region for machine in living(world)] == ["fra"]


def test_a_forced_replacement_does_not_lose_the_machine_it_adopted(world: LiveWorld) -> None:
    old = make(world)
    new = make(world)
    world.resource("Machine", "worker").delete(*old)
    assert len(living(world)) == 1
    world.resource("Machine", "worker").delete(*new)
    assert living(world) == []


def test_an_explicit_name_that_stays_lets_the_old_machine_go_first(world: LiveWorld) -> None:
    made = make(world, name="one")
    resource = world.resource("Machine", "worker")
    wanted = resource.check({**BASE, "name": "one", "region": "fra"}, made[1])
    assert resource.diff(made[0], made[1], made[2], wanted).deleteBeforeReplace


def test_a_machine_of_somebody_else_is_never_adopted_by_its_name(world: LiveWorld) -> None:
    body = {"name": "one", "region": "sjc", "config": {**V1, "metadata": {"lifeboat_urn": "urn:pulumi:x"}}}
    world.http.post(f"/v1/apps/{APP}/machines", json=body).raise_for_status()
    with pytest.raises(grpc.RpcError, match="already exists"):
        make(world, name="one")
    assert len(living(world)) == 1


def test_a_lease_a_killed_run_left_is_waited_for(world: LiveWorld) -> None:
    made = make(world, name="one")
    (machine,) = living(world)
    world.fault(FaultKind.LEASE_LEFT, machine=machine.id, delay_s=8.0)
    before_s = world.clock.monotonic_s()
    update(world, made, name="one", config=V2)
    assert world.clock.monotonic_s() - before_s >= 7.0
    assert machine.config["image"] == V2["image"]


def test_deleting_what_is_gone_or_on_a_dead_host_succeeds(world: LiveWorld) -> None:
    made = make(world, name="one")
    (machine,) = living(world)
    world.fault(FaultKind.HOST_LOST, host=machine.host_id)
    world.resource("Machine", "worker").delete(*made)
    assert str(machine.state) == "destroying"
    world.resource("Machine", "worker").delete(*made)


def test_an_imported_machine_is_described_without_what_others_added(world: LiveWorld) -> None:
    body = {
        "name": "quiet-sun-1",
        "region": "sjc",
        "config": {**V1, "env": {"A": "1"}, "metadata": {"fly_process_group": "web"}},
    }
    machine_id = world.http.post(f"/v1/apps/{APP}/machines", json=body).json()["id"]
    resource = world.resource("Machine", "worker")
    resource_id, inputs, outputs = resource.import_(f"{APP}/{machine_id}")
    assert (resource_id, outputs["machineId"]) == (f"{APP}/{machine_id}", machine_id)
    assert (inputs["name"], inputs["region"], inputs["desiredState"]) == ("quiet-sun-1", "sjc", "started")
    assert inputs["config"]["env"] == {"A": "1"}
    assert "metadata" not in inputs["config"]
    declared = {**BASE, "name": "quiet-sun-1", "config": {**V1, "env": {"A": "1"}}}
    wanted = resource.check(declared, inputs)
    assert not resource.diff(resource_id, inputs, outputs, wanted).detailedDiff


def test_a_machine_that_was_destroyed_by_hand_is_gone_after_a_second_look(world: LiveWorld) -> None:
    made = make(world, name="one")
    world.http.delete(f"/v1/apps/{APP}/machines/{made[2]['machineId']}?force=true").raise_for_status()
    assert world.resource("Machine", "worker").refresh(*made)[0] == ""


def test_no_room_is_an_error_that_makes_nothing(world: LiveWorld) -> None:
    world.fault(FaultKind.NO_CAPACITY, region="sjc", scope="region")
    with pytest.raises(grpc.RpcError, match="candidate host"):
        make(world, name="one")
    assert living(world) == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"region": "sea"}, "region"),
        ({"name": "Big Name"}, "name"),
        ({"desiredState": "asleep"}, "desiredState"),
        ({"config": {"image": "x", "guest": {"cpus": 3}}}, "config.guest.cpus"),
        ({"config": {}}, "config.image"),
        ({"owner": "me"}, "owner"),
    ],
)
def test_a_machine_that_cannot_be_is_refused_before_any_call(
    world: LiveWorld, changes: dict[str, Any], path: str
) -> None:
    before = len(world.transport.requests)
    assert path in world.resource("Machine", "worker").failures({**BASE, **changes})
    assert len(world.transport.requests) == before


def test_a_preview_knows_the_digest_of_a_pinned_image_and_calls_nothing(world: LiveWorld) -> None:
    before = len(world.transport.requests)
    resource = world.resource("Machine", "worker")
    _, outputs = resource.create(resource.check(BASE), preview=True)
    assert outputs["region"] == "sjc"
    assert len(world.transport.requests) == before
