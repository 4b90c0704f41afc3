"""Volumes and snapshots in the API's form (`Volume`, `VolumeSnapshot` of Fly's description)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from localcloud.fly.faults.reach import host_status
from localcloud.fly.model import Snapshot, Volume
from localcloud.fly.volumes.content import size_of
from localcloud.fly.world import World

_BLOCK = 4096


def volume_json(world: World, volume: Volume, *, summary: bool = False) -> dict[str, Any]:
    """Return a volume; `summary` leaves the blocks out, as they need a look at the files."""
    found: dict[str, Any] = {
        "id": volume.id,
        "name": volume.name,
        "state": volume.state.value,
        "size_gb": volume.size_gb,
        "region": volume.region,
        "zone": volume.zone,
        "encrypted": volume.encrypted,
        "fstype": volume.fstype,
        "type": "local",
        "created_at": moment(volume.created_at),
        "snapshot_retention": volume.snapshot_retention,
        "auto_backup_enabled": volume.auto_backup_enabled,
        "host_status": host_status(world, volume.host_id, volume.region),
    }
    if volume.attached_machine_id:
        found["attached_machine_id"] = volume.attached_machine_id
    return found if summary else found | _blocks(volume)


def snapshot_json(snapshot: Snapshot) -> dict[str, Any]:
    """Return a snapshot; sizes in bytes."""
    return {
        "id": snapshot.id,
        "status": snapshot.status,
        "size": snapshot.size_bytes,
        "volume_size": snapshot.volume_size_gb * 2**30,
        "digest": snapshot.digest,
        "retention_days": snapshot.retention_days,
        "created_at": moment(snapshot.created_at),
    }


def moment(at: datetime) -> str:
    """Return a moment as RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _blocks(volume: Volume) -> dict[str, int]:
    total, used = volume.size_gb * 2**30, size_of(volume.content)
    blocks, used_blocks = total // _BLOCK, -(-used // _BLOCK)
    return {
        "block_size": _BLOCK,
        "blocks": blocks,
        "blocks_free": blocks - used_blocks,
        "blocks_avail": blocks - used_blocks,
        "bytes_total": total,
        "bytes_used": used,
    }
