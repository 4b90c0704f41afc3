"""Where a machine goes: a host with room, in the first region of the order that has one. Pure.

It looks at the world and decides; nothing is reserved before the machine stands in the records. A machine
takes its room from the moment it is created until it is destroyed, stopped or not. Texts and scopes are those
of production (fly.md 2.1): the same lack has another status per host, region, volume and quota.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from localcloud.fly.faults.board import FaultKind
from localcloud.fly.faults.reach import OK, host_status
from localcloud.fly.machines.guests import Need, need_of
from localcloud.fly.model import App, Host, Machine, State, Volume
from localcloud.fly.wire_error import WireError
from localcloud.fly.world import World


def place(
    world: World, app: App, *, regions: Iterable[str], config: Mapping[str, Any], volume: Volume | None
) -> Host:
    """Return the host of a new machine.

    Args:
        world: hosts, machines and declared faults.
        app: whose machine it is.
        regions: concrete regions in order of preference.
        config: the completed configuration.
        volume: the volume to be mounted; its host is the only one that will do.

    Raises:
        WireError: 403 quota, 409 host, 412 volume, 422 region; that of the last region tried.
    """
    refusal = _no_candidate()
    for region in (volume.region,) if volume else regions:
        try:
            return _place_in(world, app, region, need_of(config), volume)
        except WireError as error:
            refusal = error
    raise refusal


def check_room_to_grow(world: World, app: App, machine: Machine, config: Mapping[str, Any]) -> None:
    """Refuse a guest that no longer fits the machine's host.

    Raises:
        WireError: 403 quota, 409 host.
    """
    old, new = need_of(machine.config), need_of(config)
    more = Need(cpus=max(0, new.cpus - old.cpus), memory_mb=max(0, new.memory_mb - old.memory_mb))
    if more.cpus == 0 and more.memory_mb == 0:
        return
    _refuse_declared(world, app, machine.region, None, action="Machines_update")
    _check_quota(world, app, machine.region, more)
    host = world.records.hosts[machine.host_id]
    free = _free(world, [host])[host.id]
    if more.cpus > free.cpus or more.memory_mb > free.memory_mb:
        raise _host_is_full("CPUs" if more.cpus > free.cpus else "memory")


def _place_in(world: World, app: App, region: str, need: Need, volume: Volume | None) -> Host:
    _refuse_declared(world, app, region, volume, action="Machines_create")
    _check_quota(world, app, region, need)
    hosts = [
        host
        for host in world.records.hosts.values()
        if host.region == region
        and host_status(world, host.id, region) == OK
        and (volume is None or host.id == volume.host_id)
    ]
    free = _free(world, hosts)
    fitting = [h for h in hosts if free[h.id].cpus >= need.cpus and free[h.id].memory_mb >= need.memory_mb]
    if not fitting:
        raise _volume_is_stuck(volume) if volume else _no_candidate()
    return min(fitting, key=lambda host: (-free[host.id].memory_mb, host.id))


def _free(world: World, hosts: Iterable[Host]) -> dict[str, Need]:
    free = {host.id: [host.cpus, host.memory_mb] for host in hosts}
    for app in world.apps.values():
        for machine in app.machines.values():
            if machine.host_id in free and machine.state is not State.DESTROYED:
                need = need_of(machine.config)
                free[machine.host_id][0] -= need.cpus
                free[machine.host_id][1] -= need.memory_mb
    return {host: Need(cpus=cpus, memory_mb=memory_mb) for host, (cpus, memory_mb) in free.items()}


def _check_quota(world: World, app: App, region: str, need: Need) -> None:
    organization = world.records.organizations[app.org_slug]
    quota_mb = organization.memory_quota_mb.get(region)
    if quota_mb is None:
        return
    used_mb = need.memory_mb + _used_mb(world, app, region)
    if used_mb > quota_mb:
        raise _over_quota(app, region, used_mb)


def _refuse_declared(world: World, app: App, region: str, volume: Volume | None, *, action: str) -> None:
    about = {"region": region, "app": app.name, "action": action}
    fault = world.faults.active(FaultKind.NO_CAPACITY, **about)
    if fault is None or (fault.scope == "volume" and volume is None):
        return
    world.faults.take(FaultKind.NO_CAPACITY, **about)
    if fault.scope == "volume" and volume is not None:
        raise _volume_is_stuck(volume)
    if fault.scope == "quota":
        raise _over_quota(app, region, _used_mb(world, app, region))
    # A bigger guest cannot go to another region: for it, any lack is its host's.
    raise _host_is_full("CPUs") if fault.scope == "host" or action != "Machines_create" else _no_candidate()


def _used_mb(world: World, app: App, region: str) -> int:
    apps = [each for each in world.apps.values() if each.org_slug == app.org_slug]
    machines = [m for each in apps for m in each.machines.values() if m.region == region and m.state.is_live]
    return sum(need_of(machine.config).memory_mb for machine in machines)


def _no_candidate() -> WireError:
    return WireError(422, "could not find a candidate host", code="insufficient_capacity")


def _host_is_full(what: str) -> WireError:
    return WireError(
        409,
        f"aborted: could not reserve resource for machine: insufficient {what} available"
        " to fulfill request on the current host",
    )


def _volume_is_stuck(volume: Volume) -> WireError:
    return WireError(
        412,
        f"insufficient resources to create new machine with existing volume '{volume.id}'",
        code="volume_placement_capacity",
    )


def _over_quota(app: App, region: str, used_mb: int) -> WireError:
    return WireError(
        403,
        f'organization "{app.org_slug}" is using {used_mb} MB of memory in {region} which is over the'
        " allowed quota. please consider other regions",
    )
