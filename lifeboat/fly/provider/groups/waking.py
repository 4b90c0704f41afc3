"""Letting a machine serve that should: started if it rests, healthy, and only then given requests."""

from __future__ import annotations

from lifeboat.fly.provider.groups.drain import readmit
from lifeboat.fly.provider.groups.health import wait_serving
from lifeboat.fly.provider.groups.leasing import leased
from lifeboat.fly.provider.groups.observing import called, unrequested_exits
from lifeboat.fly.provider.groups.site import Site
from lifeboat.fly.provider.groups.steps import Wake


def wake(site: Site, step: Wake) -> None:
    """Start a machine and let it serve.

    Raises:
        MachineUnhealthy: it does not serve; it keeps its cordon, if it has one.
    """
    member = step.member
    with leased(site, [member.id]) as nonces:
        nonce = nonces[member.id]
        found = site.client.machines.get(site.app, member.id)
        if not member.is_started:
            site.client.machines.start(site.app, member.id, nonce=nonce)
        wait_serving(site, member.id, found.instance_id, exits_before=unrequested_exits(found))
        readmit(site, member.id, nonce)
    site.log(f"started {called(member)}")
