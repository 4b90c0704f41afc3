"""DELETE /v1/apps/{app_name}: accepted at once, done a moment later, with everything the app had.

Until then the app is still shown and its name taken. Its deploy tokens die with it: a later app of the same
name is another one.
"""

from __future__ import annotations

from localcloud.fly.machines.life import MachineLife
from localcloud.fly.model import App
from localcloud.fly.volumes.life import forget_app
from localcloud.fly.world import World


def remove(world: World, life: MachineLife, app: App) -> None:
    """Begin to remove an app; a second call for the same app changes nothing."""
    if app.deleted_at is not None:
        return
    app.deleted_at = world.clock.now()
    world.changed()
    world.timeline.after(world.timings.app_delete_s, lambda: _finish(world, life, app))


def resume_removals(world: World, life: MachineLife) -> None:
    """Finish removals that were under way when the emulator ended."""
    for app in [app for app in world.apps.values() if app.deleted_at is not None]:
        _finish(world, life, app)


def _finish(world: World, life: MachineLife, app: App) -> None:
    if world.apps.get(app.name) is not app:
        return
    life.end_app(app)
    forget_app(world, app)
    del world.apps[app.name]
    tokens = world.records.tokens
    for digest in [digest for digest, token in tokens.items() if token.scope == f"app:{app.name}"]:
        del tokens[digest]
    world.changed()
