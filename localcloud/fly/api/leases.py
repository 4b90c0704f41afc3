"""Leases of a machine: look, take or prolong, release.

On the wire (fly-go): `?ttl=` and no body instead of the description's JSON body, and an envelope around the
lease, `{"status": "success", "data": {...}}`. Both forms of the request are taken.
"""

from __future__ import annotations

from typing import Any

from localcloud.fly.api.lookup import the_machine
from localcloud.fly.api.machine_access import nonce_of
from localcloud.fly.api.route import Answer, Call, Pace, Route
from localcloud.fly.machines.leasing import current_lease, release_lease, take_lease
from localcloud.fly.machines.preconditions import alive
from localcloud.fly.model import Lease
from localcloud.fly.wire_error import WireError

_PATH = "/v1/apps/{app_name}/machines/{machine_id}/lease"


def _show(call: Call) -> Answer:
    _, machine = the_machine(call)
    lease = current_lease(machine, call.world.clock.now())
    if lease is None:
        raise WireError(404, "lease not found")
    # As Fly does: `fly machine leases clear` releases with the nonce it is shown here.
    return Answer(body=_envelope(lease))


def _take(call: Call) -> Answer:
    _, machine = the_machine(call)
    alive(machine)
    lease = take_lease(
        call.world,
        machine,
        owner=call.caller,
        ttl_s=_ttl(call),
        description=str(call.fields().get("description") or ""),
        nonce=nonce_of(call),
    )
    return Answer(body=_envelope(lease), status=201)


def _release(call: Call) -> Answer:
    _, machine = the_machine(call)
    release_lease(call.world, machine, nonce_of(call))
    return Answer(body={"status": "success"})


def _ttl(call: Call) -> int:
    given = call.one("ttl") or call.fields().get("ttl") or 0
    text = str(given)
    if isinstance(given, bool) or not (text.isascii() and text.isdigit()):
        raise WireError(400, f"invalid_argument: invalid lease ttl {text!r}")
    return int(text)


def _envelope(lease: Lease) -> dict[str, Any]:
    data = {
        "nonce": lease.nonce,
        "expires_at": int(lease.expires_at.timestamp()),
        "owner": lease.owner,
        "description": lease.description,
        "version": lease.version,
    }
    return {"status": "success", "data": data}


ROUTES = (
    Route(method="GET", path=_PATH, operation_id="Machines_show_lease", handler=_show),
    Route(
        method="POST",
        path=_PATH,
        operation_id="Machines_create_lease",
        handler=_take,
        pace=Pace.MACHINE,
    ),
    Route(
        method="DELETE",
        path=_PATH,
        operation_id="Machines_release_lease",
        handler=_release,
        pace=Pace.MACHINE,
    ),
)
