"""Every refusal known from production: the emulator's words, and the class the client makes of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from lifeboat.fly.client import errors
from lifeboat.fly.client.machines import operations
from lifeboat.fly.client.models.new_volume import NewVolume
from localcloud.fly.faults.board import FaultKind
from tests.contract.fly_world import LIGHT, FlyWorld

Attempt = Callable[[FlyWorld], Any]
MOUNTED = {"mounts": [{"name": "data", "path": "/data"}]}
VOLUME = NewVolume(name="data", region="fra", size_gb=1)


def _held(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.client.leases.take(fly.app, machine.id, ttl_s=60)
    fly.client.machines.stop(fly.app, machine.id)


def _concurrently_updated(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.client.machines.update(fly.app, machine.id, machine.effective_config, current_version="01OTHER")


def _doubled(fly: FlyWorld) -> None:
    fly.machine()
    fly.client.machines.create(fly.app, fly.new())


def _without_room(scope: str) -> Attempt:
    def attempt(fly: FlyWorld) -> None:
        fly.client.volumes.create(fly.app, VOLUME)
        fly.fault(FaultKind.NO_CAPACITY, region="fra", scope=scope)
        fly.client.machines.create(fly.app, fly.new(config=MOUNTED if scope == "volume" else {}))

    return attempt


def _volume_without_room(fly: FlyWorld) -> None:
    fly.fault(FaultKind.NO_CAPACITY, region="fra", scope="region")
    fly.client.volumes.create(fly.app, VOLUME)


def _on_a_gone_volume(fly: FlyWorld) -> None:
    volume = fly.client.volumes.create(fly.app, VOLUME)
    fly.client.volumes.destroy(fly.app, volume.id)
    config = {"mounts": [{"volume": volume.id, "path": "/data"}]}
    fly.client.machines.create(fly.app, fly.new(config=config))


def _waited(**params: str) -> Attempt:
    def attempt(fly: FlyWorld) -> None:
        path = {"app": fly.app, "machine": fly.machine().id}
        fly.door().call(operations.WAIT, path, params=params)

    return attempt


def _slow(then: str) -> Attempt:
    def attempt(fly: FlyWorld) -> None:
        machine = fly.machine()
        fly.fault(FaultKind.SLOW_TRANSITIONS, app=fly.app, factor=1000)
        fly.client.machines.restart(fly.app, machine.id)
        getattr(fly.client.machines, then)(fly.app, machine.id)

    return attempt


def _started_while_replaced(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.fault(FaultKind.SLOW_TRANSITIONS, app=fly.app, factor=1000)
    fly.client.machines.update(fly.app, machine.id, {"image": LIGHT})
    fly.client.machines.start(fly.app, machine.id)


def _unverified(fly: FlyWorld) -> None:
    fly.client_with("fm2_somebody").apps.get(fly.app)


def _foreign(fly: FlyWorld) -> None:
    fly.client_with(fly.token("org:personal")).apps.get(fly.app)


def _stormed(fly: FlyWorld) -> None:
    fly.fault(FaultKind.RATE_STORM, app=fly.app)
    fly.client.apps.get(fly.app)


_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
_NO_HOST = "could not find a candidate host"

ROWS: list[tuple[str, Attempt, type[errors.FlyError], int, str]] = [
    (
        "lease held",
        _held,
        errors.FlyLeaseHeld,
        409,
        rf"aborted: machine ID \w+ lease currently held by \S+@tokens\.fly\.io, expires at {_TIME}",
    ),
    (
        "concurrent update",
        _concurrently_updated,
        errors.StaleVersion,
        409,
        "aborted: machine update failed due to concurrent update",
    ),
    (
        "machine name",
        _doubled,
        errors.MachineNameTaken,
        409,
        r"already_exists: unique machine name violation,"
        r' machine ID \w+ already exists with name "web-1"',
    ),
    (
        "room on the host",
        _without_room("host"),
        errors.Capacity,
        409,
        r"aborted: could not reserve resource for machine: insufficient CPUs available"
        r" to fulfill request on the current host",
    ),
    ("room in the region", _without_room("region"), errors.Capacity, 422, _NO_HOST),
    (
        "room at the volume",
        _without_room("volume"),
        errors.Capacity,
        412,
        r"insufficient resources to create new machine with existing volume 'vol_\w+'",
    ),
    (
        "quota",
        _without_room("quota"),
        errors.Capacity,
        403,
        r'organization "\S+" is using \d+ MB of memory in fra which is over the allowed quota\.'
        r" please consider other regions",
    ),
    ("room for a volume", _volume_without_room, errors.Capacity, 409, "aborted: no capacity"),
    ("gone volume", _on_a_gone_volume, errors.VolumeGone, 400, "volume not found"),
    (
        "wait too long",
        _waited(state="started", timeout="61"),
        errors.InvalidRequest,
        400,
        r"invalid_argument: invalid WaitMachineRequest\.Timeout:"
        r" value must be inside range \[1s, 1m0s\]",
    ),
    ("wait for no version", _waited(state="stopped"), errors.InvalidRequest, 400, ".*version.*"),
    (
        "wait in vain",
        _waited(state="suspended", timeout="1"),
        errors.WaitTimeout,
        408,
        "machine failed to reach desired state, suspended, currently started",
    ),
    (
        "app name",
        lambda fly: fly.client.apps.create(fly.app, fly.organization),
        errors.NameTaken,
        422,
        "Validation failed: Name has already been taken",
    ),
    (
        "no machine",
        lambda fly: fly.client.machines.get(fly.app, "0123456789abcd"),
        errors.MachineNotFound,
        404,
        "not_found: machine not found",
    ),
    (
        "no lease",
        lambda fly: fly.client.leases.take(fly.app, fly.machine().id, nonce="0" * 12),
        errors.LeaseNotFound,
        404,
        "lease not found",
    ),
    (
        "start while replacing",
        _started_while_replaced,
        errors.StillActive,
        412,
        "failed_precondition: machine getting replaced, refusing to start",
    ),
    (
        "suspend while restarting",
        _slow("suspend"),
        errors.PreconditionFailed,
        412,
        "failed_precondition: machine not running",
    ),
    ("token", _unverified, errors.Unauthorized, 401, "Authenticate: token validation error"),
    ("foreign app", _foreign, errors.Forbidden, 403, "unauthorized to perform this action on app .*"),
    ("rate", _stormed, errors.RateLimited, 429, "rate limit exceeded"),
]


@pytest.mark.parametrize(
    ("attempt", "kind", "status", "words"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS]
)
def test_every_documented_refusal_has_its_words_and_its_class(
    fly: FlyWorld, attempt: Attempt, kind: type[errors.FlyError], status: int, words: str
) -> None:
    with pytest.raises(errors.FlyError) as caught:
        attempt(fly)
    assert type(caught.value) is kind
    assert (caught.value.status, bool(re.fullmatch(words, caught.value.said))) == (status, True), caught.value
    assert caught.value.request_id in str(caught.value)
    assert caught.value.operation
