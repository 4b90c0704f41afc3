"""What the client does when regions, hosts, images and other clients fail; and that no fault lacks a test."""

from __future__ import annotations

import pytest

from lifeboat.fly.client import errors
from lifeboat.fly.client.machines.elsewhere import Elsewhere
from lifeboat.fly.client.models.new_volume import NewVolume
from localcloud.fly.faults.board import FaultKind
from tests.contract import test_request_faults
from tests.contract.fly_world import DEMO, FlyWorld
from tests.contract.proofs import PROVEN, proves

VOLUME = NewVolume(name="data", region="fra", size_gb=1)
MOUNTED = {"mounts": [{"name": "data", "path": "/data"}]}
BIGGER = {"cpu_kind": "performance", "cpus": 2, "memory_mb": 4096}


def test_no_fault_lacks_a_test() -> None:
    assert set(PROVEN) == set(FaultKind)
    written = set(globals()) | set(vars(test_request_faults))
    assert set().union(*PROVEN.values()) <= written


@proves(FaultKind.REGION_DOWN)
def test_a_region_that_is_down_is_missing_from_the_organisation_and_shown_as_unreachable(
    fly: FlyWorld,
) -> None:
    here, there = fly.machine("web-1", "fra"), fly.machine("web-2", "ord")
    fly.client.volumes.create(fly.app, VOLUME)
    fly.fault(FaultKind.REGION_DOWN, region="fra")
    seen = fly.client.orgs.machines(fly.organization)
    assert seen.error_regions == ("fra",)
    assert [each.id for each in seen.items] == [there.id]
    assert fly.client.orgs.volumes(fly.organization).error_regions == ("fra",)
    lost = fly.client.machines.get(fly.app, here.id)
    assert (lost.host_status, lost.config) == ("unreachable", None)
    assert lost.metadata == {"lifeboat_urn": "urn:web-1"}
    assert fly.client.volumes.list(fly.app)[0].host_status == "unreachable"
    assert {each.id for each in fly.client.machines.list_carefully(fly.app)} == {here.id, there.id}


@proves(FaultKind.REGION_DOWN)
def test_a_region_that_is_down_takes_nothing_and_another_one_does(fly: FlyWorld) -> None:
    here = fly.machine("web-1", "fra")
    fly.fault(FaultKind.REGION_DOWN, region="fra")
    with pytest.raises(errors.UnknownOutcome):
        fly.client.machines.create(fly.app, fly.new("web-2", "fra"))
    with pytest.raises(errors.Unavailable):
        fly.client.volumes.create(fly.app, VOLUME)
    for attempt in (fly.client.machines.stop, fly.client.machines.cordon, fly.client.machines.ps):
        with pytest.raises(errors.Unavailable) as caught:
            attempt(fly.app, here.id)
        assert caught.value.status == 408
    assert fly.machine("web-3", "ord").region == "ord"
    fly.withdraw()
    assert fly.live_names() == ["web-1", "web-3"]


@proves(FaultKind.REGION_DOWN)
def test_an_update_that_does_not_reach_its_region_is_known_not_to_have_been_done(fly: FlyWorld) -> None:
    here = fly.machine("web-1", "fra")
    fly.fault(FaultKind.REGION_DOWN, region="fra")
    with pytest.raises(errors.UnknownOutcome):
        fly.client.machines.update(fly.app, here.id, here.effective_config)
    fly.withdraw()
    assert len(fly.client.machines.versions(fly.app, here.id)) == 1


@proves(FaultKind.REGION_DOWN, FaultKind.EMPTY_LIST)
def test_an_empty_list_is_not_believed_while_a_region_is_missing(fly: FlyWorld) -> None:
    fly.fault(FaultKind.REGION_DOWN, region="fra")
    with pytest.raises(errors.UncertainList, match="of fra nothing is known"):
        fly.client.machines.list_carefully(fly.app)
    app = fly.client.apps.get(fly.app)
    with pytest.raises(errors.PartialRegion) as caught:
        Elsewhere(fly.client.orgs).machines_of(app)
    assert caught.value.regions == ("fra",)


