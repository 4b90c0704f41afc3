"""Volumes, pinned to one host, and their snapshots, which are not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class VolumeState(StrEnum):
    """Where a volume is in its life (docs `volumes/volume-states`)."""

    CREATING = "creating"
    CREATED = "created"
    EXTENDING = "extending"
    RESTORING = "restoring"
    HYDRATING = "hydrating"
    PENDING_DESTROY = "pending_destroy"
    DESTROYING = "destroying"
    DESTROYED = "destroyed"


@dataclass(slots=True, kw_only=True)
class Snapshot:
    """A snapshot; `status` waiting, running, created. `content` is the directory of its files."""

    id: str
    status: str
    created_at: datetime
    size_bytes: int
    volume_size_gb: int
    retention_days: int
    digest: str
    content: str = ""


@dataclass(slots=True, kw_only=True)
class Volume:
    """A volume; `zone` stands for the fault domain of its host, `content` is the directory of its files."""

    id: str
    name: str
    app_name: str
    region: str
    host_id: str
    zone: str
    state: VolumeState
    size_gb: int
    encrypted: bool
    fstype: str
    created_at: datetime
    snapshot_retention: int
    auto_backup_enabled: bool
    attached_machine_id: str = ""
    destroyed_at: datetime | None = None
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    content: str = ""
