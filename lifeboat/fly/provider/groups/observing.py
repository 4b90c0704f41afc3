"""Machines of the client as members, and what else their answers tell: the only place that reads the wire."""

from __future__ import annotations

from datetime import UTC, datetime

from lifeboat.fly.client import FlyClient
from lifeboat.fly.client.models.machine import Machine, MachineEvent
from lifeboat.fly.provider.groups.marks import Marks
from lifeboat.fly.provider.groups.member import Member

_SERVICE_CHECK = "servicecheck-"
_PASSING = "passing"
_NEW_VERSION = frozenset({"launch", "update"})
_UNDATED = datetime.min.replace(tzinfo=UTC)
_SHOWN = 200


def observe(client: FlyClient, app: str) -> tuple[Member, ...]:
    """Return every machine of an app that is still there.

    Raises:
        UncertainList: Fly's answers contradict each other; nothing may be done on their account.
    """
    return tuple(
        member_of(machine) for machine in client.machines.list_carefully(app) if machine.state != "destroyed"
    )


def member_of(machine: Machine) -> Member:
    """Read one machine."""
    return Member(
        id=machine.id,
        name=machine.name,
        region=machine.region,
        state=machine.state,
        instance_id=machine.instance_id,
        host_status=machine.host_status or "ok",
        cordoned=machine.cordoned,
        created_at=machine.created_at or _UNDATED,
        config=machine.effective_config,
        image_digest=machine.image_ref.digest if machine.image_ref else "",
        checks_passing=_checks_passing(machine),
        marks=Marks.read(machine.metadata),
    )


def called(machine: Machine | Member) -> str:
    """Return how a machine is called in messages."""
    return f"machine {machine.id} ({machine.name})"


def declared_service_checks(machine: Machine) -> int:
    """Count the checks of a machine's services: those that gate routing, the others only report."""
    services = machine.effective_config.get("services") or ()
    return sum(len(service.get("checks") or ()) for service in services)


def failing_service_checks(machine: Machine) -> list[str]:
    """Return what is wrong with each service check that does not pass, in words."""
    return [
        f"check {check.name} is {check.status}: {check.output[:_SHOWN].strip()}"
        for check in machine.checks or ()
        if check.name.startswith(_SERVICE_CHECK) and check.status != _PASSING
    ]


def unrequested_exits(machine: Machine) -> int:
    """Count how often the current version ended by itself; events are newest first."""
    count = 0
    for event in machine.events or ():
        if event.type in _NEW_VERSION:
            break
        count += event.type == "exit" and not _was_requested(event)
    return count


def _was_requested(event: MachineEvent) -> bool:
    exit_event = (event.request or {}).get("exit_event") or {}
    return bool(exit_event.get("requested_stop"))


def _checks_passing(machine: Machine) -> bool | None:
    declared = declared_service_checks(machine)
    if not declared:
        return None
    found = [check for check in machine.checks or () if check.name.startswith(_SERVICE_CHECK)]
    return len(found) >= declared and all(check.status == _PASSING for check in found)
