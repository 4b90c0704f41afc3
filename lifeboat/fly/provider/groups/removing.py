"""Removing machines: drained and stopped first; on an unreachable host only asked to go.

A machine on a dead host accepts its end and is destroyed when the host returns, or never; that is a warning,
not a failure, because its slot has another one.
"""

from __future__ import annotations

from lifeboat.fly.client import errors
from lifeboat.fly.client.models.machine import MachineState
from lifeboat.fly.provider.groups.drain import drain
from lifeboat.fly.provider.groups.leasing import leased
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.observing import called
from lifeboat.fly.provider.groups.site import Site


def remove(site: Site, member: Member, why: str, *, until_gone: bool = False) -> None:
    """Destroy a machine, or ask for it when its host cannot be reached.

    Args:
        site: the work.
        member: which machine.
        why: shown to the operator.
        until_gone: wait until it is destroyed, so that its volume is free.

    Raises:
        WaitTimeout: it is still there.
    """
    if not member.is_reachable:
        _ask_to_go(site, member, why)
        return
    try:
        with leased(site, [member.id]) as nonces:
            nonce = nonces[member.id]
            drain(site, member, nonce)
            _stop(site, member, nonce)
            site.client.machines.destroy(site.app, member.id, nonce=nonce, force=True)
            if until_gone:
                _wait_gone(site, member)
    except errors.NotFound:
        return
    site.log(f"destroyed {called(member)}: {why}")


def _wait_gone(site: Site, member: Member) -> None:
    site.client.machines.wait(
        site.app, member.id, (MachineState.DESTROYED,), deadline_s=site.desired.wait_timeout_s
    )


def _stop(site: Site, member: Member, nonce: str) -> None:
    if not member.is_started:
        return
    site.client.machines.stop(site.app, member.id, nonce=nonce)
    try:
        site.client.machines.wait(
            site.app,
            member.id,
            (MachineState.STOPPED,),
            instance_id=member.instance_id,
            deadline_s=site.patience.stop_s,
        )
    except (errors.WaitTimeout, errors.MachineStuck):
        site.log(f"{called(member)} does not stop by itself")


def _ask_to_go(site: Site, member: Member, why: str) -> None:
    state = f"warning: the host of {called(member)} is {member.host_status}"
    try:
        site.client.machines.destroy(site.app, member.id, force=True)
        site.log(f"{state}; it goes when the host returns ({why})")
    except errors.FlyError as error:
        site.log(f"{state}; it stays for now: {error.message}")
