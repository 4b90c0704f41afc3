"""Machines: made, changed, run and destroyed."""

from __future__ import annotations

import pytest

from lifeboat.fly.client import errors
from lifeboat.fly.client.models.new_volume import NewVolume
from localcloud.fly.faults.board import FaultKind
from tests.contract.fly_world import DEMO, LIGHT, FlyWorld

NOWHERE = "0123456789abcd"


def test_a_machine_is_made_and_starts(fly: FlyWorld) -> None:
    made = fly.client.machines.create(fly.app, fly.new("web-1", "sjc"))
    assert (made.name, made.region) == ("web-1", "sjc")
    assert made.is_live
    assert fly.client.machines.wait(fly.app, made.id, "started") == "started"
    shown = fly.client.machines.get(fly.app, made.id)
    assert shown.instance_id == made.instance_id
    assert shown.metadata == {"lifeboat_urn": "urn:web-1"}
    assert shown.image_ref is not None
    assert shown.image_ref.digest.startswith("sha256:")
    assert (shown.host_status, shown.cordoned, shown.lease) == ("ok", False, None)
    assert [event.type for event in fly.client.machines.events(fly.app, made.id)][-1] == "launch"
    assert fly.client.apps.get(fly.app).machine_count == 1


def test_a_machine_that_is_not_launched_rests_and_its_lease_comes_with_it(fly: FlyWorld) -> None:
    made = fly.client.machines.create(fly.app, fly.new(skip_launch=True, lease_ttl_s=60))
    assert made.nonce
    fly.pass_time(1)
    assert fly.client.machines.get(fly.app, made.id).state == "created"
    with pytest.raises(errors.FlyLeaseHeld):
        fly.client.machines.start(fly.app, made.id)
    fly.client.machines.start(fly.app, made.id, nonce=made.nonce)
    assert fly.client.machines.wait(fly.app, made.id, "started") == "started"


def test_lists_filter_by_region_and_mark(fly: FlyWorld) -> None:
    one, two = fly.machine("web-1", "fra"), fly.machine("web-2", "ord")
    listed = fly.client.machines.list
    assert {machine.id for machine in listed(fly.app)} == {one.id, two.id}
    assert [machine.id for machine in listed(fly.app, region="ord")] == [two.id]
    marked = listed(fly.app, metadata={"lifeboat_urn": "urn:web-1"})
    assert [machine.id for machine in marked] == [one.id]
    assert {machine.id for machine in fly.client.machines.list_carefully(fly.app)} == {one.id, two.id}


def test_an_app_without_machines_is_believed_to_have_none(fly: FlyWorld) -> None:
    assert fly.client.machines.list_carefully(fly.app) == ()


def test_a_machine_runs_stops_suspends_and_restarts(fly: FlyWorld) -> None:
    machine = fly.machine()
    machines = fly.client.machines
    machines.stop(fly.app, machine.id, signal="SIGTERM", timeout_s=5)
    assert machines.wait(fly.app, machine.id, "stopped") == "stopped"
    machines.start(fly.app, machine.id)
    assert machines.wait(fly.app, machine.id, ["started", "failed"]) == "started"
    machines.suspend(fly.app, machine.id)
    assert machines.wait(fly.app, machine.id, "suspended") == "suspended"
    machines.start(fly.app, machine.id)
    assert machines.wait(fly.app, machine.id, "started") == "started"
    machines.restart(fly.app, machine.id, timeout_s=5)
    assert machines.wait(fly.app, machine.id, "started") == "started"
    assert machines.get(fly.app, machine.id).instance_id == machine.instance_id


def test_repeating_what_is_done_changes_nothing(fly: FlyWorld) -> None:
    machine = fly.machine()
    machines = fly.client.machines
    machines.start(fly.app, machine.id)
    machines.stop(fly.app, machine.id)
    machines.stop(fly.app, machine.id)
    machines.wait(fly.app, machine.id, "stopped")
    machines.destroy(fly.app, machine.id)
    machines.destroy(fly.app, machine.id)
    assert machines.wait(fly.app, machine.id, "destroyed") == "destroyed"
    machines.destroy(fly.app, machine.id)


def test_an_update_makes_a_version_and_keeps_the_id(fly: FlyWorld) -> None:
    machine = fly.machine()
    config = {**machine.effective_config, "env": {"COLOUR": "green"}}
    machines = fly.client.machines
    after = machines.update(fly.app, machine.id, config, current_version=machine.instance_id)
    assert after.id == machine.id
    assert after.instance_id > machine.instance_id
    assert machines.wait(fly.app, machine.id, "started", instance_id=after.instance_id) == "started"
    assert machines.get(fly.app, machine.id).effective_config["env"] == {"COLOUR": "green"}
    versions = [each.version for each in machines.versions(fly.app, machine.id)]
    assert versions == [after.instance_id, machine.instance_id]


