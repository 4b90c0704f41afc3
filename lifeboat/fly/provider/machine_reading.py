"""A machine as it is found: its outputs, and the inputs that describe it, without what Fly fills in. Pure."""

from __future__ import annotations

from lifeboat.fly.client.models.machine import Machine, MachineState
from lifeboat.fly.provider.autoname import MADE
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.reading import described_config, drifted_config
from lifeboat.fly.provider.lone_machine import LoneMachine
from lifeboat.fly.provider.machine_declaration import MACHINE, DesiredState
from lifeboat.fly.provider.owner import Owner
from lifeboat.fly.provider.schema.validate import with_defaults
from lifeboat.providerkit.requests import ReadRequest
from lifeboat.providerkit.values import Properties

_STATES = {
    MachineState.STARTED: DesiredState.STARTED,
    MachineState.STOPPED: DesiredState.STOPPED,
    MachineState.CREATED: DesiredState.STOPPED,
    MachineState.SUSPENDED: DesiredState.SUSPENDED,
}


def machine_facts(machine: Machine) -> Properties:
    """Return what is known of a machine besides its inputs."""
    return {
        "machineId": machine.id,
        "instanceId": machine.instance_id,
        "state": machine.state,
        "privateIp": machine.private_ip,
        "imageDigest": machine.image_ref.digest if machine.image_ref else None,
    }


def described_machine(request: ReadRequest, app: str, member: Member) -> Properties:
    """Return the inputs that describe a machine.

    Args:
        request: what is known; nothing in an import.
        app: the app's name.
        member: the machine. Of one on an unreachable host nothing is believed but that it exists.
    """
    if not request.old_inputs:
        return _imported(app, member)
    old = request.old_inputs
    if not member.is_reachable:
        return old
    lone = LoneMachine(request.subject.urn.text, old, "")
    inputs = {**old, "name": member.name, "region": member.region, "cordoned": member.cordoned}
    if member.name != old["name"]:
        inputs.pop(MADE, None)
    if not (lone.sleeps and member.is_put_to_sleep):
        inputs["desiredState"] = _state(member, old["desiredState"])
    if not lone.matches(member) or member.volume != lone.volume:
        inputs |= _drift(lone, old, member)
    return inputs


def _drift(lone: LoneMachine, old: Properties, member: Member) -> Properties:
    config = drifted_config(old["config"], member, keep_volume=True)
    if old["owner"] == Owner.DEPLOY:
        config["image"] = old["config"].get("image")
    found: Properties = {"config": config}
    wanted, version = lone.desired.secrets_version, member.marks.secrets_version
    if wanted is not None and version is not None and version < wanted:
        found["secretsVersion"] = version
    return found


def _imported(app: str, member: Member) -> Properties:
    given: Properties = {
        "app": app,
        "region": member.region,
        "name": member.name,
        "config": described_config(member, keep_volume=True),
        "cordoned": member.cordoned,
        "desiredState": _state(member, DesiredState.STARTED),
    }
    if member.marks.secrets_version is not None:
        given["secretsVersion"] = member.marks.secrets_version
    return with_defaults(MACHINE.inputs, given)


def _state(member: Member, otherwise: str) -> str:
    """Return the settled state a machine is in; a transient one says nothing new."""
    known = {state.value: wish.value for state, wish in _STATES.items()}
    return known.get(member.state, str(otherwise))
