"""How long things take on the emulated Fly, in seconds.

Orders of magnitude from flyctl's own expectations; small, so that a laptop is not kept waiting. `slow`
multiplies them (the declared fault "slow transitions").
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Timings:
    """Seconds of each transition."""

    create_s: float = 0.15
    start_s: float = 0.1
    stop_s: float = 0.1
    suspend_s: float = 0.1
    destroy_s: float = 0.2
    replace_s: float = 0.15
    destroyed_readable_s: float = 60.0
    """A destroyed machine answers 200 `destroyed` for this long, then 404."""
    volume_s: float = 0.1
    snapshot_s: float = 0.5
    volume_soft_delete_s: float = 86_400.0
    certificate_step_s: float = 1.0
    app_delete_s: float = 0.2
    slow: float = 1.0
