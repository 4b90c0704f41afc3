"""How long the work on a machine waits for what it cannot see."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Lengths of time.

    Args:
        drain_s: between cordoning a machine and taking it away: until no edge sends it requests any more.
        smoke_s: how long a machine without service checks must run without an exit to count as healthy.
        poll_s: between two looks; Fly answers five a second for one machine.
        stop_s: how long a machine that is to be destroyed may take to stop by itself.
        lease_ttl_s: how long a lease outlives a run that was killed (flyctl deploys with 13 too).
    """

    drain_s: float = 2.0
    smoke_s: float = 2.0
    poll_s: float = 0.5
    stop_s: float = 30.0
    lease_ttl_s: int = 13
