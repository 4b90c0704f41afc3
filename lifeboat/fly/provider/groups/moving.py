"""Replacing a machine whose host has no room for its new size: its successor serves before it goes."""

from __future__ import annotations

from lifeboat.fly.provider.groups.creating import create
from lifeboat.fly.provider.groups.names import Names
from lifeboat.fly.provider.groups.observing import called, observe
from lifeboat.fly.provider.groups.removing import remove
from lifeboat.fly.provider.groups.site import Site
from lifeboat.fly.provider.groups.steps import Create, Reason, Update


def move(site: Site, step: Update) -> None:
    """Make a machine of the new configuration in the same slot, then remove the old one.

    Raises:
        Capacity: there is no room in any of the slot's regions.
        MachineUnhealthy: the successor does not serve; the old machine stays.
    """
    site.log(f"the host of {called(step.member)} has no room for its new size; replacing it")
    names = Names(member.name for member in observe(site.client, site.app))
    regions = (step.member.region, step.slot.region, *site.desired.fallback_regions)
    successor = create(
        site,
        Create(
            slot=step.slot,
            role=step.role,
            name=names.take(step.slot.machine_name(site.desired.group)),
            regions=tuple(dict.fromkeys(regions)),
            config=step.config,
        ),
    )
    remove(site, step.member, f"{Reason.REPLACED}: {successor.name}")
