"""In which groups a rollout proceeds: pure.

Machines that are down already come first, then the n-th of every region, so that a batch takes as few as
possible from one region. Machines that stay asleep prove nothing and come last, together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from lifeboat.fly.provider.groups.desired import Desired, Strategy
from lifeboat.fly.provider.groups.steps import Update

Batch = tuple[Update, ...]


def batches(desired: Desired, updates: Iterable[Update]) -> tuple[Batch, ...]:
    """Return the batches in order; within one, everything happens at once."""
    ordered = sorted(updates, key=_order)
    awake = [update for update in ordered if update.launch]
    asleep = tuple(update for update in ordered if not update.launch)
    first = 1 if desired.strategy is Strategy.CANARY else 0
    size = len(awake) if desired.strategy is Strategy.IMMEDIATE else batch_size(desired)
    groups = [awake[:first], *(awake[at : at + size] for at in range(first, len(awake), max(1, size)))]
    return tuple(tuple(group) for group in (*groups, asleep) if group)


def batch_size(desired: Desired) -> int:
    """Return how many machines may be away at once: at least one, and a share rounded down."""
    limit = desired.max_unavailable
    if limit < 1:
        return max(1, math.floor(limit * sum(desired.regions.values())))
    return int(limit)


def _order(update: Update) -> tuple[object, ...]:
    return (update.member.is_healthy, update.slot.number, update.slot.region)
