"""What to create as a volume: empty, restored from a snapshot, or forked from another volume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lifeboat.core.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVolume:
    """A wish; what is None is left to Fly.

    Args:
        name: lower-case letters, digits, underscores; several volumes may share one.
        region: one concrete region; volumes take no aliases.
        size_gb: GB; at least the original's when there is a source.
        snapshot_id: restore from this snapshot, which may be of another region.
        source_volume_id: fork this volume, whose host must be alive.
        snapshot_retention: days a snapshot is kept, 1 to 60.
        require_unique_zone: whether volumes of this name must lie in distinct zones; true at Fly by default.
        unique_zone_app_wide: the same among all volumes of the app.
        compute: the guest that will mount it; without it the volume may land where that machine cannot run.
        compute_image: the image of that machine.

    Raises:
        ConfigError: it names both kinds of source.
    """

    name: str
    region: str
    size_gb: int | None = None
    encrypted: bool | None = None
    fstype: str | None = None
    snapshot_id: str | None = None
    source_volume_id: str | None = None
    snapshot_retention: int | None = None
    auto_backup_enabled: bool | None = None
    require_unique_zone: bool | None = None
    unique_zone_app_wide: bool | None = None
    compute: Mapping[str, Any] | None = None
    compute_image: str | None = None

    def __post_init__(self) -> None:
        """Refuse what has two sources."""
        if self.snapshot_id and self.source_volume_id:
            raise ConfigError(f"volume {self.name}: give either snapshot_id or source_volume_id, not both")

    def body(self) -> dict[str, Any]:
        """Return the request body."""
        return {key: value for key, value in asdict(self).items() if value is not None}
