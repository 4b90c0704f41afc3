"""Machines of an app: list, create, look, update, delete.

Wire forms beyond Fly's description: `kill` beside `force` on delete, `{"ok": true}` as its answer (fly-go).
"""

from __future__ import annotations

from dataclasses import replace

from localcloud.fly.api.cursor import limit_of, page_of
from localcloud.fly.api.lookup import the_app, the_machine
from localcloud.fly.api.machine_access import machine_to_change, nonce_of
from localcloud.fly.api.machine_bodies import MachineBody, read_body
from localcloud.fly.api.machine_filters import machine_filter
from localcloud.fly.api.machine_view import machine_json, machine_summary
from localcloud.fly.api.route import Answer, Call, Pace, Route
from localcloud.fly.faults.board import FaultKind
from localcloud.fly.machines.leasing import take_lease
from localcloud.fly.machines.life import MachineLife
from localcloud.fly.machines.order import Order, read_order, regions_of
from localcloud.fly.model import App, Machine
from localcloud.fly.wire_error import WireError

_LIST = "/v1/apps/{app_name}/machines"
_ONE = "/v1/apps/{app_name}/machines/{machine_id}"


class MachineCrud:
    """Handlers that need the life of machines."""

    def __init__(self, life: MachineLife) -> None:
        self._life = life

    def create(self, call: Call) -> Answer:
        """Make a machine; it answers before it is there."""
        app, body = the_app(call), read_body(call)
        regions = regions_of(body.region)
        order = self._order(app, body, regions=regions)
        machine = self._life.create(app, order, name=body.name, regions=regions)
        return Answer(body=machine_json(call.world, machine, nonce=_lease(call, machine, body)))

    def update(self, call: Call) -> Answer:
        """Give a machine a new version: the whole configuration is replaced."""
        app, machine = machine_to_change(call)
        body = read_body(call)
        if body.current_version not in ("", machine.version.id):
            raise WireError(409, "aborted: machine update failed due to concurrent update")
        if body.region and machine.region not in regions_of(body.region):
            raise WireError(400, "invalid_argument: the region of a machine cannot be changed")
        order = self._order(app, body, machine=machine)
        self._life.update(app, machine, order, name=body.name)
        return Answer(body=machine_json(call.world, machine, nonce=_lease(call, machine, body)))

    def delete(self, call: Call) -> Answer:
        """Destroy a machine; GET shows it for a while after."""
        _, machine = machine_to_change(call)
        self._life.destroy(machine, force=call.flag("force") or call.flag("kill"))
        return Answer(body={"ok": True})

    def _order(
        self, app: App, body: MachineBody, *, machine: Machine | None = None, regions: tuple[str, ...] = ()
    ) -> Order:
        order = read_order(app, body.config, images=self._life.images, machine=machine, regions=regions)
        return replace(
            order,
            skip_launch=body.skip_launch,
            skip_service_registration=body.skip_service_registration,
            min_secrets_version=body.min_secrets_version,
        )


def _list(call: Call) -> Answer:
    app, holds = the_app(call), machine_filter(call)
    found = {machine.id: machine for machine in app.machines.values() if holds(machine)}
    if call.world.faults.take(FaultKind.EMPTY_LIST, app=app.name, action="Machines_list"):
        found = {}
    if not call.one("limit"):
        if call.one("cursor"):
            raise WireError(400, "invalid_argument: cursor requires limit")
        return Answer(body=[_shown(call, machine) for machine in found.values()])
    limit = limit_of(call.one("limit"), default=1000, highest=1000)
    page = page_of(found, cursor=call.one("cursor"), limit=limit, now=call.world.clock.now())
    headers = {"fly-next-cursor": page.next_cursor} if page.next_cursor else {}
    return Answer(body=[_shown(call, found[key]) for key in page.keys], headers=headers)


def _show(call: Call) -> Answer:
    _, machine = the_machine(call)
    version = call.one("version")
    if version and version not in {each.id for each in machine.versions}:
        raise WireError(404, "not_found: machine version not found")
    lease = call.flag("include_leases")
    return Answer(body=machine_json(call.world, machine, include_lease=lease, version=version))


def _shown(call: Call, machine: Machine) -> dict[str, object]:
    if call.flag("summary"):
        return machine_summary(machine)
    return machine_json(call.world, machine, include_lease=call.flag("include_leases"))


def _lease(call: Call, machine: Machine, body: MachineBody) -> str:
    """Take the lease a create or an update asks for, and return its nonce."""
    if not body.lease_ttl:
        return ""
    held = nonce_of(call)
    return take_lease(call.world, machine, owner=call.caller, ttl_s=body.lease_ttl, nonce=held).nonce


def routes(life: MachineLife) -> tuple[Route, ...]:
    """Return the operations of this noun."""
    crud = MachineCrud(life)
    return (
        Route(method="GET", path=_LIST, operation_id="Machines_list", handler=_list),
        Route(method="POST", path=_LIST, operation_id="Machines_create", handler=crud.create, pace=Pace.APP),
        Route(method="GET", path=_ONE, operation_id="Machines_show", handler=_show, pace=Pace.GET_MACHINE),
        Route(
            method="POST", path=_ONE, operation_id="Machines_update", handler=crud.update, pace=Pace.MACHINE
        ),
        Route(
            method="DELETE", path=_ONE, operation_id="Machines_delete", handler=crud.delete, pace=Pace.MACHINE
        ),
    )
