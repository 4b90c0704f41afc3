"""What in an app would be lost with it although no program of ours declared it."""

from __future__ import annotations

from collections.abc import Mapping

from lifeboat.fly.client import FlyClient
from lifeboat.fly.provider.groups.marks import URN
from lifeboat.providerkit.urn import Urn

_GONE_VOLUMES = frozenset({"scheduling_destroy", "pending_destroy", "destroying", "destroyed"})


def foreign_contents(client: FlyClient, app: str, urn: Urn) -> tuple[str, ...]:
    """Return what must not go down with an app, as words for the operator.

    Machines of the same stack may: the engine deletes them first, unless the program says that they go with
    the app. Volumes carry no owner and hold data, so none that is still live may.

    Raises:
        UncertainList: Fly's answers contradict each other, so nothing can be said.
    """
    machines = client.machines.list_carefully(app)
    foreign = [
        f"machine {machine.id}"
        for machine in machines
        if machine.is_live and not _is_made_by_stack(machine.metadata, urn)
    ]
    volumes = [
        f"volume {volume.id}" for volume in client.volumes.list(app) if volume.state not in _GONE_VOLUMES
    ]
    return (*foreign, *volumes)


def _is_made_by_stack(metadata: Mapping[str, str], urn: Urn) -> bool:
    return metadata.get(URN, "").startswith(f"urn:pulumi:{urn.stack}::{urn.project}::")
