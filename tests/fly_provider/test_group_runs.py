"""Machine groups through the provider, the real client and the emulated Fly: one run after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from localcloud.fly.faults.board import FaultKind
from tests.fly_emulator.fake_runner import FakeRunner
from tests.fly_provider.group_world import APP, LIGHT, V1, V2, GroupRun
from tests.fly_provider.live_world import LiveWorld


@pytest.fixture
def group(tmp_path: Path) -> Iterator[GroupRun]:
    """A group of two machines in sjc, not made yet."""
    world = LiveWorld(tmp_path / "fly", FakeRunner())
    world.make_app(APP)
    yield GroupRun(world)
    world.close()


def test_a_group_is_made_and_its_outputs_list_the_machines(group: GroupRun) -> None:
    outputs = group.up(standbyRegions={"ord": 1})
    assert group.id == "shop-web/web"
    assert group.show("name", "region", "state", "cordoned") == [
        ("web-ord-1", "ord", "created", True),
        ("web-sjc-1", "sjc", "started", False),
        ("web-sjc-2", "sjc", "started", False),
    ]
    listed = [(one["slot"], one["role"], one["state"]) for one in outputs["machines"]]
    assert listed == [
        ("ord/1", "standby", "created"),
        ("sjc/1", "active", "started"),
        ("sjc/2", "active", "started"),
    ]
    assert outputs["imageDigest"] == group.machines()[0].image_digest


def test_a_second_run_of_the_same_program_sends_nothing_and_a_refresh_finds_no_drift(group: GroupRun) -> None:
    group.up()
    before = len(group.world.transport.requests)
    group.up()
    assert len(group.world.transport.requests) == before
    assert group.refresh() == []


def test_a_new_image_reaches_every_machine_and_no_lease_is_left(group: GroupRun) -> None:
    group.up(regions={"sjc": 2, "fra": 2}, standbyRegions={"ord": 1}, maxUnavailable=0.5)
    ids = [machine.id for machine in group.machines()]
    group.up(config=V2)
    assert group.show("image", "lease", "cordoned") == [
        (V2["image"], None, False),
        (V2["image"], None, False),
        (V2["image"], None, True),
        (V2["image"], None, False),
        (V2["image"], None, False),
    ]
    assert [machine.id for machine in group.machines()] == ids
    assert group.refresh() == []


def test_a_rollout_cut_short_is_seen_by_a_refresh_and_finished(group: GroupRun) -> None:
    """Some machines have the new image, which is not enough to say that the group has it."""
    group.up()
    group.change("web-sjc-1", lambda machine: machine.config.update(V2))
    group.inputs["config"] = V2
    assert group.refresh() == ["machines"]
    group.up()
    assert group.show("image") == [(V2["image"],), (V2["image"],)]
    assert group.refresh() == []


def test_a_machine_that_was_left_cordoned_is_seen_by_a_refresh_and_serves_again(group: GroupRun) -> None:
    group.up()
    group.change("web-sjc-2", lambda machine: setattr(machine, "cordoned", True))
    assert group.refresh() == ["machines"]
    group.up()
    assert group.show("cordoned") == [(False,), (False,)]
    assert group.refresh() == []


def test_growing_makes_and_shrinking_destroys_the_last_slots(group: GroupRun) -> None:
    group.up()
    group.up(regions={"sjc": 3, "fra": 1})
    assert [name for (name,) in group.show("name")] == ["web-fra-1", "web-sjc-1", "web-sjc-2", "web-sjc-3"]
    group.up(regions={"sjc": 1})
    assert [name for (name,) in group.show("name")] == ["web-sjc-1"]


def test_a_new_secrets_version_restarts_each_machine_once(group: GroupRun) -> None:
    for value in ("a", "b"):
        group.world.http.post(f"/v1/apps/{APP}/secrets", json={"values": {"KEY": value}}).raise_for_status()
    group.up(secretsVersion=1)
    versions = {machine.id: len(machine.versions) for machine in group.machines()}
    group.up(secretsVersion=2)
    group.up(secretsVersion=2)
    assert all(len(machine.versions) == versions[machine.id] + 1 for machine in group.machines())
    assert all(machine.min_secrets_version == 2 for machine in group.machines())


def test_a_machine_lost_by_hand_shows_in_a_refresh_and_is_made_again(group: GroupRun) -> None:
    group.up()
    doomed = group.machines()[1]
    group.world.http.delete(f"/v1/apps/{APP}/machines/{doomed.id}?force=true").raise_for_status()
    assert group.refresh() == ["regions.sjc"]
    group.up()
    assert [name for (name,) in group.show("name")] == ["web-sjc-1", "web-sjc-2"]


def test_an_image_changed_by_hand_shows_in_a_refresh_and_is_put_back(group: GroupRun) -> None:
    group.up()
    changed = group.machines()[0]
    config = {**changed.config, **V2}
    group.world.http.post(f"/v1/apps/{APP}/machines/{changed.id}", json={"config": config}).raise_for_status()
    assert group.refresh() == ["config.image"]
    group.up()
    assert group.show("image") == [(V1["image"],), (V1["image"],)]


def test_a_deploy_is_no_drift_for_an_owner_deploy_group(group: GroupRun) -> None:
    group.up(owner="deploy")
    for machine in group.machines():
        config = {**machine.config, **V2}
        group.world.http.post(f"/v1/apps/{APP}/machines/{machine.id}", json={"config": config})
    assert group.refresh() == []
    group.up(regions={"sjc": 3})
    assert group.show("image") == [(V2["image"],)] * 3


def test_a_region_without_room_falls_back_and_the_machine_keeps_its_slot(group: GroupRun) -> None:
    group.world.fault(FaultKind.NO_CAPACITY, region="sjc", scope="region")
    outputs = group.up(fallbackRegions=["lax"], regions={"sjc": 1})
    assert [(one["name"], one["region"], one["slot"]) for one in outputs["machines"]] == [
        ("web-sjc-1", "lax", "sjc/1")
    ]
    assert group.refresh() == []


def test_no_room_anywhere_keeps_what_was_made_and_the_next_run_goes_on(group: GroupRun) -> None:
    group.world.fault(FaultKind.NO_CAPACITY, region="sjc", scope="region")
    with pytest.raises(grpc.RpcError, match="exists but is not complete"):
        group.up(regions={"sjc": 1, "fra": 1})
    assert group.show("name") == [("web-fra-1",)]
    group.world.heal()
    group.up()
    assert group.show("name") == [("web-fra-1",), ("web-sjc-1",)]


def test_a_create_adopts_what_an_interrupted_one_left(group: GroupRun) -> None:
    group.up()
    ids = group.show("id")
    again = GroupRun(group.world)
    again.up()
    assert again.show("id") == ids


def test_deleting_leaves_what_a_replacement_has_adopted(group: GroupRun) -> None:
    group.up()
    replacement = GroupRun(group.world)
    replacement.up()
    group.destroy()
    assert len(group.machines()) == 2
    replacement.destroy()
    assert group.machines() == []
    replacement.destroy()


def test_a_machine_on_a_lost_host_gets_a_successor_in_its_slot(group: GroupRun) -> None:
    group.up(regions={"sjc": 1})
    lost = group.machines()[0]
    group.world.fault(FaultKind.HOST_LOST, host=lost.host_id)
    assert group.refresh() == ["regions.sjc"]
    outputs = group.up()
    assert [(one["name"], one["slot"], one["state"]) for one in outputs["machines"]] == [
        ("web-sjc-1-r1", "sjc/1", "started")
    ]


def test_a_group_is_imported_by_app_and_process_group(group: GroupRun) -> None:
    for number in (1, 2):
        body = {
            "name": f"quiet-sun-{number}",
            "region": "sjc",
            "config": {**V1, "metadata": {"fly_process_group": "web", "fly_platform_version": "v2"}},
        }
        group.world.http.post(f"/v1/apps/{APP}/machines", json=body).raise_for_status()
    group.id, group.checked, group.outputs = group.world.resource("MachineGroup", "web").import_(
        "shop-web/web"
    )
    assert group.checked["regions"] == {"sjc": 2}
    assert group.checked["config"]["image"] == f"{LIGHT}:1"
    ids = group.show("id")
    group.up(regions={"sjc": 2})
    group.up(regions={"sjc": 3})
    assert [name for (name,) in group.show("name")] == ["quiet-sun-1", "quiet-sun-2", "web-sjc-3"]
    assert {(row) for row in group.show("id")} > set(ids)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"regions": {"sea": 1}}, "regions.sea"),
        ({"regions": {"sjc": -1}}, "regions.sjc"),
        ({"regions": {"sjc": 0}}, "regions"),
        ({"standbyRegions": {"sjc": 1}}, "standbyRegions.sjc"),
        ({"fallbackRegions": ["lax", "lax"]}, "fallbackRegions[1]"),
        ({"strategy": "yolo"}, "strategy"),
        ({"maxUnavailable": 0}, "maxUnavailable"),
        ({"maxUnavailable": 1.5}, "maxUnavailable"),
        ({"waitTimeoutS": 0}, "waitTimeoutS"),
        ({"volumes": {"sjc": ["vol_1", "vol_2"]}}, "volumes"),
        ({"config": {"image": "x", "guest": {"cpus": 3}}}, "config.guest.cpus"),
        ({"config": {"image": "x", "metadata": {"lifeboat_slot": "a"}}}, "config.metadata.lifeboat_slot"),
        ({"config": {"image": "x", "mounts": [{"path": "/data"}]}}, "volumes.sjc"),
        ({"group": "g" * 41}, "group"),
    ],
)
def test_a_group_that_cannot_be_is_refused_before_any_call(
    group: GroupRun, changes: dict[str, Any], path: str
) -> None:
    before = len(group.world.transport.requests)
    failures = group.world.resource("MachineGroup", "web").failures({**group.inputs, **changes})
    assert path in failures
    assert len(group.world.transport.requests) == before
