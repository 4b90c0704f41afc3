"""Snapshots of a volume: list and order; they can be restored into any region by creating a volume.

Snapshots of a destroyed volume stay listed until their retention ends. Source: docs `volumes/snapshots`.
"""

from __future__ import annotations

from localcloud.fly.api.lookup import the_volume
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.api.volumes import existing_volume
from localcloud.fly.volumes import snapshots
from localcloud.fly.volumes.placement import is_usable
from localcloud.fly.volumes.wire import snapshot_json
from localcloud.fly.wire_error import WireError


def _list(call: Call) -> Answer:
    _, volume = the_volume(call)
    newest_first = sorted(volume.snapshots.values(), key=lambda one: (one.created_at, one.id), reverse=True)
    return Answer(body=[snapshot_json(snapshot) for snapshot in newest_first])


def _create(call: Call) -> Answer:
    _, volume = existing_volume(call)
    if not is_usable(volume):
        raise WireError(412, f"failed_precondition: volume {volume.id} is {volume.state}")
    snapshots.request(call.world, volume)
    return Answer()


ROUTES = (
    Route(
        method="GET",
        path="/v1/apps/{app_name}/volumes/{volume_id}/snapshots",
        operation_id="Volumes_list_snapshots",
        handler=_list,
    ),
    Route(
        method="POST",
        path="/v1/apps/{app_name}/volumes/{volume_id}/snapshots",
        operation_id="createVolumeSnapshot",
        handler=_create,
    ),
)
