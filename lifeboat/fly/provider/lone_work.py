"""Bringing one machine to what is declared, under its lease: configuration, marks, state, cordon."""

from __future__ import annotations

from lifeboat.core.errors import LifeboatError
from lifeboat.fly.client.models.machine import MachineState
from lifeboat.fly.provider.groups.creating import create
from lifeboat.fly.provider.groups.failure import GroupIncomplete
from lifeboat.fly.provider.groups.health import wait_serving
from lifeboat.fly.provider.groups.leasing import leased
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.metadata import write_metadata
from lifeboat.fly.provider.groups.observing import member_of, observe, unrequested_exits
from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.site import Site
from lifeboat.fly.provider.groups.steps import Create, Update
from lifeboat.fly.provider.groups.updating import Updating, needs_another_host
from lifeboat.fly.provider.lone_machine import LoneMachine
from lifeboat.fly.provider.machine_declaration import DesiredState


def make(site: Site, lone: LoneMachine) -> Member:
    """Make the machine and bring it to its declared state.

    Raises:
        Capacity: its region has no room.
        MachineUnhealthy: it does not serve.
    """
    asleep = lone.state is DesiredState.STOPPED
    made = create(
        site,
        Create(
            slot=lone.slot,
            role=Role.STANDBY if asleep else Role.ACTIVE,
            name=lone.name,
            regions=(lone.slot.region,),
            config=lone.config(),
            green=lone.cordoned,
        ),
    )
    return settle(site, lone, made)


def settle(site: Site, lone: LoneMachine, member: Member) -> Member:
    """Bring an existing machine to what is declared, and return it as it is then.

    Raises:
        GroupIncomplete: its new version does not serve; the message says what runs now.
        StaleVersion: somebody changed it at the same time.
    """
    with leased(site, [member.id]) as nonces:
        nonce = nonces[member.id]
        if lone.matches(member):
            write_metadata(site, member.id, lone.metadata_changes(member), nonce)
        else:
            _update(site, lone, member, nonce)
        _bring(site, lone, nonce, member.id)
        _open_or_close(site, lone, nonce, member.id)
    return member_of(site.client.machines.get(site.app, member.id))


def _update(site: Site, lone: LoneMachine, member: Member, nonce: str) -> None:
    asleep = lone.state is DesiredState.STOPPED or (lone.sleeps and member.is_put_to_sleep)
    step = Update(
        slot=lone.slot,
        role=Role.STANDBY if lone.cordoned else Role.ACTIVE,
        member=member,
        config=lone.config(member),
        launch=member.is_started or not asleep,
    )
    work = Updating(site=site, step=step, nonce=nonce, drains=_others_serve(site, member))
    try:
        work.run()
    except LifeboatError as error:
        reasons = [error.message, work.revert()]
        if needs_another_host(error, member):
            reasons.append("another name makes a new machine, which gets a host with room")
        raise GroupIncomplete(reasons) from error


def _others_serve(site: Site, member: Member) -> bool:
    return any(
        other.is_healthy and not other.cordoned and other.config.get("services")
        for other in observe(site.client, site.app)
        if other.id != member.id
    )


def _bring(site: Site, lone: LoneMachine, nonce: str, machine_id: str) -> None:
    found = site.client.machines.get(site.app, machine_id)
    member = member_of(found)
    if lone.state is DesiredState.STARTED:
        if not member.is_started and not (lone.sleeps and member.is_put_to_sleep):
            _start(site, nonce, member, unrequested_exits(found))
    elif lone.state is DesiredState.SUSPENDED:
        if member.state != MachineState.SUSPENDED:
            _start(site, nonce, member, unrequested_exits(found))
            site.client.machines.suspend(site.app, machine_id, nonce=nonce)
            _await(site, member, MachineState.SUSPENDED)
    elif member.state not in (MachineState.STOPPED, MachineState.CREATED):
        site.client.machines.stop(site.app, machine_id, nonce=nonce)
        _await(site, member, MachineState.STOPPED)


def _start(site: Site, nonce: str, member: Member, exits_before: int) -> None:
    if not member.is_started:
        site.client.machines.start(site.app, member.id, nonce=nonce)
    wait_serving(site, member.id, member.instance_id, exits_before=exits_before)


def _await(site: Site, member: Member, state: MachineState) -> None:
    site.client.machines.wait(
        site.app,
        member.id,
        (state,),
        instance_id=member.instance_id,
        deadline_s=site.desired.wait_timeout_s,
    )


def _open_or_close(site: Site, lone: LoneMachine, nonce: str, machine_id: str) -> None:
    cordoned = site.client.machines.get(site.app, machine_id).cordoned
    if cordoned and not lone.cordoned:
        site.client.machines.uncordon(site.app, machine_id, nonce=nonce)
    elif lone.cordoned and not cordoned:
        site.client.machines.cordon(site.app, machine_id, nonce=nonce)
