"""Leases: the mutex of a machine, as the client takes it and the emulator enforces it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lifeboat.core.clock import SystemClock
from lifeboat.fly.client import errors
from localcloud.fly.faults.board import FaultKind
from tests.contract.fly_world import FlyWorld
from tests.waiting import soon


def test_a_lease_is_taken_shown_prolonged_and_released(fly: FlyWorld) -> None:
    machine = fly.machine()
    leases = fly.client.leases
    assert leases.find(fly.app, machine.id) is None
    lease = leases.take(fly.app, machine.id, ttl_s=30, description="a test")
    found = leases.find(fly.app, machine.id)
    assert found is not None
    assert (found.owner, found.description) == (lease.owner, "a test")
    assert found.version == machine.instance_id
    fly.pass_time(10)
    longer = leases.take(fly.app, machine.id, ttl_s=30, nonce=lease.nonce)
    assert longer.nonce == lease.nonce
    assert longer.expires_at - lease.expires_at >= timedelta(seconds=9)
    leases.release(fly.app, machine.id, lease.nonce)
    leases.release(fly.app, machine.id, lease.nonce)
    assert leases.find(fly.app, machine.id) is None


def test_a_held_machine_is_changed_by_its_holder_only(fly: FlyWorld) -> None:
    machine = fly.machine()
    lease = fly.client.leases.take(fly.app, machine.id, ttl_s=60)
    machines, where = fly.client.machines, (fly.app, machine.id)
    for attempt in (
        lambda: machines.update(*where, machine.effective_config),
        lambda: machines.start(*where),
        lambda: machines.stop(*where),
        lambda: machines.suspend(*where),
        lambda: machines.restart(*where),
        lambda: machines.signal(*where, "SIGHUP"),
        lambda: machines.exec(*where, ["true"]),
        lambda: machines.cordon(*where),
        lambda: machines.uncordon(*where),
        lambda: machines.destroy(*where, force=True),
        lambda: machines.stop(*where, nonce="0" * 12),
        lambda: fly.client.leases.take(*where),
        lambda: fly.client.leases.release(*where, "0" * 12),
    ):
        with pytest.raises(errors.FlyLeaseHeld) as caught:
            attempt()
        assert caught.value.owner == "operator@tokens.fly.io"
        assert caught.value.expires_at is not None
        assert abs(caught.value.expires_at - lease.expires_at) < timedelta(seconds=1)
        assert caught.value.status == 409
    machines.set_metadata(*where, "role", "active")
    machines.stop(*where, nonce=lease.nonce)
    assert machines.get(*where).state in {"stopping", "stopped"}


def test_a_lease_ends_by_itself(fly: FlyWorld) -> None:
    machine = fly.machine()
    lease = fly.client.leases.take(fly.app, machine.id, ttl_s=13)
    fly.pass_time(14)
    assert fly.client.leases.find(fly.app, machine.id) is None
    fly.client.machines.cordon(fly.app, machine.id)
    with pytest.raises(errors.LeaseNotFound):
        fly.client.leases.take(fly.app, machine.id, nonce=lease.nonce)


def test_several_are_held_together_and_all_are_released(fly: FlyWorld) -> None:
    ids = [fly.machine(f"web-{number}").id for number in range(3)]
    with fly.client.leases.held(fly.app, ids, ttl_s=60) as nonces:
        assert set(nonces) == set(ids)
        for machine_id in ids:
            fly.client.machines.cordon(fly.app, machine_id, nonce=nonces[machine_id])
    assert [fly.client.leases.find(fly.app, machine_id) for machine_id in ids] == [None] * 3


def test_leases_are_released_when_the_work_fails(fly: FlyWorld) -> None:
    machine = fly.machine()
    with pytest.raises(ZeroDivisionError), fly.client.leases.held(fly.app, [machine.id], ttl_s=60):
        _ = 1 // 0
    assert fly.client.leases.find(fly.app, machine.id) is None


def test_a_heartbeat_keeps_a_lease_past_its_length(fly: FlyWorld) -> None:
    machine = fly.machine()
    with fly.client.leases.held(fly.app, [machine.id], ttl_s=2) as nonces:
        SystemClock().sleep(2.2)
        fly.client.machines.cordon(fly.app, machine.id, nonce=nonces[machine.id])
        assert fly.client.leases.find(fly.app, machine.id) is not None


def test_a_lost_lease_says_so_before_anything_is_done_under_it(fly: FlyWorld) -> None:
    machine = fly.machine()
    with fly.client.leases.held(fly.app, [machine.id], ttl_s=1) as nonces:
        fly.pass_time(5)
        assert soon(lambda: _is_lost(nonces, machine.id))


def _is_lost(nonces: object, machine_id: str) -> bool:
    try:
        nonces[machine_id]  # type: ignore[index]  # a Mapping
    except errors.LeaseNotFound:
        return True
    return False


def test_a_holder_that_dies_is_outlived(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.client.leases.take(fly.app, machine.id, ttl_s=13)
    with fly.client.leases.held(fly.app, [machine.id], ttl_s=60) as nonces:
        fly.client.machines.cordon(fly.app, machine.id, nonce=nonces[machine.id])


def test_one_that_stays_held_lets_go_of_the_others(fly: FlyWorld) -> None:
    ids = sorted(fly.machine(f"web-{number}").id for number in range(2))
    foreign = fly.client.leases.take(fly.app, ids[1], ttl_s=600)
    with (
        pytest.raises(errors.FlyLeaseHeld),
        fly.client.leases.held(fly.app, ids, ttl_s=60, patience_s=5),
    ):
        pytest.fail("one of them is somebody else's")
    assert fly.client.leases.find(fly.app, ids[0]) is None
    fly.client.leases.release(fly.app, ids[1], foreign.nonce)


def test_a_dead_clients_lease_is_cleared_and_its_owner_is_named(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.fault(FaultKind.LEASE_LEFT, app=fly.app, delay_s=600)
    with pytest.raises(errors.FlyLeaseHeld, match="killed-client@"):
        fly.client.machines.stop(fly.app, machine.id)
    cleared = fly.client.leases.clear_foreign(fly.app, machine.id)
    assert cleared is not None
    assert cleared.owner == "killed-client@tokens.fly.io"
    assert "nonce" not in repr(cleared)
    fly.client.machines.stop(fly.app, machine.id)
    assert fly.client.leases.clear_foreign(fly.app, machine.id) is None


def test_a_lease_of_a_gone_machine_is_not_found(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.client.machines.destroy(fly.app, machine.id, force=True)
    fly.pass_time(1)
    with pytest.raises(errors.MachineNotFound):
        fly.client.leases.take(fly.app, machine.id)
