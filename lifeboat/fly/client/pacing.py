"""Keeps to Fly's documented rate limits before Fly has to refuse.

Per action and machine (or app): 1 per second with bursts of 3; reading one machine 5 per second with bursts
of 10; deleting apps 100 per minute (docs `machines/api/working-with-machines-api`). A bucket is one number,
the moment at which it would be full again, so a reservation needs no timer: whoever must wait sleeps outside
the lock, in the order of arrival.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from lifeboat.core.clock import Clock
from lifeboat.fly.client.operation import Operation, Pace

SLACK_S = 0.05
"""Added to every wait: the server counts arrivals, and the first request may travel longer."""
ROUNDING_S = 1e-6

_MANY = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A sustained rate and the burst above it."""

    per_second: float
    burst: int

    def reserve(self, full_at_s: float, now_s: float) -> tuple[float, float]:
        """Return how long to wait for the next turn, and when the bucket would be full after it."""
        interval_s = 1.0 / self.per_second
        full_at_s = max(full_at_s, now_s) + interval_s
        return max(0.0, full_at_s - self.burst * interval_s - now_s), full_at_s


RATES: dict[Pace, Rate] = {
    Pace.OBJECT: Rate(per_second=1.0, burst=3),
    Pace.GET_MACHINE: Rate(per_second=5.0, burst=10),
    Pace.APP_DELETE: Rate(per_second=100.0 / 60.0, burst=100),
}
"""The documented limits."""


class Pacer:
    """Makes callers wait their turn; safe to use from any number of threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._full_at_s: dict[tuple[str, str], float] = {}

    def wait_turn(self, operation: Operation, subject: str) -> None:
        """Sleep until the operation may be called for `subject`."""
        rate = RATES.get(operation.pace)
        if rate is None:
            return
        key = (operation.name, "" if operation.pace is Pace.APP_DELETE else subject)
        with self._lock:
            now_s = self._clock.monotonic_s()
            self._forget_full(now_s)
            wait_s, self._full_at_s[key] = rate.reserve(self._full_at_s.get(key, now_s), now_s)
        if wait_s > ROUNDING_S:
            self._clock.sleep(wait_s + SLACK_S)

    def __len__(self) -> int:
        """Return how many buckets are remembered."""
        return len(self._full_at_s)

    def _forget_full(self, now_s: float) -> None:
        if len(self._full_at_s) > _MANY:
            self._full_at_s = {key: at for key, at in self._full_at_s.items() if at > now_s}
