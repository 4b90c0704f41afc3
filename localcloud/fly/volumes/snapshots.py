"""Snapshots: waiting, running, created; kept for days, independent of the volume and its host.

The files are really copied when the job runs, not when it was asked for. While the volume's host does not
answer, the job waits. Daily backups come while the volume is there and has them enabled.
"""

from __future__ import annotations

from datetime import timedelta

from localcloud.fly.faults.reach import OK, host_status
from localcloud.fly.model import Snapshot, Volume, VolumeState
from localcloud.fly.volumes import content
from localcloud.fly.volumes.delays import delay_of
from localcloud.fly.volumes.placement import is_usable
from localcloud.fly.world import World

_DAY_S = 86_400.0


def request(world: World, volume: Volume) -> Snapshot:
    """Order a snapshot and return it as `waiting`."""
    snapshot_id = world.records.ids.snapshot()
    snapshot = Snapshot(
        id=snapshot_id,
        status="waiting",
        created_at=world.clock.now(),
        size_bytes=0,
        volume_size_gb=volume.size_gb,
        retention_days=volume.snapshot_retention,
        digest="",
        content=content.make_directory(world, "snapshots", snapshot_id),
    )
    volume.snapshots[snapshot.id] = snapshot
    _plan_step(world, volume, snapshot)
    world.changed()
    return snapshot


def resume(world: World, volume: Volume) -> None:
    """Plan again, after a restart, a volume's jobs, expiries and daily backups."""
    for snapshot in list(volume.snapshots.values()):
        if snapshot.status == "created":
            _plan_expiry(world, volume, snapshot)
        else:
            _plan_step(world, volume, snapshot)
    plan_daily(world, volume)


def plan_daily(world: World, volume: Volume) -> None:
    """Plan the next daily backup, at the volume's own time of day."""

    def back_up() -> None:
        if volume.auto_backup_enabled and volume.state is VolumeState.CREATED:
            request(world, volume)
        plan_daily(world, volume)

    if is_usable(volume):
        age_s = (world.clock.now() - volume.created_at).total_seconds()
        world.timeline.after(_DAY_S - age_s % _DAY_S, back_up)


def _plan_step(world: World, volume: Volume, snapshot: Snapshot) -> None:
    def step() -> None:
        if volume.state is VolumeState.DESTROYED:
            _drop(world, volume, snapshot)
        elif host_status(world, volume.host_id, volume.region) != OK:
            _plan_step(world, volume, snapshot)
        elif snapshot.status == "waiting":
            snapshot.status = "running"
            _plan_step(world, volume, snapshot)
            world.changed()
        elif snapshot.status == "running":
            _take(world, volume, snapshot)

    delay = delay_of(world, world.timings.snapshot_s / 2, app=volume.app_name, region=volume.region)
    world.timeline.after(delay, step)


def _take(world: World, volume: Volume, snapshot: Snapshot) -> None:
    content.copy_files(volume.content, snapshot.content)
    snapshot.size_bytes = content.size_of(snapshot.content)
    snapshot.digest = content.digest_of(snapshot.content)
    snapshot.volume_size_gb = volume.size_gb
    snapshot.status = "created"
    _plan_expiry(world, volume, snapshot)
    world.changed()


def _plan_expiry(world: World, volume: Volume, snapshot: Snapshot) -> None:
    ends_at = snapshot.created_at + timedelta(days=snapshot.retention_days)
    left_s = max(0.0, (ends_at - world.clock.now()).total_seconds())
    world.timeline.after(left_s, lambda: _drop(world, volume, snapshot))


def _drop(world: World, volume: Volume, snapshot: Snapshot) -> None:
    if volume.snapshots.pop(snapshot.id, None) is not None:
        content.remove_files(world, snapshot.content)
        world.changed()
