"""Volumes of an app: list, create, look, update, extend, soft-delete.

A volume takes one concrete region, lives on one host and never moves; what it does over time is
`localcloud/fly/volumes`. Source: Fly's API description, docs `volumes/overview`.
"""

from __future__ import annotations

from localcloud.fly.api.cursor import limit_of, page_of
from localcloud.fly.api.lookup import the_app, the_volume
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.faults.board import FaultKind
from localcloud.fly.faults.reach import OK, host_status
from localcloud.fly.model import App, State, Volume
from localcloud.fly.volumes import life
from localcloud.fly.volumes.order import LARGEST_GB, read_order, read_retention
from localcloud.fly.volumes.placement import exists, free_gb, is_usable, place
from localcloud.fly.volumes.wire import volume_json
from localcloud.fly.wire_error import WireError


def existing_volume(call: Call) -> tuple[App, Volume]:
    """Return the volume of the path with its app, soft-deleted ones included.

    Raises:
        WireError: 404.
    """
    app, volume = the_volume(call)
    if not exists(volume):
        raise WireError(404, "volume not found")
    return app, volume


def usable_volume(call: Call) -> Volume:
    """Return the volume of the path, for a change.

    Raises:
        WireError: 404 gone, 412 soft-deleted or its host does not answer.
    """
    _, volume = existing_volume(call)
    if not is_usable(volume):
        raise WireError(412, f"failed_precondition: volume {volume.id} is {volume.state}")
    status = host_status(call.world, volume.host_id, volume.region)
    if status != OK:
        raise WireError(412, f"failed_precondition: the host of volume {volume.id} is {status}")
    return volume


def _list(call: Call) -> Answer:
    volumes = {v.id: v for v in the_app(call).volumes.values() if exists(v)}
    cursor, now = call.one("cursor"), call.world.clock.now()
    if not call.one("limit"):
        if cursor:
            raise WireError(400, "invalid_argument: cursor requires limit")
        return Answer(body=[_shown(call, volume) for volume in volumes.values()])
    limit = limit_of(call.one("limit"), default=1000, highest=1000)
    page = page_of(volumes, cursor=cursor, limit=limit, now=now)
    headers = {"fly-next-cursor": page.next_cursor} if page.next_cursor else {}
    return Answer(body=[_shown(call, volumes[key]) for key in page.keys], headers=headers)


def _create(call: Call) -> Answer:
    app = the_app(call)
    order = read_order(call.world, app, call.fields())
    _refuse_by_fault(call, app, order.wish.region)
    volume = life.create(call.world, app, place(call.world, app, order.wish), order)
    return Answer(body=_shown(call, volume))


def _get(call: Call) -> Answer:
    return Answer(body=_shown(call, existing_volume(call)[1]))


def _update(call: Call) -> Answer:
    volume, fields = usable_volume(call), call.fields()
    if fields.get("snapshot_retention") is not None:
        volume.snapshot_retention = read_retention(fields["snapshot_retention"])
    if fields.get("auto_backup_enabled") is not None:
        volume.auto_backup_enabled = fields["auto_backup_enabled"]
    call.world.changed()
    return Answer(body=_shown(call, volume))


def _extend(call: Call) -> Answer:
    volume, size_gb = usable_volume(call), call.fields().get("size_gb") or 0
    if not volume.size_gb < size_gb <= LARGEST_GB:
        raise WireError(
            400, f"invalid_argument: size_gb must be more than {volume.size_gb} and at most {LARGEST_GB}"
        )
    host = call.world.records.hosts[volume.host_id]
    if free_gb(call.world, host) < size_gb - volume.size_gb:
        raise WireError(
            409,
            "aborted: could not reserve resource for volume: insufficient storage available"
            " to fulfill request on the current host",
        )
    life.extend(call.world, volume, size_gb)
    return Answer(body={"volume": _shown(call, volume), "needs_restart": _is_in_use(call, volume)})


def _delete(call: Call) -> Answer:
    _, volume = existing_volume(call)
    if volume.attached_machine_id:
        raise WireError(
            412, f"failed_precondition: volume is currently bound to machine: {volume.attached_machine_id}"
        )
    if is_usable(volume):
        life.delete(call.world, volume)
    return Answer(body=_shown(call, volume))


def _shown(call: Call, volume: Volume) -> dict[str, object]:
    return volume_json(call.world, volume, summary=call.flag("summary"))


def _is_in_use(call: Call, volume: Volume) -> bool:
    machine = call.world.find_machine(volume.attached_machine_id)
    return machine is not None and machine.state is State.STARTED


def _refuse_by_fault(call: Call, app: App, region: str) -> None:
    fault = call.world.faults.active(
        FaultKind.NO_CAPACITY, region=region, app=app.name, action="Volumes_create"
    )
    if fault is None or fault.scope not in {"region", "quota"}:
        return
    call.world.faults.take(FaultKind.NO_CAPACITY, region=region, app=app.name, action="Volumes_create")
    if fault.scope == "region":
        raise WireError(409, "aborted: no capacity")
    raise WireError(
        403,
        f'organization "{app.org_slug}" is using volume storage in {region} which is over the allowed quota.'
        " please consider other regions",
    )


ROUTES = (
    Route(method="GET", path="/v1/apps/{app_name}/volumes", operation_id="Volumes_list", handler=_list),
    Route(method="POST", path="/v1/apps/{app_name}/volumes", operation_id="Volumes_create", handler=_create),
    Route(
        method="GET",
        path="/v1/apps/{app_name}/volumes/{volume_id}",
        operation_id="Volumes_get_by_id",
        handler=_get,
    ),
    Route(
        method="PUT",
        path="/v1/apps/{app_name}/volumes/{volume_id}",
        operation_id="Volumes_update",
        handler=_update,
    ),
    Route(
        method="DELETE",
        path="/v1/apps/{app_name}/volumes/{volume_id}",
        operation_id="Volume_delete",
        handler=_delete,
    ),
    Route(
        method="PUT",
        path="/v1/apps/{app_name}/volumes/{volume_id}/extend",
        operation_id="Volumes_extend",
        handler=_extend,
    ),
)
