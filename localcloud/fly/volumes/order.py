"""A checked order for a new volume: defaults filled in, source found, size enough for the source.

Defaults of the API: 3 GB, encrypted, ext4, five days of snapshots, daily backups, a zone of its own.
Sources: docs `volumes/overview`, `volumes/snapshots`; fly-go `volume_types.go`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from localcloud.fly.faults.reach import OK, host_status
from localcloud.fly.model import App, Volume, VolumeState
from localcloud.fly.volumes.placement import Wish, exists
from localcloud.fly.wire_error import WireError
from localcloud.fly.world import World

LARGEST_GB = 500
LONGEST_RETENTION_DAYS = 60
_DEFAULT_GB = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to make; `source_content` is the directory to copy, empty for a new volume."""

    name: str
    size_gb: int
    encrypted: bool
    fstype: str
    snapshot_retention: int
    auto_backup_enabled: bool
    wish: Wish
    first_state: VolumeState = VolumeState.CREATING
    source_content: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    content: str
    size_gb: int
    state: VolumeState
    region: str = ""


class Guest(BaseModel):
    """The machine to come, as far as placement cares."""

    cpus: int = 0
    memory_mb: int = 0


class CreateVolume(BaseModel):
    """The body of a create, with the API's defaults."""

    name: str = Field(default="", pattern=r"^[a-z0-9_]{1,30}$")
    region: str = ""
    size_gb: int = Field(default=0, ge=0, le=LARGEST_GB)
    encrypted: bool = True
    fstype: str = Field(default="ext4", pattern="^(ext4|raw|)$")
    require_unique_zone: bool = True
    unique_zone_app_wide: bool = False
    snapshot_id: str = ""
    source_volume_id: str = ""
    snapshot_retention: int = Field(default=5, ge=1, le=LONGEST_RETENTION_DAYS)
    auto_backup_enabled: bool = True
    compute: Guest = Guest()


def read_order(world: World, app: App, fields: dict[str, Any]) -> Order:
    """Return the order of a request's body; what is null is left to the API, as flyctl does.

    Raises:
        WireError: 400 a value is not allowed, 404 the source is not there, 412 the source cannot be read.
    """
    given = {key: value for key, value in fields.items() if value is not None}
    try:
        asked = CreateVolume.model_validate({"name": "", **given})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise WireError(400, f"invalid_argument: {where}: {first['msg']}") from error
    source = _source_of(world, app, asked)
    least_gb = source.size_gb if source else 1
    size_gb = asked.size_gb or (source.size_gb if source else _DEFAULT_GB)
    if size_gb < least_gb:
        raise WireError(
            400, f"invalid_argument: size_gb must be at least {least_gb}, the size of the source volume"
        )
    return _order(asked, size_gb, source)


def read_retention(days: int) -> int:
    """Return a number of days snapshots are kept.

    Raises:
        WireError: 400, not from 1 to 60.
    """
    if not 1 <= days <= LONGEST_RETENTION_DAYS:
        raise WireError(
            400, f"invalid_argument: snapshot_retention must be between 1 and {LONGEST_RETENTION_DAYS} days"
        )
    return days


def _order(asked: CreateVolume, size_gb: int, source: _Source | None) -> Order:
    return Order(
        name=asked.name,
        size_gb=size_gb,
        encrypted=asked.encrypted,
        fstype=asked.fstype or "ext4",
        snapshot_retention=asked.snapshot_retention,
        auto_backup_enabled=asked.auto_backup_enabled,
        wish=Wish(
            region=asked.region or (source.region if source else ""),
            name=asked.name,
            size_gb=size_gb,
            unique_zone=asked.require_unique_zone,
            unique_zone_app_wide=asked.unique_zone_app_wide,
            cpus=asked.compute.cpus,
            memory_mb=asked.compute.memory_mb,
        ),
        first_state=source.state if source else VolumeState.CREATING,
        source_content=source.content if source else "",
    )


def _source_of(world: World, app: App, asked: CreateVolume) -> _Source | None:
    if asked.snapshot_id and asked.source_volume_id:
        raise WireError(400, "invalid_argument: snapshot_id and source_volume_id exclude each other")
    if asked.snapshot_id:
        return _from_snapshot(world, app, asked.snapshot_id)
    return _from_volume(world, app, asked.source_volume_id) if asked.source_volume_id else None


def _from_snapshot(world: World, app: App, snapshot_id: str) -> _Source:
    for volume in _volumes_of_org(world, app):
        snapshot = volume.snapshots.get(snapshot_id)
        if snapshot is not None:
            if snapshot.status != "created":
                raise WireError(412, f"failed_precondition: snapshot {snapshot_id} is {snapshot.status}")
            return _Source(
                content=snapshot.content, size_gb=snapshot.volume_size_gb, state=VolumeState.RESTORING
            )
    raise WireError(404, "snapshot not found")


def _from_volume(world: World, app: App, volume_id: str) -> _Source:
    for volume in _volumes_of_org(world, app):
        if volume.id == volume_id and exists(volume):
            if host_status(world, volume.host_id, volume.region) != OK:
                raise WireError(412, f"failed_precondition: the host of volume {volume_id} is unreachable")
            return _Source(
                content=volume.content,
                size_gb=volume.size_gb,
                state=VolumeState.HYDRATING,
                region=volume.region,
            )
    raise WireError(404, "volume not found")


def _volumes_of_org(world: World, app: App) -> list[Volume]:
    return [v for v in world.volumes() if world.apps[v.app_name].org_slug == app.org_slug]