def test_an_update_against_an_old_version_is_stale(fly: FlyWorld) -> None:
    machine = fly.machine()
    config = machine.effective_config
    fly.client.machines.update(fly.app, machine.id, config, current_version=machine.instance_id)
    with pytest.raises(errors.StaleVersion) as caught:
        fly.client.machines.update(fly.app, machine.id, config, current_version=machine.instance_id)
    assert caught.value.status == 409
    assert caught.value.request_id
    assert caught.value.operation == "machines.update"


def test_an_update_without_launch_leaves_a_stopped_machine_stopped(fly: FlyWorld) -> None:
    machine = fly.machine(skip_launch=True)
    config = {**machine.effective_config, "env": {"A": "1"}}
    after = fly.client.machines.update(fly.app, machine.id, config, skip_launch=True)
    assert fly.client.machines.wait(fly.app, machine.id, "stopped", instance_id=after.instance_id)


def test_metadata_is_set_and_removed_without_a_new_version(fly: FlyWorld) -> None:
    machine = fly.machine()
    machines = fly.client.machines
    machines.set_metadata(fly.app, machine.id, "role", "active")
    assert machines.metadata(fly.app, machine.id)["role"] == "active"
    machines.delete_metadata(fly.app, machine.id, "role")
    machines.delete_metadata(fly.app, machine.id, "role")
    assert machines.metadata(fly.app, machine.id) == {"lifeboat_urn": "urn:web-1"}
    assert machines.get(fly.app, machine.id).instance_id == machine.instance_id