@proves(FaultKind.REGION_HALF_DEAD)
def test_a_half_dead_region_is_read_and_its_writes_get_no_answer(fly: FlyWorld) -> None:
    here = fly.machine("web-1", "fra")
    fly.fault(FaultKind.REGION_HALF_DEAD, region="fra", delay_s=0.02)
    assert fly.client.machines.get(fly.app, here.id).state == "started"
    with pytest.raises(errors.NoAnswer):
        fly.client.machines.stop(fly.app, here.id)
    with pytest.raises(errors.UnknownOutcome):
        fly.client.machines.create(fly.app, fly.new("web-2", "fra"))
    with pytest.raises(errors.UnknownOutcome):
        fly.client.volumes.create(fly.app, VOLUME)
    with pytest.raises(errors.UnknownOutcome):
        fly.client.machines.restart(fly.app, here.id)
    assert fly.machine("web-3", "ord").region == "ord"
    fly.withdraw()
    assert fly.live_names() == ["web-1", "web-3"]
    assert fly.client.volumes.list(fly.app) == ()


@proves(FaultKind.HOST_LOST)
def test_a_machine_of_a_lost_host_is_unreachable_and_comes_back(fly: FlyWorld) -> None:
    machine = fly.machine(image=DEMO)
    fly.fault(FaultKind.HOST_LOST, app=fly.app)
    lost = fly.client.machines.get(fly.app, machine.id)
    assert (lost.host_status, lost.config, lost.is_live) == ("unreachable", None, True)
    assert lost.effective_config == machine.effective_config
    with pytest.raises(errors.Unavailable):
        fly.client.machines.stop(fly.app, machine.id)
    with pytest.raises(errors.UnknownOutcome):
        fly.client.machines.update(fly.app, machine.id, machine.effective_config)
    fly.withdraw()
    assert fly.client.machines.wait(fly.app, machine.id, "started") == "started"
    assert fly.client.machines.get(fly.app, machine.id).host_status == "ok"


