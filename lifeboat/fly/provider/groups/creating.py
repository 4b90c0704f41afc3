"""Making the machine of a slot: at home, or where there is room.

Host scope means another host of the same region, which the next attempt gets; region and quota mean the next
fallback region; a volume cannot move, so it is an error at once.
"""

from __future__ import annotations

from dataclasses import replace

from lifeboat.fly.client import errors
from lifeboat.fly.client.errors import CapacityScope
from lifeboat.fly.client.machines.new_machine import NewMachine
from lifeboat.fly.client.models.machine import Machine, MachineState
from lifeboat.fly.provider.groups.capacity import next_region
from lifeboat.fly.provider.groups.health import wait_serving
from lifeboat.fly.provider.groups.marks import PROCESS_GROUP, SLOT, URN
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.names import Names
from lifeboat.fly.provider.groups.observing import called, member_of
from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.site import Site
from lifeboat.fly.provider.groups.steps import Create


def create(site: Site, step: Create) -> Member:
    """Make the machine and, for an active one, wait until it serves; a standby stays stopped and cordoned.

    Raises:
        Capacity: nowhere is room, or the volume's host has none.
        MachineUnhealthy: it exists, but does not serve.
        MachineNameTaken: a machine that is not ours has the name.
    """
    machine = _placed(site, step)
    if step.role is Role.STANDBY:
        if not machine.cordoned:
            site.client.machines.cordon(site.app, machine.id)
        site.log(f"made standby {called(machine)} in {machine.region}")
        return member_of(machine)
    member = wait_serving(site, machine.id, machine.instance_id)
    if member.cordoned and not step.green:
        # Adopted from a run that ended between making it and letting it have requests.
        site.client.machines.uncordon(site.app, machine.id)
    site.log(f"made {called(machine)} in {machine.region}")
    return member


def _placed(site: Site, step: Create) -> Machine:
    tried: list[str] = []
    region: str | None = step.regions[0]
    while region is not None:
        tried.append(region)
        try:
            return _made(site, step, region)
        except errors.Capacity as error:
            region = next_region(step.regions, tried, error.scope)
            if region is None:
                raise
            site.log(f"no room for {step.name} in {tried[-1]} ({error.scope.value}); trying {region}")
    raise errors.Capacity(f"no room for {step.name}", scope=CapacityScope.REGION)


def _made(site: Site, step: Create, region: str) -> Machine:
    asleep = step.role is Role.STANDBY
    new = NewMachine(
        name=step.name,
        region=region,
        config=step.config,
        skip_launch=asleep,
        min_secrets_version=site.desired.secrets_version,
        skip_service_registration=asleep or step.green,
    )
    try:
        return site.client.machines.create(site.app, new)
    except errors.MachineNameTaken as error:
        holder = site.client.machines.get(site.app, error.machine_id) if error.machine_id else None
        if holder is None or (holder.is_live and not _is_meant(holder, step)):
            raise
    if not holder.is_live:
        return _made(site, replace(step, name=_freed(site, holder)), region)
    site.log(f"adopted {called(holder)}, which an earlier run made")
    return holder


def _is_meant(holder: Machine, step: Create) -> bool:
    wanted = step.config["metadata"]
    same = all(holder.metadata.get(key) == wanted.get(key) for key in (URN, PROCESS_GROUP, SLOT))
    return same and holder.region in step.regions


def _freed(site: Site, holder: Machine) -> str:
    """Return the name of a machine that is going, or the next one when a dead host keeps it from going."""
    try:
        if member_of(holder).is_reachable:
            site.client.machines.wait(
                site.app, holder.id, (MachineState.DESTROYED,), deadline_s=site.patience.stop_s
            )
            return holder.name
    except errors.WaitTimeout:
        site.log(f"{called(holder)} still keeps its name")
    return Names([holder.name]).take(holder.name)
