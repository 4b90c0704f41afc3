"""Every operation on machines but leases and waits, which have modules of their own."""

from __future__ import annotations

from localcloud.fly.api import (
    machine_actions,
    machine_crud,
    machine_exec,
    machine_history,
    machine_metadata,
)
from localcloud.fly.api.route import Route
from localcloud.fly.machines.life import MachineLife


def routes(life: MachineLife) -> tuple[Route, ...]:
    """Return the operations."""
    return (
        *machine_crud.routes(life),
        *machine_actions.routes(life),
        *machine_exec.routes(life),
        *machine_history.ROUTES,
        *machine_metadata.ROUTES,
    )
