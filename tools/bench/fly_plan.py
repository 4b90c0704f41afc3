"""How long the planner of machine groups takes, by itself: no network, no engine."""

from __future__ import annotations

import statistics

from lifeboat.core.clock import SystemClock
from lifeboat.fly.provider.groups.planning import plan
from lifeboat.fly.provider.groups.specimen import specimen
from tools.bench.figure import Figure

MACHINES = 1000
MAX_MS = 1000.0


def measure_fly_plan(*, rounds: int) -> list[Figure]:
    """Time the plan of an update of every machine of a large group."""
    clock = SystemClock()
    desired, members = specimen(MACHINES)
    times = []
    for _ in range(rounds):
        start_s = clock.monotonic_s()
        steps = len(plan(desired, members).steps)
        times.append(clock.monotonic_s() - start_s)
    return [
        Figure(
            name=f"plan over {MACHINES} machines",
            value=statistics.median(times) * 1000,
            limit=MAX_MS,
            unit="ms",
            detail=f"{steps} steps, median of {rounds}",
        )
    ]
