"""How many machines of one size fit where: what POST /v1/platform/placements looks at. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from localcloud.fly.faults.board import FaultKind
from localcloud.fly.faults.reach import OK, host_status
from localcloud.fly.machines.guests import Need, need_of
from localcloud.fly.model import Host
from localcloud.fly.world import World


def room_in(world: World, regions: Iterable[str], guest: Mapping[str, Any], volume_gb: int) -> dict[str, int]:
    """Return how many machines of a size, each with a volume of a size, fit into each region.

    Args:
        world: hosts, machines, volumes and declared faults.
        regions: region codes.
        guest: `cpus` and `memory_mb`.
        volume_gb: 0 without a volume.
    """
    need = need_of({"guest": guest})
    used = _used(world)
    room = dict.fromkeys(regions, 0)
    for host in world.records.hosts.values():
        if host.region in room and _takes_machines(world, host):
            room[host.region] += _fitting(host, used.get(host.id, (0, 0, 0)), need, volume_gb)
    return room


def _takes_machines(world: World, host: Host) -> bool:
    shortage = world.faults.active(FaultKind.NO_CAPACITY, region=host.region, action="Machines_create")
    return host_status(world, host.id, host.region) == OK and shortage is None


def _used(world: World) -> dict[str, tuple[int, int, int]]:
    used: dict[str, tuple[int, int, int]] = {}
    for machine in world.machines():
        if machine.state.is_live:
            need = need_of(machine.config)
            cpus, memory_mb, disk_gb = used.get(machine.host_id, (0, 0, 0))
            used[machine.host_id] = (cpus + need.cpus, memory_mb + need.memory_mb, disk_gb)
    for volume in world.volumes():
        if volume.destroyed_at is None:
            cpus, memory_mb, disk_gb = used.get(volume.host_id, (0, 0, 0))
            used[volume.host_id] = (cpus, memory_mb, disk_gb + volume.size_gb)
    return used


def _fitting(host: Host, used: tuple[int, int, int], need: Need, volume_gb: int) -> int:
    cpus, memory_mb, disk_gb = used
    fitting = min(
        (host.cpus - cpus) // max(need.cpus, 1), (host.memory_mb - memory_mb) // max(need.memory_mb, 1)
    )
    if volume_gb:
        fitting = min(fitting, (host.volume_gb - disk_gb) // volume_gb)
    return max(fitting, 0)
