"""What the admin API shows of the world, as JSON values."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

from localcloud.fly.loopback import LOOPBACK
from localcloud.fly.world import World

_HOST_FIELDS = ("id", "region", "zone", "cpus", "memory_mb", "volume_gb", "status")


def health(world: World) -> dict[str, Any]:
    """Return that it answers, what time it is there, and how many machines are in which state."""
    return {
        "ready": True,
        "pid": os.getpid(),
        "now": world.clock.now().isoformat(),
        "apps": len(world.apps),
        "machines": dict(Counter(machine.state.value for machine in world.machines())),
        "faults": len(world.faults.describe()),
    }


def hosts(world: World) -> list[dict[str, Any]]:
    """Return every host with the number of machines on it."""
    carried = Counter(machine.host_id for machine in world.machines() if machine.state.is_live)
    return [
        {**{name: getattr(host, name) for name in _HOST_FIELDS}, "machines": carried[host.id]}
        for host in world.records.hosts.values()
    ]


def addresses(world: World) -> dict[str, str]:
    """Return the loopback URL at which the edge answers for an app alone, by app."""
    ports = {app.name: app.address_port for app in world.apps.values() if app.address_port}
    return {name: f"http://{LOOPBACK}:{port}" for name, port in ports.items()}