def test_a_machine_is_cordoned_and_uncordoned(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.client.machines.cordon(fly.app, machine.id)
    assert fly.client.machines.get(fly.app, machine.id).cordoned
    fly.client.machines.uncordon(fly.app, machine.id)
    assert not fly.client.machines.get(fly.app, machine.id).cordoned


def test_commands_signals_and_processes_reach_a_real_machine(fly: FlyWorld) -> None:
    machine = fly.machine(image=DEMO)
    machines = fly.client.machines
    result = machines.exec(fly.app, machine.id, ["sh", "-c", "cat; exit 3"], stdin="hello", timeout_s=20)
    assert (result.exit_code, result.stdout) == (3, "hello")
    assert machines.ps(fly.app, machine.id)[0].pid > 0
    machines.signal(fly.app, machine.id, "SIGHUP")
    machines.destroy(fly.app, machine.id, force=True)
    assert machines.wait(fly.app, machine.id, "destroyed") == "destroyed"


def test_a_machine_that_does_not_run_takes_no_commands(fly: FlyWorld) -> None:
    machine = fly.machine(image=DEMO, skip_launch=True)
    where = (fly.app, machine.id)
    for attempt in (
        lambda: fly.client.machines.exec(*where, ["true"]),
        lambda: fly.client.machines.ps(*where),
        lambda: fly.client.machines.signal(*where, "SIGHUP"),
    ):
        with pytest.raises(errors.PreconditionFailed, match="machine not running"):
            attempt()


def test_what_the_emulator_does_not_do_is_said_to_be_unsupported(fly: FlyWorld) -> None:
    machine = fly.machine(image=LIGHT)
    with pytest.raises(errors.Unsupported) as caught:
        fly.client.machines.exec(fly.app, machine.id, ["true"])
    assert caught.value.status == 501


def test_a_running_machine_is_destroyed_only_by_force(fly: FlyWorld) -> None:
    machine = fly.machine()
    with pytest.raises(errors.PreconditionFailed):
        fly.client.machines.destroy(fly.app, machine.id)
    fly.client.machines.destroy(fly.app, machine.id, force=True)
    assert fly.client.machines.wait(fly.app, machine.id, "destroyed") == "destroyed"
    assert not fly.client.machines.get(fly.app, machine.id).is_live
    fly.pass_time(70)
    with pytest.raises(errors.MachineNotFound):
        fly.client.machines.get(fly.app, machine.id)


def test_a_live_name_is_taken_once_and_free_after_the_end(fly: FlyWorld) -> None:
    first = fly.machine("web-1")
    with pytest.raises(errors.MachineNameTaken) as caught:
        fly.client.machines.create(fly.app, fly.new("web-1", "ord"))
    assert caught.value.machine_id == first.id
    fly.client.machines.destroy(fly.app, first.id, force=True)
    fly.client.machines.wait(fly.app, first.id, "destroyed")
    assert fly.machine("web-1").id != first.id


@pytest.mark.parametrize(
    "config",
    [
        {"image": "not an image"},
        {"guest": {"cpu_kind": "shared", "cpus": 3, "memory_mb": 512}},
        {"guest": {"cpu_kind": "shared", "cpus": 1, "memory_mb": 300}},
        {"restart": {"policy": "perhaps"}},
        {"services": "none"},
    ],
)
def test_a_config_fly_does_not_accept_is_an_invalid_request(fly: FlyWorld, config: dict[str, object]) -> None:
    with pytest.raises(errors.InvalidRequest) as caught:
        fly.client.machines.create(fly.app, fly.new(config=config))
    assert caught.value.status == 400
    assert fly.live_names() == []


def test_a_misspelled_key_is_accepted_and_missing_afterwards(fly: FlyWorld) -> None:
    services = [{"protocol": "tcp", "internal_port": 80, "autostrat": True, "ports": [{"prot": 80}]}]
    machine = fly.machine(config={"envv": {"A": "1"}, "services": services, "env": {"B": "2"}})
    config = machine.effective_config
    assert ("envv" in config, config["env"]) == (False, {"B": "2"})
    assert config["services"] == [{"protocol": "tcp", "internal_port": 80, "ports": [{}]}]


@pytest.mark.parametrize("region", ["sea", "nowhere", "eu-central-1"])
def test_a_region_that_is_none_is_an_invalid_request(fly: FlyWorld, region: str) -> None:
    with pytest.raises(errors.InvalidRequest, match=region):
        fly.client.machines.create(fly.app, fly.new(region=region))


@pytest.mark.parametrize("machine_id", [NOWHERE, "x", "a/b", "a%2Fb", "../../secrets", "é", "?state=1", " "])
def test_a_machine_that_is_none_is_not_found_whatever_it_is_called(fly: FlyWorld, machine_id: str) -> None:
    for attempt in (
        lambda: fly.client.machines.get(fly.app, machine_id),
        lambda: fly.client.machines.start(fly.app, machine_id),
        lambda: fly.client.machines.update(fly.app, machine_id, {"image": LIGHT}),
        lambda: fly.client.machines.events(fly.app, machine_id),
        lambda: fly.client.leases.take(fly.app, machine_id),
    ):
        with pytest.raises(errors.MachineNotFound):
            attempt()
    fly.client.machines.destroy(fly.app, machine_id)


@pytest.mark.parametrize("machine_id", ["", ".", ".."])
def test_an_id_that_would_be_another_path_is_never_sent(fly: FlyWorld, machine_id: str) -> None:
    with pytest.raises(errors.InvalidRequest):
        fly.client.machines.get(fly.app, machine_id)


def test_a_volume_is_mounted_by_one_machine_at_a_time(fly: FlyWorld) -> None:
    volume = fly.client.volumes.create(fly.app, NewVolume(name="data", region="fra", size_gb=1))
    fly.client.volumes.wait_created(fly.app, volume.id)
    mounts = {"mounts": [{"volume": volume.id, "path": "/data"}]}
    first = fly.machine("web-1", config=mounts)
    assert fly.client.volumes.get(fly.app, volume.id).attached_machine_id == first.id
    with pytest.raises(errors.VolumeInUse):
        fly.client.machines.create(fly.app, fly.new("web-2", config=mounts))
    with pytest.raises(errors.VolumeInUse):
        fly.client.volumes.destroy(fly.app, volume.id)
    fly.client.machines.destroy(fly.app, first.id, force=True)
    fly.client.machines.wait(fly.app, first.id, "destroyed")
    fly.client.volumes.destroy(fly.app, volume.id)
    with pytest.raises(errors.VolumeGone):
        fly.client.machines.create(fly.app, fly.new("web-2", config=mounts))


def test_a_start_outlasts_a_stop_that_is_under_way(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.fault(FaultKind.SLOW_TRANSITIONS, app=fly.app, factor=30)
    fly.client.machines.stop(fly.app, machine.id)
    fly.client.machines.start(fly.app, machine.id)
    assert fly.client.machines.get(fly.app, machine.id).state in {"starting", "started"}


def test_a_start_of_a_machine_that_stays_active_says_so(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.fault(FaultKind.SLOW_TRANSITIONS, app=fly.app, factor=1000)
    fly.client.machines.stop(fly.app, machine.id)
    with pytest.raises(errors.StillActive, match="machine still active, refusing to start"):
        fly.client.machines.start(fly.app, machine.id)
