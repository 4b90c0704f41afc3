"""Finding what a path names, with Fly's words when it is not there or not the caller's.

App names are one global namespace: a foreign app answers 403, only 404 says the name is free
(fly-go `AppNameAvailable`).
"""

from __future__ import annotations

from localcloud.fly.api.route import Call
from localcloud.fly.model import App, Machine, State, Volume
from localcloud.fly.tokens import EVERYTHING
from localcloud.fly.wire_error import WireError


def the_app(call: Call) -> App:
    """Return the app of the path.

    Raises:
        WireError: 404 there is none, 403 the token may not see it.
    """
    name = call.path["app_name"]
    app = call.world.apps.get(name)
    if app is None:
        raise WireError(404, "app not found")
    if not may_see(call.scope, app):
        raise WireError(403, f"unauthorized to perform this action on app {name}")
    return app


def may_see(scope: str, app: App) -> bool:
    """Tell whether a token's scope covers an app."""
    return scope in {EVERYTHING, f"org:{app.org_slug}", f"app:{app.name}"}


def the_machine(call: Call) -> tuple[App, Machine]:
    """Return the machine of the path with its app.

    A destroyed machine is still found for a while, then no more.

    Raises:
        WireError: 404.
    """
    app = the_app(call)
    machine = app.machines.get(call.path["machine_id"])
    if machine is None or _is_forgotten(call, machine):
        raise WireError(404, "not_found: machine not found")
    return app, machine


def the_volume(call: Call) -> tuple[App, Volume]:
    """Return the volume of the path with its app.

    Raises:
        WireError: 404.
    """
    app = the_app(call)
    volume = app.volumes.get(call.path["volume_id"])
    if volume is None:
        raise WireError(404, "volume not found")
    return app, volume


def _is_forgotten(call: Call, machine: Machine) -> bool:
    if machine.state is not State.DESTROYED or machine.destroyed_at is None:
        return False
    age_s = (call.world.clock.now() - machine.destroyed_at).total_seconds()
    return age_s > call.world.timings.destroyed_readable_s
