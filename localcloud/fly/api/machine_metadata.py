"""Metadata of a machine: read, merged, single keys. A change makes no new version and restarts nothing.

Null and empty text remove a key; `machine_version` that is no longer the current one answers 412 (Fly's
description). PUT is the deprecated spelling of PATCH. A single key is set under anybody's lease: flyctl marks
machines that it holds leases of without sending the nonce (fly-go `SetMetadata`, bluegreen deploys).
"""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.fly.api.lookup import the_machine
from localcloud.fly.api.machine_access import machine_to_change
from localcloud.fly.api.route import Answer, Call, Handler, Pace, Route
from localcloud.fly.machines.preconditions import alive
from localcloud.fly.model import Machine
from localcloud.fly.wire_error import WireError

_ALL = "/v1/apps/{app_name}/machines/{machine_id}/metadata"
_ONE = f"{_ALL}/{{key}}"


def _show(call: Call) -> Answer:
    return Answer(body=dict(the_machine(call)[1].metadata))


def _merge(call: Call) -> Answer:
    _, machine = machine_to_change(call)
    alive(machine)
    fields = call.fields()
    if fields.get("machine_version") not in (None, "", machine.version.id):
        raise WireError(412, "failed_precondition: machine version does not match")
    given = fields.get("metadata") or {}
    if not isinstance(given, dict):
        raise WireError(400, "invalid_argument: metadata must be an object")
    _set(call, machine, given)
    return Answer(status=204)


def _show_key(call: Call) -> Answer:
    _, machine = the_machine(call)
    value = machine.metadata.get(call.path["key"])
    if value is None:
        raise WireError(404, "not_found: metadata key not found")
    return Answer(body={"value": value})


def _set_key(call: Call) -> Answer:
    _, machine = the_machine(call)
    alive(machine)
    _set(call, machine, {call.path["key"]: call.fields().get("value")})
    return Answer(status=204)


def _delete_key(call: Call) -> Answer:
    _, machine = the_machine(call)
    alive(machine)
    _set(call, machine, {call.path["key"]: None})
    return Answer(status=204)


def _set(call: Call, machine: Machine, given: Mapping[str, object]) -> None:
    wrong = [key for key, value in given.items() if value is not None and not isinstance(value, str)]
    if wrong:
        raise WireError(400, f"invalid_argument: metadata value of {wrong[0]!r} must be a string")
    merged = {**machine.metadata, **given}
    machine.config["metadata"] = {key: value for key, value in merged.items() if value}
    machine.updated_at = call.world.clock.now()
    call.world.changed()


def _route(method: str, path: str, operation_id: str, handler: Handler) -> Route:
    pace = Pace.NONE if method == "GET" else Pace.MACHINE
    return Route(method=method, path=path, operation_id=operation_id, handler=handler, pace=pace)


ROUTES = (
    _route("GET", _ALL, "Machines_show_metadata", _show),
    _route("PATCH", _ALL, "Machines_update_metadata", _merge),
    _route("PUT", _ALL, "Machines_update_metadata_deprecated", _merge),
    _route("GET", _ONE, "Machines_get_metadata_key", _show_key),
    _route("POST", _ONE, "Machines_upsert_metadata", _set_key),
    _route("DELETE", _ONE, "Machines_delete_metadata", _delete_key),
)
