"""Volumes: adopted only on proof, grown in place, never shrunk, replaced by what cannot be changed."""

from __future__ import annotations

from typing import Any

import grpc
import pytest

from localcloud.fly.faults.board import FaultKind
from tests.fly_provider.world import FlyWorld

VOLUME: dict[str, Any] = {"app": "web", "region": "sjc", "name": "data_1", "sizeGb": 2}


@pytest.fixture(autouse=True)
def app(world: FlyWorld) -> str:
    return world.make_app("web")


def _by_hand(world: FlyWorld, **fields: Any) -> str:
    body = {"name": "data_1", "region": "sjc", "size_gb": 2, **fields}
    answer = world.http.post("/v1/apps/web/volumes", json=body).raise_for_status()
    world.clock.sleep(10)
    return str(answer.json()["id"])


def test_a_volume_is_made_and_usable(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("Volume", **VOLUME)
    assert resource_id == f"web/{outputs['volumeId']}"
    assert outputs["state"] == "created"
    assert (inputs["encrypted"], inputs["snapshotRetention"], inputs["autoBackupEnabled"]) == (True, 5, True)
    assert world.app("web").volumes[outputs["volumeId"]].size_gb == 2


def test_a_create_whose_answer_is_lost_ends_with_one_volume(world: FlyWorld) -> None:
    world.fault(FaultKind.TIMEOUT_AFTER_WRITE, action="Volumes_create", times=1, delay_s=0)
    _, _, outputs = world.make("Volume", **VOLUME)
    assert list(world.app("web").volumes) == [outputs["volumeId"]]


def test_what_a_killed_run_left_is_adopted(world: FlyWorld) -> None:
    left = _by_hand(world)
    resource_id, _, _ = world.make("Volume", **VOLUME)
    assert resource_id == f"web/{left}"
    assert len(world.app("web").volumes) == 1


def test_a_volume_left_smaller_and_with_other_backups_is_adopted_and_settled(world: FlyWorld) -> None:
    left = _by_hand(world, size_gb=1, snapshot_retention=9, auto_backup_enabled=False)
    world.make("Volume", **VOLUME)
    kept = world.app("web").volumes[left]
    assert (kept.size_gb, kept.snapshot_retention, kept.auto_backup_enabled) == (2, 5, True)


@pytest.mark.parametrize(
    "other", [{"name": "data_2"}, {"region": "fra"}, {"encrypted": False}, {"size_gb": 9}]
)
def test_a_volume_that_differs_is_left_alone(world: FlyWorld, other: dict[str, Any]) -> None:
    left = _by_hand(world, **other)
    resource_id, _, _ = world.make("Volume", **VOLUME)
    assert resource_id != f"web/{left}"


def test_a_volume_that_a_machine_uses_is_left_alone(world: FlyWorld) -> None:
    used = _by_hand(world)
    config = {"image": "registry.fly.io/demo:1", "mounts": [{"volume": used, "path": "/data"}]}
    world.http.post("/v1/apps/web/machines", json={"region": "sjc", "config": config}).raise_for_status()
    resource_id, _, _ = world.make("Volume", **VOLUME)
    assert resource_id != f"web/{used}"


def test_two_volumes_that_could_be_it_are_an_error_and_not_a_guess(world: FlyWorld) -> None:
    _by_hand(world)
    _by_hand(world)
    resource = world.resource("Volume")
    with pytest.raises(grpc.RpcError, match="no machine uses them"):
        resource.create(resource.check(VOLUME))
    assert len(world.app("web").volumes) == 2


def test_a_volume_that_the_state_has_is_not_adopted_by_its_own_replacement(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("Volume", **VOLUME)
    world.new_process()
    resource = world.resource("Volume")
    answer = resource.diff(resource_id, inputs, outputs, {**inputs, "snapshotId": "vs_1"})
    assert list(answer.replaces) == ["snapshotId"]
    new_id, _ = resource.create(inputs)
    assert new_id != resource_id


def test_a_volume_taken_over_by_a_renamed_resource_is_not_deleted_with_the_old_one(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("Volume", "old", **VOLUME)
    world.new_process()
    assert world.make("Volume", "new", **VOLUME)[0] == resource_id
    world.resource("Volume", "old").delete(resource_id, inputs, outputs)
    assert world.app("web").volumes[outputs["volumeId"]].state == "created"


def test_a_volume_grows_in_place(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("Volume", **VOLUME)
    new = world.resource("Volume").check({**VOLUME, "sizeGb": 5, "snapshotRetention": 14}, inputs)
    answer = world.resource("Volume").diff(resource_id, inputs, outputs, new)
    assert set(answer.diffs) == {"sizeGb", "snapshotRetention"}
    assert not answer.replaces
    world.resource("Volume").update(resource_id, inputs, outputs, new)
    kept = world.app("web").volumes[outputs["volumeId"]]
    assert (kept.size_gb, kept.snapshot_retention) == (5, 14)


def test_a_smaller_size_is_refused_before_any_call(world: FlyWorld) -> None:
    _, inputs, _ = world.make("Volume", **VOLUME)
    answer = world.resource("Volume").check_response({**VOLUME, "sizeGb": 1}, inputs)
    assert "cannot shrink from 2 to 1 GB" in answer.failures[0].reason


@pytest.mark.parametrize(
    "changed",
    [
        {"region": "fra"},
        {"name": "data_2"},
        {"encrypted": False},
        {"fstype": "xfs"},
        {"snapshotId": "vs_1"},
        {"sourceVolumeId": "vol_1"},
        {"app": "other"},
    ],
)
def test_what_cannot_be_changed_replaces(world: FlyWorld, changed: dict[str, Any]) -> None:
    resource_id, inputs, outputs = world.make("Volume", **VOLUME)
    answer = world.resource("Volume").diff(resource_id, inputs, outputs, {**inputs, **changed})
    assert list(answer.replaces) == list(changed)


@pytest.mark.parametrize(
    ("wrong", "path", "word"),
    [
        ({"region": "sea"}, "region", "the nearest is 'sjc'"),
        ({"region": "eu"}, "region", "unknown"),
        ({"name": "Data-1"}, "name", "underscores"),
        ({"sizeGb": 501}, "sizeGb", "outside 1 to 500"),
        ({"sizeGb": "2"}, "sizeGb", "whole number"),
        ({"snapshotRetention": 61}, "snapshotRetention", "outside 1 to 60"),
        ({"snapshotId": "vs_1", "sourceVolumeId": "vol_1"}, "sourceVolumeId", "one of the two"),
        ({"compute": {"cpus": "many"}}, "compute.cpus", "whole number"),
        ({"compute": {"cpu": 1}}, "compute.cpu", "did you mean cpus"),
    ],
)
def test_wrong_inputs_are_refused_before_any_call(
    world: FlyWorld, wrong: dict[str, Any], path: str, word: str
) -> None:
    world.transport.requests.clear()
    failures = world.resource("Volume").failures({**VOLUME, **wrong})
    assert word in failures[path]
    assert not world.transport.requests


def test_a_second_volume_of_the_same_name_in_the_same_region_is_refused(world: FlyWorld) -> None:
    world.resource("Volume").check(VOLUME)
    assert "already declares" in world.resource("Volume", "two").failures(VOLUME)["name"]
    world.resource("Volume", "two").check({**VOLUME, "region": "fra"})


def test_a_refresh_shows_no_drift_and_an_import_has_the_same_inputs(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("Volume", **VOLUME)
    assert world.resource("Volume").refresh(resource_id, inputs, outputs) == (resource_id, inputs, outputs)
    world.new_process()
    _, imported, _ = world.resource("Volume").import_(resource_id)
    declared = {**inputs, "compute": {"cpu_kind": "shared", "cpus": 1, "memory_mb": 256}}
    assert not world.resource("Volume").diff(resource_id, imported, outputs, declared).diffs


def test_a_refresh_shows_what_was_changed_by_hand(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("Volume", **VOLUME)
    path = f"/v1/apps/web/volumes/{outputs['volumeId']}"
    world.http.put(f"{path}/extend", json={"size_gb": 7}).raise_for_status()
    _, refreshed, _ = world.resource("Volume").refresh(resource_id, inputs, outputs)
    assert refreshed == {**inputs, "sizeGb": 7}


def test_a_volume_in_its_soft_delete_day_is_gone(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("Volume", **VOLUME)
    world.resource("Volume").delete(resource_id, inputs, outputs)
    assert world.resource("Volume").refresh(resource_id, inputs, outputs)[0] == ""
    world.resource("Volume").delete(resource_id, inputs, outputs)


def test_a_region_without_room_is_a_typed_error_and_leaves_nothing(world: FlyWorld) -> None:
    world.fault(FaultKind.NO_CAPACITY, region="sjc", scope="region")
    resource = world.resource("Volume")
    with pytest.raises(grpc.RpcError, match="try another region"):
        resource.create(resource.check(VOLUME))
    assert not world.app("web").volumes


def test_a_volume_that_is_not_usable_in_time_is_kept_in_the_state(world: FlyWorld) -> None:
    world.fault(FaultKind.SLOW_TRANSITIONS, factor=1000)
    world.transport.run(lambda: setattr(world.emulator.world.timings, "volume_s", 100.0))
    resource = world.resource("Volume")
    with pytest.raises(grpc.RpcError, match="exists but is not complete") as error:
        resource.create(resource.check(VOLUME))
    assert error.value.code() is grpc.StatusCode.UNAVAILABLE
    assert len(world.app("web").volumes) == 1


def test_an_id_of_the_wrong_form_says_what_it_looks_like(world: FlyWorld) -> None:
    with pytest.raises(grpc.RpcError, match="app/volume"):
        world.resource("Volume").import_("vol_1")


def test_a_volume_whose_machine_is_going_down_is_deleted_as_soon_as_it_is_free(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("Volume", **VOLUME)
    config = {"image": "registry.fly.io/demo:1", "mounts": [{"volume": outputs["volumeId"], "path": "/data"}]}
    machine = world.http.post("/v1/apps/web/machines", json={"region": "sjc", "config": config}).json()
    world.transport.run(lambda: setattr(world.emulator.world.timings, "destroy_s", 10.0))
    world.http.delete(f"/v1/apps/web/machines/{machine['id']}?force=true").raise_for_status()
    started_s = world.clock.monotonic_s()
    world.resource("Volume").delete(resource_id, inputs, outputs)
    assert world.clock.monotonic_s() - started_s >= 10
    assert world.app("web").volumes[outputs["volumeId"]].state == "pending_destroy"


def test_a_volume_that_a_machine_keeps_using_is_not_deleted(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("Volume", **VOLUME)
    config = {"image": "registry.fly.io/demo:1", "mounts": [{"volume": outputs["volumeId"], "path": "/data"}]}
    world.http.post("/v1/apps/web/machines", json={"region": "sjc", "config": config}).raise_for_status()
    with pytest.raises(grpc.RpcError, match="machine"):
        world.resource("Volume").delete(resource_id, inputs, outputs)
    assert world.app("web").volumes[outputs["volumeId"]].state == "created"
