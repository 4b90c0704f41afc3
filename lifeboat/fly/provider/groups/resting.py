"""Making a standby of a machine that served; its new role is written last, so a killed run is repeated."""

from __future__ import annotations

from lifeboat.fly.client.models.machine import MachineState
from lifeboat.fly.provider.groups.drain import drain
from lifeboat.fly.provider.groups.leasing import leased
from lifeboat.fly.provider.groups.metadata import write_metadata
from lifeboat.fly.provider.groups.observing import called
from lifeboat.fly.provider.groups.site import Site
from lifeboat.fly.provider.groups.steps import Rest


def rest(site: Site, step: Rest) -> None:
    """Cordon, drain and stop a machine, and note that it is a standby."""
    member = step.member
    with leased(site, [member.id]) as nonces:
        nonce = nonces[member.id]
        drain(site, member, nonce)
        site.client.machines.cordon(site.app, member.id, nonce=nonce)
        if not member.is_asleep:
            site.client.machines.stop(site.app, member.id, nonce=nonce)
            site.client.machines.wait(
                site.app,
                member.id,
                (MachineState.STOPPED,),
                instance_id=member.instance_id,
                deadline_s=site.desired.wait_timeout_s,
            )
        _note(site, step, nonce)
    site.log(f"{called(member)} is a standby now")


def _note(site: Site, step: Rest, nonce: str) -> None:
    if step.config is None:
        write_metadata(site, step.member.id, step.metadata, nonce)
        return
    site.client.machines.update(
        site.app,
        step.member.id,
        step.config,
        current_version=step.member.instance_id,
        nonce=nonce,
        skip_launch=True,
        min_secrets_version=site.desired.secrets_version,
    )
