"""Everything a runner is given: store, kinds, clock, and how patient it is."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lifeboat.core.clock import Clock, SystemClock
from lifeboat.core.retry import RetryPolicy
from scripts.engine.cancellation import Cancellation
from scripts.engine.event import Event
from scripts.engine.lease import TTL_S
from scripts.engine.objects import ObjectStore
from scripts.engine.step_kind import Kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How patient a run is.

    Args:
        ttl_s: seconds without a sign of life after which others may take over.
        heartbeat_s: seconds between signs of life.
        poll_s: seconds between two looks at something that is underway.
        settle_s: seconds for which a look may still show the world as it was before a call that succeeded.
        retry: how often a retryable failure is tried again within the budget of its step.
    """

    ttl_s: float = TTL_S
    heartbeat_s: float = TTL_S / 3
    poll_s: float = 2.0
    settle_s: float = 30.0
    retry: RetryPolicy = field(default_factory=lambda: RetryPolicy(deadline_s=600.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """What a runner works with.

    Args:
        store: where runs are written down.
        kinds: what the steps of the plan can do.
        holder: user, host and process, as others will see it.
        local: directory of the local copies.
        tools: versions of what this process works with, by name; for the evidence.
        clock: the only clock.
        cancellation: whether the operator asked to stop.
        tell: called with every event once it is written.
        jitter: draws a number in [0, 1).
        pace: how patient it is.
    """

    store: ObjectStore
    kinds: Kinds
    holder: str
    local: Path
    tools: Mapping[str, str] = field(default_factory=dict)
    clock: Clock = field(default_factory=SystemClock)
    cancellation: Cancellation = field(default_factory=Cancellation)
    tell: Callable[[Event], None] = lambda _event: None
    jitter: Callable[[], float] = secrets.SystemRandom().random
    pace: Pace = field(default_factory=Pace)
