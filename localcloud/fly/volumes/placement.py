"""Where a new volume goes: the host that has room, in the one region asked for, in a zone of its own.

Pure: looks at the world and decides. Texts and scopes are those of production (fly.md 2.1): a region
without room answers 422 with `insufficient_capacity`; volumes know no region aliases such as `eu`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from localcloud.fly.faults.reach import OK, host_status
from localcloud.fly.machines.guests import need_of
from localcloud.fly.model import App, Host, Machine, State, Volume, VolumeState
from localcloud.fly.wire_error import WireError
from localcloud.fly.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a new volume needs.

    Args:
        unique_zone: no two volumes of this name in one zone.
        unique_zone_app_wide: no two volumes of the app in one zone.
        cpus: processors the machine to come needs on the same host; 0 without a `compute`.
        memory_mb: its memory.
    """

    region: str
    name: str
    size_gb: int
    unique_zone: bool = True
    unique_zone_app_wide: bool = False
    cpus: int = 0
    memory_mb: int = 0


def place(world: World, app: App, wish: Wish) -> Host:
    """Return the host with most free room that fits a wish; equal ones in the order of their ids.

    Raises:
        WireError: 400 no such region, 422 `insufficient_capacity`.
    """
    hosts = [host for host in world.records.hosts.values() if host.region == wish.region]
    if not hosts:
        raise WireError(400, f"invalid_argument: region {wish.region!r} not found")
    taken = _taken_zones(app, wish)
    fitting = [
        host
        for host in hosts
        if host_status(world, host.id, host.region) == OK
        and host.zone not in taken
        and _has_room(world, host, wish)
    ]
    if not fitting:
        raise WireError(422, "could not find a candidate host", code="insufficient_capacity")
    return min(fitting, key=lambda host: (-free_gb(world, host), host.id))


def free_gb(world: World, host: Host) -> int:
    """Return the room for volumes left on a host; soft-deleted volumes still take theirs."""
    used = sum(v.size_gb for v in world.volumes() if v.host_id == host.id and exists(v))
    return host.volume_gb - used


def exists(volume: Volume) -> bool:
    """Tell whether a volume still is on its host."""
    return volume.state is not VolumeState.DESTROYED


def is_usable(volume: Volume) -> bool:
    """Tell whether a machine may be given the volume: soft-deleted ones answer `volume not found`."""
    return volume.state not in {VolumeState.PENDING_DESTROY, VolumeState.DESTROYING, VolumeState.DESTROYED}


def _taken_zones(app: App, wish: Wish) -> set[str]:
    return {
        volume.zone
        for volume in app.volumes.values()
        if volume.region == wish.region
        and is_usable(volume)
        and (wish.unique_zone_app_wide or (wish.unique_zone and volume.name == wish.name))
    }


def _has_room(world: World, host: Host, wish: Wish) -> bool:
    machines = [machine for machine in world.machines() if machine.host_id == host.id]
    cpus, memory_mb = _used(machines)
    return (
        free_gb(world, host) >= wish.size_gb
        and host.cpus - cpus >= wish.cpus
        and host.memory_mb - memory_mb >= wish.memory_mb
    )


def _used(machines: Iterable[Machine]) -> tuple[int, int]:
    needs = [need_of(machine.config) for machine in machines if machine.state is not State.DESTROYED]
    return sum(need.cpus for need in needs), sum(need.memory_mb for need in needs)
