"""Volumes, each on one host, and their snapshots, which are not.

Sources: `Volume` and `VolumeSnapshot` of the Machines API description, docs `volumes/volume-states`, fly-go
`flaps_volumes.go` for the states its lists hide. States are open texts: Fly may name new ones.
"""

from __future__ import annotations

from lifeboat.fly.client.models.sparse import Moment, Sparse

CREATED = "created"

GONE_STATES = frozenset(
    ("scheduling_destroy", "fork_cleanup", "waiting_for_detach", "pending_destroy", "destroying", "destroyed")
)
"""A volume in these cannot be used any more, though looking it up still answers."""


class Volume(Sparse):
    """A volume of an app.

    Args:
        zone: stands for the fault domain of its host.
        host_status: `ok`, `unknown` or `unreachable`.
        attached_machine_id: the one machine that mounts it; empty when none does.
    """

    id: str
    name: str = ""
    state: str = ""
    region: str = ""
    zone: str = ""
    size_gb: int = 0
    encrypted: bool = False
    fstype: str = ""
    host_status: str = ""
    attached_machine_id: str = ""
    snapshot_retention: int | None = None
    auto_backup_enabled: bool | None = None
    created_at: Moment = None

    @property
    def is_live(self) -> bool:
        """Whether it can still be used; one in its soft-delete day cannot."""
        return self.state not in GONE_STATES


class ExtendedVolume(Sparse):
    """A volume after growing; the machine sees the room after a restart when it needs one."""

    volume: Volume
    needs_restart: bool = False


class Snapshot(Sparse):
    """A snapshot of a volume: `waiting`, `running`, then `created`; it can be restored into any region.

    Args:
        size: bytes stored.
        volume_size: bytes of the volume it was taken of.
        retention_days: days after which Fly removes it.
    """

    id: str
    status: str = ""
    size: int = 0
    volume_size: int = 0
    digest: str = ""
    retention_days: int | None = None
    created_at: Moment = None


class OrgVolume(Volume):
    """A volume in the list of an organisation."""

    app_name: str = ""
    updated_at: Moment = None
