"""How long a transition takes now: the base time, slowed by the world's factor and by declared faults."""

from __future__ import annotations

from localcloud.fly.faults.board import FaultKind
from localcloud.fly.world import World


def delay_of(world: World, base_s: float, *, app: str, region: str) -> float:
    """Return the seconds a transition of `base_s` takes for something of an app in a region."""
    slow = world.faults.active(FaultKind.SLOW_TRANSITIONS, app=app, region=region)
    return base_s * world.timings.slow * (slow.factor if slow else 1.0)