@proves(FaultKind.HOST_LOST)
def test_a_machine_destroyed_on_a_lost_host_is_stuck_until_the_host_returns(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.fault(FaultKind.HOST_LOST, app=fly.app)
    fly.client.machines.destroy(fly.app, machine.id, force=True)
    with pytest.raises(errors.WaitTimeout):
        fly.client.machines.wait(fly.app, machine.id, "destroyed", deadline_s=1)
    fly.pass_time(301)
    with pytest.raises(errors.MachineStuck) as caught:
        fly.client.machines.wait(fly.app, machine.id, "destroyed")
    assert caught.value.state == "destroying"
    assert not fly.client.machines.get(fly.app, machine.id).is_live
    fly.withdraw()
    fly.pass_time(1)
    assert fly.client.machines.wait(fly.app, machine.id, "destroyed") == "destroyed"


@proves(FaultKind.HOST_LOST)
def test_a_volume_of_a_lost_host_is_not_forked_and_its_snapshot_is_restored(fly: FlyWorld) -> None:
    volume = fly.client.volumes.create(fly.app, VOLUME)
    snapshot = fly.client.volumes.snapshots.create(fly.app, volume.id)
    fly.machine(config=MOUNTED)
    fly.fault(FaultKind.HOST_LOST, app=fly.app)
    assert fly.client.volumes.get(fly.app, volume.id).host_status == "unreachable"
    with pytest.raises(errors.PreconditionFailed):
        fly.client.volumes.create(fly.app, NewVolume(name="copy", region="fra", source_volume_id=volume.id))
    restored = fly.client.volumes.create(
        fly.app, NewVolume(name="data", region="ord", snapshot_id=snapshot.id)
    )
    assert fly.client.volumes.wait_created(fly.app, restored.id).host_status == "ok"


@proves(FaultKind.NO_CAPACITY)
@pytest.mark.parametrize("scope", ["host", "region", "volume", "quota"])
def test_a_lack_of_room_says_how_far_to_go_and_makes_nothing(fly: FlyWorld, scope: str) -> None:
    fly.client.volumes.create(fly.app, VOLUME)
    fly.fault(FaultKind.NO_CAPACITY, region="fra", scope=scope)
    with pytest.raises(errors.Capacity) as caught:
        fly.client.machines.create(fly.app, fly.new(config=MOUNTED))
    assert caught.value.scope == scope
    assert caught.value.hint
    assert not caught.value.retryable
    assert fly.hits(FaultKind.NO_CAPACITY) == 1
    assert fly.machine("web-2", "ord").region == "ord"
    assert fly.live_names() == ["web-2"]


@proves(FaultKind.NO_CAPACITY)
@pytest.mark.parametrize("scope", ["region", "quota"])
def test_a_volume_without_room_says_how_far_to_go(fly: FlyWorld, scope: str) -> None:
    fly.fault(FaultKind.NO_CAPACITY, region="fra", scope=scope)
    with pytest.raises(errors.Capacity) as caught:
        fly.client.volumes.create(fly.app, VOLUME)
    assert caught.value.scope == scope
    fly.client.volumes.create(fly.app, NewVolume(name="data", region="ord", size_gb=1))
    assert [volume.region for volume in fly.client.volumes.list(fly.app)] == ["ord"]


@proves(FaultKind.NO_CAPACITY)
def test_a_bigger_guest_without_room_is_its_hosts_lack_and_changes_nothing(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.fault(FaultKind.NO_CAPACITY, region="fra")
    with pytest.raises(errors.Capacity) as caught:
        fly.client.machines.update(fly.app, machine.id, {**machine.effective_config, "guest": BIGGER})
    assert caught.value.scope is errors.CapacityScope.HOST
    assert fly.client.machines.get(fly.app, machine.id).instance_id == machine.instance_id


@proves(FaultKind.SLOW_TRANSITIONS)
def test_a_slow_machine_is_slow_and_not_stuck(fly: FlyWorld) -> None:
    fly.fault(FaultKind.SLOW_TRANSITIONS, app=fly.app, factor=300)
    made = fly.client.machines.create(fly.app, fly.new())
    with pytest.raises(errors.WaitTimeout) as caught:
        fly.client.machines.wait(fly.app, made.id, "started", deadline_s=1)
    assert caught.value.retryable
    fly.pass_time(400)
    assert fly.client.machines.wait(fly.app, made.id, "started", deadline_s=5) == "started"


@proves(FaultKind.IMAGE_GONE)
def test_a_machine_whose_image_is_gone_fails_for_good(fly: FlyWorld) -> None:
    fly.fault(FaultKind.IMAGE_GONE, app=fly.app)
    made = fly.client.machines.create(fly.app, fly.new())
    fly.pass_time(2)
    with pytest.raises(errors.MachineStuck) as caught:
        fly.client.machines.wait(fly.app, made.id, "started")
    assert caught.value.state == "failed"
    assert fly.client.machines.wait(fly.app, made.id, ["failed"]) == "failed"
    events = fly.client.machines.events(fly.app, made.id)
    assert any("manifest unknown" in str(event.request) for event in events)
    fly.client.machines.destroy(fly.app, made.id)


@proves(FaultKind.LEASE_LEFT)
def test_a_lease_left_by_a_killed_client_is_outlived_by_patience(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.fault(FaultKind.LEASE_LEFT, app=fly.app, delay_s=13)
    with pytest.raises(errors.FlyLeaseHeld) as caught:
        fly.client.machines.update(fly.app, machine.id, machine.effective_config)
    assert caught.value.owner == "killed-client@tokens.fly.io"
    assert caught.value.expires_at is not None
    assert caught.value.expires_at > fly.clock.now()
    with fly.client.leases.held(fly.app, [machine.id], ttl_s=60) as nonces:
        fly.client.machines.update(fly.app, machine.id, machine.effective_config, nonce=nonces[machine.id])


@proves(FaultKind.LEASE_LEFT)
def test_a_lease_left_for_long_is_reported_with_its_owner(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.fault(FaultKind.LEASE_LEFT, app=fly.app, delay_s=3600)
    with (
        pytest.raises(errors.FlyLeaseHeld, match="killed-client"),
        fly.client.leases.held(fly.app, [machine.id]),
    ):
        pytest.fail("the lease is somebody else's")
