"""DELETE /v1/apps/{app_name}: accepted at once, done a moment later, with everything the app had.

Until then the app is still shown and its name taken. Its deploy tokens die with it: a later app of the same
name is another one.
"""

from __future__ import annotations

import signal

from localcloud.fly.machines.running import Runner
from localcloud.fly.model import App
from localcloud.fly.volumes.life import forget_app
from localcloud.fly.world import World


def remove(world: World, runner: Runner, app: App) -> None:
    """Begin to remove an app; a second call for the same app changes nothing."""
    if app.deleted_at is not None:
        return
    app.deleted_at = world.clock.now()
    world.changed()
    world.timeline.after(world.timings.app_delete_s * world.timings.slow, lambda: _finish(world, runner, app))


def resume_removals(world: World, runner: Runner) -> None:
    """Finish removals that were under way when the emulator ended."""
    for app in [app for app in world.apps.values() if app.deleted_at is not None]:
        _finish(world, runner, app)


def _finish(world: World, runner: Runner, app: App) -> None:
    if world.apps.get(app.name) is not app:
        return
    del world.apps[app.name]
    tokens = world.records.tokens
    for digest in [digest for digest, token in tokens.items() if token.scope == f"app:{app.name}"]:
        del tokens[digest]
    for machine_id in app.machines:
        if runner.is_running(machine_id):
            runner.stop(machine_id, signal=signal.SIGKILL, timeout_s=0)
    forget_app(world, app)
    world.changed()
