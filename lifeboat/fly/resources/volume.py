"""`fly:index:Volume`: a disk on one host, for one machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from lifeboat.fly.resources.base import FlyResource


class Volume(FlyResource):
    """A disk on one host of one region; not replicated, so protect it and keep the data elsewhere too.

    It grows in place and never shrinks. Its name is unique per app and region within a program: a volume of
    that name that no machine uses is adopted. Import with `app/vol_...`.
    """

    app: pulumi.Output[str] = pulumi.property("app")
    """Name of the app."""
    region: pulumi.Output[str] = pulumi.property("region")
    """Code of its region."""
    name: pulumi.Output[str] = pulumi.property("name")
    """Its name."""
    size_gb: pulumi.Output[int] = pulumi.property("sizeGb")
    """Size, GB."""
    encrypted: pulumi.Output[bool] = pulumi.property("encrypted")
    """Whether it is encrypted at rest."""
    fstype: pulumi.Output[str | None] = pulumi.property("fstype")
    """File system, where one was named."""
    snapshot_id: pulumi.Output[str | None] = pulumi.property("snapshotId")
    """The snapshot it was restored from."""
    source_volume_id: pulumi.Output[str | None] = pulumi.property("sourceVolumeId")
    """The volume it was forked from."""
    snapshot_retention: pulumi.Output[int] = pulumi.property("snapshotRetention")
    """Days that daily snapshots are kept."""
    auto_backup_enabled: pulumi.Output[bool] = pulumi.property("autoBackupEnabled")
    """Whether a snapshot is taken every day."""
    require_unique_zone: pulumi.Output[bool] = pulumi.property("requireUniqueZone")
    """Whether it was placed on another host than its namesakes."""
    compute: pulumi.Output[dict[str, Any] | None] = pulumi.property("compute")
    """The machine it was placed for, in Fly's own spelling."""
    volume_id: pulumi.Output[str] = pulumi.property("volumeId")
    """Fly's id, such as `vol_4y5m8n`."""
    zone: pulumi.Output[str] = pulumi.property("zone")
    """The fault domain of its host."""
    state: pulumi.Output[str] = pulumi.property("state")
    """Where it is in its life."""

    def __init__(  # noqa: PLR0913  # one keyword per property of the type
        self,
        resource_name: str,
        *,
        app: pulumi.Input[str],
        region: pulumi.Input[str],
        name: pulumi.Input[str],
        size_gb: pulumi.Input[int],
        encrypted: pulumi.Input[bool] = True,
        fstype: pulumi.Input[str] | None = None,
        snapshot_id: pulumi.Input[str] | None = None,
        source_volume_id: pulumi.Input[str] | None = None,
        snapshot_retention: pulumi.Input[int] = 5,
        auto_backup_enabled: pulumi.Input[bool] = True,
        require_unique_zone: pulumi.Input[bool] = True,
        compute: pulumi.Input[Mapping[str, Any]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a volume.

        Args:
            resource_name: the Pulumi name.
            app: name of the app.
            region: one region, such as `sjc`.
            name: up to 30 lower-case letters, digits and underscores, unique per app and region.
            size_gb: GB, 1 to 500; a smaller one than before is refused.
            encrypted: whether it is encrypted at rest.
            fstype: file system; Fly's choice without it.
            snapshot_id: snapshot to restore, of any region.
            source_volume_id: volume to fork, whose host must be alive.
            snapshot_retention: days that daily snapshots are kept, 1 to 60.
            auto_backup_enabled: whether a snapshot is taken every day.
            require_unique_zone: whether it must lie on another host than its namesakes.
            compute: the machine that will use it, in Fly's own spelling, so that its host has room for one.
            opts: the engine's options; use `protect`.
        """
        inputs = {
            "app": app,
            "region": region,
            "name": name,
            "size_gb": size_gb,
            "encrypted": encrypted,
            "fstype": fstype,
            "snapshot_id": snapshot_id,
            "source_volume_id": source_volume_id,
            "snapshot_retention": snapshot_retention,
            "auto_backup_enabled": auto_backup_enabled,
            "require_unique_zone": require_unique_zone,
            "compute": compute,
        }
        super().__init__("fly:index:Volume", resource_name, inputs, opts=opts)
