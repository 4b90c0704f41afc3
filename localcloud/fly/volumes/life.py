"""The life of a volume: created (empty, restored or forked), extended, soft-deleted, gone.

    creating ─► created ⇄ extending          delete ─► pending_destroy ─(24 h)─► destroyed
    restoring ─► hydrating ─► created        (from a snapshot; a fork starts at hydrating)

Files are copied when the volume is made, so a restore shows the moment of its snapshot and a fork the
moment of the call; the states after that only take their time. A volume never changes its host, and a
destroyed one keeps its record because its snapshots outlive it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from localcloud.fly.model import App, Host, Volume, VolumeState
from localcloud.fly.volumes import content, snapshots
from localcloud.fly.volumes.delays import delay_of
from localcloud.fly.volumes.order import Order
from localcloud.fly.world import World

_NEXT = {
    VolumeState.CREATING: VolumeState.CREATED,
    VolumeState.RESTORING: VolumeState.HYDRATING,
    VolumeState.HYDRATING: VolumeState.CREATED,
    VolumeState.EXTENDING: VolumeState.CREATED,
}


def create(world: World, app: App, host: Host, order: Order) -> Volume:
    """Make a volume on a host, filled from the order's source, and let it become `created`."""
    volume_id = world.records.ids.volume()
    volume = Volume(
        id=volume_id,
        name=order.name,
        app_name=app.name,
        region=host.region,
        host_id=host.id,
        zone=host.zone,
        state=order.first_state,
        size_gb=order.size_gb,
        encrypted=order.encrypted,
        fstype=order.fstype,
        created_at=world.clock.now(),
        snapshot_retention=order.snapshot_retention,
        auto_backup_enabled=order.auto_backup_enabled,
        content=content.make_directory(world, "volumes", volume_id),
    )
    if order.source_content:
        content.copy_files(order.source_content, volume.content)
    app.volumes[volume.id] = volume
    _plan_step(world, volume)
    snapshots.plan_daily(world, volume)
    world.changed()
    return volume


def extend(world: World, volume: Volume, size_gb: int) -> None:
    """Let a volume grow; the size shows at once, the state when it is done."""
    volume.size_gb = size_gb
    volume.state = VolumeState.EXTENDING
    _plan_step(world, volume)
    world.changed()


def delete(world: World, volume: Volume) -> None:
    """Soft-delete a volume: 24 hours as `pending_destroy`, then gone with its files."""
    volume.state = VolumeState.PENDING_DESTROY
    volume.destroyed_at = world.clock.now() + timedelta(seconds=world.timings.volume_soft_delete_s)
    _plan_end(world, volume, volume.destroyed_at)
    world.changed()


def resume(world: World) -> None:
    """Plan again, after a restart, what the records say is under way."""
    for volume in world.volumes():
        if volume.state in _NEXT:
            _plan_step(world, volume)
        elif volume.state is VolumeState.PENDING_DESTROY and volume.destroyed_at:
            _plan_end(world, volume, volume.destroyed_at)
        snapshots.resume(world, volume)


def forget_app(world: World, app: App) -> None:
    """Remove the files of everything a deleted app had."""
    for volume in app.volumes.values():
        content.remove_files(world, volume.content)
        for snapshot in volume.snapshots.values():
            content.remove_files(world, snapshot.content)


def _plan_step(world: World, volume: Volume) -> None:
    begun = volume.state

    def step() -> None:
        if volume.state is not begun:
            return
        volume.state = _NEXT[begun]
        if volume.state in _NEXT:
            _plan_step(world, volume)
        world.changed()

    delay = delay_of(world, world.timings.volume_s, app=volume.app_name, region=volume.region)
    world.timeline.after(delay, step)


def _plan_end(world: World, volume: Volume, at: datetime) -> None:
    def end() -> None:
        if volume.state is VolumeState.PENDING_DESTROY:
            volume.state = VolumeState.DESTROYED
            content.remove_files(world, volume.content)
            world.changed()

    world.timeline.after(max(0.0, (at - world.clock.now()).total_seconds()), end)
