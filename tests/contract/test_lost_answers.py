"""Writes that are done and never answered: the client finds out, adopts, and never makes a second one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from lifeboat.core.secret import Secret
from lifeboat.fly.client import errors
from lifeboat.fly.client.models.ip import IpType
from lifeboat.fly.client.models.new_volume import NewVolume
from localcloud.fly.faults.board import FaultKind
from tests.contract.fly_world import DEMO, FlyWorld
from tests.fly_emulator.certificate_maker import make_chain

HOST = "www.example.com"


@pytest.fixture(autouse=True)
def _an_answer_was_lost(fly: FlyWorld) -> Iterator[None]:
    """Every test here loses at least one answer, or proves nothing."""
    yield
    assert fly.hits(FaultKind.TIMEOUT_AFTER_WRITE) >= 1


def test_an_app_is_made_once(fly: FlyWorld) -> None:
    name = f"{fly.app}-2"
    fly.fault(FaultKind.TIMEOUT_AFTER_WRITE, action="Apps_create", app=name, times=2)
    made = fly.client.apps.create(name, fly.organization)
    assert [app.name for app in fly.client.apps.list(fly.organization)] == [fly.app, name]
    assert made.name == name


def test_an_app_is_deleted(fly: FlyWorld) -> None:
    fly.lose_answer("Apps_delete")
    fly.client.apps.delete(fly.app)
    fly.pass_time(1)
    with pytest.raises(errors.AppNotFound):
        fly.client.apps.get(fly.app)


def test_a_machine_is_made_once(fly: FlyWorld) -> None:
    fly.lose_answer("Machines_create")
    made = fly.client.machines.create(fly.app, fly.new())
    assert [machine.id for machine in fly.client.machines.list(fly.app)] == [made.id]


def test_a_machine_that_destroys_itself_is_not_made_blindly_again(fly: FlyWorld) -> None:
    fly.fault(FaultKind.TIMEOUT_AFTER_WRITE, action="Machines_create", app=fly.app)
    fly.fault(FaultKind.EMPTY_LIST, app=fly.app, times=1)
    with pytest.raises(errors.UnknownOutcome):
        fly.client.machines.create(fly.app, fly.new(config={"auto_destroy": True}))
    assert fly.live_names() == ["web-1"]


def test_an_update_is_done_once(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.lose_answer("Machines_update")
    config = {**machine.effective_config, "env": {"A": "1"}}
    after = fly.client.machines.update(fly.app, machine.id, config, current_version=machine.instance_id)
    assert after.effective_config["env"] == {"A": "1"}
    assert len(fly.client.machines.versions(fly.app, machine.id)) == 2


def test_a_restart_is_done_once(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.lose_answer("Machines_restart")
    fly.client.machines.restart(fly.app, machine.id)
    fly.pass_time(1)
    events = [event.type for event in fly.client.machines.events(fly.app, machine.id)]
    assert events.count("restart") == 1


@pytest.mark.parametrize("action", ["start", "stop", "suspend", "cordon", "uncordon", "destroy"])
def test_what_can_be_repeated_is_repeated(fly: FlyWorld, action: str) -> None:
    machine = fly.machine()
    if action == "destroy":
        fly.client.machines.stop(fly.app, machine.id)
        fly.pass_time(1)
    fly.lose_answer("Machines_delete" if action == "destroy" else f"Machines_{action}")
    getattr(fly.client.machines, action)(fly.app, machine.id)
    fly.pass_time(1)
    shown = fly.client.machines.get(fly.app, machine.id)
    expected = {"stop": "stopped", "suspend": "suspended", "destroy": "destroyed"}
    assert shown.state == expected.get(action, "started")
    assert shown.cordoned == (action == "cordon")


def test_metadata_is_set_and_removed(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.lose_answer("Machines_upsert_metadata")
    fly.client.machines.set_metadata(fly.app, machine.id, "role", "active")
    fly.lose_answer("Machines_delete_metadata")
    fly.client.machines.delete_metadata(fly.app, machine.id, "lifeboat_urn")
    assert fly.client.machines.metadata(fly.app, machine.id) == {"role": "active"}


@pytest.mark.parametrize("action", ["signal", "exec"])
def test_what_cannot_be_looked_into_is_an_unknown_outcome(fly: FlyWorld, action: str) -> None:
    machine = fly.machine(image=DEMO)
    fly.lose_answer(f"Machines_{action}")
    with pytest.raises(errors.UnknownOutcome):
        getattr(fly.client.machines, action)(
            fly.app, machine.id, "SIGHUP" if action == "signal" else ["true"]
        )
    assert fly.hits(FaultKind.TIMEOUT_AFTER_WRITE) == 1


def test_a_lease_whose_answer_was_lost_is_outlived_and_taken(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.lose_answer("Machines_create_lease")
    with fly.client.leases.held(fly.app, [machine.id]) as nonces:
        fly.client.machines.cordon(fly.app, machine.id, nonce=nonces[machine.id])
    assert fly.client.leases.find(fly.app, machine.id) is None


def test_a_release_whose_answer_was_lost_is_not_a_failure_of_the_work(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.lose_answer("Machines_release_lease")
    with fly.client.leases.held(fly.app, [machine.id]):
        pass
    assert fly.client.leases.find(fly.app, machine.id) is None


def test_a_volume_is_made_once(fly: FlyWorld) -> None:
    fly.lose_answer("Volumes_create")
    made = fly.client.volumes.create(fly.app, NewVolume(name="data", region="fra", size_gb=1))
    assert [volume.id for volume in fly.client.volumes.list(fly.app)] == [made.id]


def test_a_second_volume_of_a_name_is_told_from_the_first(fly: FlyWorld) -> None:
    wish = NewVolume(name="data", region="fra", size_gb=1)
    first = fly.client.volumes.create(fly.app, wish)
    fly.lose_answer("Volumes_create")
    second = fly.client.volumes.create(fly.app, wish)
    assert {volume.id for volume in fly.client.volumes.list(fly.app)} == {first.id, second.id}


def test_a_volume_grows_and_goes_once(fly: FlyWorld) -> None:
    made = fly.client.volumes.create(fly.app, NewVolume(name="data", region="fra", size_gb=1))
    for action in ("Volumes_extend", "Volumes_update", "Volume_delete"):
        fly.lose_answer(action)
    assert fly.client.volumes.extend(fly.app, made.id, 5).volume.size_gb == 5
    assert fly.client.volumes.update(fly.app, made.id, snapshot_retention=9).snapshot_retention == 9
    fly.client.volumes.destroy(fly.app, made.id)
    assert fly.client.volumes.list(fly.app) == ()


def test_a_snapshot_is_taken_once(fly: FlyWorld) -> None:
    volume = fly.client.volumes.create(fly.app, NewVolume(name="data", region="fra", size_gb=1))
    fly.lose_answer("createVolumeSnapshot")
    taken = fly.client.volumes.snapshots.create(fly.app, volume.id)
    assert [each.id for each in fly.client.volumes.snapshots.list(fly.app, volume.id)] == [taken.id]


def test_secrets_are_set_and_removed(fly: FlyWorld) -> None:
    fly.lose_answer("Secrets_update")
    written = fly.client.secrets.set_many(fly.app, {"A": Secret("one"), "B": Secret("two")})
    fly.lose_answer("Secret_delete")
    fly.client.secrets.delete(fly.app, "B")
    (listed,) = fly.client.secrets.list(fly.app)
    assert listed.digest == written.digests["A"]


@pytest.mark.parametrize("kind", list(IpType))
def test_an_address_of_every_kind_is_given_once(fly: FlyWorld, kind: IpType) -> None:
    fly.lose_answer("App_IPAssignments_create")
    region = "fra" if kind.value.startswith("egress") else None
    given = fly.client.ips.allocate(fly.app, kind, region=region)
    assert given.type is kind
    assert {each.ip for each in fly.client.ips.list(fly.app)} == set(given.addresses)
    fly.lose_answer("App_IPAssignments_delete")
    for address in given.addresses:
        fly.client.ips.release(fly.app, address)
    assert fly.client.ips.list(fly.app) == ()


def test_the_shared_address_is_found_again_when_the_app_had_it(fly: FlyWorld) -> None:
    first = fly.client.ips.allocate(fly.app, IpType.SHARED_V4)
    fly.lose_answer("App_IPAssignments_create")
    assert fly.client.ips.allocate(fly.app, IpType.SHARED_V4).ip == first.ip


def test_certificates_are_asked_for_imported_and_removed_once(fly: FlyWorld) -> None:
    certificates = fly.client.certificates
    chain, key = make_chain(HOST, not_after=fly.clock.now() + timedelta(days=30))
    for action in ("acme_create", "custom_create", "check", "custom_delete", "delete"):
        fly.lose_answer(f"App_Certificates_{action}")
    assert certificates.request_acme(fly.app, HOST).hostname == HOST
    certificates.import_custom(fly.app, HOST, fullchain=chain, private_key=Secret(key))
    assert certificates.check(fly.app, HOST).hostname == HOST
    certificates.delete_custom(fly.app, HOST)
    certificates.delete(fly.app, HOST)
    assert certificates.list(fly.app) == ()
    assert fly.hits(FaultKind.TIMEOUT_AFTER_WRITE) == 5


def test_a_deploy_token_is_not_made_twice(fly: FlyWorld) -> None:
    fly.fault(FaultKind.TIMEOUT_AFTER_WRITE, action="App_create_deploy_token", app=fly.app)
    with pytest.raises(errors.NoAnswer):
        fly.client.tokens.deploy_token(fly.app, expiry="1h")
    assert fly.hits(FaultKind.TIMEOUT_AFTER_WRITE) == 1
