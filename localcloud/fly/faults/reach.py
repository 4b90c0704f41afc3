"""Whether the platform reaches a host: the one answer that records, lists and gates share.

A region that is down or a lost host shows as `host_status: unreachable`; the records are as they were last
seen.
"""

from __future__ import annotations

from localcloud.fly.faults.board import FaultKind
from localcloud.fly.world import World

OK = "ok"
UNREACHABLE = "unreachable"


def host_status(world: World, host_id: str, region: str) -> str:
    """Return `ok`, `unknown` or `unreachable`, as machines and volumes carry it."""
    if is_down(world, region):
        return UNREACHABLE
    host = world.records.hosts.get(host_id)
    return host.status if host else UNREACHABLE


def is_down(world: World, region: str) -> bool:
    """Tell whether a whole region is declared down."""
    return world.faults.active(FaultKind.REGION_DOWN, region=region) is not None


def is_half_dead(world: World, region: str) -> bool:
    """Tell whether a region answers reads and hangs on writes."""
    return world.faults.active(FaultKind.REGION_HALF_DEAD, region=region) is not None
