"""The machine a request is about, for a change: found, and not under somebody else's lease."""

from __future__ import annotations

from localcloud.fly.api.lookup import the_machine
from localcloud.fly.api.route import Call
from localcloud.fly.machines.leasing import require_lease
from localcloud.fly.model import App, Machine

NONCE_HEADER = "fly-machine-lease-nonce"


def machine_to_change(call: Call) -> tuple[App, Machine]:
    """Return the machine of the path for a change, with its app.

    Raises:
        WireError: 403, 404; 409 somebody else holds its lease.
    """
    app, machine = the_machine(call)
    require_lease(machine, nonce_of(call), call.world.clock.now())
    return app, machine


def nonce_of(call: Call) -> str:
    """Return the lease nonce a request carries, empty without one."""
    return call.headers.get(NONCE_HEADER, "")
