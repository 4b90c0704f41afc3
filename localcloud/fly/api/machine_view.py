"""Machines as answers show them: `Machine` of Fly's description.

A machine whose host is not reached has a null `config`, and `incomplete_config` (fly-go `GetConfig`). `nonce`
is for the one who just took the lease and for nobody else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from localcloud.fly.faults.reach import OK, host_status
from localcloud.fly.images.registry import resolve
from localcloud.fly.machines.leasing import current_lease
from localcloud.fly.model import Event, Machine, Version
from localcloud.fly.world import World

_SHOWN_EVENTS = 20


def machine_json(
    world: World, machine: Machine, *, include_lease: bool = False, nonce: str = "", version: str = ""
) -> dict[str, Any]:
    """Return a machine with all that is known of it.

    Args:
        world: time, hosts and faults.
        machine: what to show.
        include_lease: show who holds it.
        nonce: the nonce of a lease taken by this very request.
        version: an older version to show instead of the current one.
    """
    shown = next((v for v in machine.versions if v.id == version), machine.version)
    status = host_status(world, machine.host_id, machine.region)
    body = {
        **machine_summary(machine, shown),
        **_config(shown, status),
        "events": [event_json(event) for event in machine.events[:_SHOWN_EVENTS]],
        "checks": [
            {
                "name": check.name,
                "status": check.status,
                "output": check.output,
                "updated_at": moment(check.updated_at),
            }
            for check in sorted(machine.checks.values(), key=lambda check: check.name)
        ],
        "host_status": status,
        "cordoned": machine.cordoned,
    }
    lease = current_lease(machine, world.clock.now()) if include_lease else None
    if lease is not None:
        body["lease"] = {
            "owner": lease.owner,
            "description": lease.description,
            "expires_at": int(lease.expires_at.timestamp()),
        }
    return {**body, "nonce": nonce} if nonce else body


def _config(shown: Version, status: str) -> dict[str, Any]:
    return {"config": shown.config} if status == OK else {"config": None, "incomplete_config": shown.config}


def machine_summary(machine: Machine, shown: Version | None = None) -> dict[str, Any]:
    """Return what a list with `summary` shows."""
    version = shown or machine.version
    return {
        "id": machine.id,
        "name": machine.name,
        "state": str(machine.state) if version is machine.version else "replaced",
        "region": machine.region,
        "instance_id": version.id,
        "version": version.id,
        "private_ip": machine.private_ip,
        "image_ref": _image_ref(version, machine),
        "created_at": moment(machine.created_at),
        "updated_at": moment(machine.updated_at),
    }


def event_json(event: Event) -> dict[str, Any]:
    """Return one event; `timestamp` is milliseconds since 1970."""
    body = {
        "id": event.id,
        "type": event.type,
        "status": event.status,
        "source": event.source,
        "timestamp": int(event.at.timestamp() * 1000),
    }
    return {**body, "request": event.request} if event.request is not None else body


def moment(at: datetime) -> str:
    """Return a moment as RFC 3339 in UTC."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _image_ref(version: Version, machine: Machine) -> dict[str, Any]:
    image = resolve(version.config["image"])
    if image is None:
        return {"digest": machine.image_digest}
    return {
        "registry": image.registry,
        "repository": image.repository,
        "tag": image.tag,
        "digest": image.digest,
        "labels": {},
    }
